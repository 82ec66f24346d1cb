package io.tideline.maintenance.backfill;

import io.tideline.dialect.Backfiller.Restored;
import io.tideline.maintenance.backfill.BackfillReport.Did;
import io.tideline.tuning.Backfill;
import io.tideline.tuning.BackfillState;
import io.tideline.tuning.BackfillState.Phase;
import java.util.ArrayList;
import java.util.List;

/** Takes a backfill back: the old values, where what was written is still there, or the column. */
final class Undoing {
  private final Job job;
  private long rows;
  private long restored;

  Undoing(Job job) {
    this.job = job;
  }

  BackfillReport undo(boolean discard) {
    BackfillState state = job.begun(false);
    if (state.phase() == Phase.FINISHING) {
      throw Targets.refused(
          job.backfill(),
          "it is being finished, and the old values may be gone",
          "Go on with `tideline backfill --finish " + job.backfill().name() + "`.");
    }
    if (state.phase() != Phase.UNDOING) {
      job.patiently(() -> job.filler().beginUndo());
      job.listener().stepped("backfill-undoing");
      job.renew();
      job.begun(false);
    }
    if (job.gone()) {
      job.patiently(() -> job.filler().end());
    } else if (!job.target().logged()) {
      job.patiently(() -> job.filler().dropColumn(discard));
    } else if (restore(state.changed())) {
      job.patiently(() -> job.filler().end());
    } else {
      return report(Did.STOPPED);
    }
    job.listener().stepped("backfill-undone");
    return report(Did.UNDONE);
  }

  /** Puts everything back. @return whether it came to the end; it was stopped if not */
  private boolean restore(long expected) {
    while (!job.control().stopping()) {
      Restored batch =
          job.patiently(
              () ->
                  job.filler()
                      .restore(
                          job.pacer().batch(), () -> job.listener().stepped("backfill-restoring")));
      if (batch.rows() == 0) {
        return true;
      }
      job.listener().stepped("backfill-restored");
      rows += batch.rows();
      restored += batch.restored();
      job.listener().at("undo " + job.backfill().name(), rows, Math.max(expected, rows));
      job.pacer().held(batch.held(), (int) batch.rows());
    }
    return false;
  }

  private BackfillReport report(Did did) {
    List<String> notes = new ArrayList<>();
    if (rows > restored) {
      notes.add(
          (rows - restored)
              + " rows hold something else by now, or are gone; they were left as they are.");
    }
    if (job.target().logged() && job.backfill().fill() == Backfill.Fill.TRIGGER) {
      notes.add(
          "Rows that the trigger filled as they were inserted keep their value: they never had"
              + " another.");
    }
    return new BackfillReport(
        job.backfill().name(), did, rows, restored, rows - restored, 0, 0, 0, notes);
  }
}
