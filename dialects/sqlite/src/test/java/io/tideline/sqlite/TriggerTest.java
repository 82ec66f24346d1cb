package io.tideline.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.RefusedException;
import io.tideline.dialect.Removal;
import io.tideline.dialect.SurpriseException;
import io.tideline.dialect.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TriggerTest extends WritingCase {
  @ParameterizedTest
  @CsvSource({"ABORT", "FAIL", "ROLLBACK"})
  void raisingTriggerIsARefusal(String kind) {
    numbers(
        "CREATE TRIGGER x BEFORE DELETE ON t WHEN old.id = 5"
            + " BEGIN SELECT RAISE("
            + kind
            + ", 'not (this) one'); END");
    Table table = sandbox.table("t");
    try (Transaction transaction = begin(table)) {
      assertThatThrownBy(() -> transaction.removeRange(Sandbox.scan(table), DELETE, row -> true))
          .isInstanceOfSatisfying(RefusedException.class, e -> assertThat(e.passing()).isFalse())
          .hasMessage("not (this) one");
    }
    assertThat(ids()).hasSize(10);
    try (Transaction transaction = begin(table)) {
      assertThat(remove(transaction, table, 4)).isEqualTo(1);
      transaction.commit(false);
    }
    assertThat(ids()).hasSize(9);
  }

  @Test
  void ignoringTriggerIsASurprise() {
    numbers("CREATE TRIGGER x BEFORE DELETE ON t WHEN old.id = 5 BEGIN SELECT RAISE(IGNORE); END");
    Table table = sandbox.table("t");
    try (Transaction transaction = begin(table)) {
      assertThatThrownBy(() -> transaction.removeRange(Sandbox.scan(table), DELETE, row -> true))
          .isInstanceOf(SurpriseException.class)
          .hasMessage("table t: 1 rows were to be deleted, SQLite deleted 0");
    }
    try (Transaction transaction = begin(table)) {
      assertThatThrownBy(() -> remove(transaction, table, 5)).isInstanceOf(SurpriseException.class);
    }
    assertThat(ids()).hasSize(10);
  }

  @Test
  void rowsLostToTriggersAreCountedByTable() {
    numbers(
        "CREATE TABLE audit(x)",
        "CREATE TABLE child(x)",
        "INSERT INTO child SELECT id FROM t UNION ALL SELECT id FROM t",
        "CREATE TRIGGER x AFTER DELETE ON t BEGIN"
            + " INSERT INTO audit VALUES (old.id); DELETE FROM child WHERE x = old.id; END");
    Table table = sandbox.table("t");
    try (Transaction transaction = begin(table)) {
      assertThat(remove(transaction, table, 1, 2, 3)).isEqualTo(3);
      assertThat(transaction.rowsLost())
          .isEqualTo(Map.of(table.name(), 3L, new TableName("main", "child"), 6L));
      transaction.commit(false);
    }
    assertThat(sandbox.rows("SELECT count(*) FROM audit")).containsExactly("3");
  }

  @Test
  void rowsReplacedByTriggersAreCounted() {
    numbers(
        "CREATE TABLE last(k PRIMARY KEY, x)",
        "INSERT INTO last VALUES ('k', 0)",
        "CREATE TRIGGER x AFTER DELETE ON t BEGIN"
            + " INSERT OR REPLACE INTO last VALUES ('k', old.id); END");
    Table table = sandbox.table("t");
    try (Transaction transaction = begin(table)) {
      assertThat(remove(transaction, table, 1, 2)).isEqualTo(2);
      assertThat(transaction.rowsLost())
          .isEqualTo(Map.of(table.name(), 2L, new TableName("main", "last"), 2L));
    }
  }

  @Test
  void tablesWithoutRowidAreCounted() {
    numbers(
        "CREATE TABLE w(k PRIMARY KEY) WITHOUT ROWID",
        "CREATE TABLE log(k PRIMARY KEY) WITHOUT ROWID",
        "INSERT INTO w SELECT id FROM t",
        "CREATE TRIGGER x AFTER DELETE ON t BEGIN"
            + " DELETE FROM w WHERE k = old.id; INSERT INTO log VALUES (old.id); END");
    Table table = sandbox.table("t");
    try (Transaction transaction = begin(table)) {
      assertThat(remove(transaction, table, 1, 2)).isEqualTo(2);
      assertThat(transaction.rowsLost())
          .isEqualTo(Map.of(table.name(), 2L, new TableName("main", "w"), 2L));
    }
  }

  @Test
  void fullTextTriggersAreNoSurprise() {
    numbers(
        "CREATE VIRTUAL TABLE f USING fts5(v, content='t', content_rowid='id')",
        "INSERT INTO f(f) VALUES ('rebuild')",
        "CREATE TABLE child(x)",
        "INSERT INTO child SELECT id FROM t",
        "CREATE TRIGGER x AFTER DELETE ON t BEGIN"
            + " INSERT INTO f(f, rowid, v) VALUES ('delete', old.id, old.v);"
            + " DELETE FROM child WHERE x = old.id; END");
    Table table = sandbox.table("t");
    try (Transaction transaction = begin(table)) {
      assertThat(remove(transaction, table, 1, 2)).isEqualTo(2);
      assertThat(transaction.rowsLost())
          .isEqualTo(Map.of(table.name(), 2L, new TableName("main", "child"), 2L));
      transaction.commit(false);
    }
    assertThat(sandbox.rows("SELECT rowid FROM f('v3')")).containsExactly("3");
    assertThat(sandbox.rows("SELECT rowid FROM f('v1')")).isEmpty();
    sandbox.with("INSERT INTO f(f) VALUES ('integrity-check')");
  }

  @Test
  void wholeTableIsCountedUnderTheHook() {
    numbers("CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; END");
    Table table = sandbox.table("t");
    try (Transaction transaction = begin(table)) {
      assertThat(transaction.removeRange(Sandbox.scan(table), DELETE, row -> true)).isEqualTo(10);
      assertThat(transaction.rowsLost()).isEqualTo(Map.of(table.name(), 10L));
    }
  }

  @Test
  void whatCannotBeToldIsASurprise() {
    numbers(
        "CREATE TABLE staging(x)",
        "INSERT INTO staging SELECT id FROM t",
        "CREATE TRIGGER x AFTER DELETE ON t BEGIN DELETE FROM staging; END");
    Table table = sandbox.table("t");
    try (Transaction transaction = begin(table)) {
      remove(transaction, table, 1);
      assertThatThrownBy(transaction::rowsLost)
          .isInstanceOf(SurpriseException.class)
          .hasMessageContaining("changed 10 rows of tables that cannot be told");
    }
  }

  @Test
  void rowChangedByATriggerIsGivenAsItWasWhenItWent() {
    numbers(
        "CREATE TRIGGER x AFTER DELETE ON t BEGIN"
            + " UPDATE t SET v = 'changed' WHERE id = old.id + 1; END");
    Table table = sandbox.table("t");
    List<String> rows = new ArrayList<>();
    try (Transaction transaction = begin(table)) {
      transaction.removeKeys(
          table,
          Sandbox.keysOf(1, 2),
          List.of(),
          Sandbox.all(table),
          DELETE,
          row -> rows.add(row.display()));
    }
    assertThat(rows).containsExactly("1, v1", "2, changed");
  }

  @Test
  void reinsertedRowIsSeenByLookUp() {
    numbers("CREATE TRIGGER x AFTER DELETE ON t BEGIN INSERT INTO t VALUES (old.id, old.v); END");
    Table table = sandbox.table("t");
    try (Transaction transaction = begin(table)) {
      assertThat(remove(transaction, table, 1)).isEqualTo(1);
      List<String> found = new ArrayList<>();
      transaction.lookUp(table, Sandbox.keysOf(1, 77), List.of(), row -> found.add(row.display()));
      assertThat(found).containsExactly("1");
    }
  }

  @Test
  void movedRowsOfATableWithTriggersGoOneByOne() {
    numbers(
        "CREATE TABLE audit(x)",
        "CREATE TRIGGER x AFTER DELETE ON t BEGIN INSERT INTO audit VALUES (old.id);"
            + " UPDATE t SET v = 'changed' WHERE id = old.id + 1; END");
    Table table = sandbox.table("t");
    Removal move = new Removal.Move(ARCHIVE, Instant.parse("2026-05-02T00:00:00Z"));
    open();
    writer.alignArchiveTable(table, ARCHIVE);
    List<String> given = new ArrayList<>();
    try (Transaction transaction = begin(table)) {
      transaction.removeRange(
          Sandbox.scan(table, where("id < 4")), move, row -> given.add(row.display()));
      assertThat(transaction.rowsLost()).isEqualTo(Map.of(table.name(), 3L));
      transaction.commit(false);
    }
    assertThat(given).containsExactly("1, v1", "2, changed", "3, changed");
    assertThat(sandbox.rows("SELECT id || ', ' || v FROM t_archive")).isEqualTo(given);
    assertThat(sandbox.rows("SELECT count(*) FROM audit")).containsExactly("3");
  }
}
