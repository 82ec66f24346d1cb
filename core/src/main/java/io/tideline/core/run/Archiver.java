package io.tideline.core.run;

import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.SealedRows;
import io.tideline.core.archive.SegmentSealer;
import io.tideline.core.plan.Rule;
import io.tideline.dialect.Reader;
import io.tideline.plan.PolicyPlan;
import io.tideline.policy.Action;
import io.tideline.row.Row;
import io.tideline.run.RunEvent;
import io.tideline.run.Step;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns a table's expired rows into sealed segments: walk, write, make durable, decode from disk,
 * compare, write the manifest. From there on the rows of a chunk are safe.
 */
final class Archiver implements Chunks {
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
  private @Nullable SegmentSealer open;

  Archiver(
      RunContext context,
      Rule rule,
      Layout layout,
      Walker walker,
      Reader reader,
      String catalogueVersion,
      SegmentPlace place,
      SegmentRows segments) {
    this.context = context;
    this.rule = rule;
    this.layout = layout;
    this.walker = walker;
    this.reader = reader;
    this.catalogueVersion = catalogueVersion;
    this.place = place;
    this.segments = segments;
  }

  static Chunks of(RunContext context, RuleRun run, Layout layout, IntSupplier numbers) {
    Reader reader = context.database().openReader();
    PolicyPlan plan = run.plan();
    Walker walker =
        new Walker(run.rules(), run.rule(), layout, run.span(), reader, run.readTarget(context));
    return plan.policy().action() == Action.ARCHIVE
        ? new Archiver(
            context,
            run.rule(),
            layout,
            walker,
            reader,
            run.catalogueVersion(),
            new SegmentPlace(
                run.rules().table(), context.formats().named(plan.policy().format()), numbers),
            new SegmentRows(plan.rows(), context.pace()))
        : new Gatherer(context, layout, walker, reader, run.catalogueVersion());
  }

  @Override
  public Optional<Chunk> next() {
    if (walker.ended() || context.stopping().get()) {
      return Optional.empty();
    }
    Optional<Row> after = walker.position();
    SealedRows rows = new SealedRows(layout.placeWidth());
    while (!walker.ended() && !full() && !context.stopping().get()) {
      int before = rows.size();
      slice(rows);
      context.listener().on(new RunEvent.Progressed(rows.size() - before, 0));
      context.listener().stepped(Step.SLICE_ARCHIVED);
    }
    return seal(rows, after);
  }

  private boolean full() {
    return open != null
        && (open.rows() >= segments.most() || open.canonicalBytes() >= SEGMENT_BYTES);
  }

  private void slice(SealedRows rows) {
    Row whole = new Row(layout.width());
    walker.slice(
        row -> {
          SegmentSealer sealer = open == null ? place.open(context) : open;
          open = sealer;
          for (int i = 0; i < whole.width(); i++) {
            whole.set(i, row, i);
          }
          sealer.write(whole);
          walker.time().ifPresent(sealer::time);
          rows.add(walker.place(), sealer.digest().high(), sealer.digest().low());
          return !full();
        });
  }

  private Optional<Chunk> seal(SealedRows rows, Optional<Row> after) {
    SegmentSealer sealer = open;
    open = null;
    segments.closed(rows.size());
    if (sealer == null) {
      return Optional.empty();
    }
    try (sealer) {
      Manifest manifest =
          place.seal(
              context, sealer, rule.policy().name(), rule.time(), rule.cutoff(), catalogueVersion);
      return Optional.of(new Chunk(Optional.of(manifest), rows, after, catalogueVersion));
    }
  }

  @Override
  public void close() {
    try (reader;
        SegmentSealer unsealed = open) {
      open = null;
    }
  }
}
