package io.tideline.core.restore;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Table;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.ManifestEntry;
import io.tideline.core.archive.SegmentFile;
import io.tideline.core.work.RunContext;
import io.tideline.dialect.Reader;
import io.tideline.dialect.Writer;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.plan.Reason;
import io.tideline.row.PackedRows;
import io.tideline.run.RunEvent;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts rows back that a run removed before it turned out that their tree stays: those that are
 * missing, those first that others refer to, as a restore inserts them.
 */
public final class PutBack {
  private final RunContext context;
  private final Writer writer;

  /** Puts rows back under the lease of a run. */
  public PutBack(RunContext context, Writer writer) {
    this.context = context;
    this.writer = writer;
  }

  /**
   * Puts rows back that are missing.
   *
   * @param rows the rows of each segment of the manifest, whose files were verified
   * @return those of them that are live now as they were archived
   */
  public List<BitSet> missing(Manifest manifest, List<BitSet> rows) {
    List<BitSet> live = new ArrayList<>();
    rows.forEach(each -> live.add(new BitSet()));
    Map<Table, List<Part>> parts = parts(manifest, rows);
    long before = -1;
    while (before != count(live) && !parts.isEmpty() && !context.control().stopping()) {
      before = count(live);
      for (List<Table> group : TableGroups.parentsFirst(List.copyOf(parts.keySet()))) {
        insert(group, parts, live);
      }
      parts = parts(manifest, left(rows, live));
    }
    return live;
  }

  /**
   * Sets references again that rows lost, whose rows and those referred to are there: where the
   * columns are still NULL.
   *
   * @param rows the references of each file of detached values, whose files were verified
   */
  public void references(Manifest manifest, List<BitSet> rows) {
    ManifestEntry entry = new ManifestEntry(manifest, Optional.empty(), List.of(), List.of());
    DetachedRestore places =
        new DetachedRestore(context, context.database().catalogue(), writer, Map.of(), false);
    for (int file = 0; file < rows.size(); file++) {
      if (!rows.get(file).isEmpty()) {
        references(new ChosenDetached(entry, file, rows.get(file)), places);
      }
    }
  }

  private void references(ChosenDetached chosen, DetachedRestore places) {
    ReferenceCounts counts = new ReferenceCounts(chosen.link().display(), false);
    Optional<ReferencePlace> place = places.place(chosen);
    if (place.isEmpty()) {
      counts.unnamed(chosen.rows().cardinality(), chosen.path());
    } else {
      ReferenceAttempts attempts =
          new ReferenceAttempts(writer, context.listener(), place.get(), counts, new BitSet());
      read(
          chosen.manifest(),
          chosen.segment(),
          (ordinal, row, digest) -> {
            if (chosen.rows().get(ordinal) && place.get().key(row).hasNull()) {
              counts.unnamed(1, chosen.path());
            } else if (chosen.rows().get(ordinal)) {
              attempts.add(ordinal, row, false);
            }
          });
      attempts.end();
    }
    String from = "A tree of " + chosen.manifest().name() + " stays: ";
    counts.putBack().forEach(each -> context.listener().on(new RunEvent.Noted(from + each + ".")));
  }

  /**
   * Puts back what an interrupted run removed of a tree whose root is live: the tree stays. If no
   * root is, the run had come to its end.
   *
   * @return whether it is done; it is not if the run shall stop
   */
  public boolean interrupted(Manifest manifest) {
    try {
      List<BitSet> all = new ArrayList<>();
      List<BitSet> lost = new ArrayList<>();
      manifest.segments().forEach(segment -> all.add(verified(manifest, segment)));
      manifest.detached().forEach(segment -> lost.add(verified(manifest, segment)));
      if (rootIsLive(manifest, all)) {
        long rows = count(all);
        context
            .listener()
            .on(
                new RunEvent.Noted(
                    told(manifest, Reason.INTERRUPTED, count(missing(manifest, all)), rows)));
        if (!context.control().stopping()) {
          references(manifest, lost);
        }
      }
    } catch (TidelineException e) {
      if (e.code() != ErrorCode.RESTORE_IMPOSSIBLE) {
        throw e;
      }
      context
          .listener()
          .on(
              new RunEvent.Noted(
                  "Cannot put back what an interrupted run removed of a tree in "
                      + manifest.name()
                      + ": "
                      + e.what()
                      + " Its rows stay in the archive's view."));
    }
    return !context.control().stopping();
  }

