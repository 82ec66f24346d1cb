package io.tideline.postgresql;

import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.catalogue.Trigger;
import io.tideline.dialect.SurpriseException;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Counts the rows that each table lost in a transaction. Where neither trigger, rule nor
 * foreign-key action can delete, our own count is the whole; else the server's counters are read
 * before the first such statement and at the end, because they also hold what earlier transactions
 * of the session have not yet reported.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/monitoring-stats.html">pg_stat_xact_all_tables</a>
 */
final class LossCounter {
  private static final Set<String> PASSIVE = Set.of("NO ACTION", "RESTRICT");

  /** Rows of partitions count for the table that the transaction was begun for. */
  private static final String COUNTS =
      """
      SELECT n.nspname, c.relname, pg_catalog.sum(s.n_tup_del)::pg_catalog.int8
      FROM pg_catalog.pg_stat_xact_user_tables s
      JOIN pg_catalog.pg_class c ON c.oid = COALESCE(
        (SELECT a.relid::pg_catalog.oid FROM pg_catalog.pg_partition_ancestors(s.relid) AS a
         WHERE a.relid = ANY ('{%s}'::pg_catalog.oid[]) LIMIT 1), s.relid)
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE s.n_tup_del > 0 AND c.relpersistence <> 't'
      GROUP BY n.nspname, c.relname""";

  /**
   * What was truncated, dropped or rewritten lost rows that no counter tells of. None of our own
   * statements takes this lock; temporary tables are the trigger's own affair.
   *
   * @see <a href="https://www.postgresql.org/docs/current/explicit-locking.html">Table locks</a>
   */
  private static final String SEIZED =
      """
      SELECT COALESCE(pg_catalog.min(n.nspname || '.' || c.relname)
          FILTER (WHERE c.relkind IN ('r', 'p', 'm', 'f')),
        'a table that is no more')
      FROM pg_catalog.pg_locks l
      LEFT JOIN pg_catalog.pg_class c ON c.oid = l.relation
      LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE l.locktype = 'relation' AND l.pid = pg_catalog.pg_backend_pid()
        AND l.mode = 'AccessExclusiveLock' AND c.relpersistence IS DISTINCT FROM 't'
      HAVING pg_catalog.count(*) > 0""";

  private final Session session;
  private final String query;
  private final Map<TableName, Long> own = new HashMap<>();
  private @Nullable Map<TableName, Long> before;

  LossCounter(Session session, List<TableShape> tables) {
    this.session = session;
    query = COUNTS.formatted(Sql.list(tables, table -> Long.toString(table.oid())));
  }

  /** Whether a DELETE makes the server do more than delete: triggers, rules, actions of keys. */
  static boolean acts(Table table) {
    return table.firesOnDelete()
        || table.referrers().stream()
            .map(ForeignKey::onDelete)
            .anyMatch(action -> !PASSIVE.contains(action));
  }

  /** To be called before rows of a table are removed. */
  void beforeRemoval(Table table, boolean move) throws SQLException {
    if (move || acts(table)) {
      startCounting(table);
    }
  }

  /** To be called before rows are inserted into a table. */
  void beforeInsert(Table table) throws SQLException {
    if (table.triggers().stream().anyMatch(Trigger::onInsert)) {
      startCounting(table);
    }
  }

  /** To be called before rows of a table are updated. */
  void beforeUpdate(Table table) throws SQLException {
    if (table.triggers().stream().anyMatch(Trigger::onUpdate)) {
      startCounting(table);
    }
  }

  private void startCounting(Table table) throws SQLException {
    if (before != null) {
      return;
    }
    if (!session.text("SHOW track_counts").equals("on")) {
      throw new TidelineException(
          ErrorCode.RIGHTS_MISSING,
          "Cannot tell what triggers and foreign keys of "
              + table.name()
              + " delete: the server setting track_counts is off.",
          "The transaction was rolled back.",
          "Set track_counts = on in postgresql.conf and reload.");
    }
    before = read();
  }

  /** To be called after rows were removed by a statement of ours. */
  void removed(TableName table, long rows) {
    if (before == null && rows > 0) {
      own.merge(table, rows, Long::sum);
    }
  }

  /**
   * The rows lost, without tables that lost none.
   *
   * @throws SurpriseException if a trigger truncated, dropped or altered a table
   */
  Map<TableName, Long> lost() throws SQLException {
    Map<TableName, Long> lost = new HashMap<>(own);
    Map<TableName, Long> start = before;
    if (start != null) {
      requireNoneSeized();
      read()
          .forEach(
              (table, count) ->
                  lost.merge(table, count - start.getOrDefault(table, 0L), Long::sum));
    }
    lost.values().removeIf(count -> count == 0);
    return lost;
  }

  private void requireNoneSeized() throws SQLException {
    try (Statement statement = session.statement();
        ResultSet seized = statement.executeQuery(SEIZED)) {
      if (seized.next()) {
        throw new SurpriseException("a trigger truncates, drops or alters " + seized.getString(1));
      }
    }
  }

  private Map<TableName, Long> read() throws SQLException {
    Map<TableName, Long> counts = new HashMap<>();
    try (Statement statement = session.statement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        counts.put(new TableName(rows.getString(1), rows.getString(2)), rows.getLong(3));
      }
    }
    return counts;
  }
}
