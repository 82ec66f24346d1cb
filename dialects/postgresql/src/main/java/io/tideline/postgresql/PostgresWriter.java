package io.tideline.postgresql;

import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.BackfillTarget;
import io.tideline.dialect.Backfiller;
import io.tideline.dialect.Partitions;
import io.tideline.dialect.Transaction;
import io.tideline.dialect.Writer;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Pace;
import io.tideline.policy.Strain;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Writes on the session that holds the lease. */
final class PostgresWriter implements Writer {
  /** Longer than any statement of a transaction may take. */
  private static final Duration SILENCE = Duration.ofSeconds(90);

  /**
   * A commit flushes the log only if its transaction wrote to it, and an id alone is no such write
   * (xact.c, RecordTransactionCommit); a message is.
   */
  private static final String WRITE_LOG =
      "SELECT pg_catalog.pg_logical_emit_message(true, 'tideline', 'durable')";

  private static final String DURABLE = "SET LOCAL synchronous_commit = on";

  private final Session session;
  private final Shapes shapes;
  private final String pid;
  private final Strains strains;
  private List<TableName> tables = List.of();

  /**
   * @param pid the server process that holds the lease
   */
  PostgresWriter(Session session, Shapes shapes, String pid) {
    this.session = session;
    this.shapes = shapes;
    this.pid = pid;
    this.strains = new Strains(session);
  }

  @Override
  public Transaction begin(List<Table> tables) {
    return begin(tables, List.of());
  }

  @Override
  public Transaction begin(List<Table> tables, List<Table> closed) {
    List<Table> ordered = ordered(tables);
    this.tables = ordered.stream().map(Table::name).toList();
    try {
      List<TableShape> locked = shapes(ordered);
      List<TableShape> shut = shapes(ordered(closed));
      // Where the network swallows an answer the server's own timeouts help nobody.
      session.awaitAnswers(SILENCE);
      session.connection().setAutoCommit(false);
      if (!shut.isEmpty()) {
        // First, so that nobody waits for rows of ours meanwhile; all who come later wait with it.
        session.execute("SET LOCAL lock_timeout = '100ms'");
        lock(shut, "SHARE ROW EXCLUSIVE");
        session.execute("SET LOCAL lock_timeout = '2s'");
      }
      lock(locked, "ROW EXCLUSIVE");
      requireLeased(session, pid);
      return new PostgresTransaction(session, shapes, locked);
    } catch (SQLException e) {
      notBegun();
      throw beginning(e, ordered);
    } catch (RuntimeException e) {
      notBegun();
      throw e;
    }
  }

  private void notBegun() {
    TransactionEnd.rollBack(session);
    session.awaitAnswers(Duration.ZERO); // an index that is made next takes its time
  }

  private static List<Table> ordered(List<Table> tables) {
    return tables.stream().sorted(Comparator.comparing(Table::name)).toList();
  }

  private List<TableShape> shapes(List<Table> tables) throws SQLException {
    List<TableShape> found = new ArrayList<>();
    for (Table table : tables) {
      found.add(shapes.of(table, session));
    }
    return found;
  }

  private void lock(List<TableShape> tables, String mode) throws SQLException {
    if (!tables.isEmpty()) {
      session.execute(
          "LOCK TABLE " + Sql.list(tables, TableShape::target) + " IN " + mode + " MODE");
    }
  }

  /** Refuses a server session that is not the one that holds the lease. */
  static void requireLeased(Session session, String pid) throws SQLException {
    if (!session.text("SELECT pg_catalog.pg_backend_pid()").equals(pid)) {
      throw new TidelineException(
          ErrorCode.DATABASE_POOLED,
          "Cannot write: the server session is not the one that holds the lease.",
          "Nothing was changed by this transaction.",
          "Name the server itself, or a port of the pooler in session mode.");
    }
  }

  @Override
  public Backfiller backfiller(BackfillTarget target) {
    try {
      return new PostgresBackfiller(session, this, pid, target, shapes.of(target.table(), session));
    } catch (SQLException e) {
      throw Failures.reading(
          e, session.attempt("Cannot read the catalogue", target.table().name(), ""));
    }
  }

  @Override
  public Optional<Partitions> partitions() {
    return Optional.of(new PostgresPartitions(session, shapes, pid));
  }

  private RuntimeException beginning(SQLException e, List<Table> tables) {
    if (Failures.state(e).equals("42P01")) {
      return new TidelineException(
          ErrorCode.CATALOGUE_CHANGED,
          "Cannot begin a transaction: " + Failures.words(e) + ".",
          "Nothing was changed by it.",
          "Plan again.",
          e);
    }
    TableName table = tables.size() == 1 ? tables.get(0).name() : null;
    return Failures.reading(
        e, session.attempt("Cannot begin a transaction", table, "SELECT, UPDATE, DELETE"));
  }

  /** Work in a transaction of its own. */
  private interface Work<T> {
    T run() throws SQLException;
  }

  private <T> T inTransaction(String what, TableName table, String rights, Work<T> work) {
    try {
      session.connection().setAutoCommit(false);
      T result = work.run();
      session.execute(DURABLE);
      session.connection().commit();
      return result;
    } catch (SQLException e) {
      throw Failures.reading(e, session.attempt(what, table, rights));
    } finally {
      TransactionEnd.rollBack(session);
    }
  }

  @Override
  public List<String> alignArchiveTable(Table source, TableName target) {
    return inTransaction(
        "Cannot make the archive table " + target,
        target,
        "SELECT, INSERT",
        () -> new ArchiveTable(session, shapes.of(source, session), target).align());
  }

  @Override
  public String createIndex(ForeignKey key, Table from) {
    try {
      return Referrers.index(session, shapes, key, from).make(session);
    } catch (SQLException e) {
      throw Failures.reading(
          e, session.attempt("Cannot make an index on " + key.display(), null, ""));
    }
  }

  @Override
  public void makeDurable() {
    try {
      session.connection().setAutoCommit(false);
      session.execute(DURABLE);
      session.text(WRITE_LOG);
      session.connection().commit();
    } catch (SQLException e) {
      throw Failures.committing(
          e, session.attempt("Cannot make earlier commits durable", null, ""));
    } finally {
      TransactionEnd.rollBack(session);
    }
  }

  @Override
  public void advanceCounters(Table table) {
    inTransaction(
        "Cannot advance the sequences of " + table.name(),
        table.name(),
        "SELECT",
        () -> Counters.advance(session, shapes.of(table, session)));
  }

  /** The server keeps house by itself. */
  @Override
  public List<Strain> relax(Pace pace) {
    return strains.look(pace, tables);
  }

  /** Leaves the session to the lease. */
  @Override
  public void close() {}
}
