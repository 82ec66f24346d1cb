package io.tideline.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Column;
import io.tideline.catalogue.Index;
import io.tideline.catalogue.Key;
import io.tideline.catalogue.Obstacle;
import io.tideline.catalogue.Table;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Schemas that nobody would make, and somebody has. */
final class OddSchemaTest {
  private static final String SAME = "x".repeat(62);

  @TempDir Path folder;
  private Sandbox sandbox;

  @BeforeEach
  void make() {
    sandbox = new Sandbox(folder);
  }

  @AfterEach
  void close() {
    sandbox.close();
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select",
        "a.b",
        "main.t",
        "with \"quotes\"",
        "it's",
        "[brackets]",
        "%s %d %n",
        "\"; DROP TABLE other; --",
        "Ünïcödé 表 \uD83C\uDF0A",
        "new\nline",
        "?1 :name @x $y",
        "-- no comment",
        " ",
        "\\",
      })
  void namesAreOnlyNames(String name) {
    sandbox.with(
        "CREATE TABLE other(a)",
        "CREATE TABLE "
            + quoted(name)
            + "("
            + quoted(name)
            + " INTEGER PRIMARY KEY, b COLLATE NOCASE)",
        "CREATE TABLE child(" + quoted(name) + " REFERENCES " + quoted(name) + ")",
        "CREATE UNIQUE INDEX " + quoted(name + " index") + " ON " + quoted(name) + "(b)",
        "CREATE TRIGGER "
            + quoted(name + " t")
            + " DELETE ON "
            + quoted(name)
            + " BEGIN SELECT 1; END",
        "INSERT INTO " + quoted(name) + " VALUES (1, 'x'), (2, 'y')");
    Table table = sandbox.table(name);
    assertThat(table.name().name()).isEqualTo(name);
    assertThat(table.key()).contains(new Key(List.of(name), Key.Kind.PRIMARY));
    assertThat(table.obstacles()).isEmpty();
    assertThat(table.referrers()).hasSize(1);
    assertThat(table.indexes())
        .containsExactly(new Index(name + " index", List.of("b"), true, false));
    assertThat(table.triggers()).hasSize(1).allMatch(t -> t.onDelete() && !t.onInsert());
    assertThat(sandbox.keys(table)).containsExactly("1", "2");
    assertThat(sandbox.table("other").obstacles()).isEmpty();
  }

  @Test
  void longNamesAreToldApart() {
    sandbox.with(
        "CREATE TABLE " + SAME + "1(id INTEGER PRIMARY KEY)",
        "CREATE TABLE " + SAME + "2(id TEXT PRIMARY KEY)");
    assertThat(sandbox.table(SAME + "1").key().orElseThrow().kind()).isEqualTo(Key.Kind.PRIMARY);
    assertThat(sandbox.table(SAME + "2").key().orElseThrow().kind()).isEqualTo(Key.Kind.ROWID);
  }

  @Test
  void uniqueIndexesThatLeaveRowsOutAreNoKeys() {
    String hidden = "(rowid, _rowid_, oid, k TEXT NOT NULL COLLATE NOCASE, v NOT NULL)";
    sandbox.with(
        "CREATE TABLE partial" + hidden,
        "CREATE UNIQUE INDEX p ON partial(k) WHERE v > 0",
        "CREATE TABLE expression" + hidden,
        "CREATE UNIQUE INDEX e ON expression(lower(k))",
        "CREATE TABLE collated" + hidden,
        "CREATE UNIQUE INDEX c ON collated(k COLLATE BINARY)",
        "CREATE TABLE folded" + hidden,
        "CREATE UNIQUE INDEX f ON folded(k)",
        "CREATE TABLE plain" + hidden,
        "CREATE UNIQUE INDEX n ON plain(v COLLATE RTRIM)",
        "CREATE UNIQUE INDEX b ON plain(v, k COLLATE nocase)");
    for (String table : List.of("partial", "expression", "collated")) {
      assertThat(sandbox.table(table).key()).as(table).isEmpty();
    }
    assertThat(sandbox.table("collated").indexes())
        .containsExactly(new Index("c", List.of(""), true, false));
    assertThat(sandbox.table("folded").key()).contains(new Key(List.of("k"), Key.Kind.UNIQUE));
    assertThat(sandbox.table("plain").key()).contains(new Key(List.of("v", "k"), Key.Kind.UNIQUE));
  }

  @Test
  void keyOfAnotherCollationThanItsColumnIsNoKey() {
    sandbox.with(
        "CREATE TABLE same(k TEXT COLLATE NOCASE PRIMARY KEY, v) WITHOUT ROWID",
        "CREATE TABLE other(k TEXT COLLATE NOCASE, v, PRIMARY KEY(k COLLATE BINARY))"
            + " WITHOUT ROWID",
        "INSERT INTO other VALUES ('a', 1), ('A', 2)");
    assertThat(sandbox.table("same").obstacles()).isEmpty();
    assertThat(sandbox.table("other").key()).isEmpty();
    assertThat(sandbox.table("other").obstacles())
        .extracting(Obstacle::what)
        .containsExactly("its primary key compares by another collation than its columns");
  }

  @Test
  void collationsOfTheApplicationAreNeverTrusted() {
    sandbox.with(
        "CREATE TABLE t(k TEXT NOT NULL COLLATE NOCASE, rowid, _rowid_, oid)",
        "CREATE UNIQUE INDEX i ON t(k)",
        "PRAGMA writable_schema=ON",
        "UPDATE sqlite_schema SET sql = replace(sql, 'NOCASE', 'german') WHERE name = 't'");
    Table table = sandbox.table("t");
    assertThat(table.key()).isEmpty();
    assertThat(table.obstacles()).isNotEmpty();
  }

  @Test
  void textKeyWithNullsNamesNothingAlone() {
    sandbox.with(
        "CREATE TABLE t(id TEXT PRIMARY KEY, v)",
        "INSERT INTO t VALUES (NULL, 1), (NULL, 2), ('a', 3)");
    Table table = sandbox.table("t");
    assertThat(table.column("id").orElseThrow().nullable()).isTrue();
    assertThat(table.key()).contains(new Key(List.of("rowid"), Key.Kind.ROWID));
    assertThat(sandbox.keys(table)).containsExactly("1", "2", "3");
  }

  @Test
  void strictAndGeneratedColumnsAreTold() {
    sandbox.with(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT NOT NULL, b ANY,"
            + " g TEXT GENERATED ALWAYS AS (a || 'x') VIRTUAL,"
            + " s INTEGER AS (length(a)) STORED UNIQUE) STRICT");
    assertThat(sandbox.table("t").columns())
        .extracting(c -> c.name() + " " + c.origin() + " " + c.nullable())
        .containsExactly(
            "id STORED false",
            "a STORED false",
            "b STORED true",
            "g GENERATED true",
            "s GENERATED true");
    assertThat(sandbox.table("t").archivedColumns())
        .extracting(Column::name)
        .containsExactly("id", "a", "b");
  }

  @Test
  void virtualTablesOfMissingModulesStopNothing() {
    sandbox.with(
        "CREATE TABLE t(a)",
        "CREATE VIRTUAL TABLE words USING fts5(body)",
        "CREATE VIRTUAL TABLE space USING rtree(id, a, b)",
        "PRAGMA writable_schema=ON",
        "INSERT INTO sqlite_schema(type, name, tbl_name, rootpage, sql)"
            + " VALUES ('table', 'lost', 'lost', 0, 'CREATE VIRTUAL TABLE lost USING gone(a)')");
    Catalogue catalogue = sandbox.database().catalogue();
    assertThat(catalogue.tables())
        .filteredOn(t -> t.obstacles().isEmpty())
        .extracting(t -> t.name().name())
        .containsExactly("t");
    assertThat(sandbox.table("lost").obstacles())
        .extracting(Obstacle::what)
        .containsExactly("it is a virtual table");
    assertThat(sandbox.table("space_node").obstacles())
        .extracting(Obstacle::what)
        .containsExactly("it is a shadow table of a virtual table");
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-8, 512, NONE, DELETE",
    "UTF-16le, 512, FULL, WAL",
    "UTF-16be, 1024, INCREMENTAL, DELETE",
    "UTF-16le, 65536, INCREMENTAL, WAL",
    "UTF-16be, 65536, NONE, TRUNCATE",
    "UTF-8, 8192, FULL, PERSIST"
  })
  void everyEncodingAndPageSizeIsReadAlike(
      String encoding, int page, String vacuum, String journal) {
    sandbox.with(
        "PRAGMA encoding='" + encoding + "'",
        "PRAGMA page_size=" + page,
        "PRAGMA auto_vacuum=" + vacuum,
        "PRAGMA journal_mode=" + journal,
        "CREATE TABLE \"Größe 表\"(\"Schlüssel\" INTEGER PRIMARY KEY, b TEXT COLLATE NOCASE UNIQUE)",
        "CREATE TABLE child(x REFERENCES \"größe 表\"(B) ON DELETE CASCADE)",
        "INSERT INTO \"Größe 表\" VALUES (1, 'ä'), (2, 'ö')");
    assertThat(sandbox.table("child").obstacles()).isEmpty();
    Table table = sandbox.table("Größe 表");
    assertThat(table.referrers()).extracting(k -> k.toColumns().get(0)).containsExactly("b");
    assertThat(table.key().orElseThrow().columns()).containsExactly("Schlüssel");
    assertThat(sandbox.keys(table)).containsExactly("1", "2");
    assertThat(sandbox.rows("PRAGMA page_size")).containsExactly(String.valueOf(page));
    assertThat(sandbox.rows("PRAGMA encoding")).containsExactly(encoding);
  }
}
