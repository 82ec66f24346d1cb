package io.tideline.sqlite;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** The tables of a database, as far as a compact copy of it can be made beside live traffic. */
final class CompactedTables {
  private static final String TABLES =
      """
      SELECT name, type FROM pragma_table_list
      WHERE schema = 'main' AND type IN ('table', 'virtual')
        AND lower(substr(name, 1, 7)) <> 'sqlite_' AND name <> ?
      ORDER BY name""";
  private static final String COLUMNS =
      """
      SELECT name, pk, hidden, "notnull", upper(type)
      FROM pragma_table_xinfo(?, 'main') ORDER BY cid""";

  /** More names than this are no help. */
  private static final int NAMED = 5;

  private final Session session;

  CompactedTables(Session session) {
    this.session = session;
  }

  /** Why no compact copy can be made; empty if one can. */
  String refusal(FileState state) {
    if (!state.log()) {
      return "It needs a write-ahead log (PRAGMA journal_mode=WAL): without one, readers would wait"
          + " too.";
    }
    if (state.pages() < 3) {
      return "There is nothing to compact.";
    }
    try {
      return refusal();
    } catch (SQLException e) {
      throw Failures.reading("Cannot read the tables of " + session.file().path(), e);
    }
  }

  private String refusal() throws SQLException {
    List<String> virtual = new ArrayList<>();
    List<String> keyless = new ArrayList<>();
    for (String[] row : session.strings(TABLES, ChangeCapture.LOG)) {
      if (row[1].equals("virtual")) {
        virtual.add(row[0]);
      } else if (key(columns(row[0])).isEmpty()) {
        keyless.add(row[0]);
      }
    }
    if (!virtual.isEmpty()) {
      return "A virtual table's changes cannot be followed: " + named(virtual) + ".";
    }
    return keyless.isEmpty()
        ? ""
        : "Rows of a table without a primary key cannot be told apart, for VACUUM may give them"
            + " other rowids: "
            + named(keyless)
            + ".";
  }

  private static String named(List<String> names) {
    return names.stream().limit(NAMED).collect(Collectors.joining(", "))
        + (names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "");
  }

  /** The tables, numbered. */
  List<CompactedTable> read() throws SQLException {
    List<CompactedTable> tables = new ArrayList<>();
    for (String[] row : session.strings(TABLES, ChangeCapture.LOG)) {
      List<String[]> columns = columns(row[0]);
      tables.add(
          new CompactedTable(
              tables.size(),
              row[0],
              key(columns).stream().map(column -> column[0]).toList(),
              columns.stream().filter(c -> c[2].equals("0")).map(c -> c[0]).toList()));
    }
    return tables;
  }

  /**
   * A table with a row whose key holds NULL, which SQLite lets happen for reasons of history; empty
   * if there is none. NULL equals nothing, so that such a row could not be followed.
   *
   * @see <a href="https://sqlite.org/lang_createtable.html#primkeyconst">Primary keys</a>
   */
  String withoutName() throws SQLException {
    for (String[] row : session.strings(TABLES, ChangeCapture.LOG)) {
      for (String[] column : key(columns(row[0]))) {
        boolean maybe = column[3].equals("0") && !column[4].equals("INTEGER");
        String sql =
            "SELECT 1 FROM main."
                + Sql.quote(row[0])
                + " WHERE "
                + Sql.quote(column[0])
                + " IS NULL LIMIT 1";
        if (maybe && !session.strings(sql).isEmpty()) {
          return row[0];
        }
      }
    }
    return "";
  }

  private List<String[]> columns(String table) throws SQLException {
    return session.strings(COLUMNS, table);
  }

  private static List<String[]> key(List<String[]> columns) {
    return columns.stream()
        .filter(column -> !column[1].equals("0"))
        .sorted(Comparator.comparingInt(column -> Integer.parseInt(column[1])))
        .toList();
  }
}
