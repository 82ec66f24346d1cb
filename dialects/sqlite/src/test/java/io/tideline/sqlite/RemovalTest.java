package io.tideline.sqlite;

import static io.tideline.sqlite.OpeningTest.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Condition.IsTrue;
import io.tideline.dialect.Lease;
import io.tideline.dialect.RefusedException;
import io.tideline.dialect.Removal;
import io.tideline.dialect.SurpriseException;
import io.tideline.dialect.Transaction;
import io.tideline.dialect.Writer;
import io.tideline.error.ErrorCode;
import io.tideline.policy.Predicate;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RemovalTest {
  private static final Removal DELETE = new Removal.Delete();
  private static final TableName ARCHIVE = new TableName("main", "t_archive");

  @TempDir Path folder;
  private Sandbox sandbox;
  private Lease lease;
  private Writer writer;

  @BeforeEach
  void make() {
    sandbox = new Sandbox(folder);
  }

  @AfterEach
  void close() {
    if (writer != null) {
      writer.close();
      lease.close();
    }
    sandbox.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"DELETE", "WAL"})
  void removesWhatItLists(String journal) {
    numbers("PRAGMA journal_mode=" + journal);
    Table table = sandbox.table("t");
    List<String> listed = new ArrayList<>();
    try (Transaction transaction = begin(table)) {
      long removed =
          transaction.removeRange(
              Sandbox.scan(table, where("id % 2 = 0")), DELETE, row -> listed.add(row.display()));
      assertThat(removed).isEqualTo(5);
      assertThat(transaction.rowsLost()).isEqualTo(Map.of(table.name(), 5L));
      assertThat(sandbox.rows("SELECT count(*) FROM t")).containsExactly("10");
      transaction.checkConstraints();
      transaction.commit(false);
    }
    assertThat(listed).containsExactlyInAnyOrder("2, v2", "4, v4", "6, v6", "8, v8", "10, v10");
    assertThat(ids()).containsExactly("1", "3", "5", "7", "9");
  }

  @Test
  void closingWithoutCommitChangesNothing() {
    numbers();
    Table table = sandbox.table("t");
    try (Transaction transaction = begin(table)) {
      assertThat(transaction.removeRange(Sandbox.scan(table), DELETE, row -> true)).isEqualTo(10);
    }
    try (Transaction transaction = begin(table)) {
      assertThat(transaction.removeRange(Sandbox.scan(table), DELETE, row -> false)).isEqualTo(1);
    }
    assertThat(ids()).hasSize(10);
  }

  @Test
  void removesKeysThatMeetTheFilter() {
    sandbox.with(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, v)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 45000)"
            + " INSERT INTO t SELECT i, 'v' FROM n");
    Table table = sandbox.table("t");
    long[] ids = new long[40_000];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = i + 3;
    }
    try (Transaction transaction = begin(table)) {
      long[] seen = new long[1];
      long removed =
          transaction.removeKeys(
              table,
              Sandbox.keysOf(ids),
              List.of(new Condition.ValuesAtMost(10)),
              Sandbox.all(table),
              DELETE,
              row -> ++seen[0] > 0);
      assertThat(removed).isEqualTo(40_000).isEqualTo(seen[0]);
      assertThat(
              transaction.removeKeys(
                  table,
                  Sandbox.keysOf(1, 2, 99_999, 3),
                  List.of(where("id > 1")),
                  Sandbox.all(table),
                  DELETE,
                  row -> true))
          .isEqualTo(1);
      assertThat(transaction.rowsLost()).isEqualTo(Map.of(table.name(), 40_001L));
      transaction.commit(true);
    }
    assertThat(sandbox.rows("SELECT count(*), min(id) FROM t")).containsExactly("4999|1");
  }

  @Test
  void removesCompositeTextKeys() {
    sandbox.with(
        "CREATE TABLE t(a TEXT, b TEXT, v, PRIMARY KEY(a, b)) WITHOUT ROWID",
        "INSERT INTO t VALUES ('x', '1', 1), ('x', CAST(x'ff00' AS TEXT), 2), ('y', '', 3)");
    Table table = sandbox.table("t");
    PackedRows keys = new PackedRows(2);
    Row key = new Row(2);
    key.setText(0, new byte[] {'x'});
    key.setText(1, new byte[] {(byte) 0xFF, 0});
    keys.add(key, 0);
    key.setText(0, new byte[] {'y'});
    key.setText(1, new byte[0]);
    keys.add(key, 0);
    key.setText(1, new byte[] {'n'});
    keys.add(key, 0);
    try (Transaction transaction = begin(table)) {
      assertThat(
              transaction.removeKeys(
                  table, keys, List.of(), Sandbox.all(table), DELETE, row -> true))
          .isEqualTo(2);
      assertThat(transaction.rowsLost()).isEqualTo(Map.of(table.name(), 2L));
      transaction.commit(false);
    }
    assertThat(sandbox.rows("SELECT v FROM t")).containsExactly("1");
  }

  @Test
  void predicateOfChanceNeverDeletesWhatWasNotListed() {
    numbers(
        "WITH RECURSIVE n(i) AS (SELECT 11 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
            + " INSERT INTO t SELECT i, 'w' FROM n");
    Table table = sandbox.table("t");
    List<String> listed = new ArrayList<>();
    try (Transaction transaction = begin(table)) {
      transaction.removeKeys(
          table,
          Sandbox.keysOf(java.util.stream.LongStream.rangeClosed(1, 2000).toArray()),
          List.of(where("random() % 2 = 0")),
          Sandbox.items(List.of("id")),
          DELETE,
          row -> listed.add(row.display()));
      transaction.commit(false);
    }
    assertThat(listed).hasSizeBetween(800, 1200);
    assertThat(ids()).hasSize(2000 - listed.size()).doesNotContainAnyElementsOf(listed);
    try (Transaction transaction = begin(table)) {
      transaction.removeRange(
          Sandbox.scan(table, where("random() % 2 = 0")),
          DELETE,
          row -> listed.add(Long.toString(row.integer(0))));
      transaction.commit(false);
    }
    assertThat(listed).hasSizeGreaterThan(1200);
    assertThat(ids()).hasSize(2000 - listed.size()).doesNotContainAnyElementsOf(listed);
  }

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
  void foreignKeysRefuseAndCascadesSurprise() {
    sandbox.with(
        "CREATE TABLE t(id INTEGER PRIMARY KEY)",
        "INSERT INTO t VALUES (1), (2), (3), (4)",
        "CREATE TABLE c(r REFERENCES t)",
        "INSERT INTO c VALUES (1)",
        "CREATE TABLE d(r REFERENCES t DEFERRABLE INITIALLY DEFERRED)",
        "INSERT INTO d VALUES (2)",
        "CREATE TABLE e(r REFERENCES t ON DELETE CASCADE)",
        "INSERT INTO e VALUES (3)");
    Table table = sandbox.table("t");
    try (Transaction transaction = begin(table)) {
      assertThatThrownBy(() -> remove(transaction, table, 1))
          .isInstanceOf(RefusedException.class)
          .hasMessage("FOREIGN KEY constraint failed");
    }
    try (Transaction transaction = begin(table)) {
      assertThat(remove(transaction, table, 2)).isEqualTo(1);
      assertThatThrownBy(() -> transaction.commit(false))
          .isInstanceOf(RefusedException.class)
          .hasMessage("FOREIGN KEY constraint failed");
    }
    try (Transaction transaction = begin(table)) {
      assertThatThrownBy(() -> remove(transaction, table, 3))
          .isInstanceOf(SurpriseException.class)
          .hasMessageContaining("1 rows were to be changed, SQLite changed 2");
    }
    try (Transaction transaction = begin(table)) {
      assertThat(remove(transaction, table, 4)).isEqualTo(1);
      transaction.commit(false);
    }
    assertThat(ids()).containsExactly("1", "2", "3");
  }

  @Test
  void movedRowsAreCopiedAndDeletedTogether() {
    sandbox.with(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT, n NUMERIC, g AS (id + 1))",
        "INSERT INTO t(id, v, n) VALUES (1, CAST(x'ff' AS TEXT), 1.5), (2, '2', 'x'), (3, NULL, 3)");
    Table table = sandbox.table("t");
    Removal move = new Removal.Move(ARCHIVE, Instant.parse("2026-05-02T00:00:00Z"));
    open();
    assertThat(writer.alignArchiveTable(table, ARCHIVE))
        .containsExactly("Created the archive table t_archive.");
    assertThat(writer.alignArchiveTable(table, ARCHIVE)).isEmpty();
    try (Transaction transaction = begin(table)) {
      assertThat(
              transaction.removeRange(
                  Sandbox.scan(table, new Condition.ValuesAtMost(9)), move, row -> true))
          .isEqualTo(3);
      assertThat(transaction.rowsLost()).isEqualTo(Map.of(table.name(), 3L));
    }
    assertThat(ids()).hasSize(3);
    try (Transaction transaction = begin(table)) {
      assertThat(transaction.removeRange(Sandbox.scan(table, where("id < 3")), move, row -> true))
          .isEqualTo(2);
      assertThat(transaction.rowsLost()).isEqualTo(Map.of(table.name(), 2L));
      transaction.commit(true);
    }
    assertThat(sandbox.rows("SELECT id, typeof(v), hex(v), typeof(n), archived_at FROM t_archive"))
        .containsExactly(
            "1|text|FF|real|2026-05-02T00:00:00Z", "2|text|32|text|2026-05-02T00:00:00Z");
    assertThat(ids()).containsExactly("3");
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

  @Test
  void archiveTableWidensOrIsRefused() {
    sandbox.with(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT, w)",
        "CREATE TABLE narrow(id)",
        "CREATE TABLE unique_key(id UNIQUE)",
        "CREATE TABLE not_null(id, x NOT NULL)",
        "CREATE TABLE typed(id, v INTEGER)",
        "CREATE TABLE fired(id)",
        "CREATE TRIGGER f AFTER INSERT ON fired BEGIN SELECT 1; END",
        "CREATE VIEW seen AS SELECT id FROM t",
        "CREATE TABLE own(archived_at)");
    Table table = sandbox.table("t");
    open();
    assertThat(writer.alignArchiveTable(table, new TableName("main", "NARROW")))
        .containsExactly(
            "Added the column v to the archive table NARROW.",
            "Added the column w to the archive table NARROW.",
            "Added the column archived_at to the archive table NARROW.");
    assertThat(sandbox.rows("SELECT name, type FROM pragma_table_info('narrow')"))
        .containsExactly("id|", "v|", "w|", "archived_at|TEXT");
    for (String[] unsuitable :
        new String[][] {
          {"unique_key", "it has a unique key"},
          {"not_null", "its column x is NOT NULL"},
          {"typed", "its column v is declared INTEGER and could alter values"},
          {"fired", "it has triggers"},
          {"seen", "it is a view"},
          {"T", "it is the source itself"},
        }) {
      assertFails(
              () -> writer.alignArchiveTable(table, new TableName("main", unsuitable[0])),
              ErrorCode.ARCHIVE_TABLE_UNSUITABLE)
          .hasMessageContaining(unsuitable[1]);
    }
    assertFails(
            () -> writer.alignArchiveTable(sandbox.table("own"), ARCHIVE),
            ErrorCode.ARCHIVE_TABLE_UNSUITABLE)
        .hasMessageContaining("the table own has a column archived_at itself");
  }

  private void numbers(String... more) {
    sandbox
        .with(
            "CREATE TABLE t(id INTEGER PRIMARY KEY, v)",
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10)"
                + " INSERT INTO t SELECT i, 'v' || i FROM n")
        .with(more);
  }

  private void open() {
    if (writer == null) {
      lease = sandbox.database().acquireLease();
      writer = lease.openWriter();
    }
  }

  private Transaction begin(Table table) {
    open();
    return writer.begin(List.of(table));
  }

  private static long remove(Transaction transaction, Table table, long... ids) {
    return transaction.removeKeys(
        table, Sandbox.keysOf(ids), List.of(), Sandbox.all(table), DELETE, row -> true);
  }

  private static Condition where(String sql) {
    Row clock = new Row(2);
    return new IsTrue(new Predicate(sql), clock);
  }

  private List<String> ids() {
    return sandbox.rows("SELECT id FROM t ORDER BY id");
  }
}
