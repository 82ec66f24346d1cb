package io.tideline.sqlite;

import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Temporary tables of one connection that hold values to be joined with. They are nobody's rows:
 * what is changed in them counts for nothing.
 */
final class TemporaryTables {
  /** Names that no user's expression means by chance. */
  static final String NUMBER = Sql.quote("tideline n");

  private static final List<Integer> ROWS_AT_ONCE = List.of(256, 16, 1);

  private final Session session;
  private final boolean reads;
  private final Map<List<String>, String> names = new HashMap<>();
  private long changes;

  /**
   * @param reads whether the connection forbids itself to write
   */
  TemporaryTables(Session session, boolean reads) {
    this.session = session;
    this.reads = reads;
  }

  /** What {@code total_changes} counts in temporary tables. */
  long changes() {
    return changes;
  }

  /** The quoted name of the column that holds value {@code i}. */
  static String column(int i) {
    return Sql.quote("tideline v" + i);
  }

  /**
   * Makes a table for numbered values, if it is not there.
   *
   * <p>It has no rowid, so that an expression of the user's which names {@code rowid} means that of
   * the table joined with.
   *
   * @param declarations type and collation of each column
   * @return its name in FROM, quoted
   */
  String make(List<String> declarations) throws SQLException {
    String known = names.get(declarations);
    String name = known == null ? Sql.quote("tideline values " + names.size()) : known;
    StringBuilder columns = new StringBuilder();
    StringBuilder indexed = new StringBuilder();
    for (int i = 0; i < declarations.size(); i++) {
      columns.append(", ").append(column(i)).append(' ').append(declarations.get(i));
      indexed.append(i == 0 ? "" : ", ").append(column(i));
    }
    change(
        "CREATE TABLE IF NOT EXISTS temp.%s (%s INTEGER PRIMARY KEY%s) WITHOUT ROWID"
            .formatted(name, NUMBER, columns));
    // Serves where the other table has no index: it is read once, and the values are looked up.
    change(
        "CREATE INDEX IF NOT EXISTS temp.%s ON %s (%s)"
            .formatted(name.replace("values", "index"), name, indexed));
    names.put(declarations, name);
    return "temp." + name;
  }

  /** Makes a table hold some of many values, numbered by their place, and nothing else. */
  void fill(String table, PackedRows values, int first, int count) throws SQLException {
    change("DELETE FROM " + table);
    int at = first;
    for (int rows : ROWS_AT_ONCE) {
      for (; first + count - at >= rows; at += rows) {
        insert(table, values, at, rows);
      }
    }
  }

  private void insert(String table, PackedRows values, int first, int count) throws SQLException {
    Row row = new Row(values.width());
    Sql sql = session.sql().add("INSERT INTO " + table + " VALUES ");
    for (int i = first; i < first + count; i++) {
      values.get(i, row);
      sql.add(i == first ? "(" : ", (").value(i);
      for (int j = 0; j < row.width(); j++) {
        sql.add(", ").value(row, j);
      }
      sql.add(")");
    }
    change(() -> session.update(sql));
  }

  private void change(String statement) throws SQLException {
    change(() -> session.execute(statement));
  }

  /** A change of temporary tables. */
  private interface Change {
    void make() throws SQLException;
  }

  private void change(Change change) throws SQLException {
    long before = session.db().total_changes();
    if (reads) {
      session.execute("PRAGMA query_only=OFF");
    }
    try {
      change.make();
    } finally {
      changes += session.db().total_changes() - before;
      if (reads) {
        session.execute("PRAGMA query_only=ON");
      }
    }
  }
}
