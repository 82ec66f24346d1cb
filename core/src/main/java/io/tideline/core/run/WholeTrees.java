package io.tideline.core.run;

import io.tideline.core.closure.Closure;
import io.tideline.core.closure.Forest;
import io.tideline.core.closure.Found;
import io.tideline.core.closure.Member;
import io.tideline.core.closure.Stay;
import io.tideline.core.digest.RowDigest;
import io.tideline.core.work.Pacer;
import io.tideline.core.work.Patience;
import io.tideline.core.work.RunContext;
import io.tideline.dialect.Lookups;
import io.tideline.dialect.RefusedException;
import io.tideline.dialect.SurpriseException;
import io.tideline.dialect.Transaction;
import io.tideline.dialect.Writer;
import io.tideline.plan.Reason;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import io.tideline.run.RunEvent;
import io.tideline.run.Step;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * Removes whole trees in one transaction: inside it they are found anew from their roots, under
 * lock; a tree with a row that has no copy, or another one than was archived, stays whole.
 */
final class WholeTrees {
  private final RunContext context;
  private final Writer writer;
  private final ShapeNow now;
  private final Pacer pacer;
  private final LongConsumer removed;

  /**
   * @param removed hears after each commit how many rows it removed
   */
  WholeTrees(RunContext context, Writer writer, ShapeNow now, Pacer pacer, LongConsumer removed) {
    this.context = context;
    this.writer = writer;
    this.now = now;
    this.pacer = pacer;
    this.removed = removed;
  }

  /**
   * Removes those trees of a chunk that may go. Rows of leaf tables are not looked for first; if
   * not all trees go so, they are found whole.
   *
   * @param hurried whether to wait for locks but briefly
   * @param claimed takes the copies of the rows found
   * @return the trees found
   */
  Forest remove(TreeChunk chunk, List<TreeChunk.Tree> trees, boolean hurried, Claimed claimed) {
    now.refresh();
    if (!now.shape().leaves().isEmpty() && !hurried && !chunk.stepwise()) {
      try {
        return attempt(chunk, trees, false, claimed, Closure.Leaves.APART);
      } catch (RefusedException | SurpriseException e) {
        claimed.release(); // whose fault it is shows when every row is known
        if (trees.size() > 1 && e instanceof RefusedException refused && !refused.passing()) {
          throw e; // it would refuse the same rows again: fewer trees first
        }
      }
    }
    return attempt(chunk, trees, hurried, claimed, Closure.Leaves.FOUND);
  }

  private Forest attempt(
      TreeChunk chunk,
      List<TreeChunk.Tree> trees,
      boolean hurried,
      Claimed claimed,
      Closure.Leaves leaves) {
    try {
      return remove(chunk, trees, hurried, claimed, leaves);
    } catch (RuntimeException e) {
      claimed.release();
      throw e;
    }
  }

  private Forest remove(
      TreeChunk chunk,
      List<TreeChunk.Tree> trees,
      boolean hurried,
      Claimed claimed,
      Closure.Leaves leaves) {
    Forest forest;
    long gone = 0;
    long started;
    try (Transaction transaction =
        Patience.begin(writer, now.shape().tables(), now.shape().unenforced(), pacer)) {
      started = System.nanoTime();
      if (hurried) {
        transaction.waitBriefly();
      }
      now.requireSame(transaction, chunk.catalogueVersion());
      forest = find(transaction, chunk, trees, leaves);
      keepUnlessArchived(chunk, forest);
      if (forest.leavesApart()) {
        requireAll(forest, trees);
      }
      claimed.claim(forest, tree -> true);
      boolean goes =
          chunk.stepwise() ? staying(chunk, forest).isEmpty() : !forest.going().isEmpty();
      if (goes) {
        TreeRemoval removal =
            new TreeRemoval(transaction, forest.shape(), context.now(), claimed::claim);
        removal.remove(forest);
        gone = removal.prove();
      }
      if (gone > 0) {
        commit(transaction);
      }
    }
    removed.accept(gone);
    context.listener().on(new RunEvent.Progressed(0, gone));
    pacer.held(System.nanoTime() - started, (int) Math.max(1, gone));
    return forest;
  }

