package io.tideline.testkit.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.core.Databases;
import io.tideline.core.archive.Storage;
import io.tideline.dialect.Database;
import io.tideline.dialect.Lease;
import io.tideline.dialect.ReclaimOption;
import io.tideline.dialect.ReclaimOption.Consent;
import io.tideline.dialect.ReclaimWay;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.maintenance.reclaim.Reclaim;
import io.tideline.maintenance.reclaim.ReclaimPlan;
import io.tideline.maintenance.reclaim.ReclaimReport;
import io.tideline.maintenance.reclaim.ReclaimRequest;
import io.tideline.policy.Pace;
import io.tideline.policy.Settings;
import io.tideline.policy.Terms;
import io.tideline.policy.Window;
import io.tideline.run.WorkListener;
import io.tideline.testkit.EmbeddedPostgresServer;
import io.tideline.testkit.PostgresTestDatabase;
import io.tideline.testkit.SqliteTestDatabase;
import io.tideline.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Space goes back in the least harmful way, told first. */
class ReclaimTest {
  @TempDir Path folder;

  private Settings settings(TestDatabase database) {
    return Settings.of(database.url(), folder.resolve("archive"), List.of());
  }

  private static ReclaimRequest by(ReclaimWay way) {
    return new ReclaimRequest(Optional.of(way), false, false);
  }

  private static ReclaimReport run(Settings settings, ReclaimRequest request) {
    try (Reclaim reclaim = Reclaim.open(settings, Clock.systemUTC())) {
      return reclaim.run(request, WorkListener.NONE);
    }
  }

  private static ReclaimPlan plan(Settings settings, ReclaimRequest request) {
    try (Reclaim reclaim = Reclaim.open(settings, Clock.systemUTC())) {
      return reclaim.plan(request);
    }
  }

  private static List<ReclaimWay> ways(ReclaimPlan plan) {
    return plan.chosen().stream().map(ReclaimOption::way).toList();
  }

