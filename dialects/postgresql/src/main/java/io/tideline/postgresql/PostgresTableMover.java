package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.dialect.RefusedException;
import io.tideline.dialect.TableMover;
import io.tideline.run.WorkListener;
import io.tideline.tuning.MovePhase;
import io.tideline.tuning.MoveStatus;
import io.tideline.tuning.NewPartition;
import io.tideline.tuning.PartitionRule;
import io.tideline.tuning.PartitionedTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Moves one table. Its second session takes changes over while the first holds locks. */
final class PostgresTableMover implements TableMover {
  private final Session session;
  private final Session second;
  private final MoveNames names;
  private final PartitionRule rule;
  private final MoveWork work;
  private final PostgresPartitionMaker maker;

  private PostgresTableMover(
      Session session, Session second, Session third, MoveNames names, PartitionRule rule) {
    this.session = session;
    this.second = second;
    this.names = names;
    this.rule = rule;
    this.work = new MoveWork(session, names);
    this.maker = new PostgresPartitionMaker(third);
  }

  static PostgresTableMover open(ConnectionUrl url, TableName table, PartitionRule rule) {
    MoveNames names = new MoveNames(table);
    List<Session> sessions = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        sessions.add(Sessions.writing(url));
      }
      // What is remembered must be as durable as what was done.
      sessions.get(0).execute("SET synchronous_commit = on");
      return new PostgresTableMover(sessions.get(0), sessions.get(1), sessions.get(2), names, rule);
    } catch (SQLException e) {
      sessions.forEach(Session::close);
      throw Failures.reading(
          e, new Failures.Attempt("Cannot open " + url.place(), null, "", url.user()));
    } catch (RuntimeException e) {
      sessions.forEach(Session::close);
      throw e;
    }
  }

  private <T> T reading(MoveWork.Work<T> question) {
    try {
      return question.run();
    } catch (SQLException e) {
      TransactionEnd.rollBack(session);
      throw Failures.reading(
          e, session.attempt("Cannot look at the move of " + names.table(), names.table(), ""));
    }
  }

  private MoveMemory memory() throws SQLException {
    return MoveMemory.read(session, names)
        .orElseThrow(
            () ->
                MoveWork.refused(
                    names.table(),
                    List.of("none was begun"),
                    "Begin it: `tideline partitions move " + rule.name() + "`."));
  }

  @Override
  public MoveStatus status() {
    return reading(
        () -> {
          Optional<MoveMemory> memory = MoveMemory.read(session, names);
          String rows =
              session.text(
                  "SELECT GREATEST(c.reltuples, 0)::pg_catalog.int8 FROM pg_catalog.pg_class c WHERE"
                      + " c.oid = "
                      + memory
                          .map(MoveMemory::source)
                          .orElse(MoveWork.oid(session, names.table())));
          boolean logged =
              memory.isPresent() && MoveWork.oid(session, names.log()) == memory.get().log();
          return new MoveStatus(
              memory.map(MoveMemory::phase).orElse(MovePhase.NONE),
              names.table(),
              names.copy(),
              names.before(),
              rows.isEmpty() ? 0 : Long.parseLong(rows),
              memory.map(MoveMemory::copied).orElse(0L),
              logged ? pending() : 0,
              memory.isPresent() ? MoveChanges.broken(session, names, memory.get()) : "");
        });
  }

  private long pending() throws SQLException {
    return Long.parseLong(
        session.text("SELECT pg_catalog.count(*) FROM " + Sql.quote(names.log())));
  }

  private MoveShape shape(long table) throws SQLException {
    return MoveShape.read(session, table);
  }

  @Override
  public List<String> obstacles() {
    return reading(() -> new MoveFitness(session, names, rule).obstacles());
  }

  @Override
  public Optional<Times> times() {
    return reading(
        () -> {
          long source =
              MoveMemory.read(session, names)
                  .map(MoveMemory::source)
                  .orElse(MoveWork.oid(session, names.table()));
          return new MoveTimes(session, names, rule).read(source);
        });
  }

  @Override
  public void prepare() {
    List<String> obstacles = obstacles();
    if (!obstacles.isEmpty()) {
      throw PartitionReading.refused(
          names.table(), String.join("; ", obstacles), "Mend what can be mended, or let it be.");
    }
    work.patiently(
        "prepare the move",
        MoveWork.LONG,
        () -> {
          new MovePreparation(session, names, rule.by()).prepare();
          return true;
        });
  }

  @Override
  public PartitionedTable copy() {
    return reading(
        () -> {
          MoveMemory memory = memory();
          TableName name =
              memory.phase() == MovePhase.SWITCHED || memory.phase() == MovePhase.FINISHED
                  ? names.table()
                  : names.copy();
          return PartitionReading.read(session, name, memory.by(), rule.epoch());
        });
  }

  @Override
  public void divide(NewPartition wanted, BooleanSupplier stopping) {
    maker.make(copy(), wanted, reading(this::memory).source(), stopping);
  }

  @Override
  public void follow() {
    work.patiently(
        "make the triggers",
        MoveWork.SHORT,
        () -> {
          MoveMemory memory = memory();
          requirePhase(memory, MovePhase.PREPARED);
          MoveTriggers.create(session, names, names.table());
          MoveMemory.set(
              session,
              names.memory(),
              "phase = 'filling', triggers = "
                  + Sql.string(MoveTriggers.digest(session, memory.function(), memory.source())));
          return true;
        });
  }

  private void requireSameRule(MoveMemory memory) {
    if (!memory.by().equals(rule.by())) {
      throw MoveWork.refused(
          names.table(),
          List.of("it began with the column " + memory.by() + ", and 'by' says " + rule.by()),
          "Write 'by: " + memory.by() + "' again; or undo the move, and begin anew.");
    }
  }

  private void requirePhase(MoveMemory memory, MovePhase... phases) {
    if (!List.of(phases).contains(memory.phase())) {
      throw MoveWork.refused(
          names.table(),
          List.of("it is " + memory.phase().name().toLowerCase(java.util.Locale.ROOT)),
          "See what can be done now: `tideline partitions move " + rule.name() + "`.");
    }
  }

  @Override
  public int fill(int rows) {
    return work.patiently(
        "copy rows",
        MoveWork.LONG,
        () -> {
          MoveMemory memory = memory();
          requirePhase(memory, MovePhase.FILLING);
          MoveChanges.requireOurs(session, names, memory);
          int done =
              new MoveRows(session, names, shape(memory.source())).fill(memory.cursor(), rows);
          if (done < rows) {
            MoveMemory.set(session, names.memory(), MovePhase.FILLED);
          }
          return done;
        });
  }

  @Override
  public int follow(int notes) {
    try {
      MoveMemory memory = memory();
      requirePhase(memory, MovePhase.FILLING, MovePhase.FILLED, MovePhase.SWITCHED);
      MoveChanges.requireOurs(session, names, memory);
      boolean switched = memory.phase() == MovePhase.SWITCHED;
      return new MoveRows(session, names, shape(memory.source()))
          .follow(names.table(), switched ? names.before() : names.copy(), notes);
    } catch (SQLException e) {
      throw work.told("take over changes", e);
    }
  }

  @Override
  public void requireUnchanged() {
    reading(
        () -> {
          MoveMemory memory = memory();
          requireSameRule(memory);
          MoveChanges.requireOurs(session, names, memory);
          MoveChanges.require(session, names, memory);
          return true;
        });
  }

  @Override
  public long compare(WorkListener listener, BooleanSupplier stopping) {
    return reading(
        () -> {
          MoveMemory memory = memory();
          requirePhase(memory, MovePhase.FILLED, MovePhase.SWITCHED);
          MoveChanges.requireOurs(session, names, memory);
          boolean switched = memory.phase() == MovePhase.SWITCHED;
          if (switched) {
            followAll(memory.function(), memory.copy());
          }
          session.execute("SET statement_timeout = 0");
          try {
            return new MoveRows(session, names, shape(memory.source()))
                .compare(
                    names.table(),
                    switched ? names.before() : names.copy(),
                    switched,
                    listener,
                    stopping);
          } finally {
            session.execute(Sessions.LIMITS);
          }
        });
  }

  @Override
  public void analyze() {
    reading(
        () -> {
          session.execute("SET statement_timeout = 0");
          session.execute("ANALYZE " + Sql.quote(names.copy()));
          session.execute(Sessions.LIMITS);
          return true;
        });
  }

  private MoveExchange exchanging() throws SQLException {
    return new MoveExchange(session, second, names, shape(memory().source()));
  }

  /** Makes triggers that are missing, each table's in a transaction of its own. */
  private void followAll(long function, long table) throws SQLException {
    for (TableName each : MoveTriggers.lacking(session, function, table)) {
      work.patiently(
          "make the triggers",
          MoveWork.SHORT,
          () -> {
            MoveTriggers.drop(session, function, MoveWork.oid(session, each));
            MoveTriggers.create(session, names, each);
            return true;
          });
    }
  }

  @Override
  public void exchange() {
    reading(
        () -> {
          MoveMemory memory = memory();
          requirePhase(memory, MovePhase.FILLED);
          MoveChanges.requireOurs(session, names, memory);
          followAll(memory.function(), memory.copy());
          return true;
        });
    patientlyExchange(MoveExchange::exchange);
  }

  private void patientlyExchange(Exchanging how) {
    work.patiently(
        "exchange the names",
        MoveWork.SHORT,
        () -> {
          how.run(exchanging(), memory());
          return true;
        });
  }

  private interface Exchanging {
    void run(MoveExchange exchange, MoveMemory memory) throws SQLException;
  }

  @Override
  public void exchangeBack() {
    reading(
        () -> {
          MoveMemory memory = memory();
          requirePhase(memory, MovePhase.SWITCHED);
          MoveChanges.requireOurs(session, names, memory);
          return true;
        });
    patientlyExchange(MoveExchange::exchangeBack);
  }

  @Override
  public void discard() {
    work.patiently(
        "remove the copy",
        MoveWork.SHORT,
        () -> {
          MoveMemory memory = memory();
          requirePhase(
              memory, MovePhase.PREPARED, MovePhase.FILLING, MovePhase.FILLED, MovePhase.UNDONE);
          new MovePreparation(session, names, memory.by()).discard(memory);
          return true;
        });
  }

  @Override
  public void finish() {
    work.patiently(
        "end the following",
        MoveWork.SHORT,
        () -> {
          MoveMemory memory = memory();
          requirePhase(memory, MovePhase.SWITCHED);
          MoveChanges.requireOurs(session, names, memory);
          new MovePreparation(session, names, memory.by()).finish(memory);
          return true;
        });
  }

  @Override
  public void dropBefore() {
    work.patiently(
        "drop the old table",
        MoveWork.SHORT,
        () -> {
          MoveMemory memory = memory();
          requirePhase(memory, MovePhase.FINISHED);
          if (MoveWork.oid(session, names.before()) != memory.source()
              || MoveWork.oid(session, names.table()) != memory.copy()) {
            throw new RefusedException(
                names.before() + " or " + names.table() + " is another table, or gone", false);
          }
          session.execute("DROP TABLE " + Sql.quote(names.before()));
          session.execute("DROP TABLE " + Sql.quote(names.memory()));
          return true;
        });
  }

  @Override
  public void close() {
    maker.close();
    second.close();
    session.close();
  }
}
