package io.tideline.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tideline.catalogue.ForeignKey;
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

final class ForeignKeyTest {
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

  private List<String> obstacles(String table) {
    return sandbox.table(table).obstacles().stream().map(Obstacle::what).toList();
  }

  @Test
  void severalOverTheSameTablesStayApart() {
    sandbox.with(
        "CREATE TABLE p(a, b, c, PRIMARY KEY(b, a), UNIQUE(c, a))",
        "CREATE TABLE child(x, y, z,"
            + " CONSTRAINT one FOREIGN KEY(x, y) REFERENCES p,"
            + " CONSTRAINT two FOREIGN KEY(y, x) REFERENCES p(a, c) ON DELETE SET NULL,"
            + " FOREIGN KEY(z, z) REFERENCES p(b, a) ON DELETE RESTRICT)");
    assertThat(sandbox.table("child").references())
        .extracting(
            ForeignKey::columns,
            ForeignKey::toColumns,
            ForeignKey::onDelete,
            ForeignKey::setColumns)
        .containsExactlyInAnyOrder(
            tuple(List.of("x", "y"), List.of("b", "a"), "NO ACTION", List.of()),
            tuple(List.of("y", "x"), List.of("a", "c"), "SET NULL", List.of("y", "x")),
            tuple(List.of("z", "z"), List.of("b", "a"), "RESTRICT", List.of()));
    assertThat(sandbox.table("child").references()).allMatch(ForeignKey::deferrable);
    assertThat(obstacles("child")).isEmpty();
    assertThat(obstacles("p")).isEmpty();
  }

  @Test
  void deferredOnesAreTold() {
    sandbox.with(
        "CREATE TABLE p(id INTEGER PRIMARY KEY)",
        "CREATE TABLE child(a REFERENCES p DEFERRABLE /* not */ INITIALLY\n deferred,"
            + " \"DEFERRABLE INITIALLY DEFERRED\" REFERENCES p(id),"
            + " b DEFAULT 'REFERENCES p DEFERRABLE INITIALLY DEFERRED' REFERENCES p NOT DEFERRABLE"
            + " INITIALLY DEFERRED, c REFERENCES p DEFERRABLE INITIALLY IMMEDIATE,"
            + " d, FOREIGN KEY(d) REFERENCES p MATCH FULL DEFERRABLE INITIALLY DEFERRED)",
        "ALTER TABLE child ADD COLUMN e REFERENCES p DEFERRABLE INITIALLY DEFERRED");
    assertThat(sandbox.table("child").references())
        .filteredOn(ForeignKey::initiallyDeferred)
        .extracting(key -> key.columns().get(0))
        .containsExactlyInAnyOrder("a", "d", "e");
    assertThat(sandbox.table("child").references())
        .hasSize(6)
        .allMatch(key -> key.enforced() && !key.validated() && !key.matchFull());
  }

  @Test
  void whatIsBrokenIsInTheWayOfBothTables() {
    sandbox.with(
        "CREATE TABLE p(id INTEGER PRIMARY KEY, x)",
        "CREATE TABLE q(id INTEGER PRIMARY KEY, x TEXT COLLATE NOCASE)",
        "CREATE UNIQUE INDEX by_bytes ON q(x COLLATE BINARY)",
        "CREATE VIEW v AS SELECT 1 AS id",
        "CREATE TABLE a(r REFERENCES nowhere(id))",
        "CREATE TABLE b(r REFERENCES p(absent))",
        "CREATE TABLE c(r REFERENCES q(x))",
        "CREATE TABLE d(r REFERENCES v(id))",
        "CREATE TABLE own(id INTEGER PRIMARY KEY, up REFERENCES own(missing))");
    assertThat(obstacles("a")).containsExactly("its foreign key refers to missing table nowhere");
    assertThat(obstacles("b")).containsExactly("its foreign key refers to missing columns of p");
    assertThat(obstacles("p"))
        .containsExactly(
            "SQLite refuses every DELETE from it: foreign key mismatch - \"b\" referencing \"p\"");
    assertThat(obstacles("c"))
        .containsExactly("its foreign key refers to columns of q that are not unique");
    assertThat(obstacles("q"))
        .containsExactly("a foreign key of c refers to columns that are not unique");
    assertThat(obstacles("d")).containsExactly("its foreign key refers to missing table v");
    assertThat(obstacles("own"))
        .containsExactly("its foreign key refers to missing columns of own");
    assertThat(sandbox.table("a").references()).allMatch(ForeignKey::broken);
    assertThat(sandbox.table("own").references()).allMatch(ForeignKey::selfReference);
  }

