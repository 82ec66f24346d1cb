package io.tideline.store.migrate;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Whether the tables are those of the old layout, and nothing hangs on them that would be lost. */
final class OldLayout {
  private static final Set<String> TRACES =
      Set.of("id", "context_type", "namespace", "data", "metadata", "created_at", "updated_at");

  private static final Set<String> MAPPINGS = Set.of("trace_id", "session_uid", "created_at");

  /** Nobody's numbers are so high by themselves. */
  private static final long MOST = 1L << 62;

  private static final String RESERVED =
      """
      SELECT name FROM sqlite_schema WHERE lower(name) LIKE 'tideline\\_trace%' ESCAPE '\\'
        OR lower(name) IN ('tideline_session_traces', 'session_traces', 'traces_before',
          'trace_sessions_before')""";

  private OldLayout() {}

  /** Whether there is something to migrate. */
  static boolean isThere(Sql sql) throws SQLException {
    return columns(sql, "traces").containsAll(TRACES)
        && columns(sql, "trace_sessions").containsAll(Set.of("trace_id", "session_uid"))
        && isTable(sql, "traces")
        && isTable(sql, "trace_sessions");
  }

  static boolean isNew(Sql sql) throws SQLException {
    return columns(sql, "traces").contains("seq")
        && columns(sql, "session_traces").containsAll(Set.of("session_uid", "created_at", "seq"));
  }

  /** Columns that came after the switch, which the old tables have no place for. */
  static List<String> newColumns(Sql sql) throws SQLException {
    List<String> found = new ArrayList<>();
    Set<String> more = columns(sql, "traces");
    more.removeAll(TRACES);
    more.remove("seq");
    for (String each : more) {
      found.add("the column " + each + " of traces came after the switch. Save it and drop it");
    }
    more = columns(sql, "session_traces");
    more.removeAll(Set.of("session_uid", "created_at", "seq"));
    for (String each : more) {
      found.add(
          "the column " + each + " of session_traces came after the switch. Save it and drop it");
    }
    return found;
  }

  /** Whether part of what {@link #isThere} asks for has a column for the time of the trace. */
  static boolean mappingsHaveTime(Sql sql, String mappings) throws SQLException {
    return columns(sql, mappings).contains("created_at");
  }

  /** Everything that keeps it from beginning, but for rows. */
  static List<String> obstacles(Sql sql) throws SQLException {
    List<String> found = new ArrayList<>();
    for (String name : sql.query(RESERVED, row -> row.getString(1))) {
      found.add("the name " + name + " is taken. Rename what has it");
    }
    Set<String> more = columns(sql, "traces");
    more.removeAll(TRACES);
    if (!more.isEmpty()) {
      found.add(
          "traces has columns that the new layout has not: " + more + ". Move them elsewhere");
    }
    more = columns(sql, "trace_sessions");
    more.removeAll(MAPPINGS);
    if (!more.isEmpty()) {
      found.add(
          "trace_sessions has columns that the new layout has not: "
              + more
              + ". Move them elsewhere");
    }
    keys(sql, found);
    answers(sql, found);
    hangers(sql, List.of("traces", "trace_sessions"), found);
    if (found.isEmpty()) {
      if (sql.number("SELECT coalesce(max(rowid), 0) FROM traces") >= MOST) {
        found.add("the numbers of traces (rowid) leave no room for more. Copy the table once");
      }
    }
    return found;
  }

  /** What would make the same rows answer differently, or never be compared in time. */
  private static void answers(Sql sql, List<String> found) throws SQLException {
    for (String table : List.of("traces", "trace_sessions")) {
      if (sql.number(
              "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ? AND sql LIKE"
                  + " '%collate%'",
              table)
          > 0) {
        found.add(
            table + " has a column with a COLLATE, which the new layout has not. Copy it without");
      }
      for (String column :
          sql.query(
              """
              SELECT name FROM pragma_table_info(?)
              WHERE name IN ('id', 'trace_id', 'session_uid')
                AND NOT (upper(type) LIKE '%CHAR%' OR upper(type) LIKE '%CLOB%'
                  OR upper(type) LIKE '%TEXT%')""",
              row -> row.getString(1), table)) {
        found.add(
            "the column "
                + column
                + " of "
                + table
                + " is not declared as text. Copy the table into one where it is");
      }
    }
  }

