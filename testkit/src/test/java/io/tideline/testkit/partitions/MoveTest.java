package io.tideline.testkit.partitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.maintenance.partitions.TableMove;
import io.tideline.run.WorkListener;
import io.tideline.tuning.MovePhase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plain table becomes a partitioned one, and back, with everything it has. */
class MoveTest {
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

  @Test
  void everythingComesAlong() {
    execute(
        "DROP ROLE IF EXISTS move_reader",
        "CREATE ROLE move_reader",
        "GRANT SELECT, INSERT ON logs TO move_reader",
        "COMMENT ON TABLE logs IS 'it''s logs'",
        "COMMENT ON COLUMN logs.v IS 'the value'",
        "ALTER TABLE logs SET (fillfactor = 80, toast.autovacuum_enabled = false)",
        "ALTER TABLE logs ADD long text GENERATED ALWAYS AS (v || '!') STORED, ADD n serial,"
            + " ADD d int DEFAULT 7",
        "ALTER TABLE logs ALTER v SET STORAGE external");
    List<String> before = moving.rows("logs");
    Instant start = Instant.now().minus(Duration.ofDays(200));
    try (TableMove move = moving.open(Moving.rule().withStart(start))) {
      assertThat(move.fill(WorkListener.NONE).status().phase()).isEqualTo(MovePhase.FILLED);
    }
    assertThat(one("SELECT min(relid::text) FROM pg_partition_tree('logs_moving') WHERE isleaf"))
        .isEqualTo(Moving.rule().names().name("logs", start));
    assertThat(moving.kind()).isEqualTo("r");
    assertThat(moving.rows("logs_moving")).isEqualTo(before);
    moving.exchange();

    assertThat(moving.kind()).isEqualTo("p");
    assertThat(moving.rows("logs")).isEqualTo(before);
    assertThat(
            moving.database.query(
                "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE"
                    + " i.indrelid = 'logs'::regclass ORDER BY 1"))
        .containsExactly("logs_pkey", "logs_v");
    String of = " FROM pg_class WHERE oid = '%s'::regclass";
    for (String each :
        List.of("relacl::text", "relowner", "obj_description(oid)", "col_description(oid, 3)")) {
      assertThat(one("SELECT " + each + of.formatted("logs")))
          .as(each)
          .isEqualTo(one("SELECT " + each + of.formatted("logs_before")));
    }
    assertThat(
            moving.database.query(
                "SELECT DISTINCT reloptions::text FROM pg_class WHERE oid IN (SELECT relid FROM"
                    + " pg_partition_tree('logs') WHERE isleaf)"))
        .containsExactly("{fillfactor=80}");
    assertThat(one("SELECT reltuples::int FROM pg_class WHERE oid = 'logs'::regclass"))
        .isEqualTo("600");
    assertThat(one("SELECT pg_get_serial_sequence('logs', 'id')")).isEqualTo("public.logs_id_seq");
    assertThat(one("SELECT pg_get_serial_sequence('logs', 'n')")).isEqualTo("public.logs_n_seq");
    execute("INSERT INTO logs (at, v) VALUES (now(), 'new')");
    assertThat(moving.database.query("SELECT ROW(id, n, d, long)::text FROM logs WHERE v = 'new'"))
        .containsExactly("(601,601,7,new!)");
    assertThatThrownBy(() -> execute("INSERT INTO logs (at, v) VALUES (now(), repeat('x', 100))"))
        .hasMessageContaining("short");

    moving.finish(false);
    refused(moving::undo, ErrorCode.MOVE_REFUSED, "it is finished");
    assertThat(moving.rows("logs_before")).isEqualTo(before); // it followed until the last undo
    moving.finish(true);
    assertThat(moving.left()).isEmpty();
    execute("INSERT INTO logs (at) VALUES (now())");
    execute("DROP OWNED BY move_reader", "DROP ROLE move_reader");
  }

