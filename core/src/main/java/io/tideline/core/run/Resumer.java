package io.tideline.core.run;

import io.tideline.archive.SegmentColumn;
import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Table;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.ManifestEntry;
import io.tideline.core.archive.SealedRows;
import io.tideline.core.archive.SegmentColumns;
import io.tideline.core.archive.SegmentFile;
import io.tideline.core.restore.PutBack;
import io.tideline.core.rule.Rule;
import io.tideline.core.rule.TableRules;
import io.tideline.core.rule.WalkOrder;
import io.tideline.core.work.Pacer;
import io.tideline.core.work.Patience;
import io.tideline.core.work.RunContext;
import io.tideline.dialect.Partitions;
import io.tideline.dialect.Reader;
import io.tideline.dialect.Removal;
import io.tideline.dialect.Transaction;
import io.tideline.dialect.Writer;
import io.tideline.plan.Reason;
import io.tideline.policy.Selection;
import io.tideline.row.Row;
import io.tideline.run.RunEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Finishes what an interrupted run began: its sealed segments are read again from disk, and each
 * row that is still live is judged by the present policy and the earlier of both cutoffs.
 */
final class Resumer {
  private final RunContext context;
  private final Writer writer;
  private final RuleSource source;
  private final Selection selection;
  private final Pacer pacer;
  private boolean begun;
  private int closed;
  private long removed;
  private boolean interrupted = true;

  Resumer(RunContext context, Writer writer, RuleSource source, Selection selection, Pacer pacer) {
    this.context = context;
    this.writer = writer;
    this.source = source;
    this.selection = selection;
    this.pacer = pacer;
  }

  /** Settles every manifest that is in doubt. */
  void resume() {
    finishPartitions();
    for (ManifestEntry entry : context.archive().manifests()) {
      if (!entry.closed() && !context.control().stopping()) {
        begun = true;
        closed += settle(entry.manifest(), rows -> removed += rows) ? 1 : 0;
      }
    }
  }

  private void finishPartitions() {
    List<Manifest> named =
        context.archive().manifests().stream()
            .filter(entry -> !entry.closed())
            .map(ManifestEntry::manifest)
            .filter(manifest -> manifest.partition().isPresent())
            .toList();
    Optional<Partitions> partitions = writer.partitions();
    if (!named.isEmpty() && partitions.isPresent() && !context.control().stopping()) {
      begun = true;
      DetachedPartitions.Settled settled =
          new DetachedPartitions(context, writer, partitions.get(), source, selection, pacer)
              .settle(named);
      closed += settled.closed();
      removed += settled.rows();
    }
  }

  /** Settles a manifest that this run sealed: a row missing now was not removed by anybody else. */
  void settleOwn(Manifest manifest, LongConsumer removedRows) {
    interrupted = false;
    try {
      settle(manifest, removedRows);
    } finally {
      interrupted = true;
    }
  }

  /** Whether there was anything to settle. */
  boolean begun() {
    return begun;
  }

  /** The manifests closed by {@link #resume}. */
  int closed() {
    return closed;
  }

  /** The rows that {@link #resume} removed. */
  long removed() {
    return removed;
  }

  /**
   * Settles one manifest.
   *
   * @param removedRows hears how many rows each batch removed
   * @return whether it is closed; it stays in doubt if the run shall stop, or its table has another
   *     key now
   */
  boolean settle(Manifest manifest, LongConsumer removedRows) {
    long rows = manifest.segments().stream().mapToLong(Manifest.Segment::rows).sum();
    context.listener().on(new RunEvent.Began("finish " + manifest.name(), rows));
    if (manifest.stepwise() && !new PutBack(context, writer).interrupted(manifest)) {
      return false;
    }
    Catalogue catalogue = context.database().catalogue();
    List<Fates> closed = new ArrayList<>();
    for (Manifest.Segment segment : manifest.segments()) {
      Optional<Fates> fates = settle(manifest, segment, catalogue, removedRows);
      if (fates.isEmpty()) {
        return false;
      }
      closed.add(fates.get());
    }
    new Closing(context, writer, pacer).close(manifest, closed);
    return true;
  }

  private Optional<Fates> settle(
      Manifest manifest, Manifest.Segment segment, Catalogue catalogue, LongConsumer removedRows) {
    Optional<Table> table = catalogue.table(segment.table());
    if (table.isEmpty()) {
      read(manifest, segment, List.of());
      return Optional.of(new Fates()); // no such table any more: no row is live
    }
    if (table.get().key().isEmpty() || !sameKey(segment, table.get())) {
      note(manifest, "table " + segment.table() + " has another key than when it was archived");
      return Optional.empty();
    }
    return remove(manifest, segment, catalogue, table.get(), removedRows);
  }

  private static boolean sameKey(Manifest.Segment segment, Table table) {
    return table.key().orElseThrow().columns().equals(segment.key());
  }

  private void note(Manifest manifest, String why) {
    context
        .listener()
        .on(
            new RunEvent.Noted(
                "Cannot settle " + manifest.name() + ": " + why + "; its rows stay in doubt."));
  }

