package io.tideline.maintenance.backfill;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.maintenance.backfill.BackfillReport.Did;
import io.tideline.tuning.BackfillState;
import io.tideline.tuning.BackfillState.Phase;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Begins a backfill or goes on with it, and finishes it. The table is walked until a walk finds
 * nothing to change: that walk is the verification, and compares rows besides.
 */
final class Filling {
  /** So often the table is walked at most where the application goes on to write such rows. */
  private static final int WALKS = 8;

  private final Job job;
  private final Clock clock;
  private final long expected;

  Filling(Job job, Clock clock, long expected) {
    this.job = job;
    this.clock = clock;
    this.expected = expected;
  }

  /** Fills until nothing is left to fill. */
  BackfillReport fill() {
    if (job.state().isEmpty()) {
      if (job.target().logged() && nothingToDo()) {
        return report(Did.NOTHING, new Walk(job, false, 0, expected), List.of());
      }
      begin();
    }
    BackfillState state = job.begun(true);
    if (state.phase() == Phase.UNDOING || state.phase() == Phase.FINISHING) {
      throw Targets.refused(
          job.backfill(),
          "it is " + state.phase().word(),
          "Go on with `tideline backfill --"
              + (state.phase() == Phase.UNDOING ? "undo " : "finish ")
              + job.backfill().name()
              + "`.");
    }
    Walk last = walk(state);
    if (job.control().stopping()) {
      return report(Did.STOPPED, last, List.of());
    }
    BackfillState end = job.begun(true).in(Phase.FILLED);
    job.patiently(() -> job.filler().note(end));
    job.listener().stepped("backfill-filled");
    return report(Did.FILLED, last, notes(last));
  }

  private boolean nothingToDo() {
    while (!job.control().stopping()) {
      var look = job.patiently(() -> job.filler().look(5_000, 0));
      if (look.rows() == 0) {
        return true;
      }
      if (look.matching() > 0) {
        return false;
      }
      job.filler().skip();
    }
    return false;
  }

  private void begin() {
    BackfillState first = BackfillState.first(job.backfill(), Targets.shape(job.target()));
    job.patiently(() -> job.filler().begin(first, Instant.now(clock)));
    job.listener().stepped("backfill-begun");
    job.renew();
  }

  /** Walks until a walk changes nothing; the last one. */
  private Walk walk(BackfillState begun) {
    boolean fresh = begun.phase() == Phase.FILLING && begun.pass() == 1;
    if (!fresh) {
      again(); // the rest of a walk would prove nothing
    }
    for (int walks = 0; ; walks++) {
      boolean first = fresh && walks == 0;
      Walk walk = new Walk(job, walks >= 2, first ? 0 : job.backfill().sample(), expected);
      boolean whole = walk.run();
      boolean clean = !first && walk.changed() == 0 && walk.missed() == 0;
      if (!whole || clean || walks >= WALKS) {
        return walk;
      }
      again();
    }
  }

  private void again() {
    BackfillState next = job.begun(true).again(Phase.FILLING);
    job.patiently(() -> job.filler().note(next));
    job.listener().stepped("backfill-again");
  }

  private List<String> notes(Walk last) {
    List<String> notes = new ArrayList<>();
    if (last.changed() > 0 || last.missed() > 0) {
      notes.add(
          "The application goes on to write rows without the value, or holds them locked; --finish"
              + " walks again.");
    }
    if (!last.reason().isEmpty()) {
      notes.add("The database refused rows: " + last.reason() + ".");
    }
    long none = last.left() - last.refused() - last.missed();
    if (none > 0) {
      notes.add(none + " rows have no value to get: the source gives none for them.");
    }
    if (last.different() > 0) {
      notes.add(
          job.target().logged()
              ? "Compared rows hold something else than was written: they were changed since."
              : "Compared rows hold something else than the source says now: the source was changed"
                  + " since, or the application wrote another value.");
    }
    return notes;
  }

  private BackfillReport report(Did did, Walk walk, List<String> notes) {
    long changed = did == Did.NOTHING ? 0 : job.state().map(BackfillState::changed).orElse(0L);
    return new BackfillReport(
        job.backfill().name(),
        did,
        walk.rows(),
        changed,
        walk.left(),
        walk.refused(),
        walk.compared(),
        walk.different(),
        notes);
  }

  /** Walks a last time, and removes what the backfill needed. */
  BackfillReport finish() {
    BackfillState state = job.begun(true);
    if (state.phase() == Phase.UNDOING) {
      throw Targets.refused(
          job.backfill(),
          "it is being undone",
          "Go on with `tideline backfill --undo " + job.backfill().name() + "`.");
    }
    Walk last = new Walk(job, true, 0, expected);
    if (state.phase() != Phase.FINISHING) {
      last = walk(state);
      if (job.control().stopping()) {
        return report(Did.STOPPED, last, List.of());
      }
      requireFilled(last);
    }
    List<String> notes = new ArrayList<>(notes(last));
    if (job.backfill().notNull() && state.phase() != Phase.FINISHING) {
      job.patiently(() -> job.filler().require()).ifPresent(notes::add);
      job.listener().stepped("backfill-required");
      job.renew();
    }
    return end(last, notes);
  }

  private void requireFilled(Walk last) {
    long wanting =
        job.backfill().notNull() ? last.left() : last.refused() + last.missed() + last.changed();
    if (wanting > 0) {
      throw new TidelineException(
          ErrorCode.BACKFILL_LEFT,
          "Cannot finish the backfill '"
              + job.backfill().name()
              + "': "
              + wanting
              + " rows lack their value still. "
              + String.join(" ", notes(last)),
          "What it wrote is there, and noted; it fills as before.",
          "Mend these rows, or let the application write the value, then run it again.");
    }
  }

  private BackfillReport end(Walk last, List<String> notes) {
    BackfillState filled = job.begun(true);
    BackfillReport report = report(Did.FINISHED, last, notes);
    if (filled.phase() != Phase.FINISHING) {
      job.patiently(() -> job.filler().note(filled.in(Phase.FINISHING)));
      job.listener().stepped("backfill-finishing");
    }
    while (forget() > 0) {
      job.listener().stepped("backfill-forgot");
    }
    job.patiently(() -> job.filler().end());
    job.listener().stepped("backfill-finished");
    return report;
  }

  private long forget() {
    long began = System.nanoTime();
    long gone = job.patiently(() -> job.filler().forget(job.pacer().batch()));
    job.pacer().held(System.nanoTime() - began, (int) gone);
    return gone;
  }
}
