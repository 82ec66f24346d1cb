package io.tideline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections: how they are opened, and what becomes of work on them. */
final class DatabaseTest {
  @TempDir Path folder;

  @Test
  void opensSqliteAsItWorksBest() {
    try (Database database = Database.sqlite(folder.resolve("a.db")).open()) {
      Work<List<String>> settings =
          session ->
              List.of(
                  session.first("PRAGMA journal_mode", row -> row.getString(1)).orElseThrow(),
                  session.first("PRAGMA synchronous", row -> row.getString(1)).orElseThrow(),
                  session.first("PRAGMA foreign_keys", row -> row.getString(1)).orElseThrow(),
                  session.first("PRAGMA busy_timeout", row -> row.getString(1)).orElseThrow());
      assertThat(database.read(settings)).containsExactly("wal", "1", "1", "5000");
      assertThat(database.write(settings)).containsExactly("wal", "1", "1", "5000");
    }
  }

  @Test
  void settingsOfSqliteAreThoseAskedFor() {
    try (Database database =
        Database.sqlite(folder.resolve("a.db"))
            .synchronous(SqliteOpening.Synchronous.FULL)
            .foreignKeys(false)
            .busyTimeout(Duration.ofMillis(7))
            .pageCache(3)
            .open()) {
      assertThat(
              database.<List<String>>write(
                  session ->
                      List.of(
                          session.first("PRAGMA synchronous", r -> r.getString(1)).orElseThrow(),
                          session.first("PRAGMA foreign_keys", r -> r.getString(1)).orElseThrow(),
                          session.first("PRAGMA busy_timeout", r -> r.getString(1)).orElseThrow(),
                          session.first("PRAGMA cache_size", r -> r.getString(1)).orElseThrow())))
          .containsExactly("2", "0", "7", "-3072");
    }
  }

  @Test
  void readersOfSqliteCannotWrite() {
    try (Database database = Database.sqlite(folder.resolve("a.db")).open()) {
      assertThatThrownBy(() -> database.read(session -> session.update("CREATE TABLE t (a)")))
          .isInstanceOf(StoreException.class)
          .hasMessage("Cannot read store: the database refused. The cause says why.");
    }
  }

  @Test
  void whatIsNoDatabaseIsNotOpened() throws Exception {
    Path text = Files.writeString(folder.resolve("notes.txt"), "not a database ".repeat(100));
    assertThatThrownBy(() -> Database.sqlite(text).open())
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("Cannot open " + text + " as a SQLite database in WAL mode.");
    assertThat(Files.readString(text)).startsWith("not a database");
    assertThatThrownBy(() -> Database.sqlite(folder.resolve("none/a.db")).open())
        .hasMessageContaining("its folder is not there");
  }

  @Test
  void aFileThatMayNotBeWrittenIsNotOpened() {
    Path file = folder.resolve("read-only.db");
    Database.sqlite(file).open().close();
    assumeTrue(file.toFile().setReadOnly() && !Files.isWritable(file), "root writes anything");
    assertThatThrownBy(() -> Database.sqlite(file).open())
        .hasMessage(
            "Cannot open "
                + file
                + ": this user may not write to it. Nothing was changed. Give it the right, or run"
                + " as its owner.");
  }

  @Test
  void aServerThatDoesNotAnswerIsSaidWithoutThePassword() {
    assertThatThrownBy(
            () ->
                Database.postgresql("jdbc:postgresql://localhost:1/none")
                    .user("me")
                    .password("secret")
                    .acquireTimeout(Duration.ofMillis(300))
                    .open())
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("Cannot open store: no connection to PostgreSQL.")
        .hasMessageNotContaining("secret");
  }

  @Test
  void aBadSettingThrows() {
    SqliteOpening opening = Database.sqlite(folder.resolve("a.db"));
    assertThatThrownBy(() -> opening.readers(0))
        .hasMessage("readers is 0: it must be from 1 to 64");
    assertThatThrownBy(() -> opening.busyTimeout(Duration.ofSeconds(-1)))
        .hasMessageContaining("busy timeout is PT-1S");
    assertThatThrownBy(() -> opening.named(" ")).hasMessageContaining("name is empty");
    assertThatThrownBy(() -> Database.postgresql("postgres://x"))
        .hasMessage("The address must begin with jdbc:postgresql:");
    assertThatThrownBy(
            () -> Database.postgresql("jdbc:postgresql:x").acquireTimeout(Duration.ofMillis(1)))
        .hasMessageContaining("at least 250 ms");
  }

