package io.tideline.store;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes rows in one transaction, and sets aside those that the database refuses. */
final class Batches<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Batches.class);

  private final Database database;
  private final BatchWork<T> work;
  private final SetAside<T> aside;

  Batches(Database database, BatchWork<T> work, SetAside<T> aside) {
    this.database = database;
    this.work = work;
    this.aside = aside;
  }

  /**
   * What became of rows.
   *
   * @param written how many are committed
   * @param aside how many the listener has
   * @param left those that are neither, for it is not they that are at fault
   * @param why what was at fault, if any are left
   */
  record Outcome<T>(int written, int aside, List<T> left, @Nullable StoreException why) {
    private Outcome<T> and(Outcome<T> other) {
      return new Outcome<>(written + other.written, aside + other.aside, other.left, other.why);
    }

    private Outcome<T> leaving(List<T> more) {
      return new Outcome<>(
          written, aside, Stream.concat(left.stream(), more.stream()).toList(), why);
    }
  }

  /** Writes all; if a row is refused, the halves, down to that row. */
  Outcome<T> write(List<T> rows) {
    try {
      all(rows);
      return new Outcome<>(rows.size(), 0, List.of(), null);
    } catch (StoreException e) {
      // An answer lost at COMMIT counts as unwritten too: rather twice than not at all.
      return e.reason() == StoreException.Reason.BAD_ROW
          ? apart(rows, e)
          : new Outcome<>(0, 0, rows, e);
    } catch (Throwable e) {
      // Of these rows alone: halves that were written before them are not written again.
      return isOfARow(e) ? apart(rows, unbound(e)) : new Outcome<>(0, 0, rows, atItsLimits(e));
    }
  }

  /** Other errors are those of the machine: a row is not at fault, and waits. */
  private static boolean isOfARow(Throwable e) {
    return !(e instanceof Error) || e instanceof StackOverflowError || e instanceof AssertionError;
  }

  /** Writes all, or throws. */
  void all(List<T> rows) {
    database.write(
        session -> {
          work.write(session, rows);
          return true;
        });
  }

  /** From the code that binds the values of a row: it would fail again. */
  private StoreException unbound(Throwable e) {
    return new StoreException(
        StoreException.Reason.BAD_ROW,
        "Cannot write a row to "
            + database.name()
            + ": its values cannot be bound. Rolled back, nothing was written. The cause says why.",
        e);
  }

  private StoreException atItsLimits(Throwable e) {
    return new StoreException(
        StoreException.Reason.FAILED,
        "Cannot write rows to "
            + database.name()
            + ": the machine is at its limits, or a class is broken. Rolled back; they wait. The"
            + " cause says more.",
        e);
  }

  private Outcome<T> apart(List<T> rows, StoreException why) {
    if (rows.size() == 1) {
      setAside(rows.get(0), why);
      return new Outcome<>(0, 1, List.of(), null);
    }
    List<T> first = rows.subList(0, rows.size() / 2);
    List<T> second = rows.subList(rows.size() / 2, rows.size());
    Outcome<T> begun = write(first);
    return begun.left().isEmpty() ? begun.and(write(second)) : begun.leaving(second);
  }

  /** Gives a row to the listener, whose own failures change nothing. */
  void setAside(T row, StoreException why) {
    try {
      aside.row(row, why);
    } catch (Throwable e) {
      if (e != why) {
        e.addSuppressed(why);
      }
      LOG.error("The listener of {} failed with a row that was set aside", database.name(), e);
    }
  }
}