  /** Why a large tree stays, or what is left of it; empty if all of it goes. */
  static Optional<Stay> staying(TreeChunk chunk, Forest forest) {
    return IntStream.range(0, forest.roots().size())
        .mapToObj(root -> forest.stay(forest.tree(root)))
        .flatMap(Optional::stream)
        .findFirst()
        .or(
            () ->
                forest.roots().size() == chunk.trees().get(0).roots().size()
                    ? Optional.empty()
                    : Optional.of(StepwiseDeleter.ROOT_GONE));
  }

  private static void requireAll(Forest forest, List<TreeChunk.Tree> trees) {
    int roots = trees.stream().mapToInt(tree -> tree.roots().size()).sum();
    boolean all = forest.roots().size() == roots;
    for (int root = 0; all && root < roots; root++) {
      all = forest.stay(root).isEmpty();
    }
    if (!all) {
      throw new SurpriseException("not all trees go");
    }
  }

  private Forest find(
      Lookups lookups, TreeChunk chunk, List<TreeChunk.Tree> trees, Closure.Leaves leaves) {
    PackedRows roots = new PackedRows(now.shape().root().key().columns().size());
    for (TreeChunk.Tree tree : trees) {
      Row key = new Row(roots.width());
      for (int i = 0; i < tree.roots().size(); i++) {
        tree.roots().get(i, key);
        roots.add(key, 0);
      }
    }
    Closure closure =
        chunk.stepwise()
            ? Closure.ofAnySize(leaves, now.shape(), lookups, Optional.empty())
            : Closure.with(leaves, now.shape(), lookups, Optional.empty());
    return closure.of(roots);
  }

  /** The trees of a chunk as they are now, without a lock; those that could not go stay. */
  Forest look(Lookups lookups, TreeChunk chunk) {
    now.refresh();
    Forest forest = find(lookups, chunk, chunk.trees(), Closure.Leaves.FOUND);
    keepUnlessArchived(chunk, forest);
    return forest;
  }

  /** A tree with a row that is not archived as it is now stays. */
  private static void keepUnlessArchived(TreeChunk chunk, Forest forest) {
    List<Optional<SealedTable>> copies = chunk.copies();
    List<Optional<java.util.BitSet>> before =
        copies.stream().map(each -> each.map(SealedTable::claimed)).toList();
    boolean changed = false;
    for (Member member : forest.shape().members()) {
      Found found = forest.found(member);
      Optional<SealedTable> table = copies.get(member.number());
      for (int i = 0; member.archived() && i < found.size(); i++) {
        int tree = forest.tree(member, i);
        if (forest.stay(tree).isEmpty()
            && (table.isEmpty() || table.get().claim(found.high(i), found.low(i)) < 0)) {
          forest.keep(tree, new Stay(Reason.CHANGED, ""));
          changed = true;
        }
      }
    }
    for (int i = 0; i < copies.size(); i++) {
      int number = i;
      copies.get(i).ifPresent(t -> before.get(number).ifPresent(t::releaseAllBut));
    }
    if (changed) {
      forest.settle();
    }
    while (keepUnlessRecorded(chunk, forest)) {
      forest.settle(); // a tree that stays now may leave rows to others that would lose references
    }
  }

  /** A tree that takes a reference away which is not archived as it is now stays. */
  private static boolean keepUnlessRecorded(TreeChunk chunk, Forest forest) {
    boolean changed = false;
    RowDigest digest = new RowDigest();
    for (Forest.Detached each : forest.detached()) {
      digest.update(each.record(), 0, each.record().width());
      Optional<SealedTable> references =
          chunk.detached().get(forest.shape().edges().indexOf(each.edge()));
      if (references.filter(t -> t.has(digest.high(), digest.low())).isEmpty()) {
        forest.keep(each.root(), new Stay(Reason.CHANGED, each.edge().key().display()));
        changed = true;
      }
    }
    return changed;
  }

  private void commit(Transaction transaction) {
    context.listener().stepped(Step.BATCH_DELETED);
    if (now.holdsChanged()) {
      throw new RefusedException("a hold was placed or released", true);
    }
    transaction.commit(false);
    context.listener().stepped(Step.BATCH_COMMITTED);
  }
}
