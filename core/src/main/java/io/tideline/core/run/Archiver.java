package io.tideline.core.run;

import io.tideline.catalogue.Partition;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.SealedRows;
import io.tideline.core.archive.SegmentSealer;
import io.tideline.core.rule.Rule;
import io.tideline.core.work.Draft;
import io.tideline.core.work.Pacer;
import io.tideline.core.work.RunContext;
import io.tideline.core.work.SegmentPlace;
import io.tideline.core.work.Source;
import io.tideline.dialect.Reader;
import io.tideline.plan.PolicyPlan;
import io.tideline.plan.WholePartition;
import io.tideline.policy.Action;
import io.tideline.row.Row;
import io.tideline.run.RunEvent;
import io.tideline.run.Step;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Turns a table's expired rows into segments: walk, write, make durable. */
final class Archiver implements Source<PendingChunk<Chunk>> {
  /** A segment ends after so many canonical bytes, if it does not have enough rows before. */
  private static final long SEGMENT_BYTES = 64L << 20;

  private final RunContext context;
  private final Rule rule;
  private final Layout layout;
  private final Walker walker;
  private final Reader reader;
  private final String catalogueVersion;
  private final SegmentPlace place;
  private final SegmentRows segments;
  private final Optional<Partition> partition;
  private @Nullable Draft open;

  Archiver(
      RunContext context,
      Rule rule,
      Layout layout,
      Walker walker,
      Reader reader,
      String catalogueVersion,
      SegmentPlace place,
      SegmentRows segments,
      Optional<Partition> partition) {
    this.context = context;
    this.rule = rule;
    this.layout = layout;
    this.walker = walker;
    this.reader = reader;
    this.catalogueVersion = catalogueVersion;
    this.place = place;
    this.segments = segments;
    this.partition = partition;
  }

  static Source<PendingChunk<Chunk>> of(
      RunContext context, RuleRun run, Layout layout, IntSupplier numbers) {
    Reader reader = context.database().openReader();
    PolicyPlan plan = run.plan();
    Walker walker =
        new Walker(run.rules(), run.rule(), layout, run.span(), reader, run.readTarget(context));
    return plan.policy().action() == Action.ARCHIVE
        ? of(context, run, layout, numbers, walker, reader, Optional.empty(), plan.rows())
        : new Gatherer(context, layout, walker, reader, run.catalogueVersion());
  }

  /** Archives the rows of one partition, which is to go whole. */
  static Source<PendingChunk<Chunk>> of(
      RunContext context,
      RuleRun run,
      Layout layout,
      IntSupplier numbers,
      WholePartition partition) {
    Reader reader = context.database().openReader();
    Optional<Partition> within = Optional.of(partition.partition());
    Walker walker =
        new Walker(
            run.rules(),
            run.rule(),
            layout,
            Optional.empty(),
            within,
            reader,
            run.readTarget(context));
    return of(context, run, layout, numbers, walker, reader, within, partition.rows());
  }

  private static Archiver of(
      RunContext context,
      RuleRun run,
      Layout layout,
      IntSupplier numbers,
      Walker walker,
      Reader reader,
      Optional<Partition> partition,
      long expected) {
    return new Archiver(
        context,
        run.rule(),
        layout,
        walker,
        reader,
        run.catalogueVersion(),
        new SegmentPlace(
            run.rules().table(), context.formats().named(run.plan().policy().format()), numbers),
        new SegmentRows(expected, context.pace()),
        partition);
  }

  @Override
  public Optional<PendingChunk<Chunk>> next() {
    if (walker.ended() || !context.control().more()) {
      return Optional.empty();
    }
    Optional<Row> after = walker.position();
    SealedRows rows = new SealedRows(layout.placeWidth());
    while (!walker.ended() && !full() && context.control().more()) {
      context.control().waitWhilePaused(context.listener());
      int before = rows.size();
      long began = System.nanoTime();
      slice(rows);
      Pacer.breathe(context, System.nanoTime() - began);
      context.listener().on(new RunEvent.Progressed(rows.size() - before, 0));
      context.listener().stepped(Step.SLICE_ARCHIVED);
    }
    return finish(rows, after);
  }

  private boolean full() {
    return open != null
        && (open.rows().rows() >= segments.most() || open.rows().canonicalBytes() >= SEGMENT_BYTES);
  }

  private void slice(SealedRows rows) {
    Row whole = new Row(layout.width());
    walker.slice(
        row -> {
          Draft draft = open == null ? place.open(context) : open;
          open = draft;
          SegmentSealer sealer = draft.rows();
          for (int i = 0; i < whole.width(); i++) {
            whole.set(i, row, i);
          }
          sealer.write(whole);
          walker.time().ifPresent(sealer::time);
          rows.add(walker.place(), sealer.digest().high(), sealer.digest().low());
          context.control().took(1);
          return !full() && context.control().left() > 0;
        });
  }

  private Optional<PendingChunk<Chunk>> finish(SealedRows rows, Optional<Row> after) {
    Draft draft = open;
    open = null;
    segments.closed(rows.size());
    if (draft == null) {
      return Optional.empty();
    }
    try (draft) {
      draft.finish(rule.time());
      return Optional.of(new Copied(draft, rows, after));
    }
  }

  /** Rows with a copy in a finished segment. */
  private final class Copied implements PendingChunk<Chunk> {
    private final Draft draft;
    private final SealedRows rows;
    private final Optional<Row> after;

    Copied(Draft draft, SealedRows rows, Optional<Row> after) {
      this.draft = draft;
      this.rows = rows;
      this.after = after;
    }

    @Override
    public void verify() {
      draft.verify();
    }

    @Override
    public Chunk seal() {
      partition.ifPresent(draft::of);
      Manifest manifest = draft.seal(rule.policy().name(), rule.cutoff(), catalogueVersion);
      return new Chunk(Optional.of(manifest), rows, after, catalogueVersion);
    }
  }

  @Override
  public void close() {
    try (reader;
        Draft unfinished = open) {
      open = null;
    }
  }
}
