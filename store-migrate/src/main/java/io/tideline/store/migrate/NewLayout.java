package io.tideline.store.migrate;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tables that {@code TraceStore} makes, under other names until the switch. */
final class NewLayout {
  private static final Map<String, String> TRACES =
      Map.of(
          "id", "TEXT NOT NULL UNIQUE",
          "context_type", "TEXT NOT NULL",
          "namespace", "TEXT NOT NULL",
          "data", "TEXT NOT NULL",
          "metadata", "TEXT",
          "created_at", "REAL NOT NULL CHECK (created_at " + Fit.YEARS + ")",
          "updated_at", "REAL NOT NULL CHECK (updated_at " + Fit.YEARS + ")");

  private static final String MAPPINGS =
      """
      CREATE TABLE tideline_session_traces (
        session_uid TEXT NOT NULL,
        created_at REAL NOT NULL,
        seq INTEGER NOT NULL REFERENCES tideline_traces (seq) ON DELETE CASCADE,
        PRIMARY KEY (session_uid, created_at DESC, seq DESC)) WITHOUT ROWID""";

  private static final String LOG =
      "CREATE TABLE tideline_trace_migration_log (n INTEGER PRIMARY KEY, id)";

  private record Column(String name, @Nullable String otherwise) {
    String definition() {
      return name
          + " "
          + TRACES.get(name)
          + (otherwise == null ? "" : " DEFAULT (" + otherwise + ")");
    }
  }

  private NewLayout() {}

  static void create(Sql sql) throws SQLException {
    sql.update(traces(sql));
    sql.update(MAPPINGS);
    log(sql);
    index(sql, "session_traces_seq", "tideline_session_traces (seq)");
    index(sql, "traces_created", "tideline_traces (created_at)");
    index(sql, "traces_type", "tideline_traces (context_type, created_at)");
    index(sql, "traces_namespace", "tideline_traces (namespace, created_at)");
  }

  static void log(Sql sql) throws SQLException {
    sql.update(LOG);
  }

  /**
   * The columns in the order that they have, with their defaults, for old calls that go by either.
   * The number comes last.
   */
  private static String traces(Sql sql) throws SQLException {
    List<String> columns = new ArrayList<>();
    for (Column each :
        sql.query(
            "SELECT name, dflt_value FROM pragma_table_info('traces') ORDER BY cid",
            row -> new Column(row.getString(1), row.getString(2)))) {
      columns.add(each.definition());
    }
    columns.add("seq INTEGER PRIMARY KEY AUTOINCREMENT");
    return "CREATE TABLE tideline_traces (\n  " + String.join(",\n  ", columns) + ")";
  }

  /** Made on empty tables: it holds no lock for long. The old store may have an index so named. */
  private static void index(Sql sql, String name, String on) throws SQLException {
    String free = name;
    for (int n = 2;
        sql.number("SELECT count(*) FROM sqlite_schema WHERE lower(name) = ?", free) > 0;
        n++) {
      free = name + "_" + n;
    }
    sql.update("CREATE INDEX " + free + " ON " + on);
  }
}
