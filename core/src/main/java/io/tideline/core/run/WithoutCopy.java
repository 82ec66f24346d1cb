package io.tideline.core.run;

import io.tideline.catalogue.Partition;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.SealedRows;
import io.tideline.core.digest.RowDigest;
import io.tideline.core.record.Entry;
import io.tideline.core.rule.ArchiveTables;
import io.tideline.core.work.RunContext;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.plan.WholePartition;
import io.tideline.policy.Action;
import io.tideline.policy.Policy;
import io.tideline.row.Row;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Tells the archive's record of rows that no segment holds, before they are removed, and afterwards
 * what came of it. What is left open by a kill, or by a commit whose answer was lost, the next run
 * closes as interrupted.
 */
final class WithoutCopy {
  private final RunContext context;
  private final RuleRun run;
  private final PolicyTotals totals;

  WithoutCopy(RunContext context, RuleRun run, PolicyTotals totals) {
    this.context = context;
    this.run = run;
    this.totals = totals;
  }

  /** Removes the rows of a chunk; empty if that stopped before the end. */
  <T> Optional<T> remove(Chunk chunk, Supplier<Optional<T>> removing) {
    if (chunk.manifest().isPresent()) {
      return removing.get();
    }
    SealedRows rows = chunk.rows();
    RowDigest keys = new RowDigest();
    for (int i = 0; i < rows.size(); i++) {
      keys.accumulate(rows.high(i), rows.low(i));
    }
    return remove(
        taking(Optional.empty(), Optional.empty(), rows.size(), keys.running()),
        removing,
        Optional::isPresent);
  }

  /**
   * Removes the trees of a chunk; empty if that stopped before the end.
   *
   * @param copied whether every row of them has a copy in the chunk's manifest
   */
  <T> Optional<T> remove(TreeChunk chunk, boolean copied, Supplier<Optional<T>> removing) {
    if (copied && chunk.manifest().isPresent()) {
      return removing.get();
    }
    long rows = 0;
    RowDigest keys = new RowDigest();
    for (TreeChunk.Tree tree : chunk.trees()) {
      rows += tree.rows();
      Row key = new Row(tree.roots().width());
      for (int i = 0; i < tree.roots().size(); i++) {
        tree.roots().get(i, key);
        keys.update(key, 0, key.width());
        keys.accumulate();
      }
    }
    return remove(
        taking(Optional.empty(), chunk.manifest().map(Manifest::name), rows, keys.running()),
        removing,
        Optional::isPresent);
  }

  /** Drops a partition whole. */
  PartitionDrop.Result drop(WholePartition whole, Supplier<PartitionDrop.Result> dropping) {
    return remove(
        taking(Optional.of(whole.partition()), Optional.empty(), whole.rows(), ""),
        () -> {
          PartitionDrop.Result result = dropping.get();
          totals.removed(result.rows());
          return result;
        },
        PartitionDrop.Result::gone);
  }

  private Entry.Taking taking(
      Optional<Partition> partition, Optional<String> manifest, long rows, String keys) {
    Policy policy = run.plan().policy();
    return new Entry.Taking(
        context.run(),
        policy.name(),
        run.plan().table().toString(),
        policy.action().word(),
        policy.action() == Action.MOVE
            ? Optional.of(ArchiveTables.of(policy, run.plan().table()).toString())
            : Optional.empty(),
        run.rule().cutoff(),
        context.record().plan(),
        partition.map(each -> each.name().toString()),
        manifest,
        rows,
        keys);
  }

  private <T> T remove(Entry.Taking rows, Supplier<T> removing, Predicate<T> whole) {
    long before = totals.removed();
    long line = context.record().taking(rows);
    T result;
    try {
      result = removing.get();
    } catch (CatalogueChanged e) {
      tell(rows, line, Entry.Took.STOPPED, before);
      throw e;
    } catch (TidelineException e) {
      failed(rows, line, before, e);
      throw e;
    }
    tell(rows, line, whole.test(result) ? Entry.Took.DONE : Entry.Took.STOPPED, before);
    return result;
  }

  private void failed(Entry.Taking rows, long line, long before, TidelineException failure) {
    if (failure.code() == ErrorCode.COMMIT_UNKNOWN) {
      return; // nobody knows how many went
    }
    try {
      tell(rows, line, Entry.Took.FAILED, before);
    } catch (TidelineException e) {
      failure.addSuppressed(e);
    }
  }

  private void tell(Entry.Taking rows, long line, String how, long before) {
    long removed = totals.removed() - before;
    context
        .record()
        .took(new Entry.Took(context.run(), rows.policy(), line, how, OptionalLong.of(removed)));
  }
}