  @ParameterizedTest
  @EnumSource
  void aWorkThatFailsLeavesNothing(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    test.execute("CREATE TABLE t (a INTEGER PRIMARY KEY)");
    try (Database database = test.open()) {
      assertThatThrownBy(
              () ->
                  database.write(
                      session -> {
                        session.update("INSERT INTO t VALUES (1)");
                        throw new IllegalStateException("mine");
                      }))
          .hasMessage("mine");
      assertThatThrownBy(
              () ->
                  database.write(
                      session -> {
                        session.update("INSERT INTO t VALUES (2)");
                        return session.update("INSERT INTO t VALUES (2)");
                      }))
          .asInstanceOf(type(StoreException.class))
          .satisfies(
              e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.BAD_ROW),
              e ->
                  assertThat(e)
                      .hasMessage(
                          "Cannot write to store: the database refuses a row. Rolled back, nothing"
                              + " was written. The cause says which rule it breaks."));
      assertThat(database.<Integer>write(session -> session.update("INSERT INTO t VALUES (3)")))
          .isEqualTo(1);
    }
    assertThat(test.count("SELECT sum(a) FROM t")).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource
  void aLockIsWaitedForCountedAndTold(Kind kind) throws Exception {
    TestDatabase test = kind.fresh(folder);
    test.execute("CREATE TABLE t (a INTEGER)");
    try (Database database = test.open()) {
      try (AutoCloseable lock = test.lock("t")) {
        assertThatThrownBy(
                () -> database.write(session -> session.update("INSERT INTO t VALUES (1)")))
            .asInstanceOf(type(StoreException.class))
            .satisfies(
                e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.BUSY),
                e -> assertThat(e).hasMessageContaining("through 2 attempts. Rolled back"));
        assertThat(database.<List<Long>>read(s -> s.query("SELECT a FROM t", r -> r.getLong(1))))
            .as("reads go on")
            .isEmpty();
      }
      assertThat(database.contention()).isEqualTo(new Contention(0, 2, 1, 0));
      database.write(session -> session.update("INSERT INTO t VALUES (1)"));
    }
    assertThat(test.count("SELECT count(*) FROM t")).isEqualTo(1);
  }

  @Test
  void aConnectionThatIsLostBeforeTheCommitIsTriedAgain() {
    TestDatabase test = Kind.POSTGRESQL.fresh(folder);
    test.execute("CREATE TABLE t (a INTEGER)");
    AtomicInteger times = new AtomicInteger();
    try (Database database = test.open()) {
      database.write(
          session -> {
            session.update("INSERT INTO t VALUES (1)");
            if (times.incrementAndGet() == 1) {
              session.query("SELECT pg_terminate_backend(pg_backend_pid())", row -> true);
            }
            return true;
          });
    }
    assertThat(test.count("SELECT count(*) FROM t")).isEqualTo(1);
  }

  @Test
  void anAnswerLostAtCommitIsSaidToBeUnknown() {
    TestDatabase test = Kind.POSTGRESQL.fresh(folder);
    test.execute(
        "CREATE TABLE t (a INTEGER)",
        """
        CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN NULL; END'""",
        """
        CREATE CONSTRAINT TRIGGER die AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION die()""");
    try (Database database = test.open()) {
      assertThatThrownBy(
              () -> database.write(session -> session.update("INSERT INTO t VALUES (1)")))
          .asInstanceOf(type(StoreException.class))
          .satisfies(
              e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.OUTCOME_UNKNOWN),
              e -> assertThat(e).hasMessageContaining("the answer to COMMIT was lost"));
      assertThat(database.contention().unknown()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWriteWithinAWriteIsRefused(Kind kind) {
    try (Database database = kind.fresh(folder).open()) {
      assertThatThrownBy(() -> database.write(outer -> database.write(inner -> 1)))
          .hasMessageStartingWith("Cannot write within a write");
      assertThat(database.<Integer>write(session -> 2)).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSameStatementWithinItsOwnResult(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    test.execute("CREATE TABLE t (a INTEGER)", "INSERT INTO t VALUES (1), (2)");
    try (Database database = test.open()) {
      String sql = "SELECT a FROM t ORDER BY a";
      List<Integer> counts =
          database.read(
              session ->
                  session.query(sql, row -> session.query(sql, inner -> inner.getInt(1)).size()));
      assertThat(counts).containsExactly(2, 2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsClosedIsNotUsed(Kind kind) {
    Database database = kind.fresh(folder).open();
    database.close();
    database.close();
    assertThatThrownBy(() -> database.read(session -> 1))
        .hasMessage("Cannot use store: it was closed");
  }

  @Test
  void metersHaveTheNamesThatPoolsHave() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try (Database database =
        Database.sqlite(folder.resolve("a.db")).named("main").readers(2).meters(meters).open()) {
      int busy =
          database.read(
              session ->
                  (int) meters.get("jdbc.connections.active").tag("name", "main").gauge().value());
      assertThat(busy).isEqualTo(1);
      assertThat(meters.get("jdbc.connections.max").gauge().value()).isEqualTo(2);
      assertThat(
              meters.get("tideline.store.busy").tag("operation", "read").functionCounter().count())
          .isZero();
    }
  }

  @Test
  void connectionsAreNotWaitedForForEver() {
    TestDatabase test = Kind.POSTGRESQL.fresh(folder);
    try (Database database =
        Database.postgresql(test.url())
            .connections(1)
            .acquireTimeout(Duration.ofMillis(250))
            .open()) {
      assertThatThrownBy(() -> database.read(one -> database.read(two -> 1)))
          .hasMessageStartingWith("Cannot use store: all 1 connections are in use.");
    }
  }

  @Test
  void readersAreNotWaitedForForEver() {
    try (Database database =
        Database.sqlite(folder.resolve("a.db"))
            .readers(1)
            .acquireTimeout(Duration.ofMillis(20))
            .open()) {
      assertThatThrownBy(() -> database.read(one -> database.read(two -> 1)))
          .hasMessageStartingWith("Cannot read store: all 1 readers are in use.");
    }
  }
}