  @Test
  void undoAfterTheSwitchKeepsWhatWasWrittenSince() {
    moving.fill();
    moving.exchange();
    execute(
        "INSERT INTO logs (at, v) SELECT now(), 'since' FROM generate_series(1, 50)",
        "UPDATE logs SET v = 'changed' WHERE id % 7 = 0",
        "UPDATE logs SET at = at + interval '3 hours', id = id + 5000 WHERE id % 11 = 0",
        "DELETE FROM logs WHERE id % 13 = 0");
    // Around the table, into a partition that was made since and nobody follows.
    execute(
        "DO $$ BEGIN EXECUTE format('CREATE TABLE logs_later PARTITION OF logs FOR VALUES FROM (%L) TO"
            + " (%L)', date_trunc('month', now()) + interval '5 months', date_trunc('month', now()) +"
            + " interval '6 months'); END $$",
        "INSERT INTO logs_later (id, at, v) VALUES (9999, date_trunc('month', now()) + interval '5"
            + " months 3 days', 'later')");
    List<String> now = moving.rows("logs");
    assertThat(moving.undo().status().phase()).isEqualTo(MovePhase.UNDONE);
    assertThat(moving.kind()).isEqualTo("r");
    assertThat(moving.rows("logs")).isEqualTo(now).isEqualTo(moving.rows("logs_moving"));
    execute("INSERT INTO logs (at, v) VALUES (now(), 'x')");
    assertThat(one("SELECT id FROM logs WHERE v = 'x'")).isEqualTo("651");
    assertThat(
            one(
                "SELECT indexrelid::regclass FROM pg_index WHERE indisprimary AND indrelid ="
                    + " 'logs'::regclass"))
        .isEqualTo("logs_pkey");
    moving.undo();
    assertThat(moving.left()).isEmpty();
    assertThat(moving.rows("logs")).hasSize(now.size() + 1);
    moving.fill();
    moving.exchange();
    assertThat(moving.kind()).isEqualTo("p");
  }

  @Test
  void twoRowsOfOneIdAreNotLostByAnUndo() {
    moving.fill();
    moving.exchange();
    execute("INSERT INTO logs (id, at, v) VALUES (5, now(), 'twin')");
    refused(moving::undo, ErrorCode.MOVE_REFUSED, "1 keys (id) have several rows now");
    assertThat(moving.kind()).isEqualTo("p");
    assertThat(moving.rows("logs")).hasSize(601);
    execute("DELETE FROM logs WHERE id = 5 AND v = 'twin'");
    moving.undo();
    assertThat(moving.rows("logs")).hasSize(600);
  }

