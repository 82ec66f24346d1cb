package io.tideline.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.catalogue.Table;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Item;
import io.tideline.dialect.Newest;
import io.tideline.dialect.Range;
import io.tideline.dialect.Scan;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Predicate;
import io.tideline.row.Kind;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReaderTest extends TableCase {
  private static final Item ID = column("id");

  private static Condition isTrue(String sql) {
    return new Condition.IsTrue(new Predicate(sql), new Row(2));
  }

  @Test
  void conditionsAreTwoValued() throws SQLException {
    postgres.execute(
        "CREATE TABLE t (id int PRIMARY KEY, v int, at timestamptz)",
        "INSERT INTO t VALUES (1, 1, '2024-01-01 00:00+00'), (2, 2, '2024-01-02 00:00+00'),"
            + " (3, NULL, NULL)");
    Table table = postgres.table("t");
    long second = 1_704_153_600_000_000L;
    Condition before = new Condition.TimeBefore(column("at"), Row.ofInteger(second));
    assertThat(read(scan(table, List.of(ID), before))).containsExactly("1");
    assertThat(read(scan(table, List.of(ID), new Condition.Not(before)))).containsExactly("2", "3");
    assertThat(read(scan(table, List.of(ID), isTrue("v = 1 OR v = 7")))).containsExactly("1");
    assertThat(read(scan(table, List.of(ID), new Condition.Not(isTrue("v = 1")))))
        .containsExactly("2", "3");
    assertThat(
            read(
                scan(
                    table,
                    List.of(ID),
                    new Condition.IsFalse(new Predicate("t.v = 1"), new Row(2)))))
        .containsExactly("2");
    Row parameters = new Row(2);
    parameters.setInteger(0, second);
    parameters.setInteger(1, second);
    Condition cut =
        new Condition.IsTrue(
            new Predicate("at < :cutoff AND at::text <> ':now' AND at > :now - interval '2 days'"),
            parameters);
    assertThat(read(scan(table, List.of(ID, new Item.Holds(cut)))))
        .containsExactly("1, 1", "2, 0", "3, 0");
    assertThat(reader.count(table, List.of(before, cut))).isEqualTo(1);
    Item expression = new Item.OfSql("at + interval '1 day'");
    assertThat(
            read(
                scan(
                    table,
                    List.of(ID, expression),
                    new Condition.TimeBefore(expression, Row.ofInteger(second + 1)))))
        .containsExactly("1, " + second);
  }

  @Test
  void namesOfAnyKindAreOnlyNames() throws SQLException {
    String table = "We\"ird %s USING 'x' $1 ? ü";
    String column = "a\"b %d ? {d '1'} :now";
    postgres.execute(
        "CREATE TABLE \"We\"\"ird %s USING 'x' $1 ? ü\" (\"a\"\"b %d ? {d '1'} :now\" text PRIMARY KEY,"
            + " \"order\" jsonb)",
        "INSERT INTO \"We\"\"ird %s USING 'x' $1 ? ü\" VALUES ('q''\\\"{},%', '{\"k\": 1}'), ('z', NULL)");
    Table weird = postgres.table(table);
    Scan all =
        scan(
            weird,
            List.of(
                column(column),
                column("order"),
                new Item.OfSql("\"order\" ? 'k'"),
                new Item.RowBytes(),
                new Item.LargestValue()));
    List<String> rows = read(all);
    assertThat(rows).hasSize(2);
    assertThat(rows.get(0)).startsWith("q'\\\"{},%, {\"k\": 1}, 1");
    assertThat(reader.explain(all).text()).contains("Scan");
    Range after =
        new Range(
            List.of(column), Optional.of(Row.ofText("q'\\\"{},%")), Optional.of(Row.ofText("z")));
    assertThat(read(all.over(after))).hasSize(1);
    PackedRows keys = new PackedRows(1);
    keys.add(Row.ofText("q'\\\"{},%"), 0);
    List<String> found = new ArrayList<>();
    reader.lookUp(weird, keys, List.of(column("order")), row -> found.add(row.display()));
    assertThat(found).containsExactly("q'\\\"{},%, {\"k\": 1}");
    List<String> times = new ArrayList<>();
    reader.sampleTimes(weird, column(column), row -> times.add(row.text(0)));
    assertThat(times).contains("z");
  }

  @Test
  void scansStopEarlyAndTheReaderGoesOn() throws SQLException {
    postgres.execute(
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "INSERT INTO t SELECT i, repeat('x', 200) FROM generate_series(1, 100000) i");
    Table table = postgres.table("t");
    Scan all = scan(table, List.of(ID, column("v")));
    List<Long> seen = new ArrayList<>();
    assertThat(
            reader.scan(all, Integer.MAX_VALUE, row -> seen.add(row.integer(0)) && seen.size() < 3))
        .isEqualTo(3);
    assertThat(seen).containsExactly(1L, 2L, 3L);
    assertThatThrownBy(
            () ->
                reader.scan(
                    all,
                    10,
                    row -> {
                      throw new IllegalStateException("sink");
                    }))
        .hasMessage("sink");
    assertThat(reader.scan(all, 10, row -> true)).isEqualTo(10);
    assertThat(reader.tableBytes(table)).isGreaterThan(20_000_000);
    assertThat(reader.explain(all).index()).isEqualTo("t_pkey");
    List<Row> sample = new ArrayList<>();
    reader.sampleTimes(table, ID, row -> sample.add(Postgres.copy(row)));
    assertThat(sample).hasSizeBetween(200, 1000).contains(Row.ofInteger(1), Row.ofInteger(100_000));
  }

  @Test
  void theNewestOfEachGroupAreSought() throws SQLException {
    postgres.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text, b int, at timestamp)",
        "INSERT INTO t VALUES (1,'x',1,'2024-01-01'),(2,'x',1,'2024-01-02'),(3,'x',1,'2024-01-02'),"
            + "(4,'x',NULL,'2024-01-05'),(5,NULL,NULL,'2024-01-06'),(6,'x',1,NULL)",
        "CREATE INDEX ON t (a, b, at)");
    Table table = postgres.table("t");
    PackedRows groups = new PackedRows(2);
    Row group = new Row(2);
    group.setText(0, new byte[] {'x'});
    group.setInteger(1, 1);
    groups.add(group, 0);
    group.setNull(1);
    groups.add(group, 0);
    group.setNull(0);
    groups.add(group, 0);
    List<String> found = new ArrayList<>();
    reader.newest(
        new Newest(table, column("at"), List.of(column("a"), new Item.OfSql("b")), groups, 2),
        row -> found.add(row.integer(0) + ":" + row.integer(2)));
    assertThat(found).containsExactlyInAnyOrder("0:3", "0:2", "1:4", "2:5");
    assertThat(found.indexOf("0:3")).isLessThan(found.indexOf("0:2"));
  }

  @Test
  void largeValuesAreSeenThroughCompression() throws SQLException {
    postgres.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text, b jsonb, c int[], d bytea)",
        "INSERT INTO t VALUES (1, repeat('x', 1000000)), (5, 'x')",
        "INSERT INTO t (id, b) VALUES (2, to_jsonb(repeat('x', 1000000)))",
        "INSERT INTO t (id, c) VALUES (3, array_fill(1, ARRAY[500000]))",
        "INSERT INTO t (id, d) VALUES (4, decode(repeat('00', 1000000), 'hex'))");
    Table table = postgres.table("t");
    assertThat(read(scan(table, List.of(ID), new Condition.ValuesAtMost(999_999))))
        .containsExactly("5");
    assertThat(read(scan(table, List.of(ID), new Condition.ValuesAtMost(1_000_002)))).hasSize(5);
    assertThat(read(scan(table, List.of(ID, new Item.LargestValue()))))
        .containsExactly("1, 1000000", "2, 1000002", "3, 1000001", "4, 1000000", "5, 8");
  }

  @Test
  void aRowThatRefersToItselfAloneIsNotReferredTo() throws SQLException {
    postgres.execute(
        "CREATE TABLE t (id int PRIMARY KEY, up int REFERENCES t)",
        "INSERT INTO t VALUES (1, 1), (2, 1), (3, 3)");
    Table table = postgres.table("t");
    assertThat(read(scan(table, List.of(ID), new Condition.NotReferred(table.referrers().get(0)))))
        .containsExactly("2", "3");
  }

  @Test
  void refusedSqlIsToldInTheEnginesWords() throws SQLException {
    postgres.execute(
        "CREATE TABLE t (id int PRIMARY KEY, v text)", "INSERT INTO t VALUES (1, 'secret')");
    Table table = postgres.table("t");
    reader.check(table, new Item.Holds(isTrue("v ~ 'a?b'")));
    for (String bad : List.of("nothing = 1", "count(*) > 1", "generate_series(1, 2) = 1", "id")) {
      assertThatThrownBy(() -> reader.check(table, new Item.Holds(isTrue(bad))))
          .isInstanceOfSatisfying(
              TidelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SQL_FAILED));
    }
    assertThatThrownBy(() -> read(scan(table, List.of(ID), isTrue("v::int = 1"))))
        .hasMessageContaining("invalid input syntax for type integer")
        .hasMessageNotContaining("secret");
    assertThat(read(scan(table, List.of(new Item.OfSql("v")))).get(0)).isEqualTo("secret");
    assertThat(new Row(1).kind(0)).isEqualTo(Kind.NULL);
  }

  @Test
  void operatorsOfAnExtensionTypeAreItsOwn() throws SQLException {
    // A type whose comparison lives outside pg_catalog, as citext's does.
    postgres.execute(
        "CREATE TYPE pt AS (x int)",
        "CREATE FUNCTION lt(pt, pt) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT ($1).x > ($2).x'",
        "CREATE FUNCTION le(pt, pt) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT ($1).x >= ($2).x'",
        "CREATE FUNCTION eq(pt, pt) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT ($1).x = ($2).x'",
        "CREATE FUNCTION cmp(pt, pt) RETURNS int LANGUAGE sql IMMUTABLE AS"
            + " 'SELECT sign(($2).x - ($1).x)::int'",
        "CREATE OPERATOR < (LEFTARG = pt, RIGHTARG = pt, FUNCTION = lt, COMMUTATOR = >)",
        "CREATE FUNCTION gt(pt, pt) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT ($1).x < ($2).x'",
        "CREATE FUNCTION ge(pt, pt) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT ($1).x <= ($2).x'",
        "CREATE OPERATOR > (LEFTARG = pt, RIGHTARG = pt, FUNCTION = gt)",
        "CREATE OPERATOR <= (LEFTARG = pt, RIGHTARG = pt, FUNCTION = le)",
        "CREATE OPERATOR >= (LEFTARG = pt, RIGHTARG = pt, FUNCTION = ge)",
        "CREATE OPERATOR = (LEFTARG = pt, RIGHTARG = pt, FUNCTION = eq)",
        "CREATE OPERATOR CLASS pt_ops DEFAULT FOR TYPE pt USING btree AS OPERATOR 1 <, OPERATOR 2 <=,"
            + " OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 cmp(pt, pt)",
        "CREATE TABLE t (k pt, id int, PRIMARY KEY (k, id))",
        "INSERT INTO t SELECT ROW(i / 2)::pt, i FROM generate_series(1, 6) i");
    Table table = postgres.table("t");
    Scan all = scan(table, List.of(column("k"), ID));
    List<Row> rows = new ArrayList<>();
    reader.scan(all, 10, row -> rows.add(Postgres.copy(row)));
    assertThat(rows).extracting(row -> row.display()).startsWith("(3), 6", "(2), 4", "(2), 5");
    for (int i = 0; i < rows.size(); i++) {
      Range rest = new Range(List.of("k", "id"), Optional.of(rows.get(i)), Optional.empty());
      assertThat(reader.scan(all.over(rest), 10, row -> true)).isEqualTo(rows.size() - 1 - i);
      PackedRows key = PackedRows.of(rows.get(i));
      List<String> found = new ArrayList<>();
      reader.lookUp(table, key, List.of(), row -> found.add(row.display()));
      assertThat(found).containsExactly(rows.get(i).display());
    }
  }
}
