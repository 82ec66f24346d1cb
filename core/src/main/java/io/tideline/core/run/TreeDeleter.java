package io.tideline.core.run;

import io.tideline.core.closure.Closure;
import io.tideline.core.closure.Forest;
import io.tideline.core.closure.Stay;
import io.tideline.core.work.Pacer;
import io.tideline.core.work.RunContext;
import io.tideline.dialect.Reader;
import io.tideline.dialect.Writer;
import io.tideline.plan.Reason;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Removes the trees of chunks in short transactions. Where the database refuses, the batch is split
 * until one tree stands alone.
 */
final class TreeDeleter {
  private final RunContext context;
  private final Writer writer;
  private final ShapeNow now;
  private final Pacer pacer;
  private final boolean resumed;
  private final WholeTrees whole;
  private final StepwiseDeleter stepwise;

  /**
   * @param resumed whether the chunk is of an interrupted run: then a missing row counts as removed
   * @param removed hears after each batch how many rows it removed
   */
  TreeDeleter(
      RunContext context,
      Writer writer,
      ShapeNow now,
      Pacer pacer,
      boolean resumed,
      LongConsumer removed) {
    this.context = context;
    this.writer = writer;
    this.now = now;
    this.pacer = pacer;
    this.resumed = resumed;
    this.whole = new WholeTrees(context, writer, now, pacer, removed);
    this.stepwise = new StepwiseDeleter(context, writer, now, pacer, whole, removed);
  }

  /**
   * Removes a chunk's trees, until the run shall stop.
   *
   * @return what became of each row; empty if it stopped before the end
   * @throws CatalogueChanged if a table is not what it was; rows not yet removed are still there
   */
  Optional<TreeFates> remove(TreeChunk chunk) {
    if (chunk.stepwise()) {
      return stepwise.remove(chunk);
    }
    TreeFates fates = new TreeFates(now.shape());
    List<TreeChunk.Tree> trees = chunk.trees();
    for (int from = 0; from < trees.size(); ) {
      if (context.control().stopping()) {
        return Optional.empty();
      }
      int to = from + 1;
      long rows = trees.get(from).rows();
      while (to < trees.size() && rows + trees.get(to).rows() <= pacer.batch()) {
        rows += trees.get(to++).rows();
      }
      remove(chunk, trees.subList(from, to), new Tries(pacer), fates);
      from = to;
    }
    new Leftovers(context.database(), writer, now.shape(), resumed, pacer).settle(chunk, fates);
    return Optional.of(fates);
  }

  private void remove(TreeChunk chunk, List<TreeChunk.Tree> trees, Tries tries, TreeFates fates) {
    Optional<RuntimeException> refused =
        tries.run(
            trees.size() == 1,
            hurried -> {
              Claimed claimed = new Claimed(chunk);
              Forest forest = whole.remove(chunk, trees, hurried, claimed);
              claimed.tellStaying(forest, fates);
              fates.keptRoots(forest);
            });
    if (refused.isEmpty()) {
      return;
    }
    if (trees.size() > 1) {
      int middle = trees.size() >>> 1;
      remove(chunk, trees.subList(0, middle), tries, fates);
      remove(chunk, trees.subList(middle, trees.size()), tries, fates);
      return;
    }
    String why = String.valueOf(refused.get().getMessage());
    refuse(chunk, trees.get(0), new Stay(Reason.REFUSED, why), fates);
  }

  /** Tells which rows of a tree that the database refuses to give stay. */
  private void refuse(TreeChunk chunk, TreeChunk.Tree tree, Stay why, TreeFates fates) {
    try (Reader reader = context.database().openReader()) { // a lock would be refused again
      Forest forest = new Closure(now.shape(), reader, Optional.empty()).of(tree.roots());
      for (int root = 0; root < forest.roots().size(); root++) {
        int at = root;
        fates.kept(why, () -> forest.rootKey(at));
      }
      Claimed claimed = new Claimed(chunk);
      claimed.claim(forest, any -> true);
      claimed.tell((member, copies, position) -> fates.kept(member, copies, position, why));
    }
  }
}
