package io.tideline.core.restore;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Table;
import io.tideline.core.archive.Intent;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.ManifestEntry;
import io.tideline.core.archive.Outcome;
import io.tideline.core.work.Pacer;
import io.tideline.core.work.Patience;
import io.tideline.core.work.RunContext;
import io.tideline.dialect.Writer;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.row.RowRanges;
import io.tideline.run.RunEvent;
import io.tideline.run.RunReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds out what an interrupted restore did: which rows it brought back, those that are live now
 * exactly as they were archived, or that it replaced again; and which live rows it replaced, those
 * that are not live any more as they were sealed. The references that it was to set are set.
 */
public final class Settlement {
  private final RunContext context;
  private final Writer writer;
  private final Catalogue catalogue;

  /** A settlement of the restores of an archive, under the lease. */
  public Settlement(RunContext context, Writer writer) {
    this.context = context;
    this.writer = writer;
    this.catalogue = context.database().catalogue();
  }

  /** Settles every open intent. */
  public void settle() {
    for (Intent intent : context.archive().openIntents()) {
      settle(intent);
    }
  }

  private void settle(Intent intent) {
    for (ManifestEntry entry : context.archive().manifests()) {
      Manifest manifest = entry.manifest();
      boolean replaced = manifest.run().equals(intent.restore()) && manifest.policy().isEmpty();
      if (replaced && !entry.closed()) {
        closeReplaced(entry);
      }
    }
    List<ManifestEntry> entries = context.archive().manifests();
    Map<Table, List<Part>> byTable = new LinkedHashMap<>();
    Targets targets = new Targets(context, catalogue, intent.map(), false);
    entries.stream()
        .filter(entry -> intent.manifests().contains(entry.manifest().name()))
        .flatMap(entry -> chosen(intent, entry).stream())
        .forEach(
            chosen ->
                part(targets, chosen)
                    .ifPresent(
                        part ->
                            byTable
                                .computeIfAbsent(
                                    targets.table(chosen.segment()), t -> new ArrayList<>())
                                .add(part)));
    Map<Manifest, List<BitSet>> live = new LinkedHashMap<>();
    byTable.forEach(
        (table, parts) -> {
          ReplacedRows replaced = new ReplacedRows(context, entries, intent.restore(), table);
          new LiveRows(context, Identity.of(table, mappings(parts)))
              .find(parts)
              .forEach(
                  (part, rows) -> {
                    add(live, part.chosen(), rows);
                    BitSet others = (BitSet) part.chosen().rows().clone();
                    others.andNot(rows);
                    add(live, part.chosen(), replaced.claim(part.withRows(others)));
                  });
        });
    DetachedRestore references =
        new DetachedRestore(context, catalogue, writer, intent.map(), false);
    references.restore(detached(intent, entries));
    writer.makeDurable();
    new Marks(context, intent.restore()).write(live, references.attached());
    say(intent, live.values());
    close(intent);
  }

  private void say(Intent intent, Collection<List<BitSet>> live) {
    long rows = live.stream().flatMap(List::stream).mapToLong(BitSet::cardinality).sum();
    context
        .listener()
        .on(
            new RunEvent.Noted(
                "The restore "
                    + intent.restore()
                    + " was interrupted after "
                    + rows
                    + (rows == 1 ? " row" : " rows")
                    + " had come back. The archive shows the others."));
  }

  private static List<Mapping> mappings(List<Part> parts) {
    return parts.stream().map(Part::mapping).toList();
  }

  /** The rows that the restore had chosen, without those that came back before. */
  private static List<Chosen> chosen(Intent intent, ManifestEntry entry) {
    List<Chosen> chosen = new ArrayList<>();
    for (int i = 0; i < entry.manifest().segments().size(); i++) {
      BitSet rows = new BitSet();
      Optional<RowRanges> asked = intent.rows(entry.manifest().name(), i);
      RowRanges hidden = entry.hidden(i);
      for (int row = 0; row < entry.manifest().segments().get(i).rows(); row++) {
        int ordinal = row;
        if (!hidden.contains(row) && asked.filter(a -> !a.contains(ordinal)).isEmpty()) {
          rows.set(row);
        }
      }
      if (!rows.isEmpty()) {
        chosen.add(new Chosen(entry, i, rows));
      }
    }
    return chosen;
  }

  private Optional<Part> part(Targets targets, Chosen chosen) {
    try {
      return Optional.of(targets.part(chosen));
    } catch (TidelineException e) {
      context
          .listener()
          .on(
              new RunEvent.Noted(
                  "Cannot tell which rows of "
                      + chosen.manifest().name()
                      + " an interrupted restore brought back: "
                      + e.what()
                      + " The archive goes on showing all of them."));
      return Optional.empty();
    }
  }

  private static void add(Map<Manifest, List<BitSet>> live, Chosen chosen, BitSet rows) {
    live.computeIfAbsent(
            chosen.manifest(), m -> m.segments().stream().map(s -> new BitSet()).toList())
        .get(chosen.number())
        .or(rows);
  }

  /**
   * The references that the restore was to set again. They are set now: whoever asked for the rows
   * asked for them, and nothing else would remember it.
   */
  private static List<ChosenDetached> detached(Intent intent, List<ManifestEntry> entries) {
    List<ChosenDetached> found = new ArrayList<>();
    for (int i = entries.size() - 1; i >= 0; i--) {
      ManifestEntry entry = entries.get(i);
      List<RowRanges> asked = intent.detached(entry.manifest().name()).orElse(List.of());
      for (int file = 0; file < asked.size(); file++) {
        BitSet rows = new BitSet();
        for (int[] range : asked.get(file).without(entry.attached(file)).ranges()) {
          rows.set(range[0], range[1] + 1);
        }
        if (!rows.isEmpty()) {
          found.add(new ChosenDetached(entry, file, rows));
        }
      }
    }
    return found;
  }

  /**
   * Closes the manifest of rows that were to be replaced: one that is live as it was sealed was
   * not.
   */
  private void closeReplaced(ManifestEntry entry) {
    Targets targets = new Targets(context, catalogue, Map.of(), false);
    List<Outcome.OfSegment> outcomes = new ArrayList<>();
    for (int i = 0; i < entry.manifest().segments().size(); i++) {
      BitSet all = new BitSet();
      all.set(0, (int) entry.manifest().segments().get(i).rows());
      Chosen chosen = new Chosen(entry, i, all);
      RowRanges live =
          part(targets, chosen)
              .map(part -> RowRanges.of(live(targets, part)))
              .orElse(RowRanges.empty());
      outcomes.add(
          live.isEmpty()
              ? Outcome.OfSegment.allDeleted()
              : ArchivingReplacement.kept(live, "the restore in their place was interrupted"));
    }
    Patience.makeDurable(writer, Pacer.of(context));
    context.close(
        entry.manifest(),
        new Outcome(Manifest.VERSION, context.run(), Instant.now(context.clock()), outcomes));
  }

  private BitSet live(Targets targets, Part part) {
    Table table = targets.table(part.chosen().segment());
    return new LiveRows(context, Identity.of(table, List.of(part.mapping())))
        .find(List.of(part))
        .getOrDefault(part, new BitSet());
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
