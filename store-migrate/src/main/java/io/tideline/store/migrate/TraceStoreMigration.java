package io.tideline.store.migrate;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Brings a trace store of the old layout on SQLite to that of {@code TraceStore}, while other
 * processes read it and write to it. New tables are made and filled beside the old ones, changes
 * are followed, every row is compared, and in one short transaction the names are exchanged.
 *
 * <p>How far it is stands in the database: after a failure, or the death of the process, the same
 * call goes on. Until the switch the old tables are what is used. Immutable.
 */
public final class TraceStoreMigration {
  private static final String PREFIX = "jdbc:sqlite:";

  private final Path file;
  private final int rows;
  private final double rest;
  private final Duration patience;
  private final Consumer<Progress> listener;
  private final Steps steps;

  private TraceStoreMigration(
      Path file,
      int rows,
      double rest,
      Duration patience,
      Consumer<Progress> listener,
      Steps steps) {
    this.file = file;
    this.rows = rows;
    this.rest = rest;
    this.patience = patience;
    this.listener = listener;
    this.steps = steps;
  }

  /** The store in a file of SQLite. Nothing happens yet. */
  public static TraceStoreMigration of(Path file) {
    return new TraceStoreMigration(
        file, 500, 1.0, Duration.ofMinutes(1), progress -> {}, Steps.NONE);
  }

  /**
   * The store at an address, {@code jdbc:sqlite:file}. Nothing happens yet.
   *
   * @throws MigrationException if it is another database: only SQLite had stores of this layout
   */
  public static TraceStoreMigration of(String url) {
    if (!url.startsWith(PREFIX) || url.contains("?")) {
      throw new MigrationException(
          MigrationException.Reason.CANNOT_OPEN,
          "Cannot migrate traces there: the address must be jdbc:sqlite: and a file. Stores of"
              + " PostgreSQL are not migrated; make a new one and store the traces there. Nothing"
              + " was changed.",
          null);
    }
    return of(Path.of(url.substring(PREFIX.length())));
  }

  /**
   * How much a transaction does, and how long others then have.
   *
   * @param rows the most traces of a transaction, 1 to 100,000; 500 unless set
   * @param rest the rest after it, in times of what it took, 0 to 100; 1 unless set
   */
  public TraceStoreMigration pace(int rows, double rest) {
    if (rows < 1 || rows > 100_000 || !(rest >= 0 && rest <= 100)) {
      throw new IllegalArgumentException(
          "A pace needs 1 to 100,000 rows, and a rest of 0 to 100 times the work");
    }
    return new TraceStoreMigration(file, rows, rest, patience, listener, steps);
  }

  /** How long it waits for the lock of others before it gives up; a minute unless set. */
  public TraceStoreMigration patience(Duration patience) {
    if (patience.isNegative()) {
      throw new IllegalArgumentException("The patience is negative");
    }
    return new TraceStoreMigration(file, rows, rest, patience, listener, steps);
  }

  /** Who is told after each transaction. It is called on the thread that works. */
  public TraceStoreMigration onProgress(Consumer<Progress> listener) {
    return new TraceStoreMigration(file, rows, rest, patience, listener, steps);
  }

  TraceStoreMigration steps(Steps steps) {
    return new TraceStoreMigration(file, rows, rest, patience, listener, steps);
  }

  /**
   * What {@link #run} would do, and what stands in its way. It only reads, all rows once.
   *
   * @throws MigrationException if there is no trace store; nothing was changed
   */
  public MigrationPlan plan() {
    try (Store store = Store.open(file, patience)) {
      MigrationPlan plan = store.read(this::plan);
      boolean onlyRowsMayHinder = plan.stage() == Stage.OLD && plan.obstacles().isEmpty();
      return onlyRowsMayHinder ? plan.with(Fit.obstacles(store, rows)) : plan;
    }
  }

  private MigrationPlan plan(Sql sql) throws SQLException {
    Stage stage = stage(sql);
    boolean before = stage == Stage.OLD;
    String mappings =
        List.of(Stage.OLD, Stage.FILLING, Stage.FOLLOWING, Stage.DROPPING).contains(stage)
            ? "trace_sessions"
            : "session_traces";
    return new MigrationPlan(
        stage,
        sql.number("SELECT count(*) FROM traces"),
        sql.number("SELECT count(*) FROM " + mappings),
        sql.number("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"),
        before ? OldLayout.obstacles(sql) : List.of());
  }

  /**
   * Migrates, or goes on where it was left. Afterwards {@code TraceStore} opens the store; the old
   * tables are kept as {@code traces_before} and {@code trace_sessions_before}. On a store that is
   * migrated already it does nothing; an undo that has not switched back yet it ends.
   *
   * @throws MigrationException if something stands in the way; the old tables are then in use
   */
  public MigrationPlan run() {
    try (Store store = Store.open(file, patience)) {
      Run run = begun(store);
      Stage stage = store.read(this::stage);
      if (stage == Stage.OLD) {
        refuse(store.read(OldLayout::obstacles));
        refuse(Fit.obstacles(store, rows));
        store.write(this::begin);
        steps.at("begun");
        stage = Stage.FILLING;
      }
      if (stage == Stage.RETURNING) {
        store.write(TraceStoreMigration::stay);
      }
      if (stage == Stage.DROPPING) {
        throw underWay("undone", "undo");
      }
      if (stage == Stage.FILLING) {
        new Filling(run).carryOut();
        stage = Stage.FOLLOWING;
      }
      if (stage == Stage.FOLLOWING) {
        new Switching(run, Stage.FOLLOWING).carryOut();
      }
      return store.read(this::plan);
    }
  }

