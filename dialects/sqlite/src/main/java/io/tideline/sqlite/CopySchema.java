package io.tideline.sqlite;

import java.sql.SQLException;
import java.util.List;

/**
 * The schema of a compact copy. It is copied and compared as SQLite keeps it, byte by byte: a text
 * that is not UTF-8 would not survive a Java string.
 *
 * @see <a href="https://sqlite.org/schematab.html">The schema table</a>
 */
final class CopySchema {
  private static final String OURS =
      "(substr(name, 1, length(?1)) = ?1 AND instr(sql, ?2) > 0 AND type IN ('trigger', 'table'))";

  private static final String TRIGGERS_AS_THEY_ARE =
      """
      INSERT INTO main.sqlite_schema (type, name, tbl_name, rootpage, sql)
      SELECT type, name, tbl_name, rootpage, sql FROM live.sqlite_schema
      WHERE type = 'trigger' AND NOT %s ORDER BY rowid"""
          .formatted(OURS);

  /** VACUUM leaves the sequence out that no table needs, and names the indexes without a text. */
  private static final String OBJECTS =
      """
      SELECT type, name, tbl_name, CAST(sql AS BLOB) FROM %s.sqlite_schema
      WHERE sql IS NOT NULL AND name <> 'sqlite_sequence' AND NOT %s""";

  private static final String LIVE = OBJECTS.formatted("live", OURS);
  private static final String HERE = OBJECTS.formatted("main", OURS);
  private static final String DIFFERENT =
      "SELECT name FROM (SELECT * FROM (%1$s EXCEPT %2$s) UNION ALL SELECT * FROM (%2$s EXCEPT %1$s)) LIMIT 1"
          .formatted(LIVE, HERE);

  private final Session session;

  CopySchema(Session session) {
    this.session = session;
  }

  /** The version of the live schema. */
  String liveVersion() throws SQLException {
    return session.strings("PRAGMA live.schema_version").get(0)[0];
  }

  /** How many triggers and tables the live schema has that are a compaction's. */
  long oursInLive() throws SQLException {
    String count = "SELECT count(*) FROM live.sqlite_schema WHERE " + OURS;
    return Long.parseLong(ours(count).get(0)[0]);
  }

  /** What the two schemas do not have in common, one name of it; empty if nothing. */
  String different() throws SQLException {
    List<String[]> different = ours(DIFFERENT);
    return different.isEmpty() ? "" : different.get(0)[0];
  }

  private List<String[]> ours(String sql) throws SQLException {
    return session.strings(sql, ChangeCapture.PREFIX, ChangeCapture.MARK);
  }

  /** Takes every trigger out of the copy, so that none fires while it follows. */
  void removeTriggers() throws SQLException {
    change("DELETE FROM main.sqlite_schema WHERE type = 'trigger'");
  }

  /** Gives the copy the live triggers, but for a compaction's, in their order. */
  void takeTriggersOver() throws SQLException {
    change(TRIGGERS_AS_THEY_ARE, ChangeCapture.PREFIX, ChangeCapture.MARK);
  }

  /** RESET makes SQLite read the schema again, and refuse one that it does not understand. */
  private void change(String sql, String... parameters) throws SQLException {
    session.execute("PRAGMA writable_schema=ON");
    Sql statement = session.sql().add(sql);
    statement.values().addAll(List.of(parameters));
    session.update(statement);
    session.execute("PRAGMA writable_schema=RESET");
    session.execute("SELECT count(*) FROM main.sqlite_schema");
  }
}
