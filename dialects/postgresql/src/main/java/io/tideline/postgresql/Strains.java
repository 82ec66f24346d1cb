package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.policy.Pace;
import io.tideline.policy.Strain;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Looks at what strains on a server: replicas that lag, a vacuum of a table that is being cleaned,
 * old transactions. What the role may not see is not there. Once a second at most.
 *
 * @see <a href="https://www.postgresql.org/docs/current/monitoring-stats.html">Monitoring</a>
 */
final class Strains {
  private static final long BETWEEN = 1_000_000_000;

  /** Rows that are deleted free no space while a transaction is older than this. */
  private static final int OLD_SECONDS = 600;

  /** Where the log is, and the replica that is farthest behind. */
  private static final String REPLICAS =
      """
      SELECT COALESCE(NULLIF(application_name, ''), pid::pg_catalog.text),
             pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), '0/0')::pg_catalog.int8,
             pg_catalog.pg_wal_lsn_diff(replay_lsn, '0/0')::pg_catalog.int8
      FROM pg_catalog.pg_stat_replication
      WHERE state = 'streaming' AND replay_lsn IS NOT NULL
      ORDER BY replay_lsn LIMIT 1""";

  /** A vacuum holds this lock on the table for as long as it takes. */
  private static final String VACUUMS =
      """
      SELECT a.backend_type, c.relname
      FROM pg_catalog.pg_locks l
      JOIN pg_catalog.pg_class c ON c.oid = l.relation
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
      WHERE l.locktype = 'relation' AND l.granted AND l.mode = 'ShareUpdateExclusiveLock'
        AND l.database = (SELECT oid FROM pg_catalog.pg_database
                          WHERE datname = pg_catalog.current_database())
        AND (a.backend_type = 'autovacuum worker' OR a.query ILIKE 'vacuum%')
        AND (n.nspname || '.' || c.relname = ANY (?) OR EXISTS (
          SELECT FROM pg_catalog.pg_partition_ancestors(c.oid) AS up (id)
          JOIN pg_catalog.pg_class p ON p.oid = up.id
          JOIN pg_catalog.pg_namespace s ON s.oid = p.relnamespace
          WHERE s.nspname || '.' || p.relname = ANY (?)))
      LIMIT 1""";

  private static final String TRANSACTIONS =
      """
      SELECT pid, pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - xact_start)
      FROM pg_catalog.pg_stat_activity
      WHERE datname = pg_catalog.current_database() AND pid <> pg_catalog.pg_backend_pid()
        AND backend_type = 'client backend' AND backend_xmin IS NOT NULL
        AND xact_start < pg_catalog.clock_timestamp() - pg_catalog.make_interval(secs => ?)
      ORDER BY xact_start LIMIT 1""";

  private final Session session;
  private final Deque<Mark> log = new ArrayDeque<>();
  private List<Strain> known = List.of();
  private long looked = System.nanoTime() - BETWEEN;

  /**
   * Where the log was.
   *
   * @param nanos when
   * @param at the place in it, in bytes
   */
  private record Mark(long nanos, long at) {}

  Strains(Session session) {
    this.session = session;
  }

  /** What strains now; offline nothing does. */
  List<Strain> look(Pace pace, List<TableName> tables) {
    if (pace.offline() || System.nanoTime() - looked < BETWEEN) {
      return pace.offline() ? List.of() : known;
    }
    looked = System.nanoTime();
    try {
      List<Strain> found = new ArrayList<>();
      replicas(pace, found);
      vacuums(tables, found);
      transactions(found);
      known = found;
    } catch (SQLException e) {
      if (Failures.state(e).startsWith("08")) {
        throw Failures.reading(e, session.attempt("Cannot see what strains", null, ""));
      }
      known = List.of(); // no right to look: nothing is known
    }
    return known;
  }

  /**
   * A replica lags as long as it has not replayed what was in the log then. (The server's own
   * {@code replay_lag} stands still while a replica replays nothing.)
   */
  private void replicas(Pace pace, List<Strain> found) throws SQLException {
    try (PreparedStatement statement = session.connection().prepareStatement(REPLICAS);
        ResultSet rows = statement.executeQuery()) {
      if (!rows.next()) {
        log.clear();
        return;
      }
      long now = System.nanoTime();
      long replayed = rows.getLong(3);
      while (!log.isEmpty() && log.getFirst().at() <= replayed) {
        log.removeFirst();
      }
      log.addLast(new Mark(now, rows.getLong(2)));
      Duration lag = Duration.ofNanos(now - log.getFirst().nanos());
      if (lag.compareTo(pace.lag()) > 0) {
        found.add(
            new Strain(
                Strain.Cause.REPLICA,
                "the replica "
                    + rows.getString(1)
                    + " lags "
                    + lag.toSeconds()
                    + " s behind, over "
                    + pace.lag().toSeconds()
                    + " s"));
      }
    }
  }

  private void vacuums(List<TableName> tables, List<Strain> found) throws SQLException {
    if (tables.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = session.connection().prepareStatement(VACUUMS)) {
      Object[] names = tables.stream().map(each -> each.schema() + "." + each.name()).toArray();
      statement.setArray(1, session.connection().createArrayOf("text", names));
      statement.setArray(2, session.connection().createArrayOf("text", names));
      try (ResultSet rows = statement.executeQuery()) {
        if (rows.next()) {
          String who = rows.getString(1).startsWith("auto") ? "autovacuum" : "a vacuum";
          found.add(
              new Strain(Strain.Cause.VACUUM, who + " cleans the table " + rows.getString(2)));
        }
      }
    }
  }

  private void transactions(List<Strain> found) throws SQLException {
    try (PreparedStatement statement = session.connection().prepareStatement(TRANSACTIONS)) {
      statement.setDouble(1, OLD_SECONDS);
      try (ResultSet rows = statement.executeQuery()) {
        if (rows.next()) {
          found.add(
              new Strain(
                  Strain.Cause.TRANSACTION,
                  "the session "
                      + rows.getString(1)
                      + " has a transaction open for "
                      + Math.round(rows.getDouble(2) / 60)
                      + " minutes, so that no space is freed"));
        }
      }
    }
  }
}
