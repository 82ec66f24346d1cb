package io.tideline.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.catalogue.Table;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Doomed;
import io.tideline.dialect.Item;
import io.tideline.dialect.RefusedException;
import io.tideline.dialect.SurpriseException;
import io.tideline.dialect.Transaction;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TreeRemovalTest extends WritingCase {
  private static final String MANY =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000) ";

  private Transaction begin(Table... tables) {
    open();
    return writer.begin(List.of(tables));
  }

  private static PackedRows many() {
    return Sandbox.keysOf(LongStream.rangeClosed(1, 40_000).toArray());
  }

  /** Two tables whose rows refer to each other. */
  private void cycle(String action) {
    sandbox.with(
        "CREATE TABLE a(id INTEGER PRIMARY KEY, b INT NOT NULL REFERENCES b" + action + ")",
        "CREATE TABLE b(id INTEGER PRIMARY KEY, a INT NOT NULL REFERENCES a" + action + ")",
        "CREATE INDEX ia ON a(b)",
        "CREATE INDEX ib ON b(a)",
        MANY + "INSERT INTO a SELECT i, i FROM n",
        "INSERT INTO b SELECT * FROM a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ON DELETE CASCADE"})
  void removesFortyThousandOfACycleTogether(String action) {
    cycle(action);
    Table a = sandbox.table("a");
    Table b = sandbox.table("b");
    PackedRows keys = many();
    sandbox.with("INSERT INTO a VALUES (50001, 50001)", "INSERT INTO b VALUES (50001, 50001)");
    try (Transaction transaction = begin(a, b)) {
      assertThat(transaction.removeTogether(List.of(new Doomed(a, keys), new Doomed(b, keys))))
          .isEqualTo(80_000);
      assertThat(transaction.rowsLost()).isEqualTo(Map.of(a.name(), 40_000L, b.name(), 40_000L));
      transaction.checkConstraints();
      transaction.commit(false);
    }
    assertThat(sandbox.rows("SELECT * FROM a UNION ALL SELECT * FROM b"))
        .containsExactly("50001|50001", "50001|50001");
  }

  @Test
  void aCycleThatIsNotWholeIsRefused() {
    cycle("");
    Table a = sandbox.table("a");
    Table b = sandbox.table("b");
    try (Transaction transaction = begin(a, b)) {
      transaction.removeTogether(
          List.of(new Doomed(a, Sandbox.keysOf(1, 2)), new Doomed(b, Sandbox.keysOf(1))));
      assertThatThrownBy(() -> transaction.commit(false))
          .isInstanceOf(RefusedException.class)
          .hasMessage("FOREIGN KEY constraint failed");
    }
    assertThat(sandbox.rows("SELECT count(*) FROM a")).containsExactly("40000");
  }

  @Test
  void restrictWaitsTooAndActionsBeyondTheCycleSurprise() {
    cycle(" ON DELETE RESTRICT");
    sandbox.with(
        "CREATE TABLE s(id INTEGER PRIMARY KEY, s REFERENCES s ON DELETE CASCADE)",
        "INSERT INTO s VALUES (1, 2), (2, 1), (3, 2)");
    Table a = sandbox.table("a");
    Table b = sandbox.table("b");
    assertThat(a.references().get(0).deferrable()).isTrue();
    try (Transaction transaction = begin(a, b)) {
      PackedRows keys = Sandbox.keysOf(1, 2);
      assertThat(transaction.removeTogether(List.of(new Doomed(a, keys), new Doomed(b, keys))))
          .isEqualTo(4);
      transaction.commit(false);
    }
    Table self = sandbox.table("s");
    try (Transaction transaction = begin(self)) {
      assertThatThrownBy(
              () -> transaction.removeTogether(List.of(new Doomed(self, Sandbox.keysOf(1, 2)))))
          .isInstanceOf(SurpriseException.class)
          .hasMessage("2 rows were to be deleted together, SQLite changed 3");
    }
    assertThat(sandbox.rows("SELECT count(*) FROM s")).containsExactly("3");
  }

  @Test
  void deferredForeignKeysWaitForTheCommitOfTheirTransactionOnly() {
    cycle("");
    Table a = sandbox.table("a");
    try (Transaction transaction = begin(a)) {
      transaction.deferConstraints();
      assertThat(remove(transaction, a, 1)).isEqualTo(1);
      assertThatThrownBy(() -> transaction.commit(false)).isInstanceOf(RefusedException.class);
    }
    try (Transaction transaction = begin(a)) {
      assertThatThrownBy(() -> remove(transaction, a, 1)).isInstanceOf(RefusedException.class);
    }
  }

  @Test
  void detachesFortyThousandRows() {
    sandbox.with(
        "CREATE TABLE p(a, b, PRIMARY KEY(a, b))",
        "INSERT INTO p VALUES (1, 2)",
        "CREATE TABLE c(id INTEGER PRIMARY KEY, a DEFAULT 9, b, v,"
            + " FOREIGN KEY(a, b) REFERENCES p)",
        MANY + "INSERT INTO c SELECT i, 1, 2, 'v' FROM n",
        "INSERT INTO c VALUES (40001, 1, 2, 'v')");
    Table child = sandbox.table("c");
    Table parent = sandbox.table("p");
    try (Transaction transaction = begin(child, parent)) {
      assertThat(transaction.detach(child, many(), List.of("a", "b"))).isEqualTo(40_000);
      assertThat(transaction.detach(child, Sandbox.keysOf(99_999), List.of("a"))).isZero();
      assertThat(remove(transaction, child, 40_001)).isEqualTo(1);
      assertThat(remove(transaction, parent, 1)).isEqualTo(1);
      assertThat(transaction.rowsLost()).isEqualTo(Map.of(child.name(), 1L, parent.name(), 1L));
      transaction.commit(false);
    }
    assertThat(sandbox.rows("SELECT DISTINCT a, b, v FROM c")).containsExactly("null|null|v");
  }

  @Test
  void whatMustNotBeNullIsNotDetached() {
    sandbox.with(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, a INT NOT NULL ON CONFLICT REPLACE DEFAULT 7)",
        "INSERT INTO t VALUES (1, 5)");
    Table table = sandbox.table("t");
    try (Transaction transaction = begin(table)) {
      assertThatThrownBy(() -> transaction.detach(table, Sandbox.keysOf(1), List.of("a")))
          .isInstanceOfSatisfying(RefusedException.class, e -> assertThat(e.passing()).isFalse())
          .hasMessage("NOT NULL constraint failed: t.a");
    }
    assertThat(sandbox.rows("SELECT a FROM t")).containsExactly("5");
  }

  @Test
  void whatADetachmentSetsOffIsSeen() {
    sandbox.with(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, a UNIQUE)",
        "INSERT INTO t VALUES (1, 5), (2, 6)",
        "CREATE TABLE u(k TEXT PRIMARY KEY, a) WITHOUT ROWID",
        "INSERT INTO u VALUES ('x', 1), ('y', 2)",
        "CREATE TABLE g(r REFERENCES t(a) ON UPDATE CASCADE)",
        "INSERT INTO g VALUES (6)",
        "CREATE TABLE log(x)",
        "INSERT INTO log VALUES (1)",
        "CREATE TRIGGER tr AFTER UPDATE ON u BEGIN DELETE FROM log WHERE x; END");
    Table table = sandbox.table("t");
    Table without = sandbox.table("u");
    try (Transaction transaction = begin(table)) {
      assertThat(transaction.detach(table, Sandbox.keysOf(1), List.of("a"))).isEqualTo(1);
      assertThatThrownBy(() -> transaction.detach(table, Sandbox.keysOf(2), List.of("a")))
          .isInstanceOf(SurpriseException.class)
          .hasMessage("table t: 1 rows were to be changed, SQLite changed 2");
    }
    PackedRows keys = new PackedRows(1);
    keys.add(Row.ofText("x"), 0);
    try (Transaction transaction = begin(without)) {
      assertThat(transaction.detach(without, keys, List.of("a"))).isEqualTo(1);
      assertThat(transaction.rowsLost()).isEqualTo(Map.of(sandbox.table("log").name(), 1L));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"DELETE", "WAL"})
  void listsChildrenAndParentsAsTheyWere(String journal) {
    sandbox.with(
        "PRAGMA journal_mode=" + journal,
        "CREATE TABLE p(id INTEGER PRIMARY KEY, v)",
        "INSERT INTO p VALUES (1, 'one'), (2, 'two')",
        "CREATE TABLE c(id INTEGER PRIMARY KEY, p INT REFERENCES p, v)",
        MANY + "INSERT INTO c SELECT i, 1 + i % 2, 'v' || i FROM n",
        "UPDATE c SET v = zeroblob(300000) WHERE id = 20000");
    Table parent = sandbox.table("p");
    Table child = sandbox.table("c");
    List<String> rows = new ArrayList<>();
    long[] listed = new long[1];
    try (Transaction transaction = begin(child, parent)) {

      transaction.removeKeys(
          child,
          Sandbox.keysOf(LongStream.rangeClosed(1, 10_000).toArray()),
          List.of(new Condition.ValuesAtMost(200_000)),
          Sandbox.all(child),
          DELETE,
          row -> row.text(2).equals("v" + row.integer(0)) && ++listed[0] > 0);
      transaction.commit(false);
    }
    assertThat(listed[0]).isEqualTo(10_000);
    try (Transaction transaction = begin(child, parent)) {
      assertThat(transaction.detach(child, Sandbox.keysOf(10_001), List.of("p"))).isEqualTo(1);
      transaction.removeKeys(
          child,
          Sandbox.keysOf(10_001, 20_000),
          List.of(),
          Sandbox.all(child),
          DELETE,
          row -> rows.add(row.integer(0) + " " + row.isNull(1)));
      assertThat(
              transaction.removeKeys(
                  child,
                  Sandbox.keysOf(LongStream.rangeClosed(10_002, 40_000).toArray()),
                  List.of(),
                  List.of(),
                  DELETE,
                  row -> row.width() == 0))
          .isEqualTo(29_998);
      transaction.removeKeys(
          parent,
          Sandbox.keysOf(1, 2, 3),
          List.of(),
          Sandbox.all(parent),
          DELETE,
          row -> rows.add(row.display()));
      assertThat(transaction.rowsLost())
          .isEqualTo(Map.of(child.name(), 30_000L, parent.name(), 2L));
      transaction.commit(false);
    }
    assertThat(rows).containsExactly("10001 true", "20000 false", "1, one", "2, two");
  }

  @Test
  void aSinkThatWantsNoMoreEndsIt() {
    numbers("PRAGMA journal_mode=WAL");
    Table table = sandbox.table("t");
    PackedRows keys = Sandbox.keysOf(1, 2, 3);
    for (List<Item> items : List.of(List.<Item>of(), Sandbox.all(table))) {
      try (Transaction transaction = begin(table)) {
        assertThat(transaction.removeKeys(table, keys, List.of(), items, DELETE, row -> false))
            .isEqualTo(1);
      }
    }
    assertThat(ids()).hasSize(10);
  }
}
