package io.tideline.core.run;

import io.tideline.core.closure.Member;
import io.tideline.core.closure.Shape;
import io.tideline.core.plan.Tally;
import io.tideline.core.work.Pacer;
import io.tideline.core.work.RunContext;
import io.tideline.core.work.Source;
import io.tideline.dialect.Reader;
import io.tideline.dialect.Writer;
import io.tideline.run.RunEvent;
import java.util.Optional;
import java.util.function.IntSupplier;

/** Carries one policy out whose rows go with others: trees after trees, removed and closed. */
final class TreeRun {
  private final RunContext context;
  private final Writer writer;
  private final Pacer pacer;
  private final RuleRun run;
  private final Shape keys;
  private final ShapeNow now;
  private final PolicyTotals totals;
  private boolean renumbered;

  /**
   * @param keys the tables, whose rows need not be read whole
   */
  TreeRun(
      RunContext context,
      Writer writer,
      Pacer pacer,
      RuleRun run,
      Shape keys,
      ShapeNow now,
      PolicyTotals totals) {
    this.context = context;
    this.writer = writer;
    this.pacer = pacer;
    this.run = run;
    this.keys = keys;
    this.now = now;
    this.totals = totals;
  }

  /** As {@link PolicyRun#go}. */
  boolean go(IntSupplier numbers) {
    context.listener().on(new RunEvent.Began(run.rule().policy().name(), run.plan().allRows()));
    TreeDeleter deleter = new TreeDeleter(context, writer, now, pacer, false, totals::removed);
    Tally stays = new Tally();
    Pipeline.run(context, () -> source(numbers, stays), (TreeChunk chunk) -> take(chunk, deleter));
    if (!renumbered) {
      totals.kept(stays);
    }
    return renumbered;
  }

  private Source<PendingChunk<TreeChunk>> source(IntSupplier numbers, Tally stays) {
    Reader reader = context.database().openReader();
    Layout layout = Layout.keys(keys.root().rules(), run.rule(), run.plan().order());
    Walker walker =
        new Walker(
            keys.root().rules(), run.rule(), layout, run.span(), reader, run.readTarget(context));
    return new TreeSource(context, keys, run, walker, reader, numbers, stays);
  }

  private boolean take(TreeChunk chunk, TreeDeleter deleter) {
    chunk.manifest().ifPresent(totals::sealed);
    try {
      boolean copied = now.shape().members().stream().allMatch(Member::archived);
      Optional<TreeFates> fates =
          new WithoutCopy(context, run, totals).remove(chunk, copied, () -> deleter.remove(chunk));
      fates.ifPresent(each -> finish(chunk, each));
      return fates.isPresent();
    } catch (CatalogueChanged e) {
      if (!e.keysVoid()) {
        throw e;
      }
      renumbered = true;
      return false;
    }
  }

  private void finish(TreeChunk chunk, TreeFates fates) {
    totals.kept(fates.kept());
    now.shape().members().forEach(member -> totals.gone(fates.of(member)));
    chunk
        .manifest()
        .ifPresent(
            manifest ->
                new Closing(context, writer, pacer).close(manifest, fates.inOrderOf(manifest)));
  }
}
