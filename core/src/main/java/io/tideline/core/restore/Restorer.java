package io.tideline.core.restore;

import io.tideline.archive.SegmentReader;
import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.core.archive.ArchiveFailure;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.Restored;
import io.tideline.core.digest.DigestBag;
import io.tideline.core.plan.TableOrder;
import io.tideline.core.run.RunContext;
import io.tideline.core.run.SegmentPlace;
import io.tideline.dialect.Database;
import io.tideline.dialect.Reader;
import io.tideline.dialect.Writer;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.row.Row;
import io.tideline.row.RowRanges;
import io.tideline.run.RestoreReport;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunEvent;
import io.tideline.run.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Brings chosen rows back into one database, whose lease is held. */
final class Restorer {
  private static final int BATCH = 2_000;
  private static final long BATCH_BYTES = 8L << 20;

  private final RunContext context;
  private final Database target;
  private final Writer writer;
  private final RestoreRequest request;
  private final Catalogue catalogue;
  private final List<String> notes = new ArrayList<>();
  private final Map<TableName, BatchRestore> tables = new LinkedHashMap<>();
  private final Map<Manifest, List<BitSet>> restored = new LinkedHashMap<>();
  private final AtomicInteger numbers = new AtomicInteger();

  /**
   * @param context the run; its database is the target
   */
  Restorer(RunContext context, Writer writer, RestoreRequest request) {
    this.context = context;
    this.target = context.database();
    this.writer = writer;
    this.request = request;
    this.catalogue = target.catalogue();
  }

  /** Brings chosen rows back, tables that others refer to first. */
  RestoreReport restore(List<Chosen> chosen, Optional<Instant> heldUntil) {
    List<Table> order =
        TableOrder.parentsFirst(
            chosen.stream().map(each -> table(each.segment())).distinct().toList());
    for (Table table : order) {
      List<Chosen> ofTable =
          chosen.stream().filter(each -> table(each.segment()).equals(table)).toList();
      long rows = ofTable.stream().mapToLong(each -> each.rows().cardinality()).sum();
      context.listener().on(new RunEvent.Began("restore " + table.name(), rows));
      for (Chosen each : ofTable) {
        if (!context.stopping().get()) {
          restore(each, table);
        }
      }
      if (request.into().isPresent()) {
        writer.advanceCounters(table);
      }
    }
    writer.makeDurable();
    return report(heldUntil);
  }

  /** Writes which rows came back to the source, so that the archive's view leaves them out. */
  void mark() {
    restored.forEach(
        (manifest, segments) ->
            context
                .archive()
                .restored(
                    manifest,
                    new Restored(
                        Manifest.VERSION,
                        context.run(),
                        Instant.now(context.clock()),
                        segments.stream().map(RowRanges::of).toList())));
    context.listener().stepped(Step.RESTORED);
  }

  private RestoreReport report(Optional<Instant> heldUntil) {
    List<RestoreReport.OfTable> reports =
        tables.values().stream().map(BatchRestore::report).toList();
    boolean left = reports.stream().anyMatch(each -> each.different() + each.refused() > 0);
    ExitCode exit = left ? ExitCode.ROWS_LEFT : ExitCode.DONE;
    return new RestoreReport(
        context.run(),
        context.stopping().get() ? ExitCode.STOPPED : exit,
        reports.stream()
            .mapToLong(each -> each.inserted() + each.identical() + each.overwritten())
            .sum(),
        reports,
        notes,
        heldUntil);
  }

  private Table table(Manifest.Segment segment) {
    Optional<Table> same =
        catalogue
            .table(segment.table())
            .or(
                () ->
                    request.into().isPresent()
                        ? Optional.of(target.resolve(catalogue, segment.table().name()))
                        : Optional.empty());
    Table table =
        same.orElseThrow(
            () ->
                new TidelineException(
                    ErrorCode.RESTORE_IMPOSSIBLE,
                    "Cannot restore rows of " + segment.table() + ": there is no such table.",
                    "Nothing was restored to it.",
                    "Make the table first. It was: " + segment.definition()));
    if (table.key().isEmpty()) {
      throw new TidelineException(
          ErrorCode.RESTORE_IMPOSSIBLE,
          "Cannot restore rows of " + segment.table() + ": the table has no key.",
          "Nothing was restored to it.",
          "Give it a primary key, or restore --into another database.");
    }
    return table;
  }

  private void restore(Chosen chosen, Table table) {
    boolean sameKeys =
        chosen.manifest().source().sameAs(context.identity().source())
            && request.into().isEmpty()
            && chosen.manifest().catalogueVersion().equals(catalogue.version());
    boolean keepsHidden = sameKeys || request.into().isPresent() && empty(table);
    Mapping mapping = new Mapping(chosen.segment(), table, keepsHidden, request.map());
    mapping.notes().stream().filter(note -> !notes.contains(note)).forEach(notes::add);
    Placement placement =
        mapping.keyed() ? new KeyedPlacement(table) : searched(chosen, table, mapping);
    BatchRestore batches =
        tables.computeIfAbsent(
            table.name(),
            name -> new BatchRestore(table, writer, replacement(table), context.listener()));
    BitSet done =
        restored
            .computeIfAbsent(
                chosen.manifest(),
                manifest -> manifest.segments().stream().map(s -> new BitSet()).toList())
            .get(chosen.number());
    Returning[] batch = {new Returning(mapping)};
    read(
        chosen,
        (ordinal, row) -> {
          batch[0].add(ordinal, row);
          if (batch[0].size() >= BATCH || batch[0].bytes() >= BATCH_BYTES) {
            flush(batch, batches, placement, done);
          }
        });
    flush(batch, batches, placement, done);
  }

  private void flush(Returning[] batch, BatchRestore batches, Placement placement, BitSet done) {
    if (!context.stopping().get()) {
      batches.restore(batch[0], placement, done);
      context.listener().on(new RunEvent.Progressed(0, batch[0].size()));
    }
    batch[0] = new Returning(batch[0].mapping());
  }

  private boolean empty(Table table) {
    try (Reader reader = target.openReader()) {
      return reader.count(table, List.of()) == 0;
    }
  }

  private Replacement replacement(Table table) {
    return request.overwrite()
        ? new ArchivingReplacement(
            context,
            table,
            writer,
            catalogue.version(),
            new SegmentPlace(table, context.formats().named("parquet"), numbers::incrementAndGet))
        : Replacement.NONE;
  }

  private Placement searched(Chosen chosen, Table table, Mapping mapping) {
    DigestBag bag = new DigestBag(chosen.rows().cardinality());
    Returning digests = new Returning(mapping);
    read(
        chosen,
        (ordinal, row) -> {
          digests.digest(row);
          bag.add(digests.lastHigh(), digests.lastLow(), ordinal);
        });
    UnkeyedPlacement placement = new UnkeyedPlacement(table, mapping);
    try (Reader reader = target.openReader()) {
      placement.search(reader, bag);
    }
    return placement;
  }

  private interface Archived {
    void row(int ordinal, Row row);
  }

  private void read(Chosen chosen, Archived visitor) {
    Path file = context.archive().file(chosen.manifest(), chosen.segment());
    try (SegmentReader reader =
        context.formats().named(chosen.segment().format()).read(file, chosen.segment().schema())) {
      Row row = new Row(chosen.segment().columns().size());
      for (int ordinal = 0; reader.next(row); ordinal++) {
        if (chosen.rows().get(ordinal)) {
          visitor.row(ordinal, row);
        }
      }
    } catch (IOException e) {
      throw ArchiveFailure.reading(file, e);
    }
  }
}
