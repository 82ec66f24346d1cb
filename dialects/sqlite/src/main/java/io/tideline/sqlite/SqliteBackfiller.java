package io.tideline.sqlite;

import io.tideline.catalogue.Table;
import io.tideline.dialect.BackfillTarget;
import io.tideline.dialect.Backfiller;
import io.tideline.dialect.Transaction;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.row.Row;
import io.tideline.tuning.Backfill;
import io.tideline.tuning.BackfillState;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;

/** Fills a column of a SQLite table, on the connection that writes. */
final class SqliteBackfiller implements Backfiller {
  private final Session session;
  private final SqliteWriter writer;
  private final BackfillTarget target;
  private final FillSql sql;
  private final FillNotes notes;
  private final FillLook looks;
  private final FillLog log;
  private @Nullable BackfillState state;
  private String made = "";
  private String version = "";
  private long began;
  private Optional<Row> place = Optional.empty();
  private Optional<Row> through = Optional.empty();

  SqliteBackfiller(Session session, SqliteWriter writer, BackfillTarget target) {
    this.session = session;
    this.writer = writer;
    this.target = target;
    this.sql = new FillSql(target, session.encoding());
    this.notes = new FillNotes(session);
    this.looks = new FillLook(session, target, sql);
    this.log = new FillLog(session, target, sql);
  }

  private String what() {
    return "Cannot carry out the backfill '" + target.backfill().name() + "'";
  }

  @Override
  public Optional<BackfillState> state() {
    try {
      Optional<FillNotes.Note> note = notes.of(target.backfill().name());
      state = note.map(FillNotes.Note::state).orElse(null);
      made = note.map(FillNotes.Note::made).orElse("");
      place = note.flatMap(FillNotes.Note::place).filter(row -> row.width() == sql.key().size());
      return Optional.ofNullable(state);
    } catch (SQLException e) {
      throw Failures.reading(what(), e);
    }
  }

  private BackfillState known() {
    BackfillState known = state;
    if (known == null) {
      throw new IllegalStateException("Cannot go on with a backfill that has not begun");
    }
    return known;
  }

  /** Work inside a transaction. */
  private interface Work<T> {
    T run() throws SQLException;
  }

  private <T> T inTransaction(boolean durable, Work<T> work) {
    try (Transaction transaction = writer.begin(List.of())) {
      began = System.nanoTime();
      T result = work.run();
      transaction.commit(durable);
      return result;
    } catch (SQLException e) {
      throw Failures.writing(what(), e);
    }
  }

  @Override
  public void begin(BackfillState first, Instant now) {
    inTransaction(
        true,
        () -> {
          requireSame();
          requireFree(target.made());
          FillMade things = new FillMade(session, target);
          if (target.logged()) {
            session.execute(sql.logTable());
          } else {
            session.execute(
                "ALTER TABLE "
                    + sql.from()
                    + " ADD COLUMN "
                    + Sql.quote(target.column())
                    + " "
                    + target.backfill().type().orElseThrow());
          }
          if (target.backfill().fill() == Backfill.Fill.TRIGGER) {
            session.execute(sql.trigger());
          }
          notes.add(first, things.text(), now);
          return first;
        });
  }

  private void requireFree(String name) throws SQLException {
    if (!session
        .strings("SELECT 1 FROM main.sqlite_schema WHERE lower(name) = ?", name)
        .isEmpty()) {
      throw new TidelineException(
          ErrorCode.BACKFILL_REFUSED,
          what() + ": the database has a table, trigger or index " + name + " already.",
          "Nothing was changed.",
          "Give the backfill another name.");
    }
  }

  /** Refuses a table that is not as it was read. */
  private void requireSame() throws SQLException {
    String now = session.pragma("schema_version");
    if (now.equals(version)) {
      return;
    }
    String print =
        CatalogueReader.read(session)
            .table(target.table().name())
            .map(Table::fingerprint)
            .orElse("");
    if (!print.equals(target.table().fingerprint())) {
      throw new TidelineException(
          ErrorCode.CATALOGUE_CHANGED,
          what() + ": the table " + target.table().name() + " changed meanwhile.",
          "The last transaction was rolled back; every value before it is as noted.",
          "Run the same command again.");
    }
    version = now;
  }

