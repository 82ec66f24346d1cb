package io.tideline.sqlite;

import static io.tideline.sqlite.OpeningTest.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Column;
import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Index;
import io.tideline.catalogue.Key;
import io.tideline.catalogue.Obstacle;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.Trigger;
import io.tideline.error.ErrorCode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CatalogueTest {
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

  @ParameterizedTest
  @CsvSource({
    "INTEGER, INT64",
    "BIGINT, INT64",
    "FLOATING POINT, INT64",
    "VARCHAR(20), TEXT",
    "clob, TEXT",
    "'', ANY",
    "BLOB, BLOB",
    "DOUBLE, FLOAT64",
    "FLOAT, FLOAT64",
    "DATETIME, ANY",
    "BOOLEAN, ANY",
    "'DECIMAL(10,2)', ANY",
    "ANY, ANY"
  })
  void declaredTypesFollowTheRulesOfAffinity(String declared, String family) {
    sandbox.with("CREATE TABLE t(a " + declared + ")");
    Column column = sandbox.table("t").columns().get(0);
    assertThat(column.type().family()).hasToString(family);
    assertThat(column.declaredType()).isEqualTo(declared);
  }

  @Test
  void strictTypesMeanWhatTheySay() {
    sandbox.with("CREATE TABLE t(a INT, b INTEGER, c REAL, d TEXT, e BLOB, f ANY) STRICT");
    assertThat(sandbox.table("t").columns())
        .extracting(column -> column.type().family().name())
        .containsExactly("INT64", "INT64", "FLOAT64", "TEXT", "BLOB", "ANY");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id INTEGER PRIMARY KEY, a | PRIMARY | id",
        "id integer primary key autoincrement | PRIMARY | id",
        "id INTEGER, a, PRIMARY KEY(id DESC) | PRIMARY | id",
        "id INTEGER PRIMARY KEY DESC, a | ROWID | rowid",
        "id INT PRIMARY KEY, a | ROWID | rowid",
        "id TEXT PRIMARY KEY, a | ROWID | rowid",
        "a, b | ROWID | rowid",
        "RowId TEXT, b | ROWID | _rowid_",
        "rowid, _ROWID_ | ROWID | oid",
        "rowid INTEGER PRIMARY KEY, b | PRIMARY | rowid",
      })
  void keyIsTheRowidByItsVisibleName(String columns, String kind, String name) {
    sandbox.with("CREATE TABLE t(" + columns + ")");
    Key key = sandbox.table("t").key().orElseThrow();
    assertThat(key.kind()).hasToString(kind);
    assertThat(key.columns()).containsExactly(name);
  }

  @Test
  void tableWithoutRowidHasItsPrimaryKeyInKeyOrder() {
    sandbox.with("CREATE TABLE t(a, b TEXT, c, PRIMARY KEY(c, b)) WITHOUT ROWID");
    Table table = sandbox.table("t");
    assertThat(table.key()).contains(new Key(List.of("c", "b"), Key.Kind.PRIMARY));
    assertThat(table.columns()).extracting(Column::nullable).containsExactly(true, false, false);
  }

  @Test
  void hiddenRowidLeavesAKeyThatIsNeverNull() {
    sandbox.with(
        "CREATE TABLE u(rowid, _rowid_, oid, k TEXT NOT NULL UNIQUE)",
        "CREATE TABLE p(rowid, _rowid_, oid, k TEXT NOT NULL, PRIMARY KEY(k))",
        "CREATE TABLE n(rowid, _rowid_, oid, k TEXT PRIMARY KEY)");
    assertThat(sandbox.table("u").key()).contains(new Key(List.of("k"), Key.Kind.UNIQUE));
    assertThat(sandbox.table("p").key()).contains(new Key(List.of("k"), Key.Kind.PRIMARY));
    assertThat(sandbox.table("n").key()).isEmpty();
    assertThat(sandbox.table("n").obstacles())
        .extracting(Obstacle::what)
        .containsExactly(
            "nothing names its rows: its columns hide the rowid and no key is free of NULL");
  }

  @Test
  void viewsVirtualAndShadowTablesAreInTheWay() {
    sandbox.with(
        "CREATE TABLE t(a)",
        "CREATE VIEW v AS SELECT a FROM t",
        "CREATE VIEW broken AS SELECT * FROM missing",
        "CREATE VIRTUAL TABLE f USING fts5(body)");
    assertThat(sandbox.table("v").obstacles().get(0).what()).isEqualTo("it is a view");
    assertThat(sandbox.table("broken").obstacles().get(0).what()).isEqualTo("it is a view");
    assertThat(sandbox.table("f").obstacles().get(0).what()).isEqualTo("it is a virtual table");
    assertThat(sandbox.table("f_data").obstacles().get(0).what())
        .isEqualTo("it is a shadow table of a virtual table");
    assertThat(sandbox.table("t").obstacles()).isEmpty();
  }

  @Test
  void internalTablesAreLeftOut() {
    sandbox.with(
        "CREATE TABLE t(a INTEGER PRIMARY KEY AUTOINCREMENT, b)",
        "CREATE INDEX i ON t(b)",
        "INSERT INTO t(b) VALUES (1), (2), (3)",
        "ANALYZE");
    Catalogue catalogue = sandbox.database().catalogue();
    assertThat(catalogue.tables()).extracting(t -> t.name().name()).containsExactly("t");
    assertThat(catalogue.tables().get(0).rowEstimate()).hasValue(3);
    assertThat(catalogue.version()).isEqualTo(sandbox.rows("PRAGMA schema_version").get(0));
  }

  @Test
  void generatedColumnsAndIndexesAreTold() {
    sandbox.with(
        "CREATE TABLE t(a, b AS (a + 1), c AS (a + 2) STORED, d UNIQUE)",
        "CREATE INDEX i ON t(a, d) WHERE a > 0",
        "CREATE INDEX e ON t(lower(a), d)");
    Table table = sandbox.table("t");
    assertThat(table.archivedColumns()).extracting(Column::name).containsExactly("a", "d");
    assertThat(table.indexes())
        .containsExactlyInAnyOrder(
            new Index("e", List.of("", "d"), false, false),
            new Index("i", List.of("a", "d"), false, true),
            new Index("sqlite_autoindex_t_1", List.of("d"), true, false));
  }

  @Test
  void thePrimaryKeysIndexIsTheFirst() {
    sandbox.with(
        "CREATE TABLE t(a TEXT UNIQUE, id TEXT PRIMARY KEY, b UNIQUE)", "CREATE INDEX i ON t(b)");

    assertThat(sandbox.table("t").indexes().get(0).columns()).containsExactly("id");
  }

  @Test
  void foreignKeysMeetWhateverTheirCase() {
    sandbox.with(
        "CREATE TABLE Parent(Id INTEGER PRIMARY KEY, x, y, UNIQUE(x, y))",
        "CREATE TABLE child(a REFERENCES PARENT, b, c,"
            + " FOREIGN KEY(c, b) REFERENCES parent(Y, X) ON DELETE CASCADE)");
    Table parent = sandbox.table("parent");
    Table child = sandbox.table("child");
    assertThat(parent.referrers()).isEqualTo(child.references());
    assertThat(child.references())
        .extracting(ForeignKey::columns, ForeignKey::toColumns, ForeignKey::onDelete)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple(List.of("a"), List.of("Id"), "NO ACTION"),
            org.assertj.core.groups.Tuple.tuple(List.of("c", "b"), List.of("y", "x"), "CASCADE"));
    assertThat(child.obstacles()).isEmpty();
    assertThat(child.references().get(0).display()).startsWith("child(");
  }

  @Test
  void brokenForeignKeysAreInTheWay() {
    sandbox.with(
        "CREATE TABLE p(id INTEGER PRIMARY KEY, x)",
        "CREATE TABLE a(r REFERENCES nowhere(id))",
        "CREATE TABLE b(r REFERENCES p(absent))",
        "CREATE TABLE c(r, s, FOREIGN KEY(r, s) REFERENCES p)",
        "CREATE TABLE d(r REFERENCES p(x))");
    assertThat(sandbox.table("a").obstacles().get(0).what())
        .isEqualTo("its foreign key refers to missing table nowhere");
    assertThat(sandbox.table("a").references().get(0).toColumns()).isEmpty();
    assertThat(sandbox.table("b").obstacles().get(0).what())
        .isEqualTo("its foreign key refers to missing columns of p");
    assertThat(sandbox.table("c").obstacles().get(0).what())
        .isEqualTo("its foreign key refers to missing columns of p");
    assertThat(sandbox.table("d").obstacles().get(0).what())
        .isEqualTo("its foreign key refers to columns of p that are not unique");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CREATE TRIGGER x DELETE ON t BEGIN SELECT 1; END | d",
        "CREATE TRIGGER x AFTER INSERT ON t BEGIN DELETE FROM t; END | i",
        "CREATE TRIGGER IF NOT EXISTS x BEFORE UPDATE OF a ON t BEGIN SELECT 1; END | u",
        "create /* delete */ trigger main.\"a \"\"delete\" /* insert */ after\tdelete ON t"
            + " BEGIN SELECT 1; END | d",
        "CREATE TRIGGER \"after\" AFTER DELETE ON t BEGIN SELECT 1; END | d",
        "CREATE TRIGGER \"before\" INSERT ON t BEGIN SELECT 1; END | i",
        "CREATE TRIGGER [insert delete] DELETE ON t BEGIN SELECT 1; END | d",
        "CREATE TRIGGER `instead` UPDATE ON t BEGIN SELECT 1; END | u",
      })
  void triggersAreReadByToken(String sql, String event) {
    sandbox.with("CREATE TABLE t(a)", sql);
    Trigger trigger = sandbox.table("t").triggers().get(0);
    assertThat(
            (trigger.onDelete() ? "d" : "")
                + (trigger.onInsert() ? "i" : "")
                + (trigger.onUpdate() ? "u" : ""))
        .isEqualTo(event);
  }

  @Test
  void fingerprintFollowsWhatDecidesAndNothingElse() {
    sandbox.with("CREATE TABLE t(a INTEGER PRIMARY KEY, b)", "CREATE TABLE other(x)");
    String first = sandbox.table("t").fingerprint();
    sandbox.with(
        "INSERT INTO t VALUES (1, 2)",
        "CREATE INDEX i ON t(b)",
        "ANALYZE",
        "CREATE TRIGGER o DELETE ON other BEGIN SELECT 1; END");
    assertThat(sandbox.table("t").fingerprint()).isEqualTo(first);
    for (String change :
        List.of(
            "CREATE UNIQUE INDEX u ON t(b)",
            "CREATE TRIGGER x DELETE ON t BEGIN SELECT 1; END",
            "CREATE TABLE child(r REFERENCES t ON DELETE CASCADE)",
            "ALTER TABLE t ADD COLUMN c")) {
      sandbox.with(change);
      String next = sandbox.table("t").fingerprint();
      assertThat(next).as(change).isNotEqualTo(first);
      first = next;
    }
  }

  @Test
  void namesAreFoundBySpellingCaseSchemaAndQuotes() {
    sandbox.with(
        "CREATE TABLE \"a b\"(x)",
        "CREATE TABLE \"main.t\"(x)",
        "CREATE TABLE T2(x)",
        "CREATE TABLE \"q\"\"t\"(x)");
    assertThat(sandbox.table("a b").name().name()).isEqualTo("a b");
    assertThat(sandbox.table("\"A B\"").name().name()).isEqualTo("a b");
    assertThat(sandbox.table("main.\"a b\"").name().name()).isEqualTo("a b");
    assertThat(sandbox.table("main.t").name().name()).isEqualTo("main.t");
    assertThat(sandbox.table("MAIN.t2").name().name()).isEqualTo("T2");
    assertThat(sandbox.table("\"q\"\"t\"").name().name()).isEqualTo("q\"t");
  }

  @Test
  void unknownNamesGetTheNearest() {
    sandbox.with("CREATE TABLE request_logs(requested_at, x)", "CREATE TABLE runs(x)");
    assertFails(() -> sandbox.table("request_log"), ErrorCode.TABLE_UNKNOWN)
        .hasMessage(
            "Cannot find the table request_log. Nothing was changed. Did you mean request_logs?");
    assertFails(() -> sandbox.table("zzz"), ErrorCode.TABLE_UNKNOWN)
        .hasMessageContaining("The tables are: request_logs, runs.");
    Table table = sandbox.table("request_logs");
    assertFails(
            () -> sandbox.database().resolveColumn(table, "requestd_at"), ErrorCode.COLUMN_UNKNOWN)
        .hasMessageContaining("Did you mean requested_at?");
    assertThat(sandbox.database().resolveColumn(table, "REQUESTED_AT")).isEqualTo("requested_at");
    assertThat(sandbox.database().resolveColumn(table, "ROWID")).isEqualTo("rowid");
  }
}
