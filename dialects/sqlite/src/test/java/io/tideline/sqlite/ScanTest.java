package io.tideline.sqlite;

import static io.tideline.sqlite.OpeningTest.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.catalogue.Table;
import io.tideline.dialect.AccessPath;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Condition.IsFalse;
import io.tideline.dialect.Condition.IsTrue;
import io.tideline.dialect.Condition.Not;
import io.tideline.dialect.Condition.NotReferred;
import io.tideline.dialect.Condition.TimeBefore;
import io.tideline.dialect.Condition.ValuesAtMost;
import io.tideline.dialect.Item;
import io.tideline.dialect.Newest;
import io.tideline.dialect.Range;
import io.tideline.dialect.Reader;
import io.tideline.dialect.Scan;
import io.tideline.error.ErrorCode;
import io.tideline.policy.Predicate;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ScanTest {
  @TempDir Path folder;
  private Sandbox sandbox;
  private Row clock;

  @BeforeEach
  void make() {
    sandbox = new Sandbox(folder);
    clock = new Row(2);
    clock.set(0, Row.ofText("2026-05-02 00:00:00"), 0);
    clock.set(1, Row.ofText("2026-04-02 00:00:00"), 0);
  }

  @AfterEach
  void close() {
    sandbox.close();
  }

  @Test
  void timeBeforeIsExclusiveAndFalseOfNull() {
    sandbox.with(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, at TEXT)",
        "INSERT INTO t VALUES (1, '2026-05-01'), (2, '2026-05-02'), (3, NULL), (4, '')");
    Table table = sandbox.table("t");
    Condition before = new TimeBefore(new Item.OfColumn("at"), Row.ofText("2026-05-02"));
    assertThat(sandbox.keys(table, before)).containsExactly("1", "4");
    assertThat(sandbox.keys(table, new Not(before))).containsExactly("2", "3");
    assertThat(values(table, new Item.Holds(before))).containsExactly("1", "0", "0", "1");
    Condition expression = new TimeBefore(new Item.OfSql("at || ''"), Row.ofText("2026-05-02"));
    assertThat(sandbox.keys(table, expression)).containsExactly("1", "4");
  }

  @Test
  void boundsInAnUntypedColumnCompareByStorageClass() {
    sandbox.with(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, at)",
        "INSERT INTO t VALUES (1, 5), (2, 5.5), (3, '2026'), (4, '2027'), (5, x'00')");
    Table table = sandbox.table("t");
    Item at = new Item.OfColumn("at");
    assertThat(sandbox.keys(table, new TimeBefore(at, Row.ofText("2027"))))
        .containsExactly("1", "2", "3");
    assertThat(sandbox.keys(table, new TimeBefore(at, Row.ofReal(5.25)))).containsExactly("1");
    Row odd = new Row(1);
    odd.setText(0, new byte[] {'2', '0', '2', '6', 0});
    assertThat(sandbox.keys(table, new TimeBefore(at, odd))).containsExactly("1", "2", "3");
  }

  @Test
  void predicatesAreTwoValuedWhereverTheyStand() {
    sandbox.with(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, ok, \"true\")",
        "INSERT INTO t(id, ok) VALUES (1, 1), (2, 0), (3, NULL), (4, 'x'), (5, '1x')");
    Table table = sandbox.table("t");
    Condition yes = new IsTrue(new Predicate("ok"), clock);
    Condition no = new IsFalse(new Predicate("ok"), clock);
    assertThat(sandbox.keys(table, yes)).containsExactly("1", "5");
    assertThat(sandbox.keys(table, no)).containsExactly("2", "4");
    assertThat(sandbox.keys(table, new Not(yes))).containsExactly("2", "3", "4");
    assertThat(sandbox.keys(table, new Not(no))).containsExactly("1", "3", "5");
    assertThat(values(table, new Item.Holds(yes))).containsExactly("1", "0", "0", "0", "1");
    assertThat(values(table, new Item.Holds(no))).containsExactly("0", "1", "0", "1", "0");
  }

  @Test
  void orInAPredicateDoesNotEscape() {
    sandbox.with("CREATE TABLE t(id INTEGER PRIMARY KEY)", "INSERT INTO t VALUES (1), (2), (3)");
    Table table = sandbox.table("t");
    Condition either = new IsTrue(new Predicate("id = 1 OR id = 3"), clock);
    Scan scan =
        new Scan(
            table,
            Sandbox.all(table),
            List.of(either),
            new Range(List.of("id"), Optional.of(Row.ofInteger(1)), Optional.empty()));
    assertThat(sandbox.read(scan)).extracting(Row::display).containsExactly("3");
    assertThat(sandbox.keys(table, new IsFalse(new Predicate("id = 1 OR id = 3"), clock)))
        .containsExactly("2");
  }

  @Test
  void namedParametersAreBoundOutsideQuotesOnly() {
    sandbox.with(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, at TEXT, \":now\" TEXT)",
        "INSERT INTO t VALUES (1, '2026-05-01', ':now'), (2, '2026-05-03', ':now'),"
            + " (3, '2026-01-01', ':cutoff')");
    Table table = sandbox.table("t");
    assertThat(
            sandbox.keys(
                table,
                new IsTrue(
                    new Predicate("at < :now AND at > :cutoff AND \":now\" = ':now'"), clock)))
        .containsExactly("1");
    assertThat(sandbox.keys(table, new IsTrue(new Predicate("t.at<:now AND main.t.id>1"), clock)))
        .containsExactly("3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"id = ?", "id = ?1", "id = :other", "id = @x", "id = $x", "id = #1"})
  void otherParametersAreRefused(String sql) {
    sandbox.with("CREATE TABLE t(id INTEGER PRIMARY KEY)");
    Table table = sandbox.table("t");
    assertFails(() -> check(table, sql), ErrorCode.SQL_FAILED)
        .hasMessageContaining("nothing gives a value to " + sql.substring(5));
  }

  @Test
  void misspeltQuotedColumnIsNoText() {
    sandbox.with("CREATE TABLE t(id INTEGER PRIMARY KEY, status TEXT, \"a`b\" TEXT)");
    Table table = sandbox.table("t");
    assertFails(() -> check(table, "\"statsu\" <> 'pinned'"), ErrorCode.SQL_FAILED)
        .hasMessageContaining("no such column: statsu");
    check(table, "\"status\" <> 'pinned' AND [status] > '' AND \"a`b\" = `status`");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"count(*) > 1", "row_number() OVER () > 1", "nothing = 1", "id = ", "id AND AND"})
  void whatIsNoPredicateOfARowIsRefused(String sql) {
    sandbox.with("CREATE TABLE t(id INTEGER PRIMARY KEY)");
    Table table = sandbox.table("t");
    assertFails(() -> check(table, sql), ErrorCode.SQL_FAILED)
        .hasMessageStartingWith("Cannot use the expression on table t: ");
  }

  @Test
  void rangesAreTuplesExclusiveAndInclusive() {
    sandbox.with(
        "CREATE TABLE t(a, b, PRIMARY KEY(a, b)) WITHOUT ROWID",
        "INSERT INTO t VALUES (1, 1), (1, 2), (2, 1), (2, 2), (3, 1)");
    Table table = sandbox.table("t");
    Scan scan =
        new Scan(
            table,
            Sandbox.all(table),
            List.of(),
            new Range(List.of("a", "b"), Optional.of(pair(1, 1)), Optional.of(pair(2, 2))));
    assertThat(sandbox.read(scan)).extracting(Row::display).containsExactly("1, 2", "2, 1", "2, 2");
    try (Reader reader = sandbox.database().openReader()) {
      List<String> two = new ArrayList<>();
      assertThat(reader.scan(scan, 2, row -> two.add(row.display()))).isEqualTo(2);
      assertThat(two).containsExactly("1, 2", "2, 1");
      assertThat(reader.scan(scan, 10, row -> false)).isEqualTo(1);
    }
  }

  @Test
  void referredRowsAreTold() {
    sandbox.with(
        "CREATE TABLE p(id INTEGER PRIMARY KEY, k TEXT COLLATE NOCASE UNIQUE, up REFERENCES p)",
        "CREATE TABLE c(k REFERENCES p(k))",
        "INSERT INTO p VALUES (1, 'a', NULL), (2, 'b', 2), (3, 'c', 1), (4, 'd', NULL)",
        "INSERT INTO c VALUES ('D'), (NULL)");
    Table table = sandbox.table("p");
    for (var key : table.referrers()) {
      assertThat(sandbox.keys(table, new NotReferred(key)))
          .containsExactlyElementsOf(
              key.from().equals(table.name()) ? List.of("2", "3", "4") : List.of("1", "2", "3"));
    }
  }

  @Test
  void tableNamedAsTheAliasCanBeReferred() {
    sandbox.with(
        "CREATE TABLE referrer(id INTEGER PRIMARY KEY, up REFERENCES referrer)",
        "INSERT INTO referrer VALUES (1, NULL), (2, 1), (3, 3)");
    Table table = sandbox.table("referrer");
    assertThat(sandbox.keys(table, new NotReferred(table.referrers().get(0))))
        .containsExactly("2", "3");
  }

  @Test
  void sizesAreThoseOfStoredValues() {
    sandbox.with(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, a, b TEXT, i INTEGER, g AS (b || b))",
        "INSERT INTO t(id, a, b, i) VALUES (1, zeroblob(100), 'äö', 12345), (2, NULL, NULL, NULL),"
            + " (3, 7, '"
            + "x".repeat(101)
            + "', 1), (4, 1, '', zeroblob(200))");
    Table table = sandbox.table("t");
    assertThat(values(table, new Item.RowBytes())).containsExactly("110", "1", "104", "202");
    assertThat(values(table, new Item.LargestValue())).containsExactly("100", "1", "101", "200");
    assertThat(sandbox.keys(table, new ValuesAtMost(100))).containsExactly("1", "2");
    assertThat(sandbox.keys(table, new ValuesAtMost(101))).containsExactly("1", "2", "3");
    assertThat(sandbox.keys(table, new Not(new ValuesAtMost(101)))).containsExactly("4");
  }

  @Test
  void newestComeByGroupAndTieByKey() {
    sandbox.with(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, g, at)",
        "CREATE INDEX i ON t(g, at)",
        "INSERT INTO t VALUES (1, 'x', 10), (2, 'x', 20), (3, 'x', 20), (4, NULL, 5), (5, 'x', NULL),"
            + " (6, 'y', 1)");
    Table table = sandbox.table("t");
    PackedRows groups = new PackedRows(1);
    groups.add(Row.ofText("x"), 0);
    groups.add(new Row(1), 0);
    groups.add(Row.ofText("none"), 0);
    List<String> found = new ArrayList<>();
    try (Reader reader = sandbox.database().openReader()) {
      reader.newest(
          new Newest(table, new Item.OfColumn("at"), List.of(new Item.OfColumn("g")), groups, 2),
          row -> found.add(row.display()));
    }
    assertThat(found).containsExactly("0, 20, 3", "0, 20, 2", "1, 5, 4");
  }

  @Test
  void lookUpFindsManyKeysAndLeavesAbsentOnesOut() {
    sandbox.with(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, v)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 2 FROM n WHERE i < 80000)"
            + " INSERT INTO t SELECT i, i * 2 FROM n",
        "CREATE TABLE w(a TEXT, b INT, v, PRIMARY KEY(a, b)) WITHOUT ROWID",
        "INSERT INTO w VALUES ('x', 1, 'one'), ('x', 2, 'two'), ('y', 1, 'three')");
    PackedRows keys = new PackedRows(1);
    for (int i = 1; i <= 80_000; i++) {
      keys.add(Row.ofInteger(i), 0);
    }
    PackedRows pairs = new PackedRows(2);
    for (String a : List.of("x", "y", "z")) {
      Row pair = new Row(2);
      pair.set(0, Row.ofText(a), 0);
      pair.setInteger(1, 1);
      pairs.add(pair, 0);
    }
    try (Reader reader = sandbox.database().openReader()) {
      long[] sum = new long[2];
      reader.lookUp(
          sandbox.table("t"),
          keys,
          Sandbox.items(List.of("v")),
          row -> {
            sum[0]++;
            sum[1] += row.integer(1) - 2 * row.integer(0);
            return true;
          });
      assertThat(sum).containsExactly(40_000, 0);
      List<String> found = new ArrayList<>();
      reader.lookUp(
          sandbox.table("w"), pairs, Sandbox.items(List.of("v")), row -> found.add(row.display()));
      assertThat(found).containsExactlyInAnyOrder("x, 1, one", "y, 1, three");
    }
  }

  @Test
  void samplesShowEveryStorageClassAndBothEnds() {
    sandbox.with(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, at)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
            + " INSERT INTO t SELECT i, 1000000 + i FROM n",
        "UPDATE t SET at = '2026-01-01' WHERE id = 2345",
        "UPDATE t SET at = 1.5 WHERE id = 2346",
        "UPDATE t SET at = x'00' WHERE id = 2347",
        "UPDATE t SET at = NULL WHERE id BETWEEN 100 AND 200");
    for (String index : List.of("SELECT 1", "CREATE INDEX i ON t(at)")) {
      sandbox.with(index);
      TreeSet<String> seen = new TreeSet<>();
      try (Reader reader = sandbox.database().openReader()) {
        reader.sampleTimes(
            sandbox.table("t"),
            new Item.OfColumn("at"),
            row -> {
              assertThat(row.isNull(0)).isFalse();
              seen.add(row.display());
              return true;
            });
        assertThat(seen).contains("2026-01-01", "1.5", "x'00'", "1000001", "1005000");
        assertThat(seen.size()).isBetween(60, 400);
        seen.clear();
        reader.sampleTimes(
            sandbox.table("t"),
            new Item.OfSql("at + 1"),
            row -> {
              seen.add(row.display());
              return true;
            });
        assertThat(seen).contains("1000002");
      }
    }
  }

  @Test
  void explainTellsSearchFromScan() {
    sandbox.with(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, at, x)",
        "CREATE INDEX \"by (at)\" ON t(at)",
        "CREATE TABLE w(a TEXT, b, PRIMARY KEY(a, b)) WITHOUT ROWID");
    Table table = sandbox.table("t");
    Condition before = new TimeBefore(new Item.OfColumn("at"), Row.ofText("2026-05-02"));
    AccessPath byTime = explain(table, List.of("at", "id"), null, before);
    assertThat(byTime.index()).isEqualTo("by (at)");
    assertThat(byTime.text()).startsWith("SEARCH ").doesNotContain("TEMP B-TREE");
    assertThat(explain(table, List.of("at", "id"), null).index()).isEmpty();
    assertThat(explain(table, List.of("id"), null).index()).isEmpty();
    assertThat(explain(table, List.of("id"), Row.ofInteger(1)).index())
        .isEqualTo("INTEGER PRIMARY KEY");
    Row key = new Row(2);
    key.set(0, Row.ofText("k"), 0);
    key.setInteger(1, 1);
    assertThat(explain(sandbox.table("w"), List.of("a", "b"), key).index())
        .isEqualTo("PRIMARY KEY");
  }

  @Test
  void bytesOfATableCountItsIndexes() {
    sandbox.with(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, v)",
        "INSERT INTO t VALUES (1, zeroblob(20000))",
        "CREATE TABLE u(v UNIQUE)");
    try (Reader reader = sandbox.database().openReader()) {
      assertThat(reader.tableBytes(sandbox.table("t"))).isBetween(20_000L, 40_000L);
      assertThat(reader.tableBytes(sandbox.table("u"))).isEqualTo(8192);
    }
  }

  private AccessPath explain(Table table, List<String> order, Row after, Condition... filter) {
    try (Reader reader = sandbox.database().openReader()) {
      return reader.explain(
          new Scan(
              table,
              Sandbox.all(table),
              List.of(filter),
              new Range(order, Optional.ofNullable(after), Optional.empty())));
    }
  }

  private void check(Table table, String sql) {
    try (Reader reader = sandbox.database().openReader()) {
      reader.check(table, new Item.Holds(new IsTrue(new Predicate(sql), clock)));
    }
  }

  private List<String> values(Table table, Item item) {
    Scan scan = new Scan(table, List.of(item), List.of(), Range.all(List.of("id")));
    return sandbox.read(scan).stream().map(Row::display).toList();
  }

  private static Row pair(long a, long b) {
    Row row = new Row(2);
    row.setInteger(0, a);
    row.setInteger(1, b);
    return row;
  }
}
