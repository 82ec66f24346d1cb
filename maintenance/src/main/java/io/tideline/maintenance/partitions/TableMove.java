package io.tideline.maintenance.partitions;

import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.core.Databases;
import io.tideline.core.work.Preconditions;
import io.tideline.dialect.Database;
import io.tideline.dialect.Lease;
import io.tideline.dialect.RefusedException;
import io.tideline.dialect.TableMover;
import io.tideline.error.ErrorCode;
import io.tideline.error.Nearest;
import io.tideline.error.TidelineException;
import io.tideline.health.Figures;
import io.tideline.policy.Settings;
import io.tideline.run.WorkListener;
import io.tideline.tuning.MovePhase;
import io.tideline.tuning.MoveStatus;
import io.tideline.tuning.NewPartition;
import io.tideline.tuning.PartitionRule;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Moves a plain table to a partitioned one beside live traffic, step by step: each step is asked
 * for by itself, may be killed, and has a way back. Not thread-safe, but for {@link #stop}.
 */
public final class TableMove implements AutoCloseable {
  private static final int NOTES = 5_000;

  /** So few are taken over under the lock. */
  private static final int FEW = 200;

  private static final int ROUNDS = 1_000;

  private final PartitionRule rule;
  private final Clock clock;
  private final Database database;
  private final Rhythm rhythm;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final List<String> done = new ArrayList<>();
  private boolean over;

  private TableMove(PartitionRule rule, Clock clock, Database database, Rhythm rhythm) {
    this.rule = rule;
    this.clock = clock;
    this.database = database;
    this.rhythm = rhythm;
  }

  /**
   * Opens the database of settings; changes nothing.
   *
   * @param name the rule's name
   * @throws TidelineException {@code ARGUMENT_INVALID} if there is no such rule; {@code DATABASE_*}
   */
  public static TableMove open(Settings settings, String name, Clock clock) {
    PartitionRule rule =
        settings.partitions().stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow(() -> unknown(settings, name));
    Database database = Databases.open(settings.database());
    try {
      Preconditions.writable(database);
      return new TableMove(rule, clock, database, new Rhythm(database, settings.pace()));
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private static TidelineException unknown(Settings settings, String name) {
    List<String> names = settings.partitions().stream().map(PartitionRule::name).toList();
    return new TidelineException(
        ErrorCode.ARGUMENT_INVALID,
        "Cannot find '" + name + "' in 'partitions' of the configuration.",
        "Nothing was changed.",
        Nearest.to(name, names)
            .map(near -> "Did you mean '" + near + "'?")
            .orElse("Write it into 'partitions' first."));
  }

  /** Asks what is done to end soon; any thread may call it. */
  public void stop() {
    stopping.set(true);
  }

  private interface Step {
    void take(TableMover mover, Lease lease, WorkListener listener);
  }

  private TableMover mover() {
    Table table = database.resolve(database.catalogue(), rule.table());
    PartitionRule known =
        new PartitionRule(
            rule.name(),
            table.name().toString(),
            database.resolveColumn(table, rule.by()),
            rule.every(),
            rule.ahead(),
            rule.names(),
            rule.epoch(),
            rule.start(),
            rule.uniqueBy());
    return database.tableMover(table.name(), known);
  }

  private MoveReport report(TableMover mover) {
    MoveStatus status = mover.status();
    return new MoveReport(
        rule.name(), status, done, over ? List.of() : Ways.from(status, rule), stopping.get());
  }

  private MoveReport step(Step step, WorkListener listener) {
    try (TableMover mover = mover();
        Lease lease = database.acquireLease()) {
      step.take(mover, lease, listener);
      return report(mover);
    } catch (RefusedException e) {
      throw new TidelineException(
          e.passing() ? ErrorCode.DATABASE_BUSY : ErrorCode.MOVE_REFUSED,
          "Cannot go on with the move of " + rule.table() + ": " + e.getMessage() + ".",
          "This step was rolled back; the move is as far as it was before.",
          "Call the same again, once what is in the way is gone; `--undo` is the way back.",
          e);
    }
  }

  /** How far it is; changes nothing. */
  public MoveReport look() {
    try (TableMover mover = mover()) {
      return report(mover);
    }
  }

  /**
   * Begins the move, or goes on with it, until the copy has every row. The table keeps its name.
   *
   * @throws TidelineException {@code PARTITIONS_IMPOSSIBLE} if the table has something that a
   *     partitioned one would not have just so: nothing was changed; {@code MOVE_REFUSED}; {@code
   *     LEASE_HELD}; {@code DATABASE_BUSY}; {@code CONNECTION_LOST}: call it again
   */
  public MoveReport fill(WorkListener listener) {
    return step(this::fill, listener);
  }

  private void fill(TableMover mover, Lease lease, WorkListener listener) {
    MovePhase phase = mover.status().phase();
    if (phase.compareTo(MovePhase.FILLED) > 0) {
      return; // there is nothing to fill: what can be done is told
    }
    if (phase == MovePhase.NONE) {
      mover.prepare();
      did(listener, "move-prepared", "made the partitioned table " + mover.status().copy());
    }
    requireWhole(mover.status());
    mover.requireUnchanged();
    if (mover.status().phase() == MovePhase.PREPARED) {
      divide(mover, listener);
      lease.confirm();
      mover.follow();
      did(listener, "move-followed", "made triggers that note the keys of changed rows");
    }
    copy(mover, lease, listener);
    if (mover.status().phase() == MovePhase.FILLED) {
      followAll(mover, lease, listener);
    }
  }

  private void copy(TableMover mover, Lease lease, WorkListener listener) {
    MoveStatus status = mover.status();
    long copied = status.copied();
    while (status.phase() == MovePhase.FILLING && !stopping.get()) {
      lease.confirm();
      int batch = rhythm.batch();
      long began = System.nanoTime();
      int rows = divided(mover, listener, () -> mover.fill(batch));
      copied += rows;
      listener.stepped("move-filled");
      String all = status.rows() > 0 ? " of about " + Figures.count(status.rows(), "row") : "";
      listener.at("copying: " + Figures.count(copied, "row") + all, 0, 0);
      rhythm.took(System.nanoTime() - began, rows);
      divided(mover, listener, () -> mover.follow(NOTES));
      listener.stepped("move-caught-up");
      if (rows < batch) {
        status = mover.status();
        done.add(String.format(Locale.ROOT, "copied %,d rows", status.copied()));
      }
    }
  }

  private interface Counted {
    int run();
  }

  /** Rows of a time that has no partition yet get one. */
  private int divided(TableMover mover, WorkListener listener, Counted work) {
    for (int tries = 0; ; tries++) {
      try {
        return work.run();
      } catch (RefusedException e) {
        if (tries == 3 || !e.passing() && divide(mover, listener) == 0) {
          throw e;
        }
      }
    }
  }

  /** Makes the partitions that the rows need, and those ahead. */
  private int divide(TableMover mover, WorkListener listener) {
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
      mover.divide(each, stopping::get);
    }
    if (!missing.isEmpty()) {
      did(listener, "move-divided", "made " + missing.size() + " partitions");
    }
    return missing.size();
  }

  private void followAll(TableMover mover, Lease lease, WorkListener listener) {
    int notes = NOTES;
    for (int round = 0; notes > FEW && round < ROUNDS && !stopping.get(); round++) {
      lease.confirm();
      notes = divided(mover, listener, () -> mover.follow(NOTES));
      listener.stepped("move-caught-up");
    }
  }

  /**
   * Compares both tables and exchanges their names. The old table follows the new one from then on.
   *
   * @throws TidelineException as {@link #fill}; {@code MOVE_REFUSED} if something has changed that
   *     the copy does not have, or an old transaction is open
   */
  public MoveReport exchange(WorkListener listener) {
    return step(
        (mover, lease, hears) -> {
          require(mover, MovePhase.FILLED);
          requireWhole(mover.status());
          mover.requireUnchanged();
          divide(mover, hears);
          followAll(mover, lease, hears);
          long differing = mover.compare(hears, stopping::get);
          hears.stepped("move-compared");
          if (differing > 0) {
            throw new RefusedException(
                differing + " rows differ, and nothing says that they changed", false);
          }
          mover.analyze();
          hears.stepped("move-analyzed");
          followAll(mover, lease, hears);
          if (!stopping.get()) {
            lease.confirm();
            mover.exchange();
            did(hears, "move-exchanged", "compared every row, and exchanged the names");
          }
        },
        listener);
  }

  /**
   * Takes the last step back: before the switch removes the copy; after it brings the old table up
   * to date, compares, and gives it its name back.
   *
   * @throws TidelineException as {@link #exchange}; {@code MOVE_REFUSED} if rows would be lost by
   *     it
   */
  public MoveReport undo(WorkListener listener) {
    return step(
        (mover, lease, hears) -> {
          if (mover.status().phase() == MovePhase.SWITCHED) {
            back(mover, lease, hears);
          } else {
            mover.discard();
            did(hears, "move-discarded", "removed the copy and all that was made for it");
          }
        },
        listener);
  }

  private void back(TableMover mover, Lease lease, WorkListener listener) {
    requireWhole(mover.status());
    mover.requireUnchanged();
    long differing = 1;
    for (int round = 0; differing > 0 && round < 3 && !stopping.get(); round++) {
      followAll(mover, lease, listener);
      differing = mover.compare(listener, stopping::get);
      listener.stepped("move-compared");
    }
    if (differing > 0 && !stopping.get()) {
      throw new RefusedException(
          differing + " rows of the two tables differ again and again", false);
    }
    if (!stopping.get()) {
      lease.confirm();
      mover.exchangeBack();
      did(listener, "move-exchanged-back", "compared every row, and gave the old table its name");
    }
  }

  /**
   * Ends the following after the switch.
   *
   * @param drop whether the old table is dropped then
   */
  public MoveReport finish(boolean drop, WorkListener listener) {
    return step(
        (mover, lease, hears) -> {
          if (mover.status().phase() != MovePhase.FINISHED) {
            require(mover, MovePhase.SWITCHED);
            mover.finish();
            did(hears, "move-finished", "removed triggers and log: nothing follows any more");
          }
          if (drop) {
            String before = mover.status().before().toString();
            mover.dropBefore();
            over = true;
            did(hears, "move-dropped", "dropped " + before);
          }
        },
        listener);
  }

  private void did(WorkListener listener, String step, String what) {
    done.add(what);
    listener.stepped(step);
  }

  private void require(TableMover mover, MovePhase phase) {
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

  private static void requireWhole(MoveStatus status) {
    if (!status.broken().isEmpty()) {
      throw new RefusedException(status.broken(), false);
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