  @Test
  void whatCameSinceTheBeginningForbidsTheSwitch() {
    moving.fill();
    execute("CREATE TABLE other (id bigint)", "CREATE SCHEMA s");
    String[][] changes = {
      {"CREATE VIEW s.w AS SELECT id FROM logs", "DROP VIEW s.w", "view s.w depends"},
      {
        "CREATE FUNCTION f() RETURNS bigint BEGIN ATOMIC SELECT max(id) FROM logs; END",
        "DROP FUNCTION f()",
        "function public.f() depends"
      },
      {
        "ALTER TABLE logs ADD extra int",
        "ALTER TABLE logs DROP extra",
        "definition of the plain table"
      },
      {"CREATE INDEX later ON logs (at)", "DROP INDEX later", "definition of the plain table"},
      {
        "ALTER TABLE logs ADD CONSTRAINT c2 CHECK (id > 0)",
        "ALTER TABLE logs DROP CONSTRAINT c2",
        "definition of the plain table"
      },
      {
        "GRANT SELECT ON logs TO PUBLIC",
        "REVOKE ALL ON logs FROM PUBLIC",
        "definition of the plain table"
      },
      {
        "GRANT SELECT (id) ON logs TO PUBLIC",
        "REVOKE SELECT (id) ON logs FROM PUBLIC",
        "its column id has rights"
      },
      {"CREATE POLICY p ON logs USING (true)", "DROP POLICY p ON logs", "it has the policy p"},
      {
        "CREATE POLICY p ON other USING (id IN (SELECT id FROM logs))",
        "DROP POLICY p ON other",
        "the policy p of public.other reads it"
      },
      {
        "ALTER TABLE logs ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE logs DISABLE ROW LEVEL SECURITY",
        "row-level security"
      },
      {
        "ALTER TABLE other ADD CONSTRAINT fk FOREIGN KEY (id) REFERENCES logs",
        "ALTER TABLE other DROP CONSTRAINT fk",
        "the foreign key fk of public.other refers to it"
      },
      {"CREATE PUBLICATION pub FOR ALL TABLES", "DROP PUBLICATION pub", "the publication pub"},
      {"CREATE STATISTICS st ON id, v FROM logs", "DROP STATISTICS st", "extended statistics st"},
      {
        "CREATE RULE r AS ON DELETE TO logs DO ALSO NOTHING",
        "DROP RULE r ON logs",
        "it has the rule r"
      },
      {"CREATE TABLE child () INHERITS (logs)", "DROP TABLE child", "by inheritance"},
      {
        "CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER t BEFORE INSERT ON logs FOR EACH ROW EXECUTE FUNCTION t()",
        "DROP FUNCTION t() CASCADE",
        "it has the trigger t"
      },
      {
        "ALTER TABLE logs_moving ADD extra int",
        "ALTER TABLE logs_moving DROP extra",
        "definition of the partitioned table"
      },
      {
        "CREATE VIEW s.w AS SELECT id FROM logs_moving",
        "DROP VIEW s.w",
        "of the partitioned table: the rule"
      },
    };
    for (String[] change : changes) {
      execute(change[0]);
      refused(moving::exchange, ErrorCode.MOVE_REFUSED, change[2]);
      execute(change[1]);
      if (change[1].startsWith("REVOKE")) {
        execute(
            "UPDATE pg_class SET relacl = NULL WHERE relname = 'logs'",
            "UPDATE pg_attribute SET attacl = NULL WHERE attname = 'id' AND attrelid = 'logs'::regclass");
      }
    }
    assertThat(moving.kind()).isEqualTo("r");
    moving.exchange();
    assertThat(moving.kind()).isEqualTo("p");
    execute("CREATE VIEW s.w AS SELECT id FROM logs");
    refused(moving::undo, ErrorCode.MOVE_REFUSED, "of the partitioned table: the rule");
    execute("DROP VIEW s.w");
    moving.undo();
  }

  @Test
  void triggersThatWereSwitchedOffForAWhileForbidIt() {
    moving.fill();
    execute(
        "ALTER TABLE logs DISABLE TRIGGER ALL",
        "UPDATE logs SET v = 'unseen' WHERE id = 3",
        "ALTER TABLE logs ENABLE ALWAYS TRIGGER tideline_note_update",
        "ALTER TABLE logs ENABLE ALWAYS TRIGGER tideline_note_insert",
        "ALTER TABLE logs ENABLE ALWAYS TRIGGER tideline_note_delete",
        "ALTER TABLE logs ENABLE ALWAYS TRIGGER tideline_note_truncate");
    refused(moving::exchange, ErrorCode.MOVE_REFUSED, "1 rows differ, and nothing says");
    execute("UPDATE logs SET v = 'seen' WHERE id = 3");
    refused(
        moving::exchange, ErrorCode.MOVE_REFUSED, "its triggers or their function were touched");
    moving.undo();
    assertThat(moving.left()).isEmpty();
    assertThat(one("SELECT v FROM logs WHERE id = 3")).isEqualTo("seen");
  }

