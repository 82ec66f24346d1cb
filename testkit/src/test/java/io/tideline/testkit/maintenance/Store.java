package io.tideline.testkit.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.testkit.SqliteTestDatabase;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A SQLite database with a table of every kind, of which half was deleted. */
final class Store {
  static final List<String> TABLES =
      List.of("ids", "texts", "pairs", "counted", "folded", "exact", "derived", "notes");

  private static final String ROWS =
      "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) ";

  private Store() {}

  /** Makes it. */
  static SqliteTestDatabase make(Path folder, String name) {
    SqliteTestDatabase database = SqliteTestDatabase.create(folder, name);
    database.execute(
        "PRAGMA user_version = 7",
        "PRAGMA application_id = 4711",
        "CREATE TABLE ids (id INTEGER PRIMARY KEY, v, big BLOB)",
        "CREATE TABLE texts (k TEXT PRIMARY KEY, v REAL, \"odd \"\" name\" TEXT)",
        "CREATE TABLE pairs (a INT, b TEXT, v, PRIMARY KEY (b, a)) WITHOUT ROWID",
        "CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT, v TEXT)",
        "CREATE TABLE folded (k TEXT PRIMARY KEY COLLATE NOCASE, v)",
        "CREATE TABLE exact (id INTEGER PRIMARY KEY, v TEXT NOT NULL) STRICT",
        "CREATE TABLE derived (id INTEGER PRIMARY KEY, v INT, twice INT AS (v * 2) STORED,"
            + " thrice INT AS (v * 3))",
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, what TEXT)",
        "CREATE INDEX of_expression ON ids (abs(id))",
        "CREATE INDEX of_some ON texts (v) WHERE v > 10",
        "CREATE VIEW shown AS SELECT k, v FROM texts",
        "CREATE TRIGGER shown_insert INSTEAD OF INSERT ON shown"
            + " BEGIN INSERT INTO texts (k, v) VALUES (new.k, new.v); END",
        "CREATE TRIGGER noted AFTER DELETE ON ids"
            + " BEGIN INSERT INTO notes (what) VALUES ('deleted ' || old.id); END",
        ROWS.formatted(2000) + "INSERT INTO ids SELECT i, i, randomblob(1500) FROM n",
        ROWS.formatted(500) + "INSERT INTO texts SELECT 'k' || i, i / 3.0, hex(i) FROM n",
        ROWS.formatted(500) + "INSERT INTO pairs SELECT i % 7, 'b' || i, i FROM n",
        ROWS.formatted(500) + "INSERT INTO counted (v) SELECT 'v' || i FROM n",
        ROWS.formatted(500) + "INSERT INTO folded SELECT 'Key' || i, i FROM n",
        ROWS.formatted(500) + "INSERT INTO exact SELECT i, 'e' || i FROM n",
        ROWS.formatted(500) + "INSERT INTO derived (id, v) SELECT i, i FROM n",
        "DELETE FROM ids WHERE id > 1000",
        "DELETE FROM counted WHERE id > 400",
        "ANALYZE");
    return database;
  }

  /** Every row of every table as exact text, without generated columns. */
  static Map<String, List<String>> dump(SqliteTestDatabase database) {
    Map<String, List<String>> rows = new LinkedHashMap<>();
    TABLES.forEach(table -> rows.put(table, database.dump(table)));
    rows.put("sqlite_sequence", database.query("SELECT name || seq FROM sqlite_sequence"));
    return rows;
  }

  /** What must be as it was whatever is given back. */
  static List<String> schema(SqliteTestDatabase database) {
    List<String> schema =
        database.query("SELECT name || ': ' || coalesce(sql, '') FROM sqlite_schema ORDER BY name");
    for (String pragma :
        List.of("user_version", "application_id", "page_size", "encoding", "journal_mode")) {
      schema.add(pragma + " " + database.query("PRAGMA " + pragma));
    }
    return schema;
  }

  /** Nothing is broken, and nothing of ours is left. */
  static void isWhole(SqliteTestDatabase database) {
    assertThat(database.query("PRAGMA integrity_check")).containsExactly("ok");
    assertThat(database.query("SELECT name FROM sqlite_schema WHERE name LIKE 'tideline%'"))
        .isEmpty();
    assertThat(database.file().resolveSibling(database.file().getFileName() + ".tideline-copy"))
        .doesNotExist();
  }
}