  /**
   * Takes a migration back. Before the switch the new tables are removed. After it, what was
   * written since is copied into the old tables, all rows are compared, and the old tables are used
   * again, in one short transaction; the new ones are then removed.
   *
   * @throws MigrationException if it cannot; the tables that are in use stay so
   */
  public MigrationPlan undo() {
    try (Store store = Store.open(file, patience)) {
      Run run = begun(store);
      Stage stage = store.read(this::stage);
      switch (stage) {
        case FILLING, FOLLOWING -> {
          steps.at("giving up");
          store.write(TraceStoreMigration::giveUp);
          steps.at("given up");
        }
        case SWITCHED -> {
          store.write(TraceStoreMigration::turnBack);
          steps.at("turned back");
          new Switching(run, Stage.RETURNING).carryOut();
        }
        case RETURNING -> new Switching(run, Stage.RETURNING).carryOut();
        case FINISHING -> throw underWay("finished", "finish");
        default -> {}
      }
      if (store.read(this::stage) == Stage.DROPPING) {
        new Removal(run, Stage.DROPPING).carryOut();
      }
      return store.read(this::plan);
    }
  }

  /**
   * Removes the old tables after the switch. It cannot be undone.
   *
   * @throws MigrationException if the store has not switched, or somebody wrote to the old tables
   */
  public MigrationPlan finish() {
    try (Store store = Store.open(file, patience)) {
      Run run = begun(store);
      Stage stage = store.read(this::stage);
      if (stage == Stage.SWITCHED) {
        store.write(TraceStoreMigration::beginFinish);
        steps.at("finishing");
        stage = Stage.FINISHING;
      }
      if (stage == Stage.FINISHING) {
        new Removal(run, Stage.FINISHING).carryOut();
      } else if (stage != Stage.NEW) {
        throw Switching.refused(List.of("it has not switched yet, it is " + stage));
      }
      return store.read(this::plan);
    }
  }

  /**
   * Removes what only old applications need after the switch: the view {@code trace_sessions}, and
   * the triggers that keep mappings with their traces. Call it when none of them is left.
   *
   * @throws MigrationException if the store is not finished, or a view of others uses it
   */
  public MigrationPlan endOldCalls() {
    try (Store store = Store.open(file, patience)) {
      Stage stage = store.read(this::stage);
      if (stage != Stage.NEW) {
        throw Switching.refused(List.of("old calls end after finish, and it is " + stage));
      }
      store.write(TraceStoreMigration::endOldCalls);
      return store.read(this::plan);
    }
  }

  private static boolean endOldCalls(Sql sql) throws SQLException {
    if (OldCalls.areServed(sql)) {
      Switching.refuse(sql, List.of("trace_sessions"));
      OldCalls.drop(sql);
    }
    return true;
  }

  private Run begun(Store store) {
    return new Run(store, rows, rest, listener, steps);
  }

  private boolean begin(Sql sql) throws SQLException {
    // Rows were looked at before, and are again: what cannot be carried stops the switch.
    refuse(OldLayout.obstacles(sql));
    NewLayout.create(sql);
    Switching.rehearse(sql);
    Triggers.onOld(sql);
    Journal.begin(sql);
    steps.at("beginning");
    return true;
  }

  private static void refuse(List<String> obstacles) {
    if (!obstacles.isEmpty()) {
      throw Switching.refused(obstacles);
    }
  }

  private static boolean giveUp(Sql sql) throws SQLException {
    Journal.expectAny(sql, List.of(Stage.FILLING, Stage.FOLLOWING));
    Triggers.drop(sql);
    Journal.enter(sql, Stage.DROPPING);
    return true;
  }

  private static boolean turnBack(Sql sql) throws SQLException {
    Journal.expect(sql, Stage.SWITCHED);
    refuse(OldLayout.newColumns(sql));
    NewLayout.log(sql);
    Triggers.onNew(sql);
    Journal.enter(sql, Stage.RETURNING);
    return true;
  }

  private static boolean stay(Sql sql) throws SQLException {
    Journal.expect(sql, Stage.RETURNING);
    Triggers.drop(sql);
    sql.update("DROP TABLE tideline_trace_migration_log");
    Counts counts = Counts.of(sql, Tables.AFTER);
    Journal.switched(sql, counts.oldTraces(), counts.oldMappings());
    Journal.enter(sql, Stage.SWITCHED);
    return true;
  }

  private static boolean beginFinish(Sql sql) throws SQLException {
    Journal.Entry entry = Journal.expect(sql, Stage.SWITCHED);
    long traces = sql.number("SELECT count(*) FROM traces_before");
    long mappings = sql.number("SELECT count(*) FROM trace_sessions_before");
    if (traces != entry.traces() || mappings != entry.mappings()) {
      throw Switching.refused(
          List.of(
              "somebody has written to traces_before or trace_sessions_before since the switch"));
    }
    Switching.refuse(sql, List.of("traces_before", "trace_sessions_before"));
    Journal.enter(sql, Stage.FINISHING);
    return true;
  }

  private Stage stage(Sql sql) throws SQLException {
    if (Journal.isThere(sql)) {
      return Journal.read(sql).stage();
    }
    if (OldLayout.isThere(sql)) {
      return Stage.OLD;
    }
    if (OldLayout.isNew(sql)) {
      return Stage.NEW;
    }
    throw Switching.refused(
        List.of(file + " holds no trace store, neither of the old layout nor new"));
  }

  private MigrationException underWay(String what, String call) {
    return new MigrationException(
        MigrationException.Reason.REFUSED,
        "Cannot go on with " + file + ": it is being " + what + ". Call " + call + " first.",
        null);
  }
}