  @Test
  void whatSqliteCannotPrepareIsInTheWay() {
    sandbox.with(
        "CREATE TABLE t(a)",
        "CREATE TABLE f(a)",
        "CREATE TABLE up(id INTEGER PRIMARY KEY)",
        "CREATE TABLE down(r REFERENCES up ON DELETE CASCADE)",
        "CREATE TRIGGER x AFTER DELETE ON t BEGIN INSERT INTO log VALUES (old.a); END",
        "CREATE TRIGGER y AFTER DELETE ON f BEGIN SELECT notify(old.a); END",
        "CREATE TRIGGER z AFTER DELETE ON down BEGIN DELETE FROM lost; END");
    assertThat(obstacles("t"))
        .containsExactly("SQLite refuses every DELETE from it: no such table: main.log");
    assertThat(obstacles("f"))
        .containsExactly("SQLite refuses every DELETE from it: no such function: notify");
    assertThat(obstacles("up"))
        .containsExactly("SQLite refuses every DELETE from it: no such table: main.lost");
    assertThat(sandbox.table("up").obstacles().get(0).mend())
        .isEqualTo("Mend or drop the trigger, foreign key or index that asks for it.");
    sandbox.with("CREATE TABLE log(a)");
    assertThat(obstacles("t")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CREATE TABLE child(x REFERENCES t ON DELETE CASCADE)",
        "CREATE TABLE child(x REFERENCES t DEFERRABLE INITIALLY DEFERRED)",
        "CREATE TABLE child(x REFERENCES t(u) ON DELETE SET NULL)",
        "ALTER TABLE t ADD COLUMN n REFERENCES t",
        "ALTER TABLE t RENAME COLUMN v TO w",
        "ALTER TABLE t DROP COLUMN v",
        "ALTER TABLE t ADD COLUMN g AS (v + 1)",
        "CREATE UNIQUE INDEX i ON t(v COLLATE NOCASE)",
        "CREATE UNIQUE INDEX i ON t(v) WHERE v > 1",
        "CREATE UNIQUE INDEX i ON t(v + 1)",
        "CREATE TRIGGER x BEFORE DELETE ON t BEGIN SELECT 1; END",
      })
  void whatDecidesChangesTheFingerprint(String change) {
    sandbox.with("CREATE TABLE t(id INTEGER PRIMARY KEY, v, u UNIQUE)");
    Table before = sandbox.table("t");
    sandbox.with(change);
    assertThat(sandbox.table("t").fingerprint()).isNotEqualTo(before.fingerprint());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "(a INT, b TEXT) | (a INT, b TEXT) STRICT",
        "(a INT PRIMARY KEY, b) | (a INT PRIMARY KEY, b) WITHOUT ROWID",
        "(a INT, b TEXT) | (a INT, b TEXT COLLATE NOCASE)",
        "(a INT, b AS (a + 1)) | (a INT, b AS (a + 2))",
        "(a INT, b AS (a + 1) VIRTUAL) | (a INT, b AS (a + 1) STORED)",
        "(a INT REFERENCES t) | (a INT REFERENCES t DEFERRABLE INITIALLY DEFERRED)",
        "(a INT UNIQUE, b) | (a INT, b UNIQUE)",
      })
  void anotherDefinitionHasAnotherFingerprint(String one, String other) {
    sandbox.with("CREATE TABLE t" + one);
    String before = sandbox.table("t").fingerprint();
    sandbox.with("DROP TABLE t", "CREATE TABLE t" + other);
    assertThat(sandbox.table("t").fingerprint()).isNotEqualTo(before);
  }
}
