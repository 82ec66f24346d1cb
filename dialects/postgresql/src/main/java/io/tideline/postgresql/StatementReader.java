package io.tideline.postgresql;

import io.tideline.dialect.UnseenException;
import io.tideline.health.Activity;
import java.util.List;

/**
 * The statements that took most time, where the extension that counts them is there; settings and
 * questions to the catalogue, ours among them, are left out. Its counts are never reset: others go
 * by them too.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/pgstatstatements.html">pg_stat_statements</a>
 */
final class StatementReader {
  private static final int MOST = 10;

  /** Letters of a statement's text that are told. */
  private static final int LETTERS = 200;

  private final Asking asking;

  StatementReader(Asking asking) {
    this.asking = asking;
  }

  List<Activity.Statement> read() {
    List<String[]> found =
        asking.rows(
            """
            SELECT n.nspname, e.extversion FROM pg_catalog.pg_extension e
            JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
            WHERE e.extname = 'pg_stat_statements'""",
            row -> new String[] {row.getString(1), row.getString(2)});
    if (found.isEmpty()) {
      throw new UnseenException("the extension pg_stat_statements is not installed here");
    }
    // Planning has been counted apart since 1.8, and the columns have other names.
    String time = minor(found.get(0)[1]) >= 8 ? "exec_time" : "time";
    return asking.rows(
        """
        SELECT pg_catalog.left(pg_catalog.regexp_replace(s.query, '\\s+', ' ', 'g'), %1$s), s.calls,
          s.mean_%2$s, s.total_%2$s, s.rows
        FROM %3$s.pg_stat_statements s
        WHERE s.dbid = (SELECT oid FROM pg_catalog.pg_database
                        WHERE datname = pg_catalog.current_database())
          AND pg_catalog.strpos(s.query, 'pg_catalog.') = 0 AND s.query !~* '^(set|show) '
        ORDER BY s.total_%2$s DESC LIMIT %4$s"""
            .formatted(LETTERS, time, Sql.quote(found.get(0)[0]), MOST),
        row ->
            new Activity.Statement(
                String.valueOf(row.getString(1)),
                row.getLong(2),
                row.getDouble(3),
                row.getDouble(4),
                row.getLong(5)));
  }

  private static int minor(String version) {
    String[] parts = version.split("\\.", -1);
    return parts.length < 2 ? 0 : Integer.parseInt(parts[1]);
  }
}
