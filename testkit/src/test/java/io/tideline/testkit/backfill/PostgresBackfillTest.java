package io.tideline.testkit.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.error.ErrorCode;
import io.tideline.maintenance.backfill.BackfillReport;
import io.tideline.maintenance.backfill.BackfillReport.Did;
import io.tideline.policy.Predicate;
import io.tideline.run.WorkListener;
import io.tideline.testkit.EmbeddedPostgresServer;
import io.tideline.testkit.PostgresTestDatabase;
import io.tideline.testkit.TcpProxy;
import io.tideline.testkit.TestDatabase;
import io.tideline.tuning.Backfill;
import io.tideline.tuning.Backfill.Fill;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Backfills on PostgreSQL. */
class PostgresBackfillTest extends BackfillContract {
  @Override
  TestDatabase open() {
    return EmbeddedPostgresServer.shared().freshDatabase();
  }

  @Override
  List<String> ours() {
    return database.query(
        "SELECT relname FROM pg_class WHERE relname LIKE 'tideline%'"
            + " UNION ALL SELECT proname FROM pg_proc WHERE proname LIKE 'tideline%'"
            + " UNION ALL SELECT tgname FROM pg_trigger WHERE tgname LIKE 'tideline%'"
            + " UNION ALL SELECT conname FROM pg_constraint WHERE conname LIKE 'tideline%'");
  }

  @Override
  boolean isSqlite() {
    return false;
  }

  @Override
  void touch() {
    database.execute(
        "CREATE FUNCTION nothing_more() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE TRIGGER users AFTER DELETE ON usage FOR EACH ROW EXECUTE FUNCTION nothing_more()");
  }

  @Override
  void untouch() {
    database.execute("DROP TRIGGER users ON usage");
  }

  @Override
  List<String> indexes() {
    return database.query("SELECT indexname FROM pg_indexes");
  }

  @Override
  void shout() {
    database.execute(
        "CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS"
            + " 'BEGIN new.kind := upper(new.kind); RETURN new; END'",
        "CREATE TRIGGER shout BEFORE UPDATE ON usage FOR EACH ROW EXECUTE FUNCTION shout()");
  }

  @Test
  void aTriggerThatFailsLeavesTheApplicationAlone() {
    Backfill fix = Fills.set("usage", "n", "12 / (id - 100)", Optional.empty(), Fill.TRIGGER);
    database.execute("UPDATE usage SET n = NULL WHERE id = 60");
    fills.fill(fix);
    database.execute("INSERT INTO usage (id) VALUES (100)", "INSERT INTO usage (id) VALUES (103)");
    assertThat(database.query("SELECT coalesce(n, -1) FROM usage WHERE id >= 100 ORDER BY id"))
        .containsExactly("-1", "4");
    BackfillReport report = fills.fill(fix);
    assertThat(report.refused()).isEqualTo(1);
  }