  @Test
  void whatCannotBeCarriedOverIsRefusedBeforeAnythingIsDone() {
    execute(
        "CREATE TABLE accounts (id int PRIMARY KEY)",
        "ALTER TABLE logs ADD account int REFERENCES accounts, ALTER at DROP NOT NULL",
        "CREATE UNIQUE INDEX logs_u ON logs (v)",
        "ALTER TABLE logs ALTER v SET STATISTICS 500");
    refused(
        moving::fill,
        ErrorCode.PARTITIONS_IMPOSSIBLE,
        "it has the foreign key logs_account_fkey to another table",
        "at may be NULL",
        "its index logs_u is",
        "its column v has rights or settings",
        "Nothing was changed");
    assertThat(moving.left()).isEmpty();
    try (var move = moving.open(Moving.rule().withUniqueBy(List.of()))) {
      refused(
          () -> move.fill((what, done, total) -> {}),
          ErrorCode.PARTITIONS_IMPOSSIBLE,
          "(id) alone cannot be unique, only together with at",
          "'unique_by: [id, at]'");
    }
  }

  @Test
  void aTransactionThatWouldMissRowsIsWaitedFor() throws Exception {
    moving.fill();
    try (Connection old = moving.database.connect();
        Statement statement = old.createStatement()) {
      old.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      old.setAutoCommit(false);
      statement.executeQuery("SELECT 1").close();
      execute("INSERT INTO logs (at, v) VALUES (now(), 'after')");
      refused(
          moving::exchange,
          ErrorCode.MOVE_REFUSED,
          "transactions are open that began before the last rows were copied",
          "process ");
      assertThat(moving.kind()).isEqualTo("r");
      old.rollback();
    }
    moving.exchange();
    assertThat(one("SELECT count(*) FROM logs WHERE v = 'after'")).isEqualTo("1");
  }

  @Test
  void whoHoldsALockIsWaitedForAndNobodyIsHeldUpForLong() throws Exception {
    try (Connection other = moving.database.connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("UPDATE logs SET v = 'open' WHERE id = 1");
      refused(moving::fill, ErrorCode.DATABASE_BUSY, "locked by another session", "process ");
      // Others were never held up for longer than the wait.
      execute("SET lock_timeout = '2s'; UPDATE logs SET v = 'y' WHERE id = 2");
      other.commit();
    }
    moving.fill();
    assertThat(moving.rows("logs_moving")).isEqualTo(moving.rows("logs"));
  }

  @Test
  void theApplicationGoesOnWhateverHappensToTheMove() {
    moving.fill();
    execute(
        "ALTER TABLE logs_tideline_log RENAME TO gone", "UPDATE logs SET v = 'on' WHERE id = 1");
    execute("ALTER TABLE gone RENAME TO logs_tideline_log");
    refused(moving::exchange, ErrorCode.MOVE_REFUSED, "could not be noted");
    moving.undo();
    moving.fill();
    execute("TRUNCATE logs");
    refused(moving::exchange, ErrorCode.MOVE_REFUSED, "truncated");
    refused(moving::fill, ErrorCode.MOVE_REFUSED, "truncated");
    moving.undo();
    assertThat(moving.left()).isEmpty();
    moving.fill();
    execute(
        "DROP TABLE logs_tideline_log",
        "DROP SEQUENCE logs_tideline_broken",
        "INSERT INTO logs (at) VALUES (now())");
    refused(moving::exchange, ErrorCode.MOVE_REFUSED, "its log was dropped");
    moving.undo();
    assertThat(moving.rows("logs")).hasSize(1);
  }

  @Test
  void rowsOfEveryTimeGetAPartition() {
    moving.fill();
    execute(
        "INSERT INTO logs (at, v) VALUES ('2024-02-29 23:59:59.999999+00', 'early'),"
            + " (now() + interval '200 days', 'late')");
    moving.exchange();
    assertThat(one("SELECT tableoid::regclass FROM logs WHERE v = 'early'"))
        .isEqualTo("logs_2024_02");
    moving.undo();
    moving.undo();
    execute("INSERT INTO logs (at, v) VALUES ('0900-01-01', 'odd')");
    refused(moving::fill, ErrorCode.MOVE_REFUSED, "more than a thousand partitions");
    moving.undo();
    execute("UPDATE logs SET at = 'infinity' WHERE v = 'odd'");
    refused(moving::fill, ErrorCode.MOVE_REFUSED, "infinite times");
    moving.undo();
    assertThat(moving.left()).isEmpty();
  }
}
