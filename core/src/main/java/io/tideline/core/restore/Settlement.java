package io.tideline.core.restore;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Table;
import io.tideline.core.archive.Intent;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.ManifestEntry;
import io.tideline.core.archive.Restored;
import io.tideline.core.archive.SegmentFile;
import io.tideline.core.digest.DigestBag;
import io.tideline.core.digest.RowDigest;
import io.tideline.core.run.RunContext;
import io.tideline.dialect.Item;
import io.tideline.dialect.Reader;
import io.tideline.error.ExitCode;
import io.tideline.row.CanonicalBuffer;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import io.tideline.row.RowRanges;
import io.tideline.run.RunReport;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds out which rows an interrupted restore brought back: those that are live now exactly as they
 * were archived.
 */
public final class Settlement {
  private static final int BATCH = 2_000;

  private final RunContext context;
  private final Catalogue catalogue;

  /** A settlement of the restores of an archive, under the lease. */
  public Settlement(RunContext context) {
    this.context = context;
    this.catalogue = context.database().catalogue();
  }

  /** Settles every open intent. */
  public void settle() {
    for (Intent intent : context.archive().openIntents()) {
      try (Reader reader = context.database().openReader()) {
        for (ManifestEntry entry : context.archive().manifests()) {
          if (intent.manifests().contains(entry.manifest().name())) {
            settle(intent, entry, reader);
          }
        }
      }
      close(intent);
    }
  }

  private void settle(Intent intent, ManifestEntry entry, Reader reader) {
    List<RowRanges> live = new ArrayList<>();
    for (int i = 0; i < entry.manifest().segments().size(); i++) {
      live.add(live(entry, i, reader));
    }
    if (live.stream().anyMatch(rows -> !rows.isEmpty())) {
      context
          .archive()
          .restored(
              entry.manifest(),
              new Restored(Manifest.VERSION, intent.restore(), Instant.now(context.clock()), live));
    }
  }

  private RowRanges live(ManifestEntry entry, int number, Reader reader) {
    Manifest.Segment segment = entry.manifest().segments().get(number);
    Optional<Table> table = catalogue.table(segment.table()).filter(t -> t.key().isPresent());
    if (table.isEmpty()) {
      return RowRanges.empty();
    }
    boolean lasting =
        !segment.hiddenKey() || entry.manifest().catalogueVersion().equals(catalogue.version());
    Mapping mapping = new Mapping(segment, table.get(), lasting, Map.of());
    RowRanges hidden = entry.hidden(number);
    BitSet live = new BitSet();
    Search search =
        mapping.keyed()
            ? new ByKey(table.get(), mapping, reader, live)
            : new ByDigest(table.get(), mapping, reader, live, (int) segment.rows());
    new SegmentFile(
            context.archive().file(entry.manifest(), segment),
            segment,
            context.formats().named(segment.format()))
        .verify(
            (ordinal, row, digest) -> {
              if (!hidden.contains(ordinal)) {
                search.add(ordinal, row);
              }
            });
    search.end();
    return RowRanges.of(live);
  }

  private interface Search {
    void add(int ordinal, Row archived);

    void end();
  }

  private static final class ByKey implements Search {
    private final Table table;
    private final Reader reader;
    private final BitSet live;
    private final Mapping mapping;
    private Returning batch;

    ByKey(Table table, Mapping mapping, Reader reader, BitSet live) {
      this.table = table;
      this.mapping = mapping;
      this.reader = reader;
      this.live = live;
      this.batch = new Returning(mapping);
    }

    @Override
    public void add(int ordinal, Row archived) {
      batch.add(ordinal, archived);
      if (batch.size() == BATCH) {
        end();
      }
    }

    @Override
    public void end() {
      Returning rows = batch;
      batch = new Returning(mapping);
      int width = table.key().orElseThrow().columns().size();
      PackedRows keys = new PackedRows(width);
      Map<ByteBuffer, Integer> positions = new HashMap<>();
      for (int i = 0; i < rows.size(); i++) {
        keys.add(rows.key(i), 0);
        positions.put(CanonicalBuffer.of(rows.key(i)), i);
      }
      List<Item> items = mapping.items();
      RowDigest digest = new RowDigest();
      reader.lookUp(
          table,
          keys,
          items,
          row -> {
            Integer at = positions.get(CanonicalBuffer.of(row.slice(0, width)));
            digest.update(row, width, row.width());
            if (at != null && rows.sameDigest(at, digest.high(), digest.low())) {
              live.set(rows.ordinal(at));
            }
            return true;
          });
    }
  }

  private static final class ByDigest implements Search {
    private final UnkeyedPlacement placement;
    private final Returning digests;
    private final DigestBag bag;
    private final Reader reader;
    private final BitSet live;

    ByDigest(Table table, Mapping mapping, Reader reader, BitSet live, int rows) {
      this.placement = new UnkeyedPlacement(table, mapping);
      this.digests = new Returning(mapping);
      this.bag = new DigestBag(rows);
      this.reader = reader;
      this.live = live;
    }

    @Override
    public void add(int ordinal, Row archived) {
      digests.digest(archived);
      bag.add(digests.lastHigh(), digests.lastLow(), ordinal);
    }

    @Override
    public void end() {
      placement.search(reader, bag);
      live.or(placement.identical());
    }
  }

  private void close(Intent intent) {
    Instant now = Instant.now(context.clock());
    RunReport report =
        new RunReport(
            intent.restore(),
            "restore",
            intent.startedAt(),
            now,
            ExitCode.STOPPED,
            "The restore was interrupted; run "
                + context.run()
                + " found out which rows it brought back.",
            0,
            0,
            List.of(),
            context.database().size(),
            context.database().size());
    context.archive().writeOnce(intent.restore(), "report.json", report, () -> {});
  }
}
