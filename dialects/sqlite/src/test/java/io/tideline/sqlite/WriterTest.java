package io.tideline.sqlite;

import static io.tideline.sqlite.OpeningTest.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.Lease;
import io.tideline.dialect.RefusedException;
import io.tideline.dialect.Removal;
import io.tideline.dialect.SurpriseException;
import io.tideline.dialect.Transaction;
import io.tideline.dialect.Writer;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Pace;
import io.tideline.row.Row;
import io.tideline.row.RowSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WriterTest {
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
  void whatTheFileRemembersStaysAsItWas(String journal) {
    sandbox.with(
        "PRAGMA page_size=8192",
        "PRAGMA auto_vacuum=INCREMENTAL",
        "PRAGMA encoding='UTF-16le'",
        "PRAGMA user_version=77",
        "PRAGMA application_id=99",
        "PRAGMA journal_mode=" + journal,
        "CREATE TABLE t(id INTEGER PRIMARY KEY)",
        "INSERT INTO t VALUES (1), (2)");
    open();
    removeOne(false);
    writer.makeDurable();
    writer.relax(Pace.GENTLE);
    removeOne(true);
    close();
    writer = null;
    for (String[] pragma :
        new String[][] {
          {"page_size", "8192"},
          {"auto_vacuum", "2"},
          {"encoding", "UTF-16le"},
          {"user_version", "77"},
          {"application_id", "99"},
          {"journal_mode", journal.toLowerCase(java.util.Locale.ROOT)},
        }) {
      assertThat(sandbox.rows("PRAGMA " + pragma[0])).containsExactly(pragma[1]);
    }
    assertThat(sandbox.rows("PRAGMA integrity_check")).containsExactly("ok");
    assertThat(sandbox.rows("SELECT * FROM t")).isEmpty();
  }

  @Test
  void durabilityIsACommitOfItsOwnOnceNeeded() throws Exception {
    sandbox.with(
        "PRAGMA journal_mode=WAL",
        "CREATE TABLE t(id INTEGER PRIMARY KEY)",
        "INSERT INTO t VALUES (1), (2)");
    Path log = folder.resolve("test.db-wal");
    open(Pace.OFFLINE); // which does not begin the log anew
    removeOne(false);
    long plain = Files.size(log);
    writer.makeDurable();
    long durable = Files.size(log);
    assertThat(durable).isGreaterThan(plain);
    writer.makeDurable();
    assertThat(Files.size(log)).isEqualTo(durable);
    assertThat(sandbox.database().size().log()).isEqualTo(durable);
  }

  @Test
  void commitsOfAKilledProcessAreMadeDurableToo() throws Exception {
    sandbox.with("PRAGMA journal_mode=WAL", "CREATE TABLE t(id INTEGER PRIMARY KEY)");
    Path log = folder.resolve("test.db-wal");
    open();
    long before = Files.size(log);
    writer.makeDurable();
    long durable = Files.size(log);
    assertThat(durable).isGreaterThan(before);
    writer.makeDurable();
    assertThat(Files.size(log)).isEqualTo(durable);
  }

  @Test
  void logIsNotCheckpointedInsideACommitButBetween() throws Exception {
    sandbox.with("PRAGMA journal_mode=WAL", "CREATE TABLE t(id INTEGER PRIMARY KEY, v)");
    open();
    Table table = sandbox.table("t");
    try (Transaction transaction = writer.begin(List.of(table))) {
      transaction.insert(table, List.of("id", "v"), numbers(0, 12_000, 1000));
      transaction.commit(false);
    }
    long log = Files.size(folder.resolve("test.db-wal"));
    assertThat(log).isGreaterThan(2 * 1000 * 4096L);
    try (Transaction transaction = writer.begin(List.of(table))) {
      transaction.insert(table, List.of("id", "v"), numbers(20_000, 10, 10));
      transaction.commit(false);
    }
    assertThat(Files.size(folder.resolve("test.db-wal"))).isEqualTo(log);
    assertThat(sandbox.rows("SELECT count(*) FROM t")).containsExactly("12010");
  }

  @Test
  void anotherWriterMakesItBusy() throws Exception {
    sandbox.with("CREATE TABLE t(id INTEGER PRIMARY KEY)", "INSERT INTO t VALUES (1)");
    open();
    Table table = sandbox.table("t");
    try (Connection other = sandbox.connect();
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      assertFails(() -> writer.begin(List.of(table)), ErrorCode.DATABASE_BUSY)
          .hasMessageContaining("another process holds the write lock for longer than 5 s");
      statement.execute("ROLLBACK");
    }
    removeOne(false);
  }

  @Test
  void readerHoldsUpTheCommitOfARollbackJournal() throws Exception {
    sandbox.with("CREATE TABLE t(id INTEGER PRIMARY KEY)", "INSERT INTO t VALUES (1)");
    open();
    Table table = sandbox.table("t");
    try (Connection other = sandbox.connect();
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN");
      statement.executeQuery("SELECT * FROM t").next();
      try (Transaction transaction = writer.begin(List.of(table))) {
        transaction.removeRange(Sandbox.scan(table), new Removal.Delete(), row -> true);
        assertFails(() -> transaction.commit(false), ErrorCode.DATABASE_BUSY)
            .hasMessageContaining("another process holds a read lock");
      }
    }
    assertThat(sandbox.rows("SELECT id FROM t")).containsExactly("1");
    removeOne(false);
  }

  @Test
  void fullDiskIsTold() throws Exception {
    sandbox.with("CREATE TABLE t(id INTEGER PRIMARY KEY, v)");
    try (Session session = Session.openWriting(DatabaseFile.locate(sandbox.path), Pace.GENTLE)) {
      session.execute("PRAGMA max_page_count=4; BEGIN IMMEDIATE");
      Table table = sandbox.table("t");
      assertFails(
              () -> new Inserter(session, table, List.of("id", "v")).insert(numbers(1, 100, 1000)),
              ErrorCode.DISK_FULL)
          .hasMessageContaining("database or disk is full");
    }
    assertThat(sandbox.rows("SELECT * FROM t")).isEmpty();
  }

  @Test
  void insertNeverReplacesALiveRow() {
    sandbox.with(
        "CREATE TABLE t(id INTEGER PRIMARY KEY ON CONFLICT REPLACE, v UNIQUE ON CONFLICT IGNORE)",
        "INSERT INTO t VALUES (1, 'live'), (2, 'too')");
    open();
    Table table = sandbox.table("t");
    for (long id : new long[] {1, 3}) {
      try (Transaction transaction = writer.begin(List.of(table))) {
        Row row = new Row(2);
        row.setInteger(0, id);
        row.set(1, Row.ofText("too"), 0);
        assertThatThrownBy(() -> transaction.insert(table, List.of("id", "v"), once(row)))
            .isInstanceOf(RefusedException.class)
            .hasMessageContaining("UNIQUE constraint failed");
      }
    }
    assertThat(sandbox.rows("SELECT * FROM t")).containsExactly("1|live", "2|too");
  }

  @Test
  void sequenceNeverGoesBack() {
    sandbox.with(
        "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, v)",
        "INSERT INTO t VALUES (100, 'x')",
        "DELETE FROM t");
    open();
    Table table = sandbox.table("t");
    try (Transaction transaction = writer.begin(List.of(table))) {
      assertThat(transaction.insert(table, List.of("id", "v"), numbers(5, 3, 1))).isEqualTo(3);
      transaction.commit(true);
    }
    writer.advanceCounters(table);
    sandbox.with("INSERT INTO t(v) VALUES ('next')");
    assertThat(sandbox.rows("SELECT max(id) FROM t")).containsExactly("101");
  }

  @Test
  void kindsMayChangeFromRowToRow() {
    sandbox.with("CREATE TABLE t(id INTEGER PRIMARY KEY, v)");
    open();
    Table table = sandbox.table("t");
    int[] next = {0};
    try (Transaction transaction = writer.begin(List.of(table))) {
      transaction.insert(
          table,
          List.of("id", "v"),
          row -> {
            row.setInteger(0, next[0]);
            switch (next[0] % 4) {
              case 0 -> row.setText(1, new byte[] {'t'});
              case 1 -> row.setBlob(1, new byte[] {'b'});
              case 2 -> row.setNull(1);
              default -> row.setInteger(1, 7);
            }
            return next[0]++ < 1000;
          });
      transaction.commit(false);
    }
    assertThat(sandbox.rows("SELECT typeof(v), count(*) FROM t GROUP BY 1 ORDER BY 1"))
        .containsExactly("blob|250", "integer|250", "null|250", "text|250");
  }

  @Test
  void catalogueIsComparedInsideTheTransaction() {
    sandbox.with("CREATE TABLE t(id INTEGER PRIMARY KEY)");
    open();
    Table table = sandbox.table("t");
    String version = sandbox.database().catalogue().version();
    try (Transaction transaction = writer.begin(List.of(table))) {
      assertThat(transaction.catalogueVersion()).isEqualTo(version);
      assertThat(transaction.fingerprint(table.name())).isEqualTo(table.fingerprint());
      assertThat(transaction.fingerprint(new TableName("main", "gone"))).isEmpty();
    }
    sandbox.with("CREATE TRIGGER x AFTER DELETE ON t BEGIN SELECT 1; END");
    try (Transaction transaction = writer.begin(List.of(table))) {
      assertThat(transaction.catalogueVersion()).isNotEqualTo(version);
      assertThat(transaction.fingerprint(table.name())).isNotEqualTo(table.fingerprint());
    }
  }

  @Test
  void rootWithoutRowidIsCountedBesideItsTriggers() {
    sandbox.with(
        "CREATE TABLE t(k TEXT PRIMARY KEY) WITHOUT ROWID",
        "INSERT INTO t VALUES ('a'), ('b'), ('c')",
        "CREATE TABLE audit(k)",
        "CREATE TRIGGER x AFTER DELETE ON t BEGIN INSERT INTO audit VALUES (old.k); END");
    open();
    Table table = sandbox.table("t");
    try (Transaction transaction = writer.begin(List.of(table))) {
      transaction.removeRange(Sandbox.scan(table), new Removal.Delete(), row -> true);
      assertThat(transaction.rowsLost()).isEqualTo(Map.of(table.name(), 3L));
    }
    sandbox.with(
        "CREATE TRIGGER y AFTER DELETE ON t WHEN old.k = 'a'"
            + " BEGIN DELETE FROM t WHERE k = 'c'; END");
    Table worse = sandbox.table("t");
    try (Transaction transaction = writer.begin(List.of(worse))) {
      Row key = Row.ofText("a");
      transaction.removeKeys(
          worse,
          io.tideline.row.PackedRows.of(key),
          List.of(),
          Sandbox.all(worse),
          new Removal.Delete(),
          row -> true);
      assertThat(transaction.rowsLost()).isEqualTo(Map.of(worse.name(), 2L));
    }
    try (Transaction transaction = writer.begin(List.of(worse))) {
      assertThatThrownBy(
              () -> transaction.removeRange(Sandbox.scan(worse), new Removal.Delete(), row -> true))
          .isInstanceOf(SurpriseException.class);
    }
  }

  @Test
  void corruptPageIsToldAndRolledBack() throws Exception {
    sandbox.with(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, v)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
            + " INSERT INTO t SELECT i, 'value ' || i FROM n");
    byte[] bytes = Files.readAllBytes(sandbox.path);
    for (int i = 4096 * 5; i < 4096 * 6; i++) {
      bytes[i] = 0x55;
    }
    Files.write(sandbox.path, bytes);
    open();
    Table table = sandbox.table("t");
    assertFails(() -> sandbox.read(Sandbox.scan(table)), ErrorCode.DATABASE_CORRUPT)
        .hasMessageContaining("database disk image is malformed");
    try (Transaction transaction = writer.begin(List.of(table))) {
      assertThatThrownBy(
              () -> transaction.removeRange(Sandbox.scan(table), new Removal.Delete(), row -> true))
          .isInstanceOfSatisfying(
              TidelineException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_CORRUPT));
    }
  }

  private void open() {
    open(Pace.GENTLE);
  }

  private void open(Pace pace) {
    lease = sandbox.database().acquireLease();
    writer = lease.openWriter(pace);
  }

  private void removeOne(boolean durable) {
    Table table = sandbox.table("t");
    String id = sandbox.rows("SELECT min(id) FROM t").get(0);
    try (Transaction transaction = writer.begin(List.of(table))) {
      assertThat(
              transaction.removeKeys(
                  table,
                  Sandbox.keysOf(Long.parseLong(id)),
                  List.of(),
                  List.of(),
                  new Removal.Delete(),
                  row -> row.width() == 0))
          .isEqualTo(1);
      transaction.commit(durable);
    }
  }

  private static RowSource numbers(int first, int count, int size) {
    int[] next = {first};
    return row -> {
      row.setInteger(0, next[0]);
      row.setBlob(1, new byte[size]);
      return next[0]++ < first + count;
    };
  }

  private static RowSource once(Row only) {
    boolean[] given = {false};
    return row -> {
      for (int i = 0; i < row.width(); i++) {
        row.set(i, only, i);
      }
      boolean first = !given[0];
      given[0] = true;
      return first;
    };
  }
}
