package io.tideline.testkit.partitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.maintenance.partitions.MoveReport;
import io.tideline.maintenance.partitions.TableMove;
import io.tideline.policy.Settings;
import io.tideline.policy.Terms;
import io.tideline.policy.Window;
import io.tideline.run.RunOptions;
import io.tideline.run.WorkListener;
import io.tideline.tuning.MovePhase;
import io.tideline.tuning.PartitionEvery;
import io.tideline.tuning.PartitionRule;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Moves in surroundings that are unusual, but not wrong. */
class MoveOddTest {
  @TempDir Path folder;
  private Moving moving;

  @BeforeEach
  void open() {
    moving = new Moving(folder);
  }

  @AfterEach
  void close() {
    moving.close();
  }

  private void execute(String... statements) {
    moving.database.execute(statements);
  }

  private String one(String sql) {
    return moving.database.query(sql).get(0);
  }

  private static void refused(ThrowingCallable call, ErrorCode code, String... says) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(TidelineException.class, e -> assertThat(e.code()).isEqualTo(code))
        .message()
        .contains(says);
  }

  /** Names with every sign, a key of texts that sorts by a language, a sequence of a column. */
  @Test
  void oddNamesGoThereAndBack() {
    String table = "\"a.B \"\"s\"\"\".\"%s ?'\"\"x\"\"\"";
    String before = table.replaceFirst("\"$", "_before\"");
    execute(
        "CREATE SCHEMA \"a.B \"\"s\"\"\"",
        "CREATE TABLE "
            + table
            + " (\"K k\" text COLLATE \"en-x-icu\", \"Id\" bigserial, \"At\" timestamp NOT NULL, \"V%s\""
            + " text CHECK (\"V%s\" <> '?'), PRIMARY KEY (\"K k\", \"Id\"))",
        "CREATE INDEX \"i USING \"\"x\" ON " + table + " (lower(\"V%s\")) WHERE \"V%s\" > 'a'",
        "INSERT INTO "
            + table
            + " (\"K k\", \"At\", \"V%s\") SELECT (ARRAY['a', 'B', 'b', 'Ä', '', ' ', '\"'])[1 + i % 7]"
            + " || i / 100, timestamp '2026-01-31 23:59:59.999999' + i * interval '1 h', 'v' || i FROM"
            + " generate_series(1, 500) AS i");
    List<String> rows = all(table);
    PartitionRule rule =
        PartitionRule.of("odd", table, "At", PartitionEvery.parse("month", "every"))
            .withUniqueBy(List.of("At", "Id", "K k"));
    try (TableMove move = moving.open(rule)) {
      move.fill(WorkListener.NONE);
      execute(
          "UPDATE " + table + " SET \"K k\" = 'new' || \"Id\" WHERE \"Id\" % 5 = 0",
          "INSERT INTO "
              + table
              + " (\"K k\", \"Id\", \"At\") VALUES ('new5', 5, '2027-01-01') ON CONFLICT (\"K k\","
              + " \"Id\") DO UPDATE SET \"At\" = '2026-02-02', \"V%s\" = 'upsert'");
      rows = all(table);
      move.exchange(WorkListener.NONE);
      assertThat(all(table)).isEqualTo(rows);
      execute("INSERT INTO " + table + " (\"K k\", \"At\") VALUES ('z', '2026-02-01')");
      rows = all(table);
      assertThat(one("SELECT max(\"Id\") FROM " + table)).isEqualTo("501");
      move.undo(WorkListener.NONE);
      assertThat(all(table)).isEqualTo(rows);
      assertThat(one("SELECT pg_get_serial_sequence('" + table.replace("'", "''") + "', 'Id')"))
          .endsWith("_Id_seq\"");
      move.undo(WorkListener.NONE);
      assertThat(moving.left()).isEmpty();
      execute("INSERT INTO " + table + " (\"K k\", \"At\") VALUES ('z', '2026-02-01')");
      assertThat(one("SELECT max(\"Id\") FROM " + table)).isEqualTo("502");
      move.fill(WorkListener.NONE);
      move.exchange(WorkListener.NONE);
      move.finish(true, WorkListener.NONE);
      assertThat(one("SELECT to_regclass('" + before.replace("'", "''") + "')")).isNull();
      execute("INSERT INTO " + table + " (\"K k\", \"At\") VALUES ('z', '2026-02-01')");
      assertThat(all(table)).hasSize(503);
    }
  }

  private List<String> all(String table) {
    return moving.database.query(
        "SELECT x::text FROM " + table + " AS x ORDER BY x::text COLLATE \"C\"");
  }

  /** A serializable transaction that must be tried again is tried again, and nothing is broken. */
  @Test
  void aSerializationFailureIsTheApplicationsOwn() {
    moving.fill();
    execute(
        "CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS"
            + " 'BEGIN RAISE EXCEPTION USING ERRCODE = ''40001''; END'",
        "CREATE TRIGGER fails BEFORE INSERT ON logs_tideline_log FOR EACH ROW EXECUTE FUNCTION"
            + " fails()",
        "ALTER TABLE logs_tideline_log ENABLE ALWAYS TRIGGER fails");
    assertThatThrownBy(() -> execute("UPDATE logs SET v = 'again' WHERE id = 1"))
        .hasRootCauseInstanceOf(SQLException.class)
        .rootCause()
        .extracting(e -> ((SQLException) e).getSQLState())
        .isEqualTo("40001");
    execute("DROP FUNCTION fails() CASCADE", "UPDATE logs SET v = 'again' WHERE id = 1");
    moving.exchange();
    assertThat(one("SELECT v FROM logs WHERE id = 1")).isEqualTo("again");
  }

  /** An old writing transaction makes everybody's horizon old, but not what they see. */
  @Test
  void aLongWriterElsewhereForbidsNothing() throws Exception {
    moving.fill();
    execute("CREATE TABLE elsewhere (id int)");
    AtomicBoolean ended = new AtomicBoolean();
    CountDownLatch started = new CountDownLatch(3);
    try (Connection writer = moving.database.connect();
        Statement statement = writer.createStatement()) {
      writer.setAutoCommit(false);
      statement.execute("INSERT INTO elsewhere VALUES (1)");
      List<Thread> readers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        readers.add(new Thread(() -> read(ended, started)));
      }
      readers.forEach(Thread::start);
      try {
        started.await();
        moving.exchange();
      } finally {
        ended.set(true);
        for (Thread each : readers) {
          each.join();
        }
      }
      writer.rollback();
    }
    assertThat(moving.kind()).isEqualTo("p");
  }

  private void read(AtomicBoolean ended, CountDownLatch started) {
    try (Connection connection = moving.database.connect();
        Statement statement = connection.createStatement()) {
      started.countDown();
      while (!ended.get()) {
        statement.executeQuery("SELECT pg_sleep(0.2)").close();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void keysThatCouldNotBeFollowedAreRefused() {
    execute(
        "CREATE EXTENSION citext",
        "CREATE TABLE a (id citext, at timestamptz NOT NULL, v int, PRIMARY KEY (id, at) INCLUDE"
            + " (v))",
        "CREATE TABLE b (id int, at timestamptz NOT NULL, g int GENERATED ALWAYS AS (id + 1) STORED,"
            + " PRIMARY KEY (g, at) WITH (fillfactor = 50))",
        "CREATE TABLE " + "n".repeat(48) + " (at date PRIMARY KEY)");
    refused(
        () -> begin("a"),
        ErrorCode.PARTITIONS_IMPOSSIBLE,
        "its primary key has INCLUDE columns or settings",
        "the type of its key column id is compared by public");
    refused(
        () -> begin("b"),
        ErrorCode.PARTITIONS_IMPOSSIBLE,
        "its primary key has INCLUDE columns or settings",
        "its key has the generated column g");
    refused(
        () -> begin("n".repeat(48)),
        ErrorCode.PARTITIONS_IMPOSSIBLE,
        "its name is longer than 47 bytes");
    assertThat(moving.left()).isEmpty();
  }

  private void begin(String table) {
    PartitionRule rule =
        PartitionRule.of("odd", table, "at", PartitionEvery.parse("month", "every"));
    try (TableMove move = moving.open(rule)) {
      move.fill(WorkListener.NONE);
    }
  }

  /** The log does not grow for ever. */
  @Test
  void calledAgainAfterTheSwitchTheOldTableFollows() {
    moving.fill();
    moving.exchange();
    execute("UPDATE logs SET v = 'since' WHERE id % 2 = 0", "DELETE FROM logs WHERE id = 3");
    assertThat(moving.look().status().pending()).isEqualTo(601);
    assertThat(moving.fill().status().phase()).isEqualTo(MovePhase.SWITCHED);
    assertThat(moving.look().status().pending()).isZero();
    assertThat(moving.rows("logs_before")).isEqualTo(moving.rows("logs")).hasSize(599);
  }

  @Test
  void itGoesOnOnlyAsItBegan() {
    moving.fill();
    execute("ALTER TABLE logs ADD other timestamptz");
    PartitionRule other =
        PartitionRule.of("odd", "logs", "other", PartitionEvery.parse("month", "every"));
    try (TableMove move = moving.open(other)) {
      refused(
          () -> move.exchange(WorkListener.NONE),
          ErrorCode.MOVE_REFUSED,
          "it began with the column at, and 'by' says other");
    }
    execute(
        "ALTER TABLE logs DROP other",
        "ALTER TABLE logs RENAME TO mine",
        "CREATE TABLE logs (LIKE mine INCLUDING ALL)");
    refused(moving::exchange, ErrorCode.MOVE_REFUSED, "one of its tables was renamed, dropped or");
    assertThat(moving.rows("mine")).hasSize(600);
  }

  /** The owner of the table is enough; whom it may not look at, it waits for. */
  @Test
  void aRoleThatIsNoSuperuserMoves() throws Exception {
    execute(
        "DROP ROLE IF EXISTS mover",
        "CREATE ROLE mover LOGIN PASSWORD 'mover'",
        "GRANT CREATE ON SCHEMA public TO mover",
        "ALTER TABLE logs OWNER TO mover");
    String url = moving.database.url().replace("postgres:postgres@", "mover:mover@");
    try (TableMove move = moving.open(url, Moving.rule());
        Connection old = moving.database.connect();
        Statement statement = old.createStatement()) {
      move.fill(WorkListener.NONE);
      old.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      old.setAutoCommit(false);
      statement.executeQuery("SELECT 1").close();
      execute("INSERT INTO logs (at, v) VALUES (now(), 'after')");
      refused(
          () -> move.exchange(WorkListener.NONE),
          ErrorCode.MOVE_REFUSED,
          "transactions are open that began before the last rows were copied",
          "of another role");
      old.rollback();
      move.exchange(WorkListener.NONE);
      assertThat(one("SELECT relowner::regrole FROM pg_class WHERE oid = 'logs'::regclass"))
          .isEqualTo("mover");
      assertThat(moving.rows("logs")).hasSize(601);
      move.undo(WorkListener.NONE);
      move.undo(WorkListener.NONE);
    }
    assertThat(moving.left()).isEmpty();
    execute("DROP OWNED BY mover", "DROP ROLE mover");
  }

  @Test
  void whoHasTheLeaseGoesFirst() throws Exception {
    try (Connection other = moving.database.connect();
        Statement statement = other.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(1953064037, 1818848869)");
      refused(moving::fill, ErrorCode.LEASE_HELD, "");
      assertThat(moving.look().status().phase()).isEqualTo(MovePhase.NONE);
    }
    assertThat(moving.left()).isEmpty();
  }

  @Test
  void theOldTableIsNotDroppedWithoutTheNew() {
    moving.fill();
    moving.exchange();
    moving.finish(false);
    execute("ALTER TABLE logs RENAME TO gone", "CREATE TABLE logs (LIKE gone)");
    refused(() -> moving.finish(true), ErrorCode.MOVE_REFUSED, "logs is another table, or gone");
    assertThat(moving.rows("logs_before")).hasSize(600);
  }

  @Test
  void outsideTheWindowNothingIsDone() {
    Settings settings = Moving.settings(moving.database.url(), folder, Moving.rule());
    LocalTime now = LocalTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES);
    Window later = Window.parse(now.plusHours(2) + "-" + now.plusHours(3) + " UTC");
    Settings closed =
        settings.withTerms(
            new Terms(settings.pace(), Optional.of(later), Optional.empty()), Map.of());
    try (TableMove move = TableMove.open(closed, "logs", Clock.systemUTC(), RunOptions.DEFAULT)) {
      refused(() -> move.fill(WorkListener.NONE), ErrorCode.WINDOW_CLOSED, "add --any-time");
    }
    assertThat(moving.left()).isEmpty();
  }

  /** What was asked to stop says so, and goes on when it is called again. */
  @Test
  void stoppedInTheMidstItGoesOn() {
    try (TableMove move = moving.open()) {
      MoveReport stopped =
          move.fill(
              new WorkListener() {
                @Override
                public void at(String what, long done, long total) {}

                @Override
                public void stepped(String step) {
                  if (step.equals("move-followed")) {
                    move.stop();
                  }
                }
              });
      assertThat(stopped.stopped()).isTrue();
      assertThat(stopped.done()).contains("stopped as asked");
      assertThat(stopped.status().phase()).isEqualTo(MovePhase.FILLING);
      assertThat(stopped.status().copied()).isZero();
    }
    execute("DELETE FROM logs WHERE id < 100");
    MoveReport whole = moving.fill();
    assertThat(whole.stopped()).isFalse();
    assertThat(whole.status().phase()).isEqualTo(MovePhase.FILLED);
    assertThat(moving.rows("logs_moving")).isEqualTo(moving.rows("logs")).hasSize(501);
  }
}