  private static void keys(Sql sql, List<String> found) throws SQLException {
    key(sql, "traces", List.of("id"), found);
    key(sql, "trace_sessions", List.of("trace_id", "session_uid"), found);
    if (!hasNumbers(sql, "traces")) {
      found.add(
          "traces is WITHOUT ROWID, and so has no order of storing. Copy it into one that has");
    }
  }

  /** Whether its rows have a rowid. */
  static boolean hasNumbers(Sql sql, String table) throws SQLException {
    return sql.number("SELECT count(*) FROM pragma_table_list WHERE name = ? AND NOT wr", table)
        == 1;
  }

  /** The key is as expected, compared byte by byte, and nothing else is unique. */
  private static void key(Sql sql, String table, List<String> columns, List<String> found)
      throws SQLException {
    List<String> unique =
        sql.query(
            "SELECT name FROM pragma_index_list(?) WHERE \"unique\" AND origin <> 'pk'",
            row -> row.getString(1),
            table);
    if (!unique.isEmpty()) {
      found.add(
          table + " has unique indexes that the new layout has not: " + unique + ". Drop them");
    }
    List<String> key =
        sql.query(
            """
            SELECT x.name FROM pragma_index_list(?) AS i, pragma_index_xinfo(i.name) AS x
            WHERE i.origin = 'pk' AND x.key AND x.coll = 'BINARY' ORDER BY x.seqno""",
            row -> row.getString(1).toLowerCase(Locale.ROOT),
            table);
    if (!key.equals(columns)) {
      found.add(
          "the primary key of "
              + table
              + " is not "
              + columns
              + ", compared byte by byte. Copy it into a table that has that key");
    }
  }

  /** Triggers, views and keys of others, which would follow the old tables or be lost. */
  static void hangers(Sql sql, List<String> tables, List<String> found) throws SQLException {
    Pattern names =
        Pattern.compile("\\b(" + String.join("|", tables) + ")\\b", Pattern.CASE_INSENSITIVE);
    record Named(String type, String name, String text) {}
    List<Named> others =
        sql.query(
            """
            SELECT type, name, coalesce(sql, '') FROM sqlite_schema
            WHERE type IN ('view', 'trigger') AND name NOT LIKE 'tideline\\_trace\\_%' ESCAPE '\\'
              AND NOT (type = 'view' AND name = 'trace_sessions')""",
            row -> new Named(row.getString(1), row.getString(2), row.getString(3)));
    for (Named each : others) {
      if (names.matcher(each.text()).find()) {
        found.add(
            "the "
                + each.type()
                + " "
                + each.name()
                + " names these tables. Drop it, and make it again afterwards");
      }
    }
    for (String table : tables) {
      for (String other :
          sql.query(
              """
              SELECT DISTINCT t.name FROM pragma_table_list AS t,
                pragma_foreign_key_list(t.name) AS k
              WHERE t.schema = 'main' AND t.type = 'table' AND lower(k."table") = ?
                AND lower(t.name) NOT IN ('trace_sessions', 'session_traces',
                  'trace_sessions_before', 'tideline_session_traces')""",
              row -> row.getString(1),
              table)) {
        found.add("a foreign key of " + other + " refers to " + table + ". Drop that key first");
      }
    }
    for (String table : List.of("traces", "trace_sessions")) {
      for (String target :
          sql.query(
              "SELECT DISTINCT \"table\" FROM pragma_foreign_key_list(?) WHERE NOT (?1 ="
                  + " 'trace_sessions' AND lower(\"table\") = 'traces')",
              row -> row.getString(1),
              table)) {
        found.add(
            "a foreign key of "
                + table
                + " refers to "
                + target
                + ", which would be lost. Copy the table without it");
      }
    }
  }

  private static boolean isTable(Sql sql, String table) throws SQLException {
    return sql.number("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?", table)
        == 1;
  }

  private static Set<String> columns(Sql sql, String table) throws SQLException {
    // With the generated ones, which table_info leaves out.
    return new TreeSet<>(
        sql.query("SELECT name FROM pragma_table_xinfo(?)", row -> row.getString(1), table));
  }
}
