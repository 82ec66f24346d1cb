package io.tideline.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.Doomed;
import io.tideline.dialect.Item;
import io.tideline.dialect.Lookups;
import io.tideline.dialect.ReferringRows;
import io.tideline.dialect.RefusedException;
import io.tideline.dialect.Removal;
import io.tideline.dialect.Transaction;
import io.tideline.row.PackedRows;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TreeTest extends TableCase {
  private static final Item ID = column("id");
  private static final Removal DELETE = new Removal.Delete();

  /** The values of columns of every row, in the order of {@code n}. */
  private PackedRows values(Table table, String... columns) {
    List<Item> items = Arrays.stream(columns).<Item>map(Item.OfColumn::new).toList();
    PackedRows values = new PackedRows(columns.length);
    reader.scan(
        scan(table, items),
        Integer.MAX_VALUE,
        row -> {
          values.add(row, 0);
          return true;
        });
    return values;
  }

  private static List<String> found(
      Lookups lookups, ForeignKey key, Table from, PackedRows values, Item... items) {
    List<String> rows = new ArrayList<>();
    lookups.referring(
        new ReferringRows(key, from, values), List.of(items), row -> rows.add(row.display()));
    rows.sort(null);
    return rows;
  }

  private static PackedRows many(int last) {
    return keys(LongStream.rangeClosed(1, last).toArray());
  }

  /** The server's own join over the two columns is what the values must be compared by. */
  @Test
  void everyTypeIsComparedAsItsForeignKeyCompares() throws SQLException {
    postgres.execute(
        "CREATE TYPE mood AS ENUM ('sad', 'it''s')",
        "CREATE DOMAIN code AS text CHECK (value <> '')",
        "CREATE TYPE pair AS (a int, b text)",
        "CREATE COLLATION nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
    String[][] cases = {
      {"text", "varchar(9)", "'a'", "'it''s \"{}\\'"},
      {"varchar", "text", "'a'", "'A'"},
      {"char(4)", "char(4)", "'a'", "'b '"},
      {"char(4)", "text", "'a'", "'b'"},
      {"text", "char(4)", "'a'", "'b'"},
      {"uuid", "uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", "gen_random_uuid()"},
      {"int", "bigint", "-1", "2147483647"},
      {"bigint", "smallint", "1", "2"},
      {"numeric", "int", "1.0", "2"},
      {"numeric(9,2)", "numeric", "1.50", "-2"},
      {"timestamptz", "timestamptz", "'2024-01-01 00:00+00'", "'infinity'"},
      {"date", "date", "'2024-01-01'", "'0044-03-15 BC'"},
      {"float8", "float8", "'NaN'", "'-0'"},
      {"mood", "mood", "'sad'", "'it''s'"},
      {"code", "code", "'a'", "'b,c'"},
      {"code", "text", "'a'", "'b'"},
      {"bytea", "bytea", "'\\x00ff'", "''"},
      {"int[]", "int[]", "'{1,2}'", "'{}'"},
      {"pair", "pair", "'(1,x)'", "'(2,\"y z\")'"},
      {"text COLLATE \"C\"", "text", "'a'", "'B'"},
      {"text COLLATE nocase", "text COLLATE nocase", "'a'", "'B'"},
      {"boolean", "boolean", "true", "false"},
    };
    for (int i = 0; i < cases.length; i++) {
      String[] each = cases[i];
      postgres.execute(
          "CREATE TABLE p%d (id int PRIMARY KEY, v %s UNIQUE)".formatted(i, each[0]),
          "INSERT INTO p%d VALUES (0, %s), (1, %s)".formatted(i, each[2], each[3]),
          "CREATE TABLE c%d (id int PRIMARY KEY, r %s REFERENCES p%d (v))".formatted(i, each[1], i),
          "INSERT INTO c%d SELECT id + 10, v FROM p%d UNION ALL SELECT id + 20, v FROM p%d"
              .formatted(i, i, i),
          "INSERT INTO c%d VALUES (30, NULL)".formatted(i));
      if (each[0].endsWith("nocase")) {
        postgres.execute("INSERT INTO c" + i + " VALUES (40, 'A')");
      }
    }
    for (int i = 0; i < cases.length; i++) {
      Table child = postgres.table("c" + i);
      PackedRows values = values(postgres.table("p" + i), "v");
      List<String> expected = new ArrayList<>(List.of("0, 10", "0, 20", "1, 11", "1, 21"));
      if (cases[i][0].endsWith("nocase")) {
        expected.add(2, "0, 40");
      }
      ForeignKey key = child.references().get(0);
      assertThat(found(reader, key, child, values, ID))
          .as(String.join(" / ", cases[i]))
          .isEqualTo(expected);
      try (Transaction transaction = writer.begin(List.of(child))) {
        assertThat(found(transaction, key, child, values, ID)).isEqualTo(expected);
        assertCountedAndRemoved(transaction, key, child, values, expected);
      }
    }
  }

  /** Counts and deletes the rows that were found. */
  private static void assertCountedAndRemoved(
      Transaction transaction,
      ForeignKey key,
      Table child,
      PackedRows values,
      List<String> expected) {
    Map<String, Long> counts =
        expected.stream()
            .map(row -> row.split(", ")[0])
            .collect(Collectors.groupingBy(number -> number, TreeMap::new, Collectors.counting()));
    Map<String, Long> counted = new TreeMap<>();
    transaction.countReferring(
        new ReferringRows(key, child, values),
        row -> counted.put(row.display(0), row.integer(1)) == null);
    assertThat(counted).isEqualTo(counts);
    List<String> gone = new ArrayList<>();
    assertThat(
            transaction.removeReferring(
                new ReferringRows(key, child, values), List.of(ID), row -> gone.add(row.display())))
        .isEqualTo(expected.size());
    assertThat(gone)
        .containsExactlyInAnyOrderElementsOf(
            expected.stream().map(row -> row.split(", ")[1]).toList());
    assertThat(transaction.rowsLost()).containsExactly(Map.entry(child.name(), (long) gone.size()));
    assertThat(found(transaction, key, child, values, ID)).isEmpty();
  }

  @Test
  void compositeKeysPartitionsAndReferencesOfNoSchema() throws SQLException {
    postgres.execute(
        "CREATE TABLE p (a text, b int, PRIMARY KEY (b, a))",
        "INSERT INTO p VALUES ('x', 1), ('x', 2), ('y', 1)",
        "CREATE TABLE c (id int, b int, a text, FOREIGN KEY (a, b) REFERENCES p (a, b))"
            + " PARTITION BY RANGE (b)",
        "CREATE TABLE c1 PARTITION OF c FOR VALUES FROM (1) TO (2)",
        "CREATE TABLE c2 PARTITION OF c FOR VALUES FROM (2) TO (3)",
        "INSERT INTO c VALUES (1, 1, 'x'), (2, 2, 'x'), (3, 1, 'y'), (4, 1, NULL)",
        "CREATE TABLE loose (id int PRIMARY KEY, b text, a uuid)",
        "INSERT INTO loose VALUES (1, '1', NULL), (2, 'none', NULL), (3, '2', NULL)");
    Table child = postgres.table("c");
    PackedRows values = values(postgres.table("p"), "a", "b");
    ForeignKey key = child.references().get(0);
    assertThat(key.toColumns()).containsExactly("a", "b");
    assertThat(found(reader, key, child, values, ID)).containsExactly("0, 1", "1, 3", "2, 2");
    try (Transaction transaction = writer.begin(List.of(child))) {
      assertThat(
              transaction.removeReferring(
                  new ReferringRows(key, child, values), List.of(), row -> true))
          .isEqualTo(3);
    }
    Table loose = postgres.table("loose");
    ForeignKey named =
        new ForeignKey(
            "k",
            loose.name(),
            List.of("b"),
            new TableName("public", "p"),
            List.of("b"),
            "NO ACTION",
            false);
    assertThat(found(reader, named, loose, keys(1, 2, 3), ID)).containsExactly("0, 1", "1, 3");
    assertThat(found(reader, named, loose, new PackedRows(1), ID)).isEmpty();
  }

  @Test
  void rowsThatReferStayAsTheyAreUntilTheEnd() throws SQLException {
    postgres.execute(
        "CREATE TABLE p (id int PRIMARY KEY)",
        "INSERT INTO p VALUES (1), (2)",
        "CREATE TABLE c (id int PRIMARY KEY, r int REFERENCES p)",
        "INSERT INTO c VALUES (1, 1), (2, 2), (3, 1)");
    Table child = postgres.table("c");
    ForeignKey key = child.references().get(0);
    try (Transaction transaction = writer.begin(List.of(child))) {
      assertThat(found(transaction, key, child, keys(1), ID)).containsExactly("0, 1", "0, 3");
      postgres.execute("SET lock_timeout = '100ms'", "UPDATE c SET r = 1 WHERE id = 2");
      assertThatThrownBy(() -> postgres.execute("UPDATE c SET r = 2 WHERE id = 3"))
          .hasMessageContaining("lock timeout");
      try (var other =
          java.sql.DriverManager.getConnection(Postgres.jdbc(postgres.name()), "postgres", "")) {
        other.setAutoCommit(false);
        other.createStatement().execute("SELECT * FROM c WHERE id = 2 FOR UPDATE");
        assertThatThrownBy(() -> found(transaction, key, child, keys(2, 1), ID))
            .isInstanceOfSatisfying(RefusedException.class, e -> assertThat(e.passing()).isTrue())
            .hasMessageStartingWith("locked by another session");
      }
    }
  }

  @Test
  void fortyThousandAtOnce() throws SQLException {
    cycle("");
    Table a = postgres.table("a");
    Table b = postgres.table("b");
    long[] wrong = new long[2];
    reader.referring(
        new ReferringRows(b.references().get(0), b, many(40_000)),
        List.of(column("a")),
        row -> ++wrong[0] > 0 && (row.integer(0) + 1 == row.integer(1) || ++wrong[1] > 0));
    assertThat(wrong).containsExactly(40_000, 0);
    PackedRows keys = many(40_000);
    try (Transaction transaction = writer.begin(List.of(a, b))) {
      assertThat(transaction.removeTogether(List.of(new Doomed(a, keys), new Doomed(b, keys))))
          .isEqualTo(80_000);
      assertThat(transaction.rowsLost())
          .containsOnly(Map.entry(a.name(), 40_000L), Map.entry(b.name(), 40_000L));
      transaction.commit(false);
    }
    assertThat(postgres.query("SELECT * FROM a UNION ALL SELECT * FROM b"))
        .containsExactly("50001|50001", "50001|50001");
  }

  /** Two tables whose rows refer to each other, which nothing can defer. */
  private void cycle(String options) throws SQLException {
    postgres.execute(
        "CREATE TABLE a (id int PRIMARY KEY, b int NOT NULL)",
        "CREATE TABLE b (id int PRIMARY KEY, a int NOT NULL REFERENCES a " + options + ")",
        "CREATE INDEX ON a (b)",
        "CREATE INDEX ON b (a)",
        "INSERT INTO a SELECT i, i FROM generate_series(1, 40000) i",
        "INSERT INTO a VALUES (50001, 50001)",
        "INSERT INTO b SELECT * FROM a",
        "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b " + options);
  }

  @Test
  void cyclesWithActionsAndDeferredOnes() throws SQLException {
    cycle("ON DELETE CASCADE DEFERRABLE");
    Table a = postgres.table("a");
    Table b = postgres.table("b");
    try (Transaction transaction = writer.begin(List.of(a, b))) {
      PackedRows keys = keys(1, 2, 99_999);
      assertThat(transaction.removeTogether(List.of(new Doomed(a, keys), new Doomed(b, keys))))
          .isEqualTo(4);
      assertThat(transaction.rowsLost())
          .containsOnly(Map.entry(a.name(), 2L), Map.entry(b.name(), 2L));
      transaction.commit(false);
    }
    assertThat(postgres.query("SELECT count(*) FROM a, b WHERE a.id = b.id"))
        .containsExactly("39999");
  }

  @Test
  void restrictInACycleAndWhatIsNotWhole() throws SQLException {
    cycle("ON DELETE RESTRICT");
    Table a = postgres.table("a");
    Table b = postgres.table("b");
    try (Transaction transaction = writer.begin(List.of(a, b))) {
      PackedRows keys = keys(1, 2);
      assertThat(transaction.removeTogether(List.of(new Doomed(a, keys), new Doomed(b, keys))))
          .isEqualTo(4);
      assertThatThrownBy(
              () ->
                  transaction.removeTogether(
                      List.of(new Doomed(a, keys(3, 4)), new Doomed(b, keys(3)))))
          .isInstanceOfSatisfying(RefusedException.class, e -> assertThat(e.passing()).isFalse())
          .hasMessageContaining("violates")
          .hasMessageContaining("constraint");
    }
    assertThat(postgres.query("SELECT count(*) FROM a")).containsExactly("40001");
  }

  @Test
  void deferredForeignKeysAreCheckedWhenAskedFor() throws SQLException {
    cycle("DEFERRABLE");
    Table a = postgres.table("a");
    Table b = postgres.table("b");
    for (boolean whole : new boolean[] {true, false}) {
      try (Transaction transaction = writer.begin(List.of(a, b))) {
        transaction.deferConstraints();
        transaction.removeKeys(a, keys(1, 2), List.of(), List.of(), DELETE, row -> true);
        transaction.removeKeys(
            b, whole ? keys(1, 2) : keys(1), List.of(), List.of(), DELETE, row -> true);
        if (whole) {
          transaction.checkConstraints();
        } else {
          assertThatThrownBy(transaction::checkConstraints).isInstanceOf(RefusedException.class);
        }
      }
    }
  }

  @Test
  void rulesForbidACycle() throws SQLException {
    cycle("");
    postgres.execute(
        "CREATE TABLE log (id int)",
        "CREATE RULE also AS ON DELETE TO b DO ALSO INSERT INTO log VALUES (OLD.id)");
    Table a = postgres.table("a");
    Table b = postgres.table("b");
    try (Transaction transaction = writer.begin(List.of(a, b))) {
      assertThatThrownBy(
              () ->
                  transaction.removeTogether(
                      List.of(new Doomed(a, keys(1)), new Doomed(b, keys(1)))))
          .isInstanceOf(RefusedException.class)
          .hasMessage(
              "the table b has rules, and rows of a cycle of foreign keys can only be deleted by a"
                  + " statement in which rules are not allowed");
    }
  }

  @Test
  void detachesFortyThousandRows() throws SQLException {
    postgres.execute(
        "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b))",
        "INSERT INTO p VALUES (1, 2)",
        "CREATE TABLE c (id int PRIMARY KEY, a int DEFAULT 9, b int, v text, n int NOT NULL,"
            + " FOREIGN KEY (a, b) REFERENCES p)",
        "INSERT INTO c SELECT i, 1, 2, 'v', 0 FROM generate_series(1, 40001) i",
        "CREATE TABLE log (x int)",
        "INSERT INTO log VALUES (1), (2)",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            + " DELETE FROM log WHERE x = OLD.id; RETURN NULL; END $$");
    Table child = postgres.table("c");
    Table parent = postgres.table("p");
    try (Transaction transaction = writer.begin(List.of(child, parent))) {
      assertThat(transaction.detach(child, many(40_000), List.of("a", "b"))).isEqualTo(40_000);
      assertThat(transaction.detach(child, keys(99_999), List.of("a"))).isZero();
      transaction.removeKeys(child, keys(40_001), List.of(), List.of(), DELETE, row -> true);
      assertThat(transaction.rowsLost()).containsOnly(Map.entry(child.name(), 1L));
      transaction.commit(false);
    }
    assertThat(postgres.query("SELECT DISTINCT a, b, v FROM c")).containsExactly("null|null|v");
    try (Transaction transaction = writer.begin(List.of(child))) {
      assertThatThrownBy(() -> transaction.detach(child, keys(1), List.of("n")))
          .isInstanceOfSatisfying(RefusedException.class, e -> assertThat(e.passing()).isFalse())
          .hasMessageStartingWith("null value in column \"n\"")
          .hasMessageContaining("violates not-null constraint");
    }
    postgres.execute("CREATE TRIGGER tr AFTER UPDATE ON c FOR EACH ROW EXECUTE FUNCTION f()");
    Table fired = postgres.table("c");
    try (Transaction transaction = writer.begin(List.of(fired))) {
      assertThat(transaction.detach(fired, keys(1), List.of("v"))).isEqualTo(1);
      assertThat(transaction.rowsLost())
          .containsOnly(Map.entry(new TableName("public", "log"), 1L));
    }
  }

  @Test
  void rowsThatNobodyListsAreCounted() throws SQLException {
    cycle("");
    postgres.execute("ALTER TABLE b DROP CONSTRAINT b_a_fkey");
    Table a = postgres.table("a");
    try (Transaction transaction = writer.begin(List.of(a))) {
      assertThat(
              transaction.removeKeys(
                  a, many(40_000), List.of(), List.of(), DELETE, row -> row.width() == 0))
          .isEqualTo(40_000);
      assertThat(
              transaction.removeKeys(a, keys(50_001), List.of(), List.of(), DELETE, row -> false))
          .isEqualTo(1);
      assertThat(transaction.rowsLost()).containsOnly(Map.entry(a.name(), 40_001L));
    }
  }
}
