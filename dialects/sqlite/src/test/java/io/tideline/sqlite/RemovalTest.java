package io.tideline.sqlite;

import static io.tideline.sqlite.OpeningTest.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.Condition;
import io.tideline.dialect.RefusedException;
import io.tideline.dialect.Removal;
import io.tideline.dialect.SurpriseException;
import io.tideline.dialect.Transaction;
import io.tideline.error.ErrorCode;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RemovalTest extends WritingCase {
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
      ids[i] = i + 3L;
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
}
