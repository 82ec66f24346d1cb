package io.tideline.sqlite;

import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What VACUUM makes answer wrongly: it may give other rowids to the rows of a table without an
 * INTEGER PRIMARY KEY, and a full-text table that keeps rowids of such a one finds other rows by
 * them.
 *
 * @see <a href="https://sqlite.org/lang_vacuum.html">VACUUM</a>
 * @see <a href="https://sqlite.org/fts5.html#external_content_tables">external content</a>
 */
final class Renumbered {
  private static final String VIRTUAL =
      """
      SELECT name, sql FROM main.sqlite_schema
      WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%content%' ORDER BY name""";
  private static final String TABLES =
      """
      SELECT name, wr FROM pragma_table_list
      WHERE schema = 'main' AND type = 'table' AND lower(substr(name, 1, 7)) <> 'sqlite_'""";

  /** Every table. */
  private final Set<String> tables = new HashSet<>();

  /** Those whose rows may get another rowid. */
  private final Set<String> unstable = new HashSet<>();

  private Renumbered(Session session) throws SQLException {
    for (String[] row : session.strings(TABLES)) {
      tables.add(Names.fold(row[0]));
      if (row[1].equals("0")) {
        unstable.add(Names.fold(row[0]));
      }
    }
    session.strings(IndexReader.ROWIDS).forEach(row -> unstable.remove(Names.fold(row[0])));
  }

  /** What a person must know; empty if nothing. */
  static String warning(Session session) {
    try {
      List<String[]> virtual = session.strings(VIRTUAL);
      if (virtual.isEmpty()) {
        return "";
      }
      Renumbered renumbered = new Renumbered(session);
      return told(virtual.stream().filter(v -> renumbered.misled(v[1])).map(v -> v[0]).toList());
    } catch (SQLException e) {
      throw Failures.reading("Cannot read the tables of " + session.file().path(), e);
    }
  }

  private static String told(List<String> names) {
    return names.isEmpty()
        ? ""
        : "it may give rows other rowids, and then "
            + String.join(", ", names)
            + " finds the wrong ones: make it anew (INSERT INTO "
            + Sql.quote(names.get(0))
            + "("
            + Sql.quote(names.get(0))
            + ") VALUES ('rebuild')), which needs its content in a table";
  }

  /** One that names no table, as {@code content=''} or a view, may keep rowids of any. */
  private boolean misled(String sql) {
    List<String> words = new SqlTokens(sql).words(Integer.MAX_VALUE);
    for (int i = 0; i + 2 < words.size(); i++) {
      if (words.get(i).equals("CONTENT") && words.get(i + 1).equals("=")) {
        String content = Names.fold(unquoted(words.get(i + 2)));
        return tables.contains(content) ? unstable.contains(content) : !unstable.isEmpty();
      }
    }
    return false;
  }

  /** A module takes its arguments in quotes of any kind. */
  private static String unquoted(String word) {
    char open = word.charAt(0);
    return open == '\''
        ? word.substring(1, word.length() - 1).replace("''", "'")
        : Names.unquoted(word);
  }
}