  @Test
  void aFullTextTableIsMisledByTheRowidsOfItsOwnTableOnly() {
    SqliteTestDatabase database = SqliteTestDatabase.create(folder);
    database.execute(
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT)",
        "CREATE TABLE settings (key TEXT PRIMARY KEY)",
        "CREATE VIRTUAL TABLE words USING fts5(body, content='notes', content_rowid='id')",
        "CREATE VIRTUAL TABLE own USING fts5(content)");
    assertThat(vacuum(database)).matches(o -> o.consent() == Consent.WINDOW);
    for (String content : List.of("'settings'", "''", "Settings", "[no table]")) {
      database.execute("CREATE VIRTUAL TABLE misled USING fts5(key, content = " + content + ")");
      assertThat(vacuum(database))
          .matches(o -> o.consent() == Consent.NAME)
          .matches(o -> o.does().contains(" and then misled finds the wrong ones"));
      database.execute("DROP TABLE misled");
    }
    database.execute(
        "DROP TABLE settings",
        "CREATE TABLE pairs (a INTEGER, b INTEGER, PRIMARY KEY (a, b)) WITHOUT ROWID",
        "CREATE VIRTUAL TABLE contentless USING fts5(key, content='')");
    assertThat(vacuum(database)).matches(o -> o.consent() == Consent.WINDOW);
  }

  private ReclaimOption vacuum(SqliteTestDatabase database) {
    return plan(settings(database), by(ReclaimWay.VACUUM)).chosen().get(0);
  }

  @Test
  void theLogIsCutInSteps() {
    SqliteTestDatabase database = SqliteTestDatabase.create(folder);
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA wal_autocheckpoint = 0");
      statement.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v)");
      statement.execute(
          "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 80)"
              + " INSERT INTO t SELECT i, zeroblob(1000000) FROM n");
      assertThat(ways(plan(settings(database), ReclaimRequest.DEFAULT)))
          .containsExactly(ReclaimWay.CHECKPOINT);
      ReclaimReport report = run(settings(database), ReclaimRequest.DEFAULT);
      assertThat(report.gained()).isGreaterThan(-1_000_000);
      assertThat(report.done()).allMatch(done -> done.notes().isEmpty());
      assertThat(Path.of(database.file() + "-wal")).hasSize(0);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    assertThat(database.count("t")).isEqualTo(80);
    assertThat(database.query("PRAGMA integrity_check")).containsExactly("ok");
  }

  @Test
  void aReaderOfAnOldStateKeepsTheLogAndThatIsTold() throws SQLException {
    SqliteTestDatabase database = Store.make(folder, "store.db");
    try (Connection reader = database.connect();
        Statement reading = reader.createStatement();
        Reclaim reclaim = Reclaim.open(settings(database), Clock.systemUTC())) {
      reading.execute("BEGIN");
      reading.executeQuery("SELECT count(*) FROM ids").close();
      database.execute("INSERT INTO exact VALUES (9000, 'x')");
      WorkListener stopping = new Doing("tidied", reclaim::stop);
      assertThat(reclaim.run(by(ReclaimWay.CHECKPOINT), stopping).stopped()).isTrue();
      reading.execute("ROLLBACK");
    }
    assertThat(database.count("exact")).isEqualTo(501);
  }

  @Test
  void vacuumIsDoneInAWindowOrByName() throws IOException {
    SqliteTestDatabase database = Store.make(folder, "store.db");
    Map<String, List<String>> rows = Store.dump(database);
    ReclaimPlan plan = plan(settings(database), ReclaimRequest.DEFAULT);
    assertThat(ways(plan)).doesNotContain(ReclaimWay.VACUUM, ReclaimWay.COMPACT);
    assertThat(plan.others())
        .anySatisfy(
            left -> {
              assertThat(left.option().way()).isEqualTo(ReclaimWay.VACUUM);
              assertThat(left.option().gain()).isGreaterThan(1_000_000);
              assertThat(left.why())
                  .isEqualTo("Only in a 'window' of the configuration, or with --way vacuum.");
            })
        .anySatisfy(left -> assertThat(left.why()).startsWith("The file has auto_vacuum=NONE"))
        .anySatisfy(
            left -> assertThat(left.why()).isEqualTo("Only with --online or --way compact."));
    Terms terms =
        new Terms(Pace.GENTLE, Optional.of(Window.parse("01:00-05:00 UTC")), Optional.empty());
    Clock night = Clock.fixed(Instant.parse("2026-05-02T03:00:00Z"), ZoneOffset.UTC);
    try (Reclaim reclaim = Reclaim.open(settings(database).withTerms(terms, Map.of()), night)) {
      assertThat(ways(reclaim.plan(ReclaimRequest.DEFAULT))).contains(ReclaimWay.VACUUM);
    }

    long before = Files.size(database.file());
    try (Reclaim reclaim = Reclaim.open(settings(database).withTerms(terms, Map.of()), night)) {
      ReclaimReport asked = reclaim.run(ReclaimRequest.DEFAULT, plan, WorkListener.NONE);
      assertThat(asked.done()).extracting(ReclaimReport.Done::way).isSubsetOf(ways(plan));
    }
    ReclaimReport report =
        run(settings(database), new ReclaimRequest(Optional.of(ReclaimWay.VACUUM), false, true));
    assertThat(report.done())
        .extracting(ReclaimReport.Done::way)
        .containsExactly(ReclaimWay.VACUUM);
    assertThat(Files.size(database.file())).isLessThan((long) (0.75 * before));
    assertThat(database.query("PRAGMA auto_vacuum")).containsExactly("2");
    assertThat(plan(settings(database), ReclaimRequest.DEFAULT).others())
        .extracting(ReclaimPlan.Left::why)
        .contains(
            "No page is free; what half-empty ones would give is not known before. Only with --way"
                + " vacuum.");
    assertThat(Store.dump(database)).isEqualTo(rows);
    Store.isWhole(database);
  }

  @Test
  void itNeedsTheRoomAndTheLease() {
    SqliteTestDatabase database = Store.make(folder, "store.db");
    Storage full =
        new Storage() {
          @Override
          public long usableBytes(Path file) {
            return 1 << 20;
          }
        };
    try (Reclaim reclaim = Reclaim.open(settings(database), Clock.systemUTC(), full)) {
      assertThatThrownBy(() -> reclaim.run(by(ReclaimWay.VACUUM), WorkListener.NONE))
          .isInstanceOfSatisfying(
              TidelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL))
          .hasMessageContaining("Cannot reclaim space by 'vacuum': about");
    }
    try (Database opened = Databases.open(settings(database).database());
        Lease lease = opened.acquireLease();
        Reclaim reclaim = Reclaim.open(settings(database), Clock.systemUTC())) {
      assertThat(reclaim.plan(ReclaimRequest.DEFAULT).others()).isNotEmpty();
      assertThatThrownBy(() -> reclaim.run(ReclaimRequest.DEFAULT, WorkListener.NONE))
          .isInstanceOfSatisfying(
              TidelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LEASE_HELD));
    }
    assertThatThrownBy(() -> run(settings(database), by(ReclaimWay.REINDEX)))
        .hasMessageContaining("by 'reindex'. There is nothing here that it would mend.");
  }

  @Test
  void postgresIsVacuumedAnalyzedAndFreedOfRemnants() {
    try (PostgresTestDatabase database = EmbeddedPostgresServer.shared().freshDatabase()) {
      database.execute(
          "CREATE TABLE dead (id int PRIMARY KEY, v text)",
          "CREATE TABLE stale (id int PRIMARY KEY, v text)",
          "INSERT INTO dead SELECT i, 'v' FROM generate_series(1, 20000) i",
          "INSERT INTO stale SELECT i, 'v' FROM generate_series(1, 5000) i",
          "DELETE FROM dead WHERE id % 2 = 0",
          "INSERT INTO stale SELECT i, 'v' FROM generate_series(5001, 5002) i",
          "SELECT pg_stat_force_next_flush()");
      assertThatThrownBy(
              () -> database.execute("CREATE UNIQUE INDEX CONCURRENTLY own_ccnew ON dead (v)"))
          .hasMessageContaining("could not create unique index");
      database.execute(
          "CREATE INDEX dead_v ON dead (v) WHERE id > 0",
          "CREATE INDEX dead_v_ccnew ON dead (v) WHERE id > 0",
          "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'dead_v_ccnew'::regclass");
      ReclaimPlan plan = plan(settings(database), ReclaimRequest.DEFAULT);
      assertThat(ways(plan))
          .containsExactly(ReclaimWay.REMNANT, ReclaimWay.VACUUM_TABLE, ReclaimWay.ANALYZE);
      assertThat(plan.others())
          .extracting(ReclaimPlan.Left::why)
          .containsExactly("Only with --way truncate.");

      ReclaimReport report = run(settings(database), ReclaimRequest.DEFAULT);

      assertThat(report.done()).allMatch(done -> done.notes().isEmpty());
      assertThat(report.done())
          .extracting(ReclaimReport.Done::target)
          .containsExactly(
              "\"public\".\"dead_v_ccnew\"", "\"public\".\"dead\"", "\"public\".\"stale\"");
      assertThat(database.query("SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid"))
          .containsExactly("own_ccnew");
      assertThat(plan(settings(database), ReclaimRequest.DEFAULT).isNothing()).isTrue();
      assertThat(database.count("dead")).isEqualTo(10_000);
    }
  }

  @Test
  void postgresRebuildsIndexesThatAreTwiceTooLarge() {
    try (PostgresTestDatabase database = EmbeddedPostgresServer.shared().freshDatabase()) {
      database.execute(
          "CREATE TABLE t (id bigint, v text)",
          "INSERT INTO t SELECT i, repeat(md5(i::text), 6) FROM generate_series(1, 50000) i",
          "CREATE INDEX t_v ON t (v)",
          "DELETE FROM t WHERE id > 6000",
          "SELECT pg_stat_force_next_flush()",
          "VACUUM ANALYZE t");
      ReclaimPlan plan = plan(settings(database), ReclaimRequest.DEFAULT);
      assertThat(ways(plan)).containsExactly(ReclaimWay.REINDEX);
      assertThat(plan.chosen().get(0).target()).isEqualTo("\"public\".\"t_v\"");
      ReclaimReport report = run(settings(database), ReclaimRequest.DEFAULT);
      assertThat(report.gained()).isGreaterThan(4_000_000);
      assertThat(plan(settings(database), ReclaimRequest.DEFAULT).chosen()).isEmpty();
      assertThat(database.count("t")).isEqualTo(6_000);
    }
  }

  @Test
  void postgresLeavesIndexesThatAreAsLargeAsTheyShouldBe() {
    try (PostgresTestDatabase database = EmbeddedPostgresServer.shared().freshDatabase()) {
      database.execute(
          "CREATE TABLE t (id bigint, v text, w text)",
          "ALTER TABLE t ALTER COLUMN w SET STATISTICS 0",
          "INSERT INTO t SELECT i, repeat(md5(i::text), 6), repeat(md5(i::text), 15)"
              + " FROM generate_series(1, 20000) i",
          "CREATE INDEX t_fill ON t (v) WITH (fillfactor = 40)",
          "CREATE INDEX t_unknown ON t (id, w)",
          "SELECT pg_stat_force_next_flush()",
          "VACUUM ANALYZE t");
      assertThat(database.query("SELECT min(relpages) FROM pg_class WHERE relname LIKE 't\\_%'"))
          .noneMatch(pages -> Integer.parseInt(pages) < 1024);
      assertThat(plan(settings(database), ReclaimRequest.DEFAULT).isNothing()).isTrue();
    }
  }

  @Test
  void postgresJudgesPartialIndexesByTheirPagesAlone() {
    try (PostgresTestDatabase database = EmbeddedPostgresServer.shared().freshDatabase()) {
      database.execute(
          "CREATE TABLE t (id bigint, v text, w text DEFAULT '')",
          "INSERT INTO t SELECT i, s, s FROM generate_series(1, 20000) i,"
              + " repeat(md5(i::text), 14) s",
          "INSERT INTO t SELECT i FROM generate_series(20001, 200000) i",
          "CREATE INDEX t_there ON t (v) WHERE v IS NOT NULL",
          "CREATE INDEX t_first ON t (w) WHERE id <= 20000",
          "VACUUM ANALYZE t");
      assertThat(database.query("SELECT min(relpages) FROM pg_class WHERE relname LIKE 't\\_%'"))
          .noneMatch(pages -> Integer.parseInt(pages) < 1024);
      assertThat(rebuilt(database)).isEmpty();
      database.execute("CREATE EXTENSION pgstattuple");
      assertThat(rebuilt(database)).isEmpty();

      database.execute("DELETE FROM t WHERE id < 15000", "VACUUM (ANALYZE, TRUNCATE false) t");
      assertThat(rebuilt(database))
          .containsExactlyInAnyOrder("\"public\".\"t_there\"", "\"public\".\"t_first\"");
    }
  }

  private List<String> rebuilt(PostgresTestDatabase database) {
    return plan(settings(database), ReclaimRequest.DEFAULT).chosen().stream()
        .filter(option -> option.way() == ReclaimWay.REINDEX)
        .map(ReclaimOption::target)
        .toList();
  }

  @Test
  void postgresNeedsTheRoomForAnIndexOrItsName() {
    try (PostgresTestDatabase database = EmbeddedPostgresServer.shared().freshDatabase()) {
      database.execute(
          "CREATE ROLE owner_without_files LOGIN PASSWORD 'p'",
          "CREATE TABLE t (id bigint, v text)",
          "INSERT INTO t SELECT i, repeat(md5(i::text), 6) FROM generate_series(1, 50000) i",
          "CREATE INDEX t_v ON t (v)",
          "DELETE FROM t WHERE id > 6000",
          "ALTER TABLE t OWNER TO owner_without_files",
          "SELECT pg_stat_force_next_flush()",
          "VACUUM ANALYZE t");
      ReclaimOption seen = plan(settings(database), ReclaimRequest.DEFAULT).chosen().get(0);
      assertThat(seen.way()).isEqualTo(ReclaimWay.REINDEX);
      assertThat(seen.rooms()).hasSize(2).allMatch(room -> room.bytes() > 1_000_000);
      Storage full =
          new Storage() {
            @Override
            public long usableBytes(Path file) {
              return 1 << 20;
            }
          };
      try (Reclaim reclaim = Reclaim.open(settings(database), Clock.systemUTC(), full)) {
        ReclaimPlan narrow = reclaim.plan(ReclaimRequest.DEFAULT);
        assertThat(narrow.chosen()).isEmpty();
        assertThat(narrow.others())
            .extracting(ReclaimPlan.Left::why)
            .contains("The disk for it is not free. Only with --way reindex.");
        assertThatThrownBy(() -> reclaim.run(by(ReclaimWay.REINDEX), WorkListener.NONE))
            .hasMessageContaining("Cannot reclaim space by 'reindex': about");
      }

      String url = database.url().replace("postgres:postgres@", "owner_without_files:p@");
      Settings its = Settings.of(url, folder.resolve("archive"), List.of());
      ReclaimPlan unseen = plan(its, ReclaimRequest.DEFAULT);
      assertThat(unseen.chosen()).isEmpty();
      assertThat(unseen.others())
          .anySatisfy(
              left -> {
                assertThat(left.option().way()).isEqualTo(ReclaimWay.REINDEX);
                assertThat(left.why()).isEqualTo("Only with --way reindex.");
                assertThat(left.option().elsewhere()).isGreaterThan(8_000_000);
              });
      assertThat(run(its, by(ReclaimWay.REINDEX)).gained()).isGreaterThan(4_000_000);
      database.execute(
          "DROP OWNED BY owner_without_files CASCADE", "DROP ROLE owner_without_files");
    }
  }

  @Test
  void postgresSeesNoRemnantInARebuildOfAnotherRole() throws Exception {
    try (PostgresTestDatabase database = EmbeddedPostgresServer.shared().freshDatabase();
        Connection writer = database.connect();
        Statement writes = writer.createStatement()) {
      database.execute(
          "CREATE ROLE owner_without_sight LOGIN PASSWORD 'p'",
          "GRANT ALL ON SCHEMA public TO owner_without_sight",
          "CREATE TABLE t (id int, v text)",
          "INSERT INTO t SELECT i, 'v' FROM generate_series(1, 100) i",
          "CREATE INDEX t_id ON t (id)",
          "CREATE INDEX t_v ON t (v)",
          "ALTER TABLE t OWNER TO owner_without_sight");
      writer.setAutoCommit(false);
      writes.execute("INSERT INTO t VALUES (101, 'v')");
      Thread rebuild = new Thread(() -> database.execute("REINDEX TABLE CONCURRENTLY t"));
      rebuild.start();
      String invalid =
          "SELECT count(*) FROM pg_index WHERE NOT indisvalid AND indrelid = 't'::regclass";
      while (!database.query(invalid).equals(List.of("2"))) {
        Thread.sleep(5);
      }
      String url = database.url().replace("postgres:postgres@", "owner_without_sight:p@");
      Settings its = Settings.of(url, folder.resolve("archive"), List.of());
      assertThat(plan(its, ReclaimRequest.DEFAULT).isNothing()).isTrue();
      writer.rollback();
      rebuild.join();
      assertThat(database.query(invalid)).containsExactly("0");
      database.execute(
          "DROP OWNED BY owner_without_sight CASCADE", "DROP ROLE owner_without_sight");
    }
  }

  @Test
  void postgresReadsThePagesWhereItCan() {
    try (PostgresTestDatabase database = EmbeddedPostgresServer.shared().freshDatabase()) {
      database.execute(
          "CREATE TABLE t (id bigint, v text)",
          "INSERT INTO t SELECT i, repeat(md5(i::text), 6) FROM generate_series(1, 50000) i",
          "CREATE INDEX t_v ON t (v)",
          "DELETE FROM t WHERE id > 6000",
          "SELECT pg_stat_force_next_flush()",
          "VACUUM (ANALYZE, TRUNCATE false) t",
          "CREATE EXTENSION pgstattuple");
      ReclaimPlan empty = plan(settings(database), by(ReclaimWay.REINDEX));
      assertThat(ways(empty)).containsExactly(ReclaimWay.REINDEX);
      long gain = empty.chosen().get(0).gain();
      // The same pages are full again, which the statistics do not know yet.
      database.execute(
          "INSERT INTO t SELECT i, repeat(md5(i::text), 6) FROM generate_series(6001, 50000) i");
      assertThat(plan(settings(database), ReclaimRequest.DEFAULT).chosen())
          .noneMatch(option -> option.way() == ReclaimWay.REINDEX);
      database.execute("DROP EXTENSION pgstattuple");
      assertThat(ways(plan(settings(database), by(ReclaimWay.REINDEX)))).isNotEmpty();

      database.execute("DELETE FROM t WHERE id > 6000", "VACUUM t", "CREATE EXTENSION pgstattuple");
      ReclaimReport report = run(settings(database), by(ReclaimWay.REINDEX));
      assertThat((double) gain / report.gained()).isBetween(0.9, 1.1);
    }
  }
}
