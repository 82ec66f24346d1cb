package io.tideline.sqlite;

import java.sql.SQLException;
import java.util.List;

/**
 * What VACUUM makes answer wrongly: it may give other rowids to the rows of a table without an
 * INTEGER PRIMARY KEY, and a full-text table that keeps rowids of another one finds other rows by
 * them.
 *
 * @see <a href="https://sqlite.org/lang_vacuum.html">VACUUM</a>
 * @see <a href="https://sqlite.org/fts5.html#external_content_tables">external content</a>
 */
final class Renumbered {
  private static final String VIRTUAL =
      """
      SELECT v.name FROM main.sqlite_schema AS v
      WHERE v.type = 'table' AND v.sql LIKE 'CREATE VIRTUAL TABLE%'
        AND replace(v.sql, ' ', '') LIKE '%content=%'
        AND EXISTS (SELECT 1 FROM pragma_table_list AS t
          WHERE t.schema = 'main' AND t.type = 'table' AND t.wr = 0
            AND lower(substr(t.name, 1, 7)) <> 'sqlite_'
            AND NOT EXISTS (SELECT 1 FROM pragma_table_xinfo(t.name, 'main') AS c
              WHERE c.pk = 1 AND upper(c.type) = 'INTEGER'))
      ORDER BY v.name""";

  private Renumbered() {}

  /** What a person must know; empty if nothing. */
  static String warning(Session session) {
    try {
      List<String> names = session.strings(VIRTUAL).stream().map(row -> row[0]).toList();
      return names.isEmpty()
          ? ""
          : "it may give rows other rowids, and then "
              + String.join(", ", names)
              + " finds the wrong ones: make it anew (INSERT INTO "
              + Sql.quote(names.get(0))
              + "("
              + Sql.quote(names.get(0))
              + ") VALUES ('rebuild')), which needs its content in a table";
    } catch (SQLException e) {
      throw Failures.reading("Cannot read the tables of " + session.file().path(), e);
    }
  }
}
