package io.tideline.postgresql;

import io.tideline.dialect.BackfillTarget;
import io.tideline.dialect.Backfiller;
import io.tideline.dialect.Transaction;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.row.Row;
import io.tideline.tuning.BackfillState;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Fills a column of a PostgreSQL table, on the session that holds the lease. */
final class PostgresBackfiller implements Backfiller {
  /** All who come after wait behind who waits for such a lock. */
  private static final String BRIEFLY = "SET LOCAL lock_timeout = '200ms'";

  private static final String DURABLE = "SET LOCAL synchronous_commit = on";

  private final Session session;
  private final PostgresWriter writer;
  private final String pid;
  private final BackfillTarget target;
  private final FillSql sql;
  private final FillNotes notes;
  private final FillMade things;
  private final FillLook looks;
  private @Nullable BackfillState state;
  private String made = "";
  private long began;
  private Optional<Row> place = Optional.empty();
  private Optional<Row> through = Optional.empty();

  PostgresBackfiller(
      Session session, PostgresWriter writer, String pid, BackfillTarget target, TableShape shape) {
    this.session = session;
    this.writer = writer;
    this.pid = pid;
    this.target = target;
    this.sql = new FillSql(session, target, shape);
    this.notes = new FillNotes(session, shape.name().schema());
    this.things = new FillMade(session, target, sql);
    this.looks = new FillLook(session, target, sql);
  }

  private Failures.Attempt attempt() {
    return session.attempt(
        "Cannot carry out the backfill '" + target.backfill().name() + "'",
        target.table().name(),
        "SELECT, UPDATE");
  }

