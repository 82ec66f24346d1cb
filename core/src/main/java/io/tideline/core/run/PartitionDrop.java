package io.tideline.core.run;

import io.tideline.catalogue.Partition;
import io.tideline.catalogue.Table;
import io.tideline.core.digest.DigestSum;
import io.tideline.core.digest.RowDigest;
import io.tideline.core.rule.PartitionJudge;
import io.tideline.core.work.Pacer;
import io.tideline.core.work.RunContext;
import io.tideline.dialect.Item;
import io.tideline.dialect.Partitions;
import io.tideline.dialect.RefusedException;
import io.tideline.dialect.Transaction;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.run.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Drops a partition in one transaction, in which every row of it is read once more: each must be
 * one that was archived, as it was archived, and go by the rules as they are now.
 */
final class PartitionDrop {
  private static final int TRIES = 5;
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final RunContext context;
  private final Partitions partitions;
  private final RulesNow rules;
  private final Layout layout;
  private final Pacer pacer;
  private final Partition partition;

  /**
   * @param rules with a rule, by age
   * @param layout of whole rows where there is something to compare them with
   */
  PartitionDrop(
      RunContext context,
      Partitions partitions,
      RulesNow rules,
      Layout layout,
      Pacer pacer,
      Partition partition) {
    this.context = context;
    this.partitions = partitions;
    this.rules = rules;
    this.layout = layout;
    this.pacer = pacer;
    this.partition = partition;
  }

  /**
   * What came of it.
   *
   * @param rows the rows that went with the partition
   * @param stays why the partition stays as it is, for a person; empty if it is gone
   */
  record Result(long rows, String stays) {
    boolean gone() {
      return stays.isEmpty();
    }

    private static Result stays(String why) {
      return new Result(0, why);
    }
  }

  /**
   * Drops the partition, trying again while somebody uses it.
   *
   * @param sealed the archived rows; empty if the rows need no copy
   */
  Result drop(Optional<DigestSum> sealed) {
    for (int attempt = 1; ; attempt++) {
      String why;
      try {
        return attempt(sealed);
      } catch (RefusedException e) {
        if (!e.passing()) {
          return Result.stays(String.valueOf(e.getMessage()));
        }
        why = String.valueOf(e.getMessage());
      } catch (TidelineException e) {
        if (e.code() != ErrorCode.DATABASE_BUSY) {
          throw e;
        }
        why = e.what();
      }
      if (attempt == TRIES || context.control().stopping()) {
        return Result.stays(why);
      }
      pacer.wait("the database asks to try again: " + why, PATIENCE.multipliedBy(attempt));
    }
  }

  private Result attempt(Optional<DigestSum> sealed) {
    rules.refresh();
    List<Item> whole = layout.items().subList(0, layout.width());
    PartitionJudge judge = new PartitionJudge(rules.rules(), rules.rule().orElseThrow(), whole);
    DigestSum live = new DigestSum();
    try (Transaction transaction = partitions.begin(rules.table(), partition)) {
      read(transaction, judge, live);
      if (judge.stays().isPresent() || !judge.noneIsLatest(transaction::newest)) {
        return Result.stays("a row of it stays: " + judge.stays().orElseThrow().word());
      }
      if (sealed.isPresent() && !sealed.get().sameAs(live)) {
        return Result.stays("rows of it came, went or changed after they were archived");
      }
      return drop(transaction, live.rows());
    }
  }

  private void read(Transaction transaction, PartitionJudge judge, DigestSum live) {
    RowDigest digest = new RowDigest();
    transaction.scan(
        judge.scan(partition),
        row -> {
          digest.update(row, layout.digestFrom(), layout.width());
          live.add(digest.high(), digest.low());
          return judge.goes(row);
        });
  }

  private Result drop(Transaction transaction, long rows) {
    Table table = rules.table();
    transaction.dropPartition(table, partition);
    if (!transaction.fingerprint(table.name()).equals(table.fingerprint())) {
      return Result.stays("its table changed");
    }
    context.listener().stepped(Step.PARTITION_DROPPED);
    if (rules.holdsChanged()) {
      throw new RefusedException("a hold was placed or released", true);
    }
    transaction.commit(false);
    context.listener().stepped(Step.PARTITION_COMMITTED);
    return new Result(rows, "");
  }
}
