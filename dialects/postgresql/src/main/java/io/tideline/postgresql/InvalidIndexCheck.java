package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.health.Check;
import io.tideline.health.Figures;
import io.tideline.health.Finding;
import io.tideline.health.Remedy;
import io.tideline.health.Severity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * Indexes that a failed CONCURRENTLY left. One that is being built is not told of: its session
 * holds a lock on the table, and is in the view of builds, though another role may not see of what.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY">Building
 *     indexes concurrently</a>
 */
final class InvalidIndexCheck {
  /** That nobody builds, or builds anew, an index of the table of the index {@code i} now. */
  static final String LEFT =
      """
      NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p
          WHERE p.relid = i.indrelid OR EXISTS (
            SELECT FROM pg_catalog.pg_locks l
            WHERE l.pid = p.pid AND l.locktype = 'relation' AND l.relation = i.indrelid
              AND l.mode = 'ShareUpdateExclusiveLock' AND l.granted))""";

  private static final String INVALID =
      """
      SELECT n.nspname, x.relname, x.relpages * %2$s AS bytes,
        x.relname ~ '_cc(new|old)[0-9]*$' AS remnant
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid AND x.relkind = 'i'
      JOIN pg_catalog.pg_namespace n ON n.oid = x.relnamespace
      WHERE NOT i.indisvalid AND NOT x.relispartition AND n.nspname !~ '^pg_temp_'
        AND %1$s
      ORDER BY 1, 2"""
          .formatted(LEFT, HealthSql.PAGE);

  private InvalidIndexCheck() {}

  static List<Finding> look(Asking asking) {
    return asking.rows(INVALID, InvalidIndexCheck::finding);
  }

  private static Finding finding(ResultSet row) throws SQLException {
    TableName name = new TableName(row.getString(1), row.getString(2));
    long bytes = row.getLong("bytes");
    String quoted = Sql.quote(name) + ";";
    Remedy remedy =
        row.getBoolean("remnant")
            ? Remedy.sql(
                "DROP INDEX CONCURRENTLY " + quoted,
                "it was to replace another index, which stands")
            : Remedy.sql(
                "REINDEX INDEX CONCURRENTLY " + quoted,
                "or DROP INDEX CONCURRENTLY " + quoted + " if a unique index meets repeats");
    return Finding.of(
            Check.INVALID_INDEX,
            Severity.WARNING,
            name.toString(),
            "its build has failed; it takes " + Figures.bytes(bytes))
        .freeing(row.getBoolean("remnant") ? bytes : 0)
        .mend(remedy);
  }
}
