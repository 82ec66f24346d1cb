package io.tideline.maintenance.partitions;

import io.tideline.catalogue.TableName;
import io.tideline.core.work.Control;
import io.tideline.core.work.Pacer;
import io.tideline.core.work.Patience;
import io.tideline.dialect.Lease;
import io.tideline.dialect.RefusedException;
import io.tideline.dialect.TableMover;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.health.Figures;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import io.tideline.run.WorkListener;
import io.tideline.tuning.MovePhase;
import io.tideline.tuning.MoveStatus;
import io.tideline.tuning.NewPartition;
import io.tideline.tuning.PartitionRule;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntSupplier;

/** One step of a move in work. */
final class MoveJob {
  private static final int NOTES = 5_000;

  /** So few are taken over under the lock. */
  private static final int FEW = 200;

  private static final int ROUNDS = 1_000;
  private static final int TRIES = 5;
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final PartitionRule rule;
  private final Clock clock;
  private final TableMover mover;
  private final Lease lease;
  private final Pacer pacer;
  private final Control control;
  private final RunListener told;
  private final WorkListener listener;
  private final List<String> done = new ArrayList<>();
  private boolean cut;
  private boolean over;
  private long rested;

  MoveJob(
      PartitionRule rule,
      Clock clock,
      TableMover mover,
      Lease lease,
      Pacer pacer,
      Control control,
      RunListener told,
      WorkListener listener) {
    this.rule = rule;
    this.clock = clock;
    this.mover = mover;
    this.lease = lease;
    this.pacer = pacer;
    this.control = control;
    this.told = told;
    this.listener = listener;
  }

  MoveReport report() {
    MoveStatus status = mover.status();
    if (cut) {
      done.add(control.ending().toLowerCase(Locale.ROOT) + control.why());
    }
    return new MoveReport(
        rule.name(), status, done, over ? List.of() : Ways.from(status, rule), cut);
  }

  /** Why a step was not taken. */
  static TidelineException told(PartitionRule rule, RefusedException e) {
    return new TidelineException(
        e.passing() ? ErrorCode.DATABASE_BUSY : ErrorCode.MOVE_REFUSED,
        "Cannot go on with the move of " + rule.table() + ": " + e.getMessage() + ".",
        "This step was rolled back; the move is as far as it was before.",
        "Call the same again, once what is in the way is gone; `--undo` is the way back.",
        e);
  }

  /** Asked only where there is something left to do. */
  private boolean stopping() {
    cut |= control.stopping();
    return cut;
  }

  private void did(String step, String what) {
    done.add(what);
    listener.stepped(step);
  }

  /** Tries again, as long as the pace is patient, while others hold locks. */
  private void patiently(Runnable work) {
    Patience.tryFor(
        () -> {
          try {
            work.run();
            return true;
          } catch (RefusedException e) {
            if (e.passing()) {
              throw told(rule, e);
            }
            throw e;
          }
        },
        pacer);
  }

  /** As the other; whoever waited must hold the lease still. */
  private void confirmed(Runnable work) {
    patiently(
        () -> {
          lease.confirm();
          work.run();
        });
  }

  void fill() {
    MovePhase phase = mover.status().phase();
    if (phase == MovePhase.SWITCHED) {
      requireWhole();
      mover.requireUnchanged();
      done.add(String.format(Locale.ROOT, "took %,d changes over to the old table", followAll()));
      return;
    }
    if (phase.compareTo(MovePhase.FILLED) > 0) {
      return; // there is nothing to fill: what can be done is told
    }
    if (phase == MovePhase.NONE) {
      mover.prepare();
      did("move-prepared", "made the partitioned table " + mover.status().copy());
    }
    requireWhole();
    mover.requireUnchanged();
    if (mover.status().phase() == MovePhase.PREPARED) {
      divide();
      confirmed(mover::follow);
      did("move-followed", "made triggers that note the keys of changed rows");
    }
    copy();
    if (mover.status().phase() == MovePhase.FILLED) {
      followAll();
    }
  }

  private void copy() {
    MoveStatus status = mover.status();
    while (status.phase() == MovePhase.FILLING && !stopping()) {
      lease.confirm();
      int batch = pacer.batch();
      long began = System.nanoTime();
      int rows = divided(() -> mover.fill(batch));
      long nanos = System.nanoTime() - began;
      listener.stepped("move-filled");
      follow();
      requireWhole();
      status = mover.status();
      String all = status.rows() > 0 ? " of about " + Figures.count(status.rows(), "row") : "";
      listener.at("copying: " + Figures.count(status.copied(), "row") + all, 0, 0);
      told.on(new RunEvent.Progressed(rows, 0));
      if (rows == batch) {
        pacer.held(nanos, rows);
      } else {
        done.add(String.format(Locale.ROOT, "copied %,d rows", status.copied()));
      }
    }
  }

