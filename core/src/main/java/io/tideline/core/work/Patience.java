package io.tideline.core.work;

import io.tideline.catalogue.Table;
import io.tideline.dialect.Transaction;
import io.tideline.dialect.Writer;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Waits for a lock for a while, longer each time, then gives up. */
public final class Patience {
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private Patience() {}

  /**
   * Begins a transaction, trying again while the database is busy.
   *
   * @throws TidelineException {@code DATABASE_BUSY} if it stays busy
   */
  public static Transaction begin(Writer writer, List<Table> tables, Pacer pacer) {
    return tryFor(() -> writer.begin(tables), pacer);
  }

  /**
   * As the other, while nobody else changes rows of some tables.
   *
   * @throws TidelineException {@code DATABASE_BUSY} if it stays busy
   */
  public static Transaction begin(
      Writer writer, List<Table> tables, List<Table> closed, Pacer pacer) {
    return tryFor(() -> writer.begin(tables, closed), pacer);
  }

  /**
   * Makes earlier commits durable, trying again while the database is busy.
   *
   * @throws TidelineException {@code DATABASE_BUSY} if it stays busy
   */
  public static void makeDurable(Writer writer, Pacer pacer) {
    tryFor(
        () -> {
          writer.makeDurable();
          return true;
        },
        pacer);
  }

  /**
   * Does something, trying again while the database is busy.
   *
   * @throws TidelineException {@code DATABASE_BUSY} if it stays busy
   */
  public static <T> T tryFor(Supplier<T> work, Pacer pacer) {
    Duration pause = FIRST;
    long began = System.nanoTime();
    while (true) {
      try {
        return work.get();
      } catch (TidelineException e) {
        boolean over = System.nanoTime() - began > pacer.patience().toNanos();
        if (e.code() != ErrorCode.DATABASE_BUSY || over || pacer.stopping()) {
          throw e;
        }
        pacer.wait("the database is busy: " + e.what(), pause);
        pause = pause.compareTo(LONGEST) < 0 ? pause.multipliedBy(2) : LONGEST;
      }
    }
  }
}