  @Override
  public Look look(int rows, int compare) {
    through = looks.end(place, rows);
    return looks.look(place, through, compare);
  }

  @Override
  public Batch fill(Look look, boolean wait, Runnable before) {
    Batch batch =
        inTransaction(
            false,
            () -> {
              requireSame();
              long changed =
                  target.logged() ? log.change(known().batch() + 1, place, through) : changeAdded();
              Batch done = new Batch(Math.max(changed, look.matching()), changed, 0);
              BackfillState next = known().after(look.rows(), changed);
              notes.set(known(), next, through);
              before.run();
              return done;
            });
    state = known().after(look.rows(), batch.changed());
    place = through;
    return new Batch(batch.matching(), batch.changed(), System.nanoTime() - began);
  }

  private long changeAdded() throws SQLException {
    return session.update(
        sql.sql()
            .add("UPDATE " + sql.from() + " SET " + Sql.quote(target.column()) + " = ")
            .add(sql.value())
            .add(sql.within(place, through))
            .add(" AND ")
            .add(sql.condition())
            .add(" AND ")
            .add(sql.changes()));
  }

  @Override
  public void skip() {
    place = through;
  }

  @Override
  public void note(BackfillState next) {
    Optional<Row> from = next.pass() == known().pass() ? place : Optional.empty();
    inTransaction(
        true,
        () -> {
          notes.set(known(), next, from);
          return next;
        });
    state = next;
    place = from;
  }

  @Override
  public Optional<String> require() {
    return Optional.of(
        "SQLite cannot make a column NOT NULL; every row has a value, and nothing keeps it so.");
  }

  @Override
  public void beginUndo() {
    BackfillState next = known().in(BackfillState.Phase.UNDOING);
    inTransaction(
        true,
        () -> {
          new FillMade(session, target).dropTrigger(made);
          notes.set(known(), next, place);
          return next;
        });
    state = next;
  }

  @Override
  public Restored restore(int rows, Runnable before) {
    Restored restored =
        inTransaction(
            false,
            () -> {
              Restored next = log.restore(rows);
              notes.set(known(), known().after(0, 0), place);
              before.run();
              return next;
            });
    state = known().after(0, 0);
    return new Restored(restored.rows(), restored.restored(), System.nanoTime() - began);
  }

  @Override
  public long forget(int rows) {
    if (!target.logged()) {
      return 0;
    }
    return inTransaction(false, () -> log.forget(rows));
  }

  @Override
  public void end() {
    inTransaction(
        true,
        () -> {
          FillMade things = new FillMade(session, target);
          things.dropTrigger(made);
          things.dropLog(made);
          notes.remove(known());
          return made;
        });
    state = null;
  }

  @Override
  public void dropColumn(boolean discard) {
    inTransaction(
        true,
        () -> {
          requireSame();
          long others = looks.others();
          if (others > 0 && !discard) {
            throw left(
                others
                    + " rows hold a value in "
                    + target.column()
                    + " that is not what the backfill writes; it would be lost with the column",
                "Look at them; to let them go, add --discard.");
          }
          dropColumn();
          notes.remove(known());
          return others;
        });
    state = null;
  }

  private void dropColumn() throws SQLException {
    try {
      session.execute("ALTER TABLE " + sql.from() + " DROP COLUMN " + Sql.quote(target.column()));
    } catch (SQLException e) {
      if (Failures.primary(e) != SQLiteErrorCode.SQLITE_ERROR) {
        throw e;
      }
      throw left(
          "something uses the column " + target.column() + ": " + Failures.message(e),
          "Drop that first, as it is not the backfill's, then run the same command again.");
    }
  }

  private TidelineException left(String why, String mend) {
    return new TidelineException(
        ErrorCode.BACKFILL_LEFT,
        "Cannot undo the backfill '" + target.backfill().name() + "': " + why + ".",
        "The column is as it was; its trigger is gone.",
        mend);
  }
}