  /** Rows of a time that has no partition yet get one. */
  private int divided(IntSupplier work) {
    for (int tries = 1; ; tries++) {
      try {
        return work.getAsInt();
      } catch (RefusedException e) {
        if (tries == TRIES || !e.passing() && divide() == 0) {
          throw e;
        }
        if (e.passing()) {
          pacer.wait("the database is busy: " + e.getMessage(), PAUSE.multipliedBy(tries));
        }
      }
    }
  }

  /** Makes the partitions that the rows need, and those ahead. */
  private int divide() {
    Optional<TableMover.Times> times = mover.times();
    Instant now = Instant.now(clock);
    Instant from = rule.every().floor(times.map(TableMover.Times::oldest).orElse(now));
    Instant to =
        rule.every().next(rule.every().floor(times.map(TableMover.Times::newest).orElse(now)));
    Instant present = rule.every().floor(now);
    Instant start = rule.start().map(rule.every()::floor).filter(present::isAfter).orElse(present);
    Instant end = Calendar.end(rule, now);
    TableName table = mover.status().table();
    List<NewPartition> missing =
        Calendar.missing(
            rule,
            mover.copy(),
            table,
            from.isBefore(start) ? from : start,
            to.isAfter(end) ? to : end);
    if (missing.size() >= Calendar.MOST) {
      throw new RefusedException(
          "its rows are from "
              + from
              + " to "
              + to
              + ", for which more than a thousand partitions would be needed",
          false);
    }
    for (NewPartition each : missing) {
      listener.at("making " + each.name(), 0, 0);
      mover.divide(each, control::stopping);
    }
    if (!missing.isEmpty()) {
      did("move-divided", "made " + missing.size() + " partitions");
    }
    return missing.size();
  }

  private int follow() {
    lease.confirm();
    long began = System.nanoTime();
    int notes = divided(() -> mover.follow(NOTES));
    if (notes > FEW) {
      pacer.held(System.nanoTime() - began, notes);
    }
    listener.stepped("move-caught-up");
    return notes;
  }

  /** Takes over until few are left, and says how many there were. */
  private long followAll() {
    long all = 0;
    int notes = NOTES;
    for (int round = 0; notes > FEW && round < ROUNDS && !stopping(); round++) {
      notes = follow();
      all += notes;
      listener.at("taking changes over: " + Figures.count(all, "change"), 0, 0);
    }
    return all;
  }

  void exchange() {
    require(MovePhase.FILLED);
    requireWhole();
    mover.requireUnchanged();
    divide();
    followAll();
    long differing = mover.compare(listener, this::restBetween);
    listener.stepped("move-compared");
    if (differing > 0) {
      throw new RefusedException(
          differing + " rows differ, and nothing says that they changed", false);
    }
    if (stopping()) {
      return;
    }
    mover.analyze();
    listener.stepped("move-analyzed");
    patiently(
        () -> {
          followAll();
          if (!stopping()) {
            lease.confirm();
            mover.exchange();
            did("move-exchanged", "compared every row, and exchanged the names");
          }
        });
  }

  /** Between two stretches that are compared; whether to end. */
  private boolean restBetween() {
    long now = System.nanoTime();
    if (rested != 0) {
      pacer.held(now - rested, NOTES);
    }
    rested = System.nanoTime();
    return stopping();
  }

  void undo() {
    if (mover.status().phase() == MovePhase.SWITCHED) {
      back();
    } else {
      confirmed(mover::discard);
      did("move-discarded", "removed the copy and all that was made for it");
    }
  }

  private void back() {
    requireWhole();
    mover.requireUnchanged();
    long differing = 1;
    for (int round = 0; differing > 0 && round < 3 && !stopping(); round++) {
      followAll();
      differing = mover.compare(listener, this::restBetween);
      listener.stepped("move-compared");
    }
    if (stopping()) {
      return;
    }
    if (differing > 0) {
      throw new RefusedException(
          differing + " rows of the two tables differ again and again", false);
    }
    patiently(
        () -> {
          followAll();
          if (!stopping()) {
            lease.confirm();
            mover.exchangeBack();
            did("move-exchanged-back", "compared every row, and gave the old table its name");
          }
        });
  }

  void finish(boolean drop) {
    if (mover.status().phase() != MovePhase.FINISHED) {
      require(MovePhase.SWITCHED);
      confirmed(mover::finish);
      did("move-finished", "removed triggers and log: nothing follows any more");
    }
    if (drop) {
      String before = mover.status().before().toString();
      confirmed(mover::dropBefore);
      over = true;
      did("move-dropped", "dropped " + before);
    }
  }

  private void require(MovePhase phase) {
    MoveStatus status = mover.status();
    if (status.phase() != phase) {
      throw new RefusedException(
          "it is "
              + status.phase().name().toLowerCase(Locale.ROOT)
              + ", not "
              + phase.name().toLowerCase(Locale.ROOT),
          false);
    }
  }

  private void requireWhole() {
    String broken = mover.status().broken();
    if (!broken.isEmpty()) {
      throw new RefusedException(broken, false);
    }
  }
}
