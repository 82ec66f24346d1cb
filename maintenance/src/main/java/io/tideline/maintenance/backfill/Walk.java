package io.tideline.maintenance.backfill;

import io.tideline.core.work.Patience;
import io.tideline.dialect.Backfiller.Batch;
import io.tideline.dialect.Backfiller.Look;
import io.tideline.dialect.RefusedException;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.run.RunEvent;
import java.time.Duration;

/** One walk over the table, which changes what is to be changed and counts what is left. */
final class Walk {
  /** So many rows are read at once where nothing is to be written. */
  private static final int WIDE = 5_000;

  /** More rows refused one by one than this are a mistake of the backfill, not of the rows. */
  private static final int REFUSALS = 100;

  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Job job;
  private final boolean wait;
  private final int sample;
  private final long expected;
  private boolean wide;
  private int most = Integer.MAX_VALUE;
  private int tries;
  private long rows;
  private long changed;
  private long left;
  private long missed;
  private long refused;
  private long compared;
  private long different;
  private String reason = "";

  /**
   * @param wait whether rows that others have locked are waited for
   * @param sample how many rows are compared in all
   * @param expected about how many rows there are
   */
  Walk(Job job, boolean wait, int sample, long expected) {
    this.job = job;
    this.wait = wait;
    this.sample = sample;
    this.expected = Math.max(1, expected);
    this.wide = sample > 0;
  }

  /**
   * Walks to the end of the table.
   *
   * @return whether it came there; it was stopped if not
   */
  boolean run() {
    while (!job.control().stopping()) {
      int batch = Math.min(most, job.pacer().batch());
      Look look = look(wide ? Math.max(WIDE, batch) : batch);
      if (look.matching() > 0 && look.rows() > batch) {
        look = look(batch);
      }
      if (look.rows() == 0) {
        return true;
      }
      wide = look.matching() == 0;
      if (wide) {
        pass(look);
        job.control().waitWhilePaused(job.told());
      } else {
        fill(look);
      }
    }
    return false;
  }

  private Look look(int size) {
    long share = sample == 0 ? 0 : Math.max(1, sample * (long) size / expected);
    return job.patiently(() -> job.filler().look(size, (int) Math.min(size, share)));
  }

  /** Leaves the rows of a look as they are. */
  private void pass(Look look) {
    job.filler().skip();
    done(look);
  }

  private void done(Look look) {
    tries = 0;
    rows += look.rows();
    compared += look.compared();
    different += look.different();
    job.listener().at(job.backfill().name(), rows, Math.max(expected, rows));
  }

  private void fill(Look look) {
    try {
      Batch batch =
          Patience.tryFor(
              () -> job.filler().fill(look, wait, () -> job.listener().stepped("backfill-batch")),
              job.pacer());
      job.listener().stepped("backfill-committed");
      changed += batch.changed();
      left += batch.matching() - batch.changed();
      missed += Math.max(0, look.matching() - batch.matching());
      done(look);
      most = most < Integer.MAX_VALUE / 2 ? most * 2 : Integer.MAX_VALUE;
      job.told().on(new RunEvent.Progressed(0, batch.changed()));
      job.pacer().held(batch.held(), (int) look.rows());
    } catch (RefusedException e) {
      refused(look, e);
    } catch (TidelineException e) {
      if (e.code() != ErrorCode.CATALOGUE_CHANGED) {
        throw e;
      }
      job.renew();
      job.begun(true);
    }
  }

  /** Takes fewer rows until the one that is refused stands alone; that one stays as it is. */
  private void refused(Look look, RefusedException e) {
    if (e.passing() && tries++ < 5) {
      job.pacer().wait("the database is busy: " + e.getMessage(), PAUSE.multipliedBy(tries));
    } else if (e.passing()) {
      missed += look.matching();
      pass(look);
    } else if (look.rows() > 1) {
      most = (int) Math.max(1, look.rows() / 2);
    } else {
      reason = String.valueOf(e.getMessage());
      refused++;
      pass(look);
      requireFew();
    }
  }

  private void requireFew() {
    if (refused > REFUSALS) {
      throw new TidelineException(
          ErrorCode.BACKFILL_LEFT,
          "Cannot go on with the backfill '"
              + job.backfill().name()
              + "': the database refuses row after row: "
              + reason
              + ".",
          "What it wrote until then is there, and noted.",
          "Mend the expression or the constraint; or `tideline backfill --undo "
              + job.backfill().name()
              + "`.");
    }
  }

  long rows() {
    return rows;
  }

  long changed() {
    return changed;
  }

  /** Rows that meet the condition still: their value is none, or they were refused or locked. */
  long left() {
    return left + missed + refused;
  }

  /** Rows that might be changed by another walk. */
  long missed() {
    return missed;
  }

  long refused() {
    return refused;
  }

  long compared() {
    return compared;
  }

  long different() {
    return different;
  }

  /** Why the database refused a row; empty if it refused none. */
  String reason() {
    return reason;
  }
}
