package io.tideline.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.catalogue.Column;
import io.tideline.catalogue.Table;
import io.tideline.dialect.Lease;
import io.tideline.dialect.Removal;
import io.tideline.dialect.Transaction;
import io.tideline.dialect.Writer;
import io.tideline.policy.Pace;
import io.tideline.row.Kind;
import io.tideline.row.Row;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is stored is read, and what is read can be stored again, bit for bit. */
final class ValuesTest {
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
  @ValueSource(strings = {"UTF-8", "UTF-16le", "UTF-16be"})
  void everyValueReturnsAsItWas(String encoding) {
    sandbox.with(
        "PRAGMA encoding='" + encoding + "'",
        "CREATE TABLE t(id INTEGER PRIMARY KEY, v, s TEXT, n NUMERIC, i INTEGER, r REAL)",
        "INSERT INTO t(v) VALUES (NULL), (''), (x''), (0), (0.0), (-0.0), (1e308), (-9e999),"
            + " (9223372036854775807), (-9223372036854775808), (9007199254740993), ('42'),"
            + " ('täglich 日本 😀'), ('a' || char(0) || 'b'), (CAST(x'00' AS TEXT)),"
            + " (CAST(x'ff41fe' || x'80' AS TEXT)), (CAST(x'00d841003dd8' AS TEXT)),"
            + " (CAST(x'd8000041dc00' AS TEXT)), (x'00ff'), (zeroblob(70000)),"
            + " (char(65279) || 'bom')",
        "INSERT INTO t(v, s, n, i, r) SELECT v, v, v, v, v FROM t");
    List<String> before = dump();
    Table table = sandbox.table("t");
    List<Row> rows = sandbox.read(Sandbox.scan(table));
    assertThat(rows).hasSize(42);
    assertThat(rows.get(0).kind(1)).isEqualTo(Kind.NULL);
    assertThat(rows.get(1).kind(1)).isEqualTo(Kind.TEXT);
    assertThat(rows.get(1).bytes(1)).isEmpty();
    assertThat(rows.get(2).kind(1)).isEqualTo(Kind.BLOB);
    assertThat(rows.get(2).bytes(1)).isEmpty();
    assertThat(rows.get(12).text(1)).isEqualTo("täglich 日本 😀");
    assertThat(rows.get(13).text(1)).isEqualTo("a\0b");

    removeAll(table, rows.size());
    assertThat(dump()).isEmpty();
    insert(table, names(table), rows);
    assertThat(dump()).isEqualTo(before);
    assertThat(sandbox.read(Sandbox.scan(table))).isEqualTo(rows);
  }

  @Test
  void unpairedSurrogatesAreThreeBytesAndReturn() {
    sandbox.with(
        "PRAGMA encoding='UTF-16le'",
        "CREATE TABLE t(id INTEGER PRIMARY KEY, v)",
        "INSERT INTO t VALUES (1, CAST(x'00d8' AS TEXT)), (2, CAST(x'41003cd800dc42dd' AS TEXT))");
    List<Row> rows = sandbox.read(Sandbox.scan(sandbox.table("t")));
    assertThat(rows.get(0).bytes(1)).containsExactly(0xED, 0xA0, 0x80);
    assertThat(Encoding.UTF16LE.fromUtf8(rows.get(1).bytes(1)))
        .containsExactly(0x41, 0, 0x3C, 0xD8, 0, 0xDC, 0x42, 0xDD);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void utf16IsReversible(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      byte[] units = new byte[2 * random.nextInt(6)];
      for (int j = 0; j < units.length; j += 2) {
        int unit = random.nextInt(3) == 0 ? 0xD800 + random.nextInt(0x800) : random.nextInt(0xD800);
        units[j] = (byte) unit;
        units[j + 1] = (byte) (unit >> 8);
      }
      assertThat(Encoding.UTF16LE.fromUtf8(Encoding.UTF16LE.toUtf8(units)))
          .as("seed %s, round %s", seed, i)
          .isEqualTo(units);
    }
  }

