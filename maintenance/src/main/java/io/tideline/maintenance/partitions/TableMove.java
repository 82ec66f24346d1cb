package io.tideline.maintenance.partitions;

import io.tideline.catalogue.Table;
import io.tideline.core.Databases;
import io.tideline.core.work.Control;
import io.tideline.core.work.Orders;
import io.tideline.core.work.Pacer;
import io.tideline.core.work.Preconditions;
import io.tideline.core.work.RunId;
import io.tideline.core.work.Telling;
import io.tideline.dialect.Database;
import io.tideline.dialect.Lease;
import io.tideline.dialect.RefusedException;
import io.tideline.dialect.TableMover;
import io.tideline.dialect.Writer;
import io.tideline.error.ErrorCode;
import io.tideline.error.Nearest;
import io.tideline.error.TidelineException;
import io.tideline.policy.Pace;
import io.tideline.policy.Settings;
import io.tideline.policy.Terms;
import io.tideline.policy.Window;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import io.tideline.run.RunOptions;
import io.tideline.run.WorkListener;
import io.tideline.tuning.MoveStatus;
import io.tideline.tuning.PartitionRule;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Moves a plain table to a partitioned one beside live traffic, step by step: each step is asked
 * for by itself, may be killed, and has a way back. Not thread-safe, but for {@link #stop}.
 */
public final class TableMove implements AutoCloseable {
  /** Copying locks nothing that others use: a batch is short for the sake of a stop. */
  private static final Duration BATCH = Duration.ofMillis(100);

  private final Settings settings;
  private final PartitionRule rule;
  private final Clock clock;
  private final RunOptions options;
  private final Database database;
  private final AtomicBoolean stopping = new AtomicBoolean();

  private TableMove(
      Settings settings, PartitionRule rule, Clock clock, RunOptions options, Database database) {
    this.settings = settings;
    this.rule = rule;
    this.clock = clock;
    this.options = options;
    this.database = database;
  }

  /**
   * Opens the database of settings; changes nothing.
   *
   * @param name the rule's name
   * @param options how long it may work, and whether windows count
   * @throws TidelineException {@code ARGUMENT_INVALID} if there is no such rule; {@code DATABASE_*}
   */
  public static TableMove open(Settings settings, String name, Clock clock, RunOptions options) {
    PartitionRule rule =
        settings.partitions().stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow(() -> unknown(settings, name));
    Database database = Databases.open(settings.database());
    try {
      Preconditions.writable(database);
      return new TableMove(settings, rule, clock, options, database);
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

  /** How far it is; changes nothing. */
  public MoveReport look() {
    try (TableMover mover = mover()) {
      MoveStatus status = mover.status();
      return new MoveReport(rule.name(), status, List.of(), Ways.from(status, rule), false);
    }
  }

  /**
   * Begins the move, or goes on with it, until the copy has every row; the table keeps its name.
   * After the switch the old table takes over what has changed since.
   *
   * @throws TidelineException {@code PARTITIONS_IMPOSSIBLE} if the table has something that a
   *     partitioned one would not have just so: nothing was changed; {@code MOVE_REFUSED}; {@code
   *     LEASE_HELD}; {@code WINDOW_CLOSED}; {@code DATABASE_BUSY}; {@code CONNECTION_LOST}: call it
   *     again
   */
  public MoveReport fill(WorkListener listener) {
    return step(MoveJob::fill, listener);
  }

  /**
   * Compares both tables and exchanges their names. The changes of the new one are noted from then
   * on.
   *
   * @throws TidelineException as {@link #fill}; {@code MOVE_REFUSED} if something has changed that
   *     the copy does not have, or an old transaction is open
   */
  public MoveReport exchange(WorkListener listener) {
    return step(MoveJob::exchange, listener);
  }

  /**
   * Takes the last step back: before the switch removes the copy; after it brings the old table up
   * to date, compares, and gives it its name back.
   *
   * @throws TidelineException as {@link #exchange}; {@code MOVE_REFUSED} if rows would be lost by
   *     it
   */
  public MoveReport undo(WorkListener listener) {
    return step(MoveJob::undo, listener);
  }

  /**
   * Ends the following after the switch.
   *
   * @param drop whether the old table is dropped then
   * @throws TidelineException as {@link #fill}
   */
  public MoveReport finish(boolean drop, WorkListener listener) {
    return step(job -> job.finish(drop), listener);
  }

  private MoveReport step(Consumer<MoveJob> step, WorkListener listener) {
    Preconditions.clock(database, clock);
    Orders orders = new Orders(settings.state());
    String id = RunId.at(Instant.now(clock));
    Control control = new Control(stopping, orders, id, options, clock);
    requireOpen(control);
    try (TableMover mover = mover();
        Lease lease = database.acquireLease();
        Writer writer = lease.openWriter(settings.pace());
        Telling told = new Telling(orders, id, "move", clock, RunListener.NONE);
        Pacer pacer = Pacer.of(database, told, control, terms(), writer)) {
      told.on(new RunEvent.Began("move " + rule.name(), mover.status().rows()));
      MoveJob job = new MoveJob(rule, clock, mover, lease, pacer, control, told, listener);
      step.accept(job);
      return job.report();
    } catch (RefusedException e) {
      throw MoveJob.told(rule, e);
    }
  }

  private Terms terms() {
    Pace pace = settings.pace();
    return settings.terms().withPace(pace.lock().isPresent() ? pace : pace.withLock(BATCH));
  }

  private void requireOpen(Control control) {
    Optional<Window> window = settings.terms().window();
    if (!control.begin(window)) {
      throw new TidelineException(
          ErrorCode.WINDOW_CLOSED,
          "Cannot work now: the window " + window.orElseThrow() + " is closed.",
          "Nothing was changed.",
          "Wait until it opens, or add --any-time.");
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
