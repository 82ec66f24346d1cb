package io.tideline.maintenance.backfill;

import io.tideline.core.Databases;
import io.tideline.core.work.Control;
import io.tideline.core.work.Orders;
import io.tideline.core.work.Pacer;
import io.tideline.core.work.Preconditions;
import io.tideline.core.work.RunId;
import io.tideline.core.work.Telling;
import io.tideline.dialect.BackfillSurvey;
import io.tideline.dialect.BackfillTarget;
import io.tideline.dialect.Database;
import io.tideline.dialect.Lease;
import io.tideline.dialect.Writer;
import io.tideline.error.ErrorCode;
import io.tideline.error.Nearest;
import io.tideline.error.TidelineException;
import io.tideline.policy.Settings;
import io.tideline.policy.Window;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import io.tideline.run.RunOptions;
import io.tideline.run.WorkListener;
import io.tideline.tuning.Backfill;
import io.tideline.tuning.BackfillState;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * The backfills of one database: plan, fill, finish or undo. Whatever is killed, the same call goes
 * on. Not thread-safe, but for {@link #stop}.
 */
public final class Backfills implements AutoCloseable {
  private final Settings settings;
  private final Clock clock;
  private final RunOptions options;
  private final Database database;
  private final AtomicBoolean stopping = new AtomicBoolean();

  private Backfills(Settings settings, Clock clock, RunOptions options, Database database) {
    this.settings = settings;
    this.clock = clock;
    this.options = options;
    this.database = database;
  }

  /**
   * Opens the database of settings; changes nothing.
   *
   * @param options how long it may work, and whether windows count
   * @throws TidelineException {@code DATABASE_*}
   */
  public static Backfills open(Settings settings, Clock clock, RunOptions options) {
    Database database = Databases.open(settings.database());
    try {
      Preconditions.writable(database);
      return new Backfills(settings, clock, options, database);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /** Asks what is done to end soon; any thread may call it. */
  public void stop() {
    stopping.set(true);
  }

  /**
   * The backfill of a name; the only one if there is one.
   *
   * @throws TidelineException {@code ARGUMENT_INVALID} if there is none of it
   */
  public Backfill named(Optional<String> name) {
    List<Backfill> all = settings.backfills();
    List<String> names = all.stream().map(Backfill::name).toList();
    if (name.isEmpty() && all.size() == 1) {
      return all.get(0);
    }
    return all.stream()
        .filter(each -> name.isPresent() && each.name().equals(name.get()))
        .findFirst()
        .orElseThrow(
            () ->
                new TidelineException(
                    ErrorCode.ARGUMENT_INVALID,
                    name.map(n -> "Cannot find a backfill '" + n + "'.")
                        .orElse("Cannot tell which backfill is meant."),
                    "Nothing was changed.",
                    names.isEmpty()
                        ? "The configuration has no 'backfills'."
                        : Nearest.sentence("backfills", name.orElse(""), names)));
  }

  /**
   * The backfill of a name that is to be undone: what began in the database, if the configuration
   * does not have it.
   *
   * @throws TidelineException {@code ARGUMENT_INVALID} if there is none of it
   */
  public Backfill undoable(Optional<String> name) {
    if (settings.backfills().stream()
        .anyMatch(each -> name.filter(each.name()::equals).isPresent())) {
      return named(name);
    }
    return database.backfills().stream()
        .filter(state -> name.filter(state.name()::equals).isPresent())
        .findFirst()
        .flatMap(Backfill::of)
        .orElseGet(() -> named(name));
  }

  /** The names of backfills that have begun and that the configuration does not have. */
  public List<String> forgotten() {
    return database.backfills().stream()
        .map(BackfillState::name)
        .filter(name -> settings.backfills().stream().noneMatch(b -> b.name().equals(name)))
        .toList();
  }

  /**
   * What a backfill would do; changes nothing.
   *
   * @throws TidelineException {@code BACKFILL_REFUSED}, {@code SQL_FAILED}, {@code TABLE_UNKNOWN},
   *     {@code COLUMN_UNKNOWN}
   */
  public BackfillPlan plan(Backfill backfill) {
    boolean begun =
        database.backfills().stream().anyMatch(each -> each.name().equals(backfill.name()));
    BackfillTarget target = new Targets(database).resolve(backfill, begun);
    BackfillSurvey survey = database.survey(target);
    return new BackfillPlan(
        backfill.name(),
        target.table().name().toString(),
        target.column(),
        (backfill.adds() ? "adds the column " : "changes ")
            + target.column()
            + " of "
            + target.table().name()
            + ": "
            + backfill.source().text()
            + " where "
            + backfill.where().map(where -> where.sql()).orElse(target.column() + " IS NULL"),
        survey.rows(),
        backfill.fill() == Backfill.Fill.TRIGGER
            ? "a trigger fills each as it is inserted, until --finish"
            : "further walks find them, the last at --finish",
        survey.state(),
        survey.notes());
  }

  /** Begins a backfill or goes on with it, until every row has its value. */
  public BackfillReport fill(Backfill backfill, WorkListener listener) {
    long rows = plan(backfill).rows(); // refuses what cannot be done
    return with(backfill, listener, rows, job -> new Filling(job, clock, rows).fill());
  }

  /** Walks a last time, makes the column NOT NULL if asked for, and removes what is ours. */
  public BackfillReport finish(Backfill backfill, WorkListener listener) {
    long rows = plan(backfill).rows();
    return with(backfill, listener, rows, job -> new Filling(job, clock, rows).finish());
  }

  /**
   * Takes a backfill back.
   *
   * @param discard whether values of an added column go that are not what the backfill writes
   */
  public BackfillReport undo(Backfill backfill, boolean discard, WorkListener listener) {
    return with(backfill, listener, 0, job -> new Undoing(job).undo(discard));
  }

  private BackfillReport with(
      Backfill backfill, WorkListener listener, long rows, Function<Job, BackfillReport> work) {
    Orders orders = new Orders(settings.state());
    String id = RunId.at(Instant.now(clock));
    Control control = new Control(stopping, orders, id, options, clock);
    requireOpen(control);
    try (Lease lease = database.acquireLease();
        Writer writer = lease.openWriter(settings.pace());
        Telling told = new Telling(orders, id, "backfill", clock, RunListener.NONE)) {
      told.on(new RunEvent.Began("backfill " + backfill.name(), rows));
      try (Pacer pacer = Pacer.of(database, told, control, settings.terms(), writer)) {
        Job job = new Job(backfill, database, writer, pacer, control, told, listener);
        return work.apply(job);
      } finally {
        writer.tidy();
      }
    }
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
