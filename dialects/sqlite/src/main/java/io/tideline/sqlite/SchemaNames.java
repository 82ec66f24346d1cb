package io.tideline.sqlite;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads the names that plans may hold; anew only when the schema has changed. */
final class SchemaNames {
  private static final String OBJECTS = "SELECT type, name, tbl_name, sql FROM main.sqlite_schema";

  private final Session session;
  private String version = "";
  private PlanNames.Schema known = new PlanNames.Schema(List.of(), Set.of(), Map.of(), Map.of());

  SchemaNames(Session session) {
    this.session = session;
  }

  /**
   * The version that the schema has now. An EXPLAIN does not look whether it has changed, so a
   * query that does goes before.
   */
  String version() throws SQLException {
    session.execute("SELECT 1 FROM main.sqlite_schema LIMIT 1");
    return session.pragma("schema_version");
  }

  PlanNames.Schema read() throws SQLException {
    String now = version();
    if (!now.equals(version)) {
      known = of(session.strings(OBJECTS));
      version = now;
    }
    return known;
  }

  /** Of rows with type, name, table and SQL. */
  static PlanNames.Schema of(List<String[]> objects) {
    List<String> tables = new ArrayList<>(List.of("sqlite_schema", "sqlite_master"));
    Set<String> virtual = new HashSet<>();
    Map<String, String> views = new HashMap<>();
    Map<String, String> indexes = new HashMap<>();
    for (String[] each : objects) {
      String name = each[1];
      String sql = String.valueOf(each[3]);
      switch (each[0]) {
        case "view" -> views.put(name.toLowerCase(Locale.ROOT), sql);
        case "index" -> indexes.put(name, each[2]);
        case "table" -> {
          tables.add(name);
          if (sql.toUpperCase(Locale.ROOT).startsWith("CREATE VIRTUAL")) {
            virtual.add(name.toLowerCase(Locale.ROOT));
          }
        }
        default -> {}
      }
    }
    return new PlanNames.Schema(tables, virtual, views, indexes);
  }
}