  @Test
  void aRoleWithoutRightsToTheParentWritesAsBefore() throws SQLException {
    Backfill backfill = Fills.copy(Fill.TRIGGER, false);
    fills.fill(backfill);
    database.execute("CREATE ROLE app_of_backfill", "GRANT INSERT ON places TO app_of_backfill");
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET ROLE app_of_backfill");
      statement.execute("INSERT INTO places (trace_id, session_uid) VALUES ('t8', 'app')");
    }
    assertThat(database.query("SELECT created_at IS NULL FROM places WHERE session_uid = 'app'"))
        .containsExactly("t");
    assertThat(fills.finish(backfill).left()).isZero();
    assertThat(database.query("SELECT created_at FROM places WHERE session_uid = 'app'"))
        .containsExactly("12");
    database.execute("DROP OWNED BY app_of_backfill", "DROP ROLE app_of_backfill");
  }

  @Test
  void theColumnBecomesNotNullAtTheEnd() {
    Backfill backfill = Fills.copy(Fill.TRIGGER, true);
    fills.fill(backfill);
    database.execute("INSERT INTO places (trace_id, session_uid) VALUES ('orphan', 's')");
    isRefused(() -> fills.finish(backfill), ErrorCode.BACKFILL_LEFT, "1 rows lack their value");
    database.execute("DELETE FROM places WHERE trace_id = 'orphan'");
    assertThat(fills.finish(backfill).did()).isEqualTo(Did.FINISHED);
    assertThat(ours()).isEmpty();
    assertThatThrownBy(
            () -> database.execute("INSERT INTO places (trace_id, session_uid) VALUES ('t1', 'z')"))
        .hasMessageContaining("null value");
  }

  @Test
  void aRowThatSomebodyHoldsLockedIsLeftForALaterWalk() throws SQLException {
    Backfill fix = Fills.set("usage", "kind", "'primary'", Optional.empty(), Fill.SWEEP);
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SELECT 1 FROM usage WHERE id = 4 FOR UPDATE");
      Runnable letGo =
          () -> {
            try {
              connection.rollback();
            } catch (SQLException e) {
              throw new IllegalStateException(e);
            }
          };
      BackfillReport report = fills.fill(fix, onAgain(letGo));
      assertThat(report.left()).isZero();
    }
    assertThat(kinds()).contains("4:primary");
  }

  private static WorkListener onAgain(Runnable work) {
    return new WorkListener() {
      @Override
      public void at(String what, long done, long total) {}

      @Override
      public void stepped(String step) {
        if (step.equals("backfill-again")) {
          work.run();
        }
      }
    };
  }

  @Test
  void exactTypesComeBackAsTheyWere() {
    database.execute(
        "CREATE DOMAIN short AS varchar(5)",
        "CREATE TABLE exact (id int PRIMARY KEY, f float8, c char(6), j json, m numeric, d short)",
        "INSERT INTO exact VALUES (1, 'NaN', 'a', '{\"a\" :1}', 1.00, 'x'),"
            + " (2, '-0', 'b ', '[1]', 1.0, NULL), (3, 'Infinity', NULL, NULL, 'NaN', 'yy')");
    String exact = "SELECT exact::text FROM exact ORDER BY id";
    List<String> before = database.query(exact);
    for (String each : List.of("f|0.5", "c|'zz'", "j|'{}'", "m|7.0", "d|'new'")) {
      String column = each.substring(0, 1);
      String value = each.substring(2);
      Backfill fix =
          Fills.set(
              "exact",
              column,
              value,
              Optional.of(column + "::text IS DISTINCT FROM " + value + "::text"),
              Fill.SWEEP);
      if (column.equals("c")) {
        fix = Fills.set("exact", "c", "'zz'", Optional.of("c IS DISTINCT FROM 'zz'"), Fill.SWEEP);
      }
      assertThat(fills.fill(fix).changed()).as(column).isEqualTo(3);
      assertThat(fills.undo(fix, false).changed()).as(column).isEqualTo(3);
      assertThat(database.query(exact)).isEqualTo(before);
    }
  }

  @Test
  void partitionsServeAndKeysAreNeeded() {
    database.execute(
        "CREATE TABLE parted (id int PRIMARY KEY, v text) PARTITION BY RANGE (id)",
        "CREATE TABLE low PARTITION OF parted FOR VALUES FROM (0) TO (20)",
        "CREATE TABLE high PARTITION OF parted FOR VALUES FROM (20) TO (100)",
        "INSERT INTO parted SELECT i, NULL FROM generate_series(1, 40) i",
        "CREATE TABLE keyless (v text)");
    Backfill fix = Fills.set("parted", "v", "'x' || id", Optional.empty(), Fill.TRIGGER);
    assertThat(fills.fill(fix).changed()).isEqualTo(40);
    database.execute("INSERT INTO parted (id) VALUES (50)");
    assertThat(database.query("SELECT v FROM high WHERE id = 50")).containsExactly("x50");
    assertThat(fills.undo(fix, false).changed()).isEqualTo(40);
    assertThat(ours()).isEmpty();
    isRefused(
        () -> fills.plan(Fills.set("keyless", "v", "'x'", Optional.empty(), Fill.SWEEP)),
        ErrorCode.BACKFILL_REFUSED,
        "it has no key");
  }

  @Test
  void theAnswerToACommitIsLost() {
    List<String> before = kinds();
    Backfill fix = Fills.set("usage", "kind", "'primary'", Optional.empty(), Fill.SWEEP);
    PostgresTestDatabase server = (PostgresTestDatabase) database;
    long first = fills.stopped(fix, "backfill-committed").changed();
    try (TcpProxy proxy = new TcpProxy(server.port())) {
      isRefused(
          () ->
              fills.fillBy(
                  server.url(proxy.port()),
                  fix,
                  onceAt("backfill-batch", () -> proxy.loseAnswerTo("COMMIT", 1))),
          ErrorCode.COMMIT_UNKNOWN,
          "Run the same command again");
      assertThat(proxy.sprung()).isTrue();
    }
    // The commit happened, and its note with it.
    assertThat(database.query("SELECT changed FROM tideline_backfills"))
        .allSatisfy(changed -> assertThat(Long.parseLong(changed)).isGreaterThan(first));
    assertThat(fills.fill(fix).changed()).isEqualTo(40);
    assertThat(fills.undo(fix, false).changed()).isEqualTo(40);
    assertThat(kinds()).isEqualTo(before);
  }

  @Test
  void whatAnybodyCouldHavePutThereIsNotRead() {
    Backfill fix = Fills.set("usage", "kind", "'primary'", Optional.empty(), Fill.SWEEP);
    fills.fill(fix);
    database.execute(
        "CREATE SCHEMA trap",
        "CREATE FUNCTION trap.sprung() RETURNS text LANGUAGE plpgsql AS"
            + " 'BEGIN RAISE EXCEPTION ''the trap is sprung''; END'",
        "CREATE VIEW trap.tideline_backfills AS SELECT trap.sprung() AS name, specification, shape,"
            + " phase, pass, batch, walked, changed, required, place, made, began_at"
            + " FROM public.tideline_backfills");
    assertThat(fills.fill(fix).changed()).isEqualTo(40);
    database.execute(
        "DROP SCHEMA trap CASCADE",
        "CREATE ROLE stranger_to_backfills",
        "ALTER TABLE tideline_backfills OWNER TO stranger_to_backfills");
    try {
      isRefused(() -> fills.finish(fix), ErrorCode.BACKFILL_REFUSED, "is not Tideline's");
    } finally {
      database.execute(
          "ALTER TABLE tideline_backfills OWNER TO CURRENT_USER",
          "DROP ROLE stranger_to_backfills");
    }
    assertThat(fills.finish(fix).did()).isEqualTo(Did.FINISHED);
  }

  @Test
  void aTriggerThatWouldSeeNoGeneratedColumnIsRefused() {
    database.execute(
        "CREATE TABLE made (id int PRIMARY KEY, g int GENERATED ALWAYS AS (id * 2) STORED)");
    Backfill early =
        new Backfill(
            "early",
            "made",
            "v",
            Optional.of("int"),
            new Backfill.Value(new Predicate("coalesce(g, -1)")),
            Optional.empty(),
            Fill.TRIGGER,
            10,
            false);
    isRefused(
        () -> fills.plan(early),
        ErrorCode.BACKFILL_REFUSED,
        "generated columns have no value yet",
        "fill: sweep");
  }
}
