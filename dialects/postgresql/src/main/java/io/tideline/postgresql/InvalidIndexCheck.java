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

  /** That the invalid index {@code i} of the name {@code %s} was to replace one that stands. */
  static final String REMNANT =
      """
      (%s ~ '_cc(new|old)[0-9]*$' AND EXISTS (
        SELECT FROM pg_catalog.pg_index v
        JOIN pg_catalog.pg_class o ON o.oid = i.indexrelid
        JOIN pg_catalog.pg_class s ON s.oid = v.indexrelid AND s.relam = o.relam
        WHERE v.indrelid = i.indrelid AND v.indexrelid <> i.indexrelid AND v.indisvalid
          AND v.indisunique = i.indisunique AND v.indnkeyatts = i.indnkeyatts
          AND v.indkey::pg_catalog.text = i.indkey::pg_catalog.text
          AND v.indclass::pg_catalog.text = i.indclass::pg_catalog.text
          AND v.indcollation::pg_catalog.text = i.indcollation::pg_catalog.text
          AND v.indoption::pg_catalog.text = i.indoption::pg_catalog.text
          AND pg_catalog.pg_get_expr(v.indexprs, v.indrelid)
            IS NOT DISTINCT FROM pg_catalog.pg_get_expr(i.indexprs, i.indrelid)
          AND pg_catalog.pg_get_expr(v.indpred, v.indrelid)
            IS NOT DISTINCT FROM pg_catalog.pg_get_expr(i.indpred, i.indrelid)))""";

  private static final String INVALID =
      """
      SELECT n.nspname, x.relname, x.relpages * %2$s AS bytes,
        %3$s AS remnant
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid AND x.relkind = 'i'
      JOIN pg_catalog.pg_namespace n ON n.oid = x.relnamespace
      WHERE NOT i.indisvalid AND NOT x.relispartition AND n.nspname !~ '^pg_temp_'
        AND %1$s
      ORDER BY 1, 2"""
          .formatted(LEFT, HealthSql.PAGE, REMNANT.formatted("x.relname"));

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