  /** Reads a segment from disk, comparing every digest: the places of its rows. */
  private SealedRows read(Manifest manifest, Manifest.Segment segment, List<String> placeColumns) {
    List<String> names = names(segment.columns());
    int[] at = placeColumns.stream().mapToInt(names::indexOf).toArray();
    SealedRows rows = new SealedRows(at.length);
    Row place = new Row(at.length);
    new SegmentFile(
            context.archive().file(manifest, segment),
            segment,
            context.formats().named(segment.format()))
        .verify(
            (ordinal, row, digest) -> {
              for (int i = 0; i < at.length; i++) {
                if (at[i] >= 0) {
                  place.set(i, row, at[i]);
                }
              }
              rows.add(place, digest.high(), digest.low());
            });
    return rows;
  }

  private Optional<Fates> remove(
      Manifest manifest,
      Manifest.Segment segment,
      Catalogue catalogue,
      Table table,
      LongConsumer removedRows) {
    String holds = source.holdsDigest();
    boolean sameColumns = names(SegmentColumns.of(table)).equals(names(segment.columns()));
    Optional<RuleSource.Acting> known =
        sameColumns && manifest.cutoff().isPresent()
            ? source
                .present(catalogue, table, manifest.policy(), selection)
                .map(each -> each.earlier(manifest.cutoff().get()))
            : Optional.empty();
    // A tree goes whole or not at all: what is left of it is found anew, from its root.
    boolean trees =
        manifest.segments().size() > 1
            || known.filter(each -> source.trees(catalogue, each)).isPresent();
    Optional<RuleSource.Acting> acting = known.filter(each -> !trees);
    Optional<Rule> rule = acting.map(RuleSource.Acting::rule);
    TableRules rules = acting.map(RuleSource.Acting::rules).orElseGet(() -> source.bare(table));
    RulesNow present =
        new RulesNow(
            rules,
            rule,
            catalogue.version(),
            holds,
            source::holdsDigest,
            () -> source.withPresentHolds(catalogue, rules),
            trees ? Reason.INTERRUPTED : sameColumns ? Reason.POLICY_OFF : Reason.CHANGED);
    Layout layout =
        holdsAll(table, segment)
            ? Layout.of(rules, rule, WalkOrder.byKey(table), names(segment.columns()))
            : Layout.whole(rules, rule, WalkOrder.byKey(table));
    SealedRows rows = read(manifest, segment, layout.placeColumns());
    boolean keysVoid =
        segment.hiddenKey()
            && !(manifest.catalogueVersion().equals(catalogue.version())
                && manifest.source().sameAs(context.identity().source()));
    return keysVoid && !aliased(layout, rows)
        ? sought(layout, rows, present, catalogue, removedRows)
        : deleter(layout, present, removedRows)
            .remove(chunk(rows, keysVoid ? "" : catalogue.version()));
  }

  /** Whether the table still has every column that a segment holds. */
  private static boolean holdsAll(Table table, Manifest.Segment segment) {
    return names(SegmentColumns.of(table)).containsAll(names(segment.columns()));
  }

  /** Whether a declared key, without a NULL, finds every row. */
  private static boolean aliased(Layout layout, SealedRows rows) {
    for (int i = 0; i < rows.size(); i++) {
      Row alias = layout.aliasOfPlace(rows.place(i));
      if (alias.width() == 0 || alias.hasNull()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Rows whose hidden keys lost their meaning are sought by digest; those not found are gone or
   * ours.
   */
  private Optional<Fates> sought(
      Layout layout,
      SealedRows rows,
      RulesNow present,
      Catalogue catalogue,
      LongConsumer removedRows) {
    Reseek reseek = new Reseek(layout, rows);
    try (Reader reader = context.database().openReader()) {
      reseek.read(present, reader);
    }
    requireUnchanged(catalogue, present.table());
    Optional<Fates> found =
        deleter(layout, present, removedRows).remove(chunk(reseek.found(), catalogue.version()));
    return found.map(fates -> fates.at(reseek::ordinal));
  }

  /** Rows that a VACUUM renumbered meanwhile may have been passed over. */
  private void requireUnchanged(Catalogue catalogue, Table table) {
    try (Transaction transaction = Patience.begin(writer, List.of(table), pacer)) {
      if (!transaction.catalogueVersion().equals(catalogue.version())) {
        throw new CatalogueChanged(true);
      }
    }
  }

  private static Chunk chunk(SealedRows rows, String version) {
    return new Chunk(Optional.empty(), rows, Optional.empty(), version);
  }

  private Deleter deleter(Layout layout, RulesNow present, LongConsumer removedRows) {
    return new Deleter(
        context,
        writer,
        present,
        layout,
        new Removal.Delete(),
        pacer,
        true,
        interrupted,
        removedRows);
  }

  private static List<String> names(List<SegmentColumn> columns) {
    return columns.stream().map(SegmentColumn::name).toList();
  }
}
