package io.tideline.core.run;

import io.tideline.catalogue.Partition;
import io.tideline.catalogue.TableName;
import io.tideline.core.work.Pacer;
import io.tideline.core.work.RunContext;
import io.tideline.dialect.Partitions;
import io.tideline.dialect.RefusedException;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.run.RunEvent;
import io.tideline.run.Step;
import java.time.Duration;

/** Detaches a partition from its table and attaches it again, with patience. */
final class Detachment {
  private static final int TRIES = 6;
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final RunContext context;
  private final Partitions partitions;
  private final Pacer pacer;
  private final TableName table;
  private final Partition partition;

  Detachment(
      RunContext context,
      Partitions partitions,
      Pacer pacer,
      TableName table,
      Partition partition) {
    this.context = context;
    this.partitions = partitions;
    this.pacer = pacer;
    this.table = table;
    this.partition = partition;
  }

  /**
   * Detaches it, or finishes that.
   *
   * @return false if it is still attached because others use it all the time
   * @throws TidelineException {@code PARTITION_DETACHED} if it is half detached; the next run
   *     finishes
   */
  boolean detach() {
    for (int attempt = 1; ; attempt++) {
      try {
        partitions.detach(table, partition);
        context.listener().stepped(Step.PARTITION_DETACHED);
        return true;
      } catch (RefusedException e) {
        requireAttached(e, String.valueOf(e.getMessage()));
        return false;
      } catch (TidelineException e) {
        if (e.code() != ErrorCode.DATABASE_BUSY) {
          throw e;
        }
        if (attempt == TRIES || context.control().stopping()) {
          requireAttached(e, e.what());
          return false;
        }
        pacer.wait("the database is busy: " + e.what(), PAUSE.multipliedBy(attempt));
      }
    }
  }

  private void requireAttached(RuntimeException cause, String why) {
    if (partitions.place(table, partition) == Partitions.Place.DETACHING) {
      throw new TidelineException(
          ErrorCode.PARTITION_DETACHED,
          "Cannot finish detaching " + partition.name() + " from " + table + ": " + why + ".",
          "Its rows are in it and in the archive; the table does not show them.",
          "Run again when the transactions have ended that still see it: the next run finishes.",
          cause);
    }
  }

  /**
   * Attaches it again.
   *
   * @throws TidelineException {@code PARTITION_DETACHED} if the database refuses; the next run
   *     tries again
   */
  void attach(String why) {
    for (int attempt = 1; ; attempt++) {
      try {
        partitions.attach(table, partition);
        String back = "The partition " + partition.name() + " is attached again: " + why + ".";
        context.listener().on(new RunEvent.Noted(back));
        return;
      } catch (RefusedException e) {
        throw apart(e, String.valueOf(e.getMessage()));
      } catch (TidelineException e) {
        if (e.code() != ErrorCode.DATABASE_BUSY || attempt == TRIES) {
          throw e.code() == ErrorCode.DATABASE_BUSY ? apart(e, e.what()) : e;
        }
        pacer.wait("the database is busy: " + e.what(), PAUSE.multipliedBy(attempt));
      }
    }
  }

  private TidelineException apart(RuntimeException cause, String why) {
    return new TidelineException(
        ErrorCode.PARTITION_DETACHED,
        "Cannot attach " + partition.name() + " to " + table + " again: " + why + ".",
        "Its rows are in the detached table of that name, and those archived also in the archive.",
        "Mend that and run again: the next run tries again. By hand: "
            + partitions.attachStatement(table, partition),
        cause);
  }
}