  @Test
  void uglyNamesAreOrdinaryNames() {
    sandbox.with(
        "CREATE TABLE \"sel\"\"ect.%s ä\"(\"rowid\" TEXT, \"order\", \"a.b\", \"q\"\"x\", \"%s\","
            + " \"日本\", g AS (\"order\" || 1))",
        "INSERT INTO \"sel\"\"ect.%s ä\" VALUES ('r', 1, 2, 3, 4, 5)");
    Table table = sandbox.table("sel\"ect.%s ä");
    assertThat(table.key().orElseThrow().columns()).containsExactly("_rowid_");
    List<Row> rows = sandbox.read(Sandbox.scan(table));
    assertThat(rows.get(0).display()).isEqualTo("r, 1, 2, 3, 4, 5");
    removeAll(table, 1);
    List<String> columns = new ArrayList<>(names(table));
    columns.add(0, "_rowid_");
    Row full = new Row(7);
    full.setInteger(0, 77);
    for (int i = 0; i < 6; i++) {
      full.set(i + 1, rows.get(0), i);
    }
    insert(table, columns, List.of(full));
    assertThat(sandbox.rows("SELECT _rowid_, \"rowid\", g FROM \"sel\"\"ect.%s ä\""))
        .containsExactly("77|r|11");
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void randomRowsOfAnyKindReturn(long seed) {
    Random random = new Random(seed);
    sandbox.with("CREATE TABLE t(a INTEGER, b TEXT, c, d REAL, e NUMERIC, f BLOB)");
    Table table = sandbox.table("t");
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 700; i++) {
      Row row = new Row(6);
      for (int j = 0; j < 6; j++) {
        fill(row, j, random);
      }
      rows.add(row);
    }
    insert(table, names(table), rows);
    List<String> before = dump();
    List<Row> stored = sandbox.read(Sandbox.scan(table));
    removeAll(table, 700);
    insert(table, names(table), stored);
    assertThat(dump()).as("seed " + seed).isEqualTo(before);
    assertThat(sandbox.read(Sandbox.scan(table))).as("seed " + seed).isEqualTo(stored);
  }

  @Test
  void compositeTextKeysWithAnyBytesAreScannedInSlices() {
    sandbox.with(
        "CREATE TABLE t(a TEXT, b TEXT COLLATE NOCASE, v, PRIMARY KEY(a, b)) WITHOUT ROWID");
    Table table = sandbox.table("t");
    Random random = new Random(5);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      Row row = new Row(3);
      byte[] a = new byte[1 + random.nextInt(2)];
      random.nextBytes(a);
      row.setText(0, a);
      row.setText(1, ("k" + i).getBytes(StandardCharsets.UTF_8));
      row.setInteger(2, i);
      rows.add(row);
    }
    insert(table, names(table), rows);
    List<Row> whole = sandbox.read(Sandbox.scan(table));
    List<Row> sliced = new ArrayList<>();
    try (var reader = sandbox.database().openReader()) {
      var scan = Sandbox.scan(table);
      int before;
      do {
        before = sliced.size();
        reader.scan(scan, 7, row -> sliced.add(row.slice(0, 3)));
        scan =
            scan.over(
                new io.tideline.dialect.Range(
                    List.of("a", "b"),
                    java.util.Optional.of(sliced.get(sliced.size() - 1).slice(0, 2)),
                    java.util.Optional.empty()));
      } while (sliced.size() > before);
    }
    assertThat(sliced).isEqualTo(whole).hasSize(300);
  }

  private static void fill(Row row, int i, Random random) {
    byte[] bytes = new byte[random.nextInt(12)];
    random.nextBytes(bytes);
    switch (random.nextInt(6)) {
      case 0 -> row.setNull(i);
      case 1 -> row.setInteger(i, random.nextLong() >> random.nextInt(64));
      case 2 -> row.setReal(i, random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20));
      case 3 -> row.setText(i, bytes);
      case 4 -> row.setText(i, ("7" + random.nextInt(99)).getBytes(StandardCharsets.UTF_8));
      default -> row.setBlob(i, bytes);
    }
  }

  private List<String> dump() {
    return sandbox.rows("SELECT rowid, " + quoted() + " FROM t ORDER BY rowid");
  }

  private String quoted() {
    return String.join(
        ", ",
        sandbox.table("t").columns().stream()
            .map(c -> "typeof(" + c.name() + "), hex(CAST(" + c.name() + " AS BLOB))")
            .toList());
  }

  private static List<String> names(Table table) {
    return table.archivedColumns().stream().map(Column::name).toList();
  }

  private void removeAll(Table table, long expected) {
    try (Lease lease = sandbox.database().acquireLease();
        Writer writer = lease.openWriter(Pace.GENTLE);
        Transaction transaction = writer.begin(List.of(table))) {
      assertThat(transaction.removeRange(Sandbox.scan(table), new Removal.Delete(), row -> true))
          .isEqualTo(expected);
      transaction.commit(true);
    }
  }

  private void insert(Table table, List<String> columns, List<Row> rows) {
    try (Lease lease = sandbox.database().acquireLease();
        Writer writer = lease.openWriter(Pace.GENTLE);
        Transaction transaction = writer.begin(List.of(table))) {
      Iterator<Row> next = rows.iterator();
      long inserted =
          transaction.insert(
              table,
              columns,
              row -> {
                if (!next.hasNext()) {
                  return false;
                }
                Row from = next.next();
                for (int i = 0; i < row.width(); i++) {
                  row.set(i, from, i);
                }
                return true;
              });
      assertThat(inserted).isEqualTo(rows.size());
      assertThat(transaction.rowsLost()).isEmpty();
      transaction.commit(true);
    }
  }
}