  /**
   * What a person should know of rows that were to come back.
   *
   * @param live how many are live
   * @param all how many there were
   */
  public static String told(Manifest manifest, Reason why, long live, long all) {
    String text =
        "A tree that went stepwise stays ("
            + why.word()
            + "): of "
            + all
            + " rows of "
            + manifest.name()
            + ", "
            + live
            + " are live again.";
    return live == all
        ? text
        : text
            + " The database refuses "
            + (all - live)
            + "; they stay in the archive's view. Once nothing is in their way, `tideline restore"
            + " --run "
            + manifest.name()
            + "` brings them back.";
  }

  /** All rows of a file, every digest compared. */
  private BitSet verified(Manifest manifest, Manifest.Segment segment) {
    read(manifest, segment, (ordinal, row, digest) -> {});
    BitSet rows = new BitSet();
    rows.set(0, (int) segment.rows());
    return rows;
  }

  private void read(Manifest manifest, Manifest.Segment segment, SegmentFile.Visitor visitor) {
    new SegmentFile(
            context.archive().file(manifest, segment),
            segment,
            context.formats().named(segment.format()))
        .verify(visitor);
  }

  private boolean rootIsLive(Manifest manifest, List<BitSet> all) {
    Map<Table, List<Part>> parts = parts(manifest, List.of(all.get(0)));
    return parts.entrySet().stream()
        .anyMatch(each -> live(identity(each.getKey(), each.getValue()), each.getValue().get(0)));
  }

  /** Whether a row is there of a key, or one as it was archived where no key names it. */
  private boolean live(Identity identity, Part roots) {
    if (identity.table().key().orElseThrow().hidden()) {
      return !new LiveRows(context, identity)
          .find(List.of(roots))
          .getOrDefault(roots, new BitSet())
          .isEmpty();
    }
    List<String> names = identity.table().key().orElseThrow().columns();
    PackedRows keys = new PackedRows(names.size());
    roots.read(
        context,
        (ordinal, row) -> keys.add(roots.mapping().values(roots.mapping().pick(row), names), 0));
    boolean[] any = {false};
    try (Reader reader = context.database().openReader()) {
      reader.lookUp(identity.table(), keys, List.of(), row -> any[0] = true);
    }
    return any[0];
  }

  private Map<Table, List<Part>> parts(Manifest manifest, List<BitSet> rows) {
    Catalogue catalogue = context.database().catalogue();
    Targets targets = new Targets(context, catalogue, Map.of(), false);
    ManifestEntry entry = new ManifestEntry(manifest, Optional.empty(), List.of(), List.of());
    Map<Table, List<Part>> parts = new LinkedHashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      if (!rows.get(i).isEmpty()) {
        Part part = targets.part(new Chosen(entry, i, rows.get(i)));
        parts
            .computeIfAbsent(targets.table(part.chosen().segment()), t -> new ArrayList<>())
            .add(part);
      }
    }
    return parts;
  }

  private void insert(List<Table> group, Map<Table, List<Part>> parts, List<BitSet> live) {
    Attempts attempts = new Attempts(writer, context);
    Map<Table, TableRestore> backs = new LinkedHashMap<>();
    Map<Table, List<Part>> some = new LinkedHashMap<>();
    for (Table table : group) {
      List<Part> ofTable = parts.getOrDefault(table, List.of());
      Identity identity = identity(table, ofTable);
      TableCounts counts = new TableCounts(identity, Replacement.NONE, new Strangers());
      backs.put(table, new TableRestore(context, attempts, identity, counts, true));
      some.put(table, ofTable);
    }
    TableRestore.Done done = (part, rows) -> live.get(part.chosen().number()).or(rows);
    if (TableGroups.cyclic(group)) {
      new CyclicRestore(context, attempts, backs).restore(some, Map.of(), done);
    } else {
      backs.forEach((table, back) -> back.restore(some.getOrDefault(table, List.of()), done));
    }
  }

  private static Identity identity(Table table, List<Part> parts) {
    return Identity.of(table, parts.stream().map(Part::mapping).toList());
  }

  private static List<BitSet> left(List<BitSet> rows, List<BitSet> live) {
    List<BitSet> left = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      BitSet some = (BitSet) rows.get(i).clone();
      some.andNot(live.get(i));
      left.add(some);
    }
    return left;
  }

  private static long count(List<BitSet> rows) {
    return rows.stream().mapToLong(BitSet::cardinality).sum();
  }
}
