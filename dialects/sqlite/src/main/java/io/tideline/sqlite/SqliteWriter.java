package io.tideline.sqlite;

import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.BackfillTarget;
import io.tideline.dialect.Backfiller;
import io.tideline.dialect.Transaction;
import io.tideline.dialect.Writer;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Pace;
import io.tideline.policy.Strain;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.sqlite.SQLiteErrorCode;

/**
 * The connection that writes. With a write-ahead log its commits are {@code synchronous=NORMAL}:
 * they survive a kill at once, and a loss of power once {@link #makeDurable} has returned. With a
 * rollback journal they are {@code EXTRA}: each survives a loss of power by itself, the unlinking
 * of the journal included.
 *
 * @see <a href="https://sqlite.org/pragma.html#pragma_synchronous">PRAGMA synchronous</a>
 */
final class SqliteWriter implements Writer {
  private final Session session;
  private final boolean log;
  private final Optional<Lister> lister;
  private final Optional<Checkpoints> checkpoints;
  private final Optional<Gap> gap;
  private boolean undurable;

  private SqliteWriter(Session session, boolean log, Pace pace) {
    this.session = session;
    this.log = log;
    this.lister =
        log && pace.offline() ? Optional.of(new Lister(session.file())) : Optional.empty();
    this.checkpoints = log ? Optional.of(new Checkpoints(session)) : Optional.empty();
    this.gap = log && !pace.offline() ? Optional.of(new Gap(session)) : Optional.empty();
    // A process that was killed may have left commits that a loss of power would undo.
    this.undurable = log;
  }

  static SqliteWriter open(DatabaseFile file, Pace pace) throws SQLException {
    Session session = Session.openWriting(file, pace);
    try {
      boolean log = session.pragma("journal_mode").equals("wal");
      session.execute("PRAGMA main.synchronous=" + (log ? "NORMAL" : "EXTRA"));
      return new SqliteWriter(session, log, pace);
    } catch (SQLException e) {
      session.close();
      throw e;
    }
  }

  @Override
  public Transaction begin(List<Table> tables) {
    try {
      if (gap.isPresent() && checkpoints.isPresent()) {
        gap.get().await();
        checkpoints.get().beforeTransaction();
      }
      session.execute("BEGIN IMMEDIATE");
    } catch (SQLException e) {
      throw notBegun(e);
    }
    try {
      return new SqliteTransaction(session, this, tables);
    } catch (RuntimeException e) {
      rollBack();
      throw e;
    }
  }

  @Override
  public Transaction begin(List<Table> tables, List<Table> closed) {
    return begin(tables);
  }

  /** A change of the schema. */
  private interface Change<T> {
    T make() throws SQLException;
  }

  private <T> T change(String what, Change<T> change) {
    try {
      session.execute("BEGIN IMMEDIATE");
    } catch (SQLException e) {
      throw notBegun(e);
    }
    try {
      T done = change.make();
      session.execute("COMMIT");
      committed();
      return done;
    } catch (SQLException e) {
      rollBack();
      throw Failures.reading(what, e);
    } catch (RuntimeException e) {
      rollBack();
      throw e;
    }
  }

  @Override
  public List<String> alignArchiveTable(Table source, TableName target) {
    return change(
        "Cannot align the archive table " + target,
        () -> new ArchiveTable(session, source, target).align());
  }

  @Override
  public String createIndex(ForeignKey key, Table from) {
    return change(
        "Cannot make an index on " + key.display(),
        () -> {
          String name = IndexText.freeName(session, IndexText.name(key));
          String columns = Referrers.of(session, key, from).indexed().orElseThrow();
          session.execute(IndexText.of(name, from.name(), columns));
          return "Made the index " + name + " on " + key.display() + ".";
        });
  }

  @Override
  public Backfiller backfiller(BackfillTarget target) {
    return new SqliteBackfiller(session, this, target);
  }

  /**
   * A commit under {@code FULL} syncs the whole log, and with it every commit before. The user
   * version is written as it is, which changes nothing but the header's page.
   */
  @Override
  public void makeDurable() {
    if (!log || !undurable) {
      return;
    }
    try {
      session.execute("PRAGMA main.synchronous=FULL");
      try {
        session.execute("BEGIN IMMEDIATE");
        session.execute("PRAGMA main.user_version=" + session.pragma("user_version"));
        session.execute("COMMIT");
        undurable = false;
      } finally {
        rollBack();
        session.execute("PRAGMA main.synchronous=NORMAL");
      }
    } catch (SQLException e) {
      throw Failures.reading("Cannot make the commits to " + place() + " durable", e);
    }
  }

  /**
   * Nothing to do: SQLite keeps {@code sqlite_sequence} at the greatest rowid ever inserted by
   * itself, and never lowers it (https://sqlite.org/autoinc.html).
   */
  @Override
  public void advanceCounters(Table table) {}

  @Override
  public List<Strain> relax(Pace pace) {
    return checkpoints.stream().flatMap(each -> each.relax(pace).stream()).toList();
  }

  @Override
  public Optional<String> tidy() {
    return checkpoints.flatMap(Checkpoints::cut);
  }

  /**
   * Reads beside an open transaction; only a write-ahead log lets it. It takes a second processor:
   * beside live traffic a lock would be held until there is one.
   */
  Optional<Lister> lister() {
    return lister;
  }

  @Override
  public void close() {
    lister.ifPresent(Lister::close);
    session.close();
  }

  /** Notes a commit that a loss of power may still undo. */
  void committed() {
    undurable = log;
  }

  /** Rolls back; a trigger's RAISE(ROLLBACK) or a full disk may have ended the transaction. */
  void rollBack() {
    try {
      session.execute("ROLLBACK");
    } catch (SQLException e) {
      if (Failures.primary(e) != SQLiteErrorCode.SQLITE_ERROR) {
        throw Failures.reading("Cannot roll back in " + place(), e);
      }
    }
  }

  String place() {
    return session.file().path().toString();
  }

  private TidelineException notBegun(SQLException cause) {
    TidelineException failure =
        Failures.reading("Cannot begin a write transaction on " + place(), cause);
    return failure.code() == ErrorCode.SQL_FAILED
        ? new TidelineException(
            ErrorCode.DEFECT, failure.what(), failure.state(), "Please report it.", cause)
        : failure;
  }
}