  @Override
  public Optional<BackfillState> state() {
    try {
      Optional<FillNotes.Note> note = notes.of(target.backfill().name());
      state = note.map(FillNotes.Note::state).orElse(null);
      made = note.map(FillNotes.Note::made).orElse("");
      place =
          note.flatMap(FillNotes.Note::place)
              .filter(row -> row.width() == sql.shape().key().size());
      return Optional.ofNullable(state);
    } catch (SQLException e) {
      throw Failures.reading(e, attempt());
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

  /** A durable transaction that changes what is there, not rows. */
  private <T> T defining(String lock, Work<T> work) {
    try {
      session.connection().setAutoCommit(false);
      session.execute(BRIEFLY);
      if (!lock.isEmpty()) {
        session.execute("LOCK TABLE " + Sql.quote(target.table().name()) + " IN " + lock + " MODE");
      }
      PostgresWriter.requireLeased(session, pid);
      T result = work.run();
      session.execute(DURABLE);
      commit();
      return result;
    } catch (SQLException e) {
      throw Failures.reading(e, attempt());
    } finally {
      TransactionEnd.rollBack(session);
    }
  }

  private void commit() {
    try {
      session.connection().commit();
    } catch (SQLException e) {
      throw Failures.committing(e, attempt());
    }
  }

  /** A transaction that changes rows. */
  private <T> T changing(Work<T> work) {
    try (Transaction transaction = writer.begin(List.of(target.table()))) {
      began = System.nanoTime();
      requireSame();
      T result = work.run();
      transaction.commit(false);
      return result;
    } catch (SQLException e) {
      throw Failures.writing(e, attempt());
    }
  }

  /** Refuses a table that is not as it was read. */
  private void requireSame() throws SQLException {
    if (!session.fingerprint(target.table().name()).equals(target.table().fingerprint())) {
      throw new TidelineException(
          ErrorCode.CATALOGUE_CHANGED,
          "Cannot carry out the backfill '"
              + target.backfill().name()
              + "': the table "
              + target.table().name()
              + " changed meanwhile.",
          "The last transaction was rolled back; every value before it is as noted.",
          "Run the same command again.");
    }
  }

  @Override
  public void begin(BackfillState first, Instant now) {
    String lock = target.logged() ? "SHARE ROW EXCLUSIVE" : "ACCESS EXCLUSIVE";
    defining(
        lock,
        () -> {
          requireSame();
          notes.add(first, things.make(), now);
          return first;
        });
  }

  @Override
  public Look look(int rows, int compare) {
    try {
      through = looks.end(place, rows);
      return looks.look(place, through, compare);
    } catch (SQLException e) {
      throw Failures.reading(e, attempt());
    }
  }

  @Override
  public Batch fill(Look look, boolean wait, Runnable before) {
    Batch batch =
        changing(
            () -> {
              long number = known().batch() + 1;
              String range = sql.within(place, through);
              boolean triggers = !target.otherTriggers().isEmpty();
              long[] counts =
                  sql.counts(
                      target.logged()
                          ? sql.fillLogged(range, wait, number)
                          : sql.fillAdded(range, wait));
              if (target.logged() && triggers) {
                session.update(sql.readBack(range, number));
              }
              requireEnded(counts[2]);
              notes.set(known(), known().after(look.rows(), counts[1]), through);
              before.run();
              return new Batch(counts[0], counts[1], 0);
            });
    state = known().after(look.rows(), batch.changed());
    place = through;
    return new Batch(batch.matching(), batch.changed(), System.nanoTime() - began);
  }

  /** What still meets the condition would be changed again and again. */
  private void requireEnded(long still) {
    if (still > 0) {
      throw new TidelineException(
          ErrorCode.BACKFILL_REFUSED,
          attempt().what() + ": rows still meet its condition after they were changed.",
          "The last transaction was rolled back; every value before it is as noted.",
          "Write a 'where' that the new value ends, then `tideline backfill --undo "
              + target.backfill().name()
              + "` and begin anew.");
    }
  }

  @Override
  public void skip() {
    place = through;
  }

  @Override
  public void note(BackfillState next) {
    Optional<Row> from = next.pass() == known().pass() ? place : Optional.empty();
    defining(
        "",
        () -> {
          notes.set(known(), next, from);
          return next;
        });
    state = next;
    place = from;
  }

  @Override
  public Optional<String> require() {
    boolean nullable = target.table().column(target.column()).filter(c -> c.nullable()).isPresent();
    if (!nullable) {
      return Optional.empty();
    }
    defining(
        "",
        () -> {
          if (!things.constrained()) {
            things.constrain();
          }
          return target;
        });
    validate();
    BackfillState next = known().withRequired();
    defining(
        "ACCESS EXCLUSIVE",
        () -> {
          things.require(true);
          things.dropConstraint();
          notes.set(known(), next, place);
          return next;
        });
    state = next;
    return Optional.empty();
  }

  /** Reads every row, while others go on. */
  private void validate() {
    try {
      session.execute("SET statement_timeout = 0");
      things.validate();
    } catch (SQLException e) {
      if (Failures.state(e).equals("23514")) {
        throw new TidelineException(
            ErrorCode.BACKFILL_LEFT,
            attempt().what() + ": a row got no value meanwhile.",
            "Every value is as noted; a constraint refuses further rows without one.",
            "Run `tideline backfill " + target.backfill().name() + "`, then --finish again.",
            e);
      }
      throw Failures.reading(e, attempt());
    } finally {
      limitAgain();
    }
  }

  private void limitAgain() {
    try {
      session.execute(Sessions.LIMITS);
    } catch (SQLException e) {
      return; // the connection is lost: the next call says so
    }
  }

  @Override
  public void beginUndo() {
    BackfillState next = known().in(BackfillState.Phase.UNDOING);
    defining(
        "ACCESS EXCLUSIVE",
        () -> {
          things.dropTrigger(made);
          things.dropConstraint();
          if (known().required()) {
            things.require(false);
          }
          notes.set(known(), next, place);
          return next;
        });
    state = next;
  }

  @Override
  public Restored restore(int rows, Runnable before) {
    Restored restored =
        changing(
            () -> {
              long[] counts = sql.counts(sql.restore(rows));
              notes.set(known(), known().after(0, 0), place);
              before.run();
              return new Restored(counts[0], counts[1], 0);
            });
    state = known().after(0, 0);
    return new Restored(restored.rows(), restored.restored(), System.nanoTime() - began);
  }

  @Override
  public void end() {
    defining(
        made.isEmpty() ? "" : "ACCESS EXCLUSIVE",
        () -> {
          things.dropTrigger(made);
          things.dropConstraint();
          things.dropLog();
          notes.remove(known());
          return made;
        });
    state = null;
  }

  @Override
  public void dropColumn(boolean discard) {
    defining(
        "ACCESS EXCLUSIVE",
        () -> {
          requireSame();
          new FillDrop(session, target, sql).run(discard);
          notes.remove(known());
          return target;
        });
    state = null;
  }
}
