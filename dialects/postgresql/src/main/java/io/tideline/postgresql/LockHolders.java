package io.tideline.postgresql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Who holds locks on tables, for messages: what was waited for in vain shall be named. */
final class LockHolders {
  private static final String HOLDERS =
      """
      SELECT DISTINCT a.pid, COALESCE(NULLIF(a.application_name, ''), a.backend_type, 'unnamed'),
        COALESCE(a.state, 'at work')
      FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
      WHERE l.granted AND l.pid <> pg_catalog.pg_backend_pid()
        AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d
                          WHERE d.datname = pg_catalog.current_database())
        AND l.relation IN (%s) ORDER BY 1 LIMIT 3""";

  private LockHolders() {}

  /**
   * Names three of them at most; empty if there is none any more, or it cannot be said.
   *
   * @param tables expressions of oids, or a query for them
   * @param failure gets what goes wrong here
   */
  static String of(Session session, String tables, SQLException failure) {
    List<String> holders = new ArrayList<>();
    try (Statement statement = session.statement();
        ResultSet row = statement.executeQuery(HOLDERS.formatted(tables))) {
      while (row.next()) {
        holders.add(
            "process " + row.getInt(1) + " (" + row.getString(2) + ", " + row.getString(3) + ")");
      }
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
    return String.join(", ", holders);
  }
}
