package io.tideline.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Item;
import io.tideline.dialect.Range;
import io.tideline.dialect.Reader;
import io.tideline.dialect.ReferringRows;
import io.tideline.dialect.Scan;
import io.tideline.dialect.Transaction;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReferrersTest extends WritingCase {
  private static final List<String> TYPES =
      List.of("INTEGER", "TEXT", "REAL", "NUMERIC", "BLOB", "");
  private static final List<String> COLLATIONS = List.of("", " COLLATE NOCASE", " COLLATE RTRIM");
  private static final List<String> VALUES =
      List.of(
          "1",
          "2",
          "1.0",
          "1.5",
          "'1'",
          "'01'",
          "'1.0'",
          "'a'",
          "'A'",
          "'a '",
          "x'61'",
          "x'31'",
          "''",
          "'é'",
          "'\uD83D\uDE00'",
          "'a' || char(0) || 'b'",
          "CAST(x'ff' AS TEXT)",
          "x'ff'",
          "9223372036854775807",
          "9.2233720368547758e18",
          "-0.0",
          "0",
          "1e300",
          "NULL");

  private static ForeignKey key(Table from, String columns, String to, String toColumns) {
    return new ForeignKey(
        "k",
        from.name(),
        List.of(columns.split(",")),
        new TableName("main", to),
        List.of(toColumns.split(",")),
        "NO ACTION",
        true);
  }

  private static List<String> found(
      Reader reader, ForeignKey key, Table from, PackedRows values, Item... items) {
    List<String> rows = new ArrayList<>();
    reader.referring(
        new ReferringRows(key, from, values), List.of(items), row -> rows.add(row.display()));
    rows.sort(null);
    return rows;
  }

  /** The values of a view. */
  private static PackedRows values(Reader reader, Table view) {
    PackedRows values = new PackedRows(view.columns().size());
    Scan all = new Scan(view, Sandbox.all(view), List.of(), Range.all(List.of()));
    reader.scan(
        all,
        1_000_000,
        row -> {
          values.add(row, 0);
          return true;
        });
    return values;
  }

  private static Item column(String name) {
    return new Item.OfColumn(name);
  }

  /** SQLite's own comparison of the two columns is what the values must be compared by. */
  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16le"})
  void comparesAsSqliteComparesTheColumns(String encoding) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<String> statements = new ArrayList<>(List.of("PRAGMA encoding = '" + encoding + "'"));
    statements.add("BEGIN");
    int pairs = 0;
    for (String parentType : TYPES) {
      for (String childType : TYPES) {
        String parent = "p" + pairs;
        String child = "c" + pairs;
        statements.add(
            "CREATE TABLE %s(n INTEGER PRIMARY KEY, v %s%s)"
                .formatted(parent, parentType, any(random, COLLATIONS)));
        statements.add(
            "CREATE TABLE %s(id INTEGER PRIMARY KEY, r %s%s)"
                .formatted(child, childType, any(random, COLLATIONS)));
        if (random.nextBoolean()) {
          statements.add("CREATE INDEX i%s ON %s(r)".formatted(child, child));
        }
        String values = "VALUES (" + String.join("), (", VALUES) + ")";
        statements.add("INSERT INTO %s(v) %s".formatted(parent, values));
        statements.add("DELETE FROM %s WHERE v IS NULL".formatted(parent));
        statements.add("INSERT INTO %s(r) %s".formatted(child, values));
        statements.add("CREATE VIEW v%d AS SELECT v FROM %s ORDER BY n".formatted(pairs++, parent));
      }
    }
    statements.add("COMMIT");
    sandbox.with(statements.toArray(String[]::new));
    Catalogue catalogue = sandbox.database().catalogue();
    try (Reader reader = sandbox.database().openReader()) {
      for (int i = 0; i < pairs; i++) {
        Table child = sandbox.database().resolve(catalogue, "c" + i);
        PackedRows values = values(reader, sandbox.database().resolve(catalogue, "v" + i));
        String join = "p%d AS p JOIN c%d AS c ON p.v = c.r".formatted(i, i);
        assertThat(found(reader, key(child, "r", "p" + i, "v"), child, values, column("id")))
            .as("seed %d, pair %d of %s", seed, i, encoding)
            .isEqualTo(
                sandbox.rows("SELECT (p.n - 1) || ', ' || c.id AS f FROM " + join + " ORDER BY f"));
      }
    }
  }

  private static String any(Random random, List<String> of) {
    return of.get(random.nextInt(of.size()));
  }

  @Test
  void strictAnyAndRowidsHaveTheirOwnAffinity() {
    sandbox.with(
        "CREATE TABLE p(v ANY) STRICT",
        "INSERT INTO p VALUES (1), ('1'), ('01')",
        "CREATE TABLE c(id INTEGER PRIMARY KEY, r TEXT)",
        "INSERT INTO c VALUES (1, '1'), (2, '01'), (3, '2')",
        "CREATE VIEW v AS SELECT v FROM p ORDER BY rowid");
    Table child = sandbox.table("c");
    try (Reader reader = sandbox.database().openReader()) {
      PackedRows values = values(reader, sandbox.table("v"));
      assertThat(found(reader, key(child, "r", "p", "v"), child, values, column("id")))
          .containsExactly("1, 1", "2, 2");
      assertThat(
              found(
                  reader, key(child, "r", "p", "rowid"), child, Sandbox.keysOf(1, 2), column("id")))
          .containsExactly("0, 1", "0, 2", "1, 3");
    }
  }

  @Test
  void compositeKeysHiddenRowidsAndTablesWithoutRowid() {
    sandbox.with(
        "CREATE TABLE p(a TEXT COLLATE NOCASE, b INTEGER, PRIMARY KEY(a, b)) WITHOUT ROWID",
        "INSERT INTO p VALUES ('x', 1), ('x', 2), ('Y', 1)",
        "CREATE TABLE c(id TEXT PRIMARY KEY, b INT, a TEXT," + " FOREIGN KEY(a, b) REFERENCES p)",
        "CREATE INDEX i ON c(b, a COLLATE NOCASE)",
        "INSERT INTO c VALUES ('k', 1, 'X'), ('l', 2, 'x'), ('m', 1, 'y'), ('n', NULL, 'x')",
        "CREATE TABLE w(k TEXT PRIMARY KEY, b INT, a TEXT) WITHOUT ROWID",
        "INSERT INTO w VALUES ('k', 1, 'X'), ('z', 3, 'x')",
        "CREATE VIEW v AS SELECT a, b FROM p ORDER BY a, b");
    Table child = sandbox.table("c");
    try (Reader reader = sandbox.database().openReader()) {
      PackedRows values = values(reader, sandbox.table("v"));
      ForeignKey own = child.references().get(0);
      assertThat(found(reader, own, child, values, column("rowid"), column("id")))
          .containsExactly("0, 1, k", "1, 2, l", "2, 3, m");
      assertThat(found(reader, own, child, values, new Item.OfSql("rowid + length(a)")))
          .containsExactly("0, 2", "1, 3", "2, 4");
      Table without = sandbox.table("w");
      assertThat(found(reader, key(without, "a,b", "p", "a,b"), without, values, column("k")))
          .containsExactly("0, k");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "CREATE INDEX i ON c(r)", "CREATE INDEX i ON c(v, r)"})
  void fortyThousandValuesAtOnce(String index) {
    sandbox.with(
        "CREATE TABLE p(id TEXT PRIMARY KEY)",
        "CREATE TABLE c(id INTEGER PRIMARY KEY, r TEXT REFERENCES p, v)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
            + " INSERT INTO c SELECT i, 'r' || (i / 2), 'v' FROM n",
        index.isEmpty() ? "SELECT 1" : index);
    Table child = sandbox.table("c");
    PackedRows values = new PackedRows(1);
    IntStream.range(0, 40_000).forEach(i -> values.add(Row.ofText("r" + i), 0));
    long[] sum = new long[2];
    try (Reader reader = sandbox.database().openReader()) {
      ForeignKey key = child.references().get(0);
      reader.referring(
          new ReferringRows(key, child, values),
          List.of(column("id")),
          row -> {
            sum[0]++;
            sum[1] += row.integer(0) == row.integer(1) / 2 ? 0 : 1;
            return true;
          });
      reader.referring(new ReferringRows(key, child, values), List.of(), row -> ++sum[0] < 80_005);
    }
    assertThat(sum).containsExactly(80_005, 0);
  }

  @Test
  void askingChangesNothingOfATransaction() {
    sandbox.with(
        "CREATE TABLE p(id INTEGER PRIMARY KEY)",
        "INSERT INTO p VALUES (1), (2)",
        "CREATE TABLE c(id INTEGER PRIMARY KEY, r REFERENCES p)",
        "INSERT INTO c VALUES (1, 1), (2, 2), (3, 2)",
        "CREATE TRIGGER f AFTER INSERT ON c BEGIN SELECT 1; END");
    Table child = sandbox.table("c");
    Table parent = sandbox.table("p");
    ForeignKey key = child.references().get(0);
    for (int round = 0; round < 2; round++) {
      open();
      try (Transaction transaction = writer.begin(List.of(parent, child))) {
        String version = transaction.catalogueVersion();
        List<String> rows = new ArrayList<>();
        transaction.referring(
            new ReferringRows(key, child, Sandbox.keysOf(2, 1)),
            List.of(column("id")),
            row -> rows.add(row.display()));
        assertThat(rows).containsExactlyInAnyOrder("0, 2", "0, 3", "1, 1");
        assertThat(transaction.rowsLost()).isEmpty();
        assertThat(remove(transaction, child, 2, 3)).isEqualTo(2);
        transaction.referring(
            new ReferringRows(key, child, Sandbox.keysOf(2)),
            List.of(),
            row -> rows.add(row.display()));
        assertThat(rows).hasSize(3);
        assertThat(transaction.rowsLost()).containsOnlyKeys(child.name()).containsValue(2L);
        assertThat(transaction.catalogueVersion()).isEqualTo(version);
      }
    }
    assertThat(sandbox.rows("SELECT count(*) FROM c")).containsExactly("3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " WITHOUT ROWID"})
  void rowsAreCountedAndDeletedByWhatTheyReferTo(String without) {
    sandbox.with(
        "CREATE TABLE p(id TEXT PRIMARY KEY)",
        "INSERT INTO p VALUES ('a'), ('b'), ('c')",
        "CREATE TABLE c(id TEXT PRIMARY KEY, r TEXT COLLATE NOCASE REFERENCES p, \"rowid\" TEXT)"
            + without,
        "INSERT INTO c VALUES ('1', 'a', 'x'), ('2', 'a', 'y'), ('3', 'b', 'z'), ('4', NULL, 'n'),"
            + " ('5', 'A', 'u')");
    Table child = sandbox.table("c");
    ForeignKey key = key(child, "r", "p", "id");
    PackedRows values = new PackedRows(1);
    values.add(Row.ofText("a"), 0);
    values.add(Row.ofText("c"), 0);
    try (Transaction transaction = begin(child)) {
      List<String> counted = new ArrayList<>();
      transaction.countReferring(
          new ReferringRows(key, child, values), row -> counted.add(row.display()));
      assertThat(counted).containsExactly("0, 2");
      ReferringRows large =
          new ReferringRows(
              key, child, values, List.of(new Condition.Not(new Condition.ValuesAtMost(0))));
      transaction.countReferring(large, row -> counted.add(row.display()));
      assertThat(counted).containsExactly("0, 2", "0, 2");
      ReferringRows small =
          new ReferringRows(key, child, values, List.of(new Condition.ValuesAtMost(0)));
      assertThat(transaction.removeReferring(small, List.of(), row -> true)).isZero();
      List<String> gone = new ArrayList<>();
      long removed =
          transaction.removeReferring(
              new ReferringRows(key, child, values),
              List.of(column("id")),
              row -> gone.add(row.display()));
      assertThat(removed).isEqualTo(2);
      assertThat(gone).containsExactlyInAnyOrder("1", "2");
      assertThat(transaction.rowsLost()).containsExactly(Map.entry(child.name(), 2L));
      transaction.commit(false);
    }
    assertThat(sandbox.rows("SELECT id AS f FROM c ORDER BY id")).containsExactly("3", "4", "5");
  }
}
