package io.tideline.postgresql;

import io.tideline.catalogue.Partition;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.Partitions;
import io.tideline.dialect.RefusedException;
import io.tideline.dialect.Transaction;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Whole partitions, on the session that holds the lease.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-altertable.html">DETACH PARTITION
 *     CONCURRENTLY</a>
 */
final class PostgresPartitions implements Partitions {
  private static final String PLACE =
      """
      SELECT n.nspname, c.relname, c.relispartition, h.inhdetachpending,
        pn.nspname AS parent_schema, p.relname AS parent_name
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_catalog.pg_inherits h ON h.inhrelid = c.oid
      LEFT JOIN pg_catalog.pg_class p ON p.oid = h.inhparent
      LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
      WHERE c.relkind = 'r' AND c.oid = """;

  /** The waits hold up nobody: they keep out changes of the definition only, and vacuum. */
  private static final String LONG_WAITS = "SET lock_timeout = '5s'; SET statement_timeout = 0";

  /** Who waits for the lock of a whole table holds up everybody who comes later. */
  private static final String SHORT_WAITS = "SET lock_timeout = '200ms'; SET statement_timeout = 0";

  private final Session session;
  private final Shapes shapes;
  private final String pid;

  PostgresPartitions(Session session, Shapes shapes, String pid) {
    this.session = session;
    this.shapes = shapes;
    this.pid = pid;
  }

  @Override
  public Place place(TableName table, Partition partition) {
    try {
      return placeOf(table, partition);
    } catch (SQLException e) {
      throw Failures.reading(e, session.attempt("Cannot find " + partition.name(), null, ""));
    }
  }

  private Place placeOf(TableName table, Partition partition) throws SQLException {
    try (Statement statement = session.statement();
        ResultSet row = statement.executeQuery(PLACE + partition.id())) {
      if (!row.next()) {
        return Place.ELSEWHERE;
      }
      boolean named = partition.name().equals(new TableName(row.getString(1), row.getString(2)));
      if (!row.getBoolean("relispartition")) {
        return named ? Place.DETACHED : Place.ELSEWHERE;
      }
      TableName parent =
          new TableName(row.getString("parent_schema"), row.getString("parent_name"));
      if (!named || !parent.equals(table)) {
        return Place.ELSEWHERE;
      }
      return row.getBoolean("inhdetachpending") ? Place.DETACHING : Place.ATTACHED;
    }
  }

  @Override
  public void detach(TableName table, Partition partition) {
    String end =
        switch (place(table, partition)) {
          case ATTACHED -> " CONCURRENTLY";
          case DETACHING -> " FINALIZE";
          case DETACHED -> "";
          case ELSEWHERE ->
              throw new RefusedException(partition.name() + " is no partition of it", false);
        };
    if (!end.isEmpty()) {
      alter(
          "detach",
          partition,
          LONG_WAITS,
          "ALTER TABLE %s DETACH PARTITION %s%s"
              .formatted(Sql.quote(table), Sql.quote(partition.name()), end));
    }
  }

  @Override
  public void attach(TableName table, Partition partition) {
    alter("attach", partition, LONG_WAITS, attachStatement(table, partition));
  }

  @Override
  public boolean create(TableName table, Partition partition) {
    String exists =
        "SELECT pg_catalog.to_regclass(" + Sql.string(Sql.quote(partition.name())) + ") IS NULL";
    try {
      if (!session.text(exists).equals("t")) {
        return false;
      }
    } catch (SQLException e) {
      throw Failures.reading(e, session.attempt("Cannot find " + partition.name(), null, ""));
    }
    alter("create", partition, SHORT_WAITS, createStatement(table, partition));
    return true;
  }

  @Override
  public String attachStatement(TableName table, Partition partition) {
    return "ALTER TABLE %s ATTACH PARTITION %s %s"
        .formatted(Sql.quote(table), Sql.quote(partition.name()), bounds(partition));
  }

  @Override
  public String createStatement(TableName table, Partition partition) {
    return "CREATE TABLE %s PARTITION OF %s %s"
        .formatted(Sql.quote(partition.name()), Sql.quote(table), bounds(partition));
  }

  private static String bounds(Partition partition) {
    return PartitionBounds.of(partition.bounds())
        .orElseThrow(
            () -> new RefusedException("the bounds of " + partition.name() + " are odd", false))
        .text();
  }

  private void alter(String verb, Partition partition, String waits, String statement) {
    Failures.Attempt attempt =
        session.attempt("Cannot " + verb + " the partition " + partition.name(), null, "");
    try {
      session.execute(waits);
      PostgresWriter.requireLeased(session, pid);
      session.execute(statement);
    } catch (SQLException e) {
      RuntimeException failure = Failures.writing(e, attempt);
      throw failure instanceof RefusedException refused && refused.passing()
          ? Failures.busy(e, attempt)
          : failure;
    } finally {
      usualWaits();
    }
  }

  private void usualWaits() {
    try {
      session.execute(Sessions.LIMITS);
    } catch (SQLException e) {
      session.close(); // it is lost, or of no use: the next call says so
    }
  }

  @Override
  public Transaction begin(Table table, Partition partition) {
    try {
      TableShape shape = shapes.of(table, session);
      session.connection().setAutoCommit(false);
      session.execute("SET LOCAL statement_timeout = 0");
      Place place = placeOf(table.name(), partition);
      if (place == Place.ATTACHED || place == Place.DETACHED) {
        // Nobody expects a detached table to be there; of an attached one readers are not held up.
        session.execute(
            "LOCK TABLE ONLY %s IN %s MODE"
                .formatted(
                    Sql.quote(partition.name()),
                    place == Place.ATTACHED ? "SHARE" : "ACCESS EXCLUSIVE"));
      }
      requireStill(place, table.name(), partition);
      PostgresWriter.requireLeased(session, pid);
      return new PostgresTransaction(session, shapes, List.of(shape));
    } catch (SQLException e) {
      TransactionEnd.rollBack(session);
      throw Failures.reading(
          e, session.attempt("Cannot lock the partition " + partition.name(), null, ""));
    } catch (RuntimeException e) {
      TransactionEnd.rollBack(session);
      throw e;
    }
  }

  private void requireStill(Place place, TableName table, Partition partition) throws SQLException {
    boolean known = place == Place.ATTACHED || place == Place.DETACHED;
    if (!known || placeOf(table, partition) != place) {
      throw new TidelineException(
          ErrorCode.CATALOGUE_CHANGED,
          "Cannot look at the partition " + partition.name() + ": it is another table now.",
          "Nothing was changed by it.",
          "Run again: the next run looks at the table as it is now.");
    }
  }
}
