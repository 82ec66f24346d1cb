package io.tideline.postgresql;

import io.tideline.dialect.TableMover.Times;
import io.tideline.tuning.PartitionRule;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What times the rows of a table that is moved have. */
final class MoveTimes {
  private final Session session;
  private final MoveNames names;
  private final PartitionRule rule;

  MoveTimes(Session session, MoveNames names, PartitionRule rule) {
    this.session = session;
    this.names = names;
    this.rule = rule;
  }

  private TimeKey key(long table) throws SQLException {
    String type =
        session.text(
            "SELECT t.typname FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid ="
                + " a.atttypid WHERE a.attrelid = "
                + table
                + " AND a.attname = "
                + Sql.string(rule.by()));
    return new TimeKey(type, rule.epoch());
  }

  /** The earliest and the latest; empty if there is no row. */
  Optional<Times> read(long source) throws SQLException {
    TimeKey key = key(source);
    session.execute("SET statement_timeout = 0");
    try (Statement statement = session.statement();
        ResultSet row =
            statement.executeQuery(
                "SELECT pg_catalog.min(%1$s)::pg_catalog.text, pg_catalog.max(%1$s)::pg_catalog.text FROM %2$s"
                    .formatted(Sql.quote(rule.by()), Sql.quote(names.table())))) {
      row.next();
      if (row.getString(1) == null) {
        return Optional.empty();
      }
      Optional<Instant> oldest = key.instant(row.getString(1));
      Optional<Instant> newest = key.instant(row.getString(2));
      if (oldest.isEmpty() || newest.isEmpty()) {
        throw MoveWork.refused(
            names.table(),
            List.of(rule.by() + " has infinite times, or such before Christ"),
            "Correct them first.");
      }
      return Optional.of(new Times(oldest.get(), newest.get()));
    } finally {
      session.execute(Sessions.LIMITS);
    }
  }
}
