package io.tideline.testkit.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.dialect.Examination;
import io.tideline.health.Certainty;
import io.tideline.health.Check;
import io.tideline.health.Finding;
import io.tideline.health.Inspection;
import io.tideline.health.Severity;
import io.tideline.health.Thresholds;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each defect planted in a database is found, and gone when its remedy was typed. */
class PostgresFindingsTest {
  private static EmbeddedPostgres server;
  private static int count;

  private String name;
  private Connection connection;
  private Patient patient;

  @BeforeAll
  static void start() throws Exception {
    server =
        EmbeddedPostgres.builder()
            .setServerConfig("autovacuum_naptime", "1h")
            .setServerConfig("max_connections", "20")
            .setServerConfig("max_prepared_transactions", "5")
            .setServerConfig("wal_level", "replica")
            .setServerConfig("shared_buffers", "32MB")
            .setServerConfig("shared_preload_libraries", "pg_stat_statements")
            .start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void open() throws Exception {
    name = "health" + count++;
    try (Connection admin = connect("postgres");
        Statement statement = admin.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    connection = connect(name);
    patient = new Patient(url("postgres"));
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
    try (Connection admin = connect("postgres");
        Statement statement = admin.createStatement()) {
      statement.execute("DROP DATABASE " + name + " WITH (FORCE)");
    }
  }

  private String url(String role) {
    return "postgresql://" + role + ":p@localhost:" + server.getPort() + "/" + name;
  }

  private static Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://localhost:" + server.getPort() + "/" + database, "postgres", "p");
  }

  private void execute(String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** What a session counts is told when it ends. */
  private void executeApart(String... statements) throws SQLException {
    try (Connection other = connect(name);
        Statement statement = other.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private void isFoundAndMended(Check check, Severity severity) throws Exception {
    patient.isMendedBy(connection, patient.finds(check, severity));
  }

  @Test
  void aHealthyDatabaseHasNoWarning() throws Exception {
    execute(
        "CREATE TABLE accounts (id text PRIMARY KEY, email text NOT NULL UNIQUE)",
        "CREATE TABLE logs (id bigserial PRIMARY KEY, account text NOT NULL REFERENCES accounts,"
            + " at timestamptz NOT NULL, text text)",
        "CREATE INDEX logs_account_at ON logs (account, at)",
        "CREATE INDEX logs_at ON logs (at DESC)",
        "CREATE TABLE parts (at date NOT NULL, v int) PARTITION BY RANGE (at)",
        "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')",
        "CREATE INDEX parts_at ON parts (at)",
        "INSERT INTO accounts VALUES ('a', 'a@b')",
        "INSERT INTO logs (account, at, text) SELECT 'a', timestamptz '2026-01-01 00:00+00' + i *"
            + " interval '1 minute', 'text' || i FROM generate_series(1, 20000) AS i",
        "INSERT INTO parts SELECT '2026-01-05', i FROM generate_series(1, 100) AS i",
        "VACUUM ANALYZE");
    Inspection inspection = patient.inspect(Thresholds.USUAL);

    assertThat(inspection.findings())
        .filteredOn(each -> each.severity() != Severity.INFO)
        .isEmpty();
    assertThat(inspection.unseen())
        .extracting(each -> each.what())
        .containsOnly("slowest statements");
    assertThat(inspection.tables())
        .extracting(each -> each.size().name().toString())
        .containsExactlyInAnyOrder("logs", "accounts", "parts");
    var logs = inspection.tables().get(0);
    assertThat(logs.size().rows().orElseThrow().value()).isEqualTo(20_000);
    assertThat(logs.size().rows().orElseThrow().isExact()).isFalse();
    assertThat(logs.size().bytes().isExact()).isTrue();
    assertThat(logs.ages().orElseThrow().oldest()).isEqualTo("2026-01-01T00:01:00Z");
    assertThat(inspection.activity().limit()).hasValue(17);

    Inspection exact = patient.inspect(new Examination(true, false, Thresholds.USUAL));
    assertThat(exact.tables().get(0).size().rows().orElseThrow().isExact()).isTrue();
  }

  @Test
  void indexesThatRepeatOthers() throws Exception {
    execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text, b text, c text)",
        "CREATE INDEX ab ON t (a, b)",
        "CREATE INDEX ab_c ON t (a COLLATE \"C\", b)",
        "CREATE INDEX ab_pattern ON t (a text_pattern_ops, b)",
        "CREATE INDEX ab_nulls ON t (a NULLS FIRST, b)",
        "CREATE INDEX ab_where ON t (a, b) WHERE c IS NULL",
        "CREATE INDEX ab_hash ON t USING hash (a)",
        "CREATE UNIQUE INDEX a_unique ON t (a)",
        "CREATE INDEX lower_a ON t (lower(a))",
        "CREATE INDEX coarse ON t USING brin (id)",
        "CREATE INDEX fine ON t USING brin (id) WITH (pages_per_range = 4)",
        "CREATE INDEX bloom ON t USING brin (id int4_bloom_ops)",
        "CREATE INDEX blooms ON t USING brin (id int4_bloom_ops (n_distinct_per_range = 9))");
    assertThat(patient.inspect(Patient.SMALL).findings()).isEmpty();

    execute(
        "CREATE INDEX ab_again ON t (a DESC, b DESC)",
        "CREATE INDEX ab_less ON t (a) INCLUDE (b)",
        "CREATE INDEX lower_too ON t (lower(a))",
        "CREATE INDEX id_too ON t (id)");
    Inspection inspection = patient.inspect(Patient.SMALL);
    List<Finding> found = new ArrayList<>(Patient.of(inspection, Check.DUPLICATE_INDEX));
    assertThat(found)
        .extracting(Finding::place)
        .containsExactlyInAnyOrder("ab_again", "lower_too", "id_too");
    assertThat(Patient.of(inspection, Check.COVERED_INDEX))
        .extracting(Finding::place)
        .containsExactly("ab_less");
    found.addAll(Patient.of(inspection, Check.COVERED_INDEX));
    for (Finding finding : found) {
      execute(finding.remedies().get(0).text());
    }
    assertThat(patient.inspect(Patient.SMALL).findings()).isEmpty();
  }

  @Test
  void indexesOfPartitionedTables() throws Exception {
    execute(
        "CREATE TABLE t (at date, a int) PARTITION BY RANGE (at)",
        "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')",
        "CREATE INDEX whole ON t (at, a)",
        "CREATE INDEX begins ON t (at)");
    isFoundAndMended(Check.COVERED_INDEX, Severity.INFO);
  }

  @Test
  void anIndexThatNobodyReads() throws Exception {
    execute(
        "CREATE TABLE t (id int PRIMARY KEY, v int)",
        "INSERT INTO t SELECT i, i FROM generate_series(1, 20000) AS i",
        "CREATE INDEX never ON t (v)",
        "VACUUM ANALYZE t");
    if (connection.getMetaData().getDatabaseMajorVersion() >= 15) {
      assertThat(patient.finds(Check.UNUSED_INDEX, Severity.WARNING).basis())
          .startsWith("statistics of unknown age"); // they were never reset
    }
    execute("SELECT pg_stat_reset()");
    awaitReset();
    isFoundAndMended(Check.UNUSED_INDEX, Severity.WARNING);
  }

  /** PostgreSQL 14 does it a moment later. */
  private void awaitReset() throws Exception {
    String known =
        "SELECT FROM pg_stat_database WHERE datname = current_database() AND stats_reset"
            + " IS NOT NULL";
    try (Statement statement = connection.createStatement()) {
      boolean reset = false;
      while (!reset) {
        try (var rows = statement.executeQuery(known)) {
          reset = rows.next();
        }
        Thread.sleep(5);
      }
    }
  }

  @Test
  void anInvalidIndex() throws Exception {
    execute(
        "CREATE TABLE t (v int)",
        "CREATE INDEX failed ON t (v)",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'failed'::regclass");
    isFoundAndMended(Check.INVALID_INDEX, Severity.WARNING);
    execute(
        "ALTER INDEX failed RENAME TO failed_ccnew",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'failed_ccnew'::regclass");
    isFoundAndMended(Check.INVALID_INDEX, Severity.WARNING);
  }

  @Test
  void aForeignKeyWithoutIndex() throws Exception {
    execute(
        "CREATE SCHEMA other",
        "CREATE TABLE p (id int PRIMARY KEY)",
        "CREATE TABLE other.c (id int PRIMARY KEY REFERENCES p, \"p id\" int REFERENCES p)",
        "INSERT INTO p SELECT generate_series(1, 10000)",
        "INSERT INTO other.c SELECT id, id FROM p",
        "ANALYZE");
    assertThat(patient.finds(Check.FOREIGN_KEY_UNINDEXED, Severity.WARNING).place())
        .isEqualTo("other.c(p id)");
    isFoundAndMended(Check.FOREIGN_KEY_UNINDEXED, Severity.WARNING);
  }

  @Test
  void aSequenceNearItsEnd() throws Exception {
    execute(
        "CREATE TABLE t (id serial PRIMARY KEY)",
        "SELECT setval('t_id_seq', 2000000000)",
        "CREATE TABLE u (id int GENERATED ALWAYS AS IDENTITY)",
        "SELECT setval('u_id_seq', 1000)");
    isFoundAndMended(Check.SEQUENCE_ENDING, Severity.CRITICAL);
    execute(
        "CREATE SEQUENCE apart",
        "CREATE TABLE v (id smallint DEFAULT nextval('apart'))",
        "SELECT setval('apart', 25000)");
    isFoundAndMended(Check.SEQUENCE_ENDING, Severity.WARNING);
  }

  @Test
  void transactionNumbersThatRunOut() throws Exception {
    execute(
        "CREATE TABLE t (v int)",
        "UPDATE pg_class SET relfrozenxid = ((4294967296 + txid_current() - 1200000000) %"
            + " 4294967296)::text::xid WHERE oid = 't'::regclass");
    isFoundAndMended(Check.WRAPAROUND, Severity.WARNING);
  }

  @Test
  void transactionNumbersThatATemporaryTableHolds() throws Exception {
    try (Connection other = connect(name);
        Statement statement = other.createStatement()) {
      statement.execute("CREATE TEMPORARY TABLE held (v int)");
      execute(
          "UPDATE pg_class SET relfrozenxid = ((4294967296 + txid_current() - 1200000000) %"
              + " 4294967296)::text::xid WHERE relname = 'held'");
      assertThat(patient.finds(Check.WRAPAROUND, Severity.WARNING).place())
          .matches("temporary table pg_temp_[0-9]+.held");
      isFoundAndMended(Check.WRAPAROUND, Severity.WARNING);
    } catch (SQLException e) {
      assertThat(e.getSQLState()).startsWith("08"); // the session was ended
    }
    execute(
        "UPDATE pg_database SET datfrozenxid = ((4294967296 + txid_current() - 1200000000) %"
            + " 4294967296)::text::xid WHERE datname = current_database()");
    Finding own = patient.finds(Check.WRAPAROUND, Severity.WARNING);
    assertThat(own.place()).isEqualTo("database " + name);
    patient.isMendedBy(connection, own);
  }

  @Test
  void transactionNumbersThatRunOutInAnotherDatabase() throws Exception {
    execute(
        "CREATE DATABASE aged",
        "UPDATE pg_database SET datfrozenxid = ((4294967296 + txid_current() - 1200000000) %"
            + " 4294967296)::text::xid WHERE datname = 'aged'");
    Finding finding = patient.finds(Check.WRAPAROUND, Severity.WARNING);
    assertThat(finding.place()).isEqualTo("database aged");
    try (Connection there = connect("aged")) {
      patient.isMendedBy(there, finding);
    }
    execute("DROP DATABASE aged");
  }

  @Test
  void deadRows() throws Exception {
    executeApart(
        "CREATE TABLE t (v int)",
        "INSERT INTO t SELECT generate_series(1, 20000)",
        "ANALYZE t",
        "DELETE FROM t");
    isFoundAndMended(Check.VACUUM_LAG, Severity.WARNING);
    executeApart(
        "ALTER TABLE t SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold ="
            + " 15000)",
        "INSERT INTO t SELECT generate_series(1, 20000)",
        "DELETE FROM t");
    assertThat(Patient.of(patient.inspect(Patient.SMALL), Check.VACUUM_LAG)).isEmpty();
    execute("ALTER TABLE t SET (autovacuum_enabled = off)");
    isFoundAndMended(Check.VACUUM_LAG, Severity.WARNING);
  }

  @Test
  void staleStatistics() throws Exception {
    executeApart("CREATE TABLE t (v int)", "INSERT INTO t SELECT generate_series(1, 20000)");
    isFoundAndMended(Check.STATISTICS_MISSING, Severity.INFO);
    executeApart("UPDATE t SET v = 0");
    isFoundAndMended(Check.STATISTICS_STALE, Severity.WARNING);
    executeApart(
        "ALTER TABLE t SET (autovacuum_analyze_threshold = 1000000)", "UPDATE t SET v = 1");
    awaitChanges("t", 20_000);
    assertThat(Patient.of(patient.inspect(Patient.SMALL), Check.STATISTICS_STALE)).isEmpty();
    executeApart(
        "ALTER TABLE t RESET (autovacuum_analyze_threshold)",
        "TRUNCATE t",
        "INSERT INTO t SELECT generate_series(1, 20000)");
    isFoundAndMended(Check.STATISTICS_STALE, Severity.WARNING);
  }

  @Test
  void bloat() throws Exception {
    execute(
        "CREATE TABLE rows (id int, v text) WITH (fillfactor = 90)",
        "INSERT INTO rows SELECT i, repeat('x', 200) FROM generate_series(1, 10000) AS i",
        "CREATE INDEX rows_id ON rows (id)",
        "CREATE TABLE large (id int, v text)",
        "ALTER TABLE large ALTER COLUMN v SET STORAGE EXTERNAL",
        "INSERT INTO large SELECT i, repeat('x', 5000) FROM generate_series(1, 300) AS i",
        "VACUUM ANALYZE");
    Examination asked = new Examination(false, false, Patient.SMALL);
    assertThat(Patient.of(patient.inspect(asked), Check.TABLE_BLOAT)).isEmpty();
    assertThat(Patient.of(patient.inspect(asked), Check.INDEX_BLOAT)).isEmpty();

    execute("DELETE FROM rows WHERE id < 9500", "VACUUM ANALYZE rows");
    Finding index = patient.finds(Check.INDEX_BLOAT, Severity.WARNING);
    execute("CREATE EXTENSION pgstattuple");
    Finding indexRead = patient.finds(Check.INDEX_BLOAT, Severity.WARNING);
    assertThat(indexRead.basis()).isEqualTo("pgstattuple");
    assertThat((double) index.frees() / indexRead.frees()).isBetween(0.8, 1.25);
    execute("DROP EXTENSION pgstattuple");
    patient.isMendedBy(connection, index);
    Finding guess = patient.finds(Check.TABLE_BLOAT, Severity.WARNING);
    assertThat(guess.basis()).isEqualTo("estimate: the planner's statistics");
    execute("CREATE EXTENSION pgstattuple");
    Finding read = patient.finds(Check.TABLE_BLOAT, Severity.WARNING);
    assertThat(read.basis()).isEqualTo("pgstattuple_approx");
    assertThat(read.certainty()).isEqualTo(Certainty.LIKELY);
    assertThat((double) guess.frees() / read.frees()).isBetween(0.8, 1.25);
    patient.isMendedBy(connection, read);

    execute("DELETE FROM large WHERE id < 270", "VACUUM ANALYZE large");
    assertThat(patient.finds(Check.TABLE_BLOAT, Severity.WARNING).what()).contains("TOAST");
    execute("DROP EXTENSION pgstattuple");
    isFoundAndMended(Check.TABLE_BLOAT, Severity.WARNING);
  }

  /** PostgreSQL 14 counts what sessions did a moment later. */
  private void awaitChanges(String table, int many) throws Exception {
    String changed = "SELECT pg_stat_get_mod_since_analyze('" + table + "'::regclass) >= " + many;
    try (Statement statement = connection.createStatement()) {
      boolean told = false;
      while (!told) {
        try (var rows = statement.executeQuery(changed)) {
          told = rows.next() && rows.getBoolean(1);
        }
        Thread.sleep(5);
      }
    }
  }

  @Test
  void roomThatNoRowFitsIntoIsNoBloat() throws Exception {
    String pairs =
        IntStream.range(0, 20)
            .mapToObj(i -> "b" + i + " bool DEFAULT true, n" + i + " bigint DEFAULT 1")
            .collect(Collectors.joining(", "));
    execute(
        "CREATE TABLE wide (v text) WITH (toast_tuple_target = 8160)",
        "ALTER TABLE wide ALTER COLUMN v SET STORAGE EXTERNAL",
        "INSERT INTO wide SELECT repeat('x', 4200) FROM generate_series(1, 100)",
        "CREATE TABLE aligned (id int, " + pairs + ")",
        "INSERT INTO aligned (id) SELECT generate_series(1, 2000)",
        "VACUUM ANALYZE");
    assertThat(Patient.of(patient.inspect(Patient.SMALL), Check.TABLE_BLOAT)).isEmpty();
    execute("DELETE FROM aligned WHERE id < 1500", "VACUUM ANALYZE aligned");
    assertThat(patient.finds(Check.TABLE_BLOAT, Severity.WARNING).place()).isEqualTo("aligned");
    execute("CREATE EXTENSION pgstattuple");
    assertThat(patient.finds(Check.TABLE_BLOAT, Severity.WARNING).place()).isEqualTo("aligned");
  }

  @Test
  void transactionsThatStayOpen() throws Exception {
    execute("CREATE TABLE t (v int)");
    Examination idle =
        new Examination(
            false,
            false,
            new Thresholds(
                Duration.ofHours(1), Duration.ZERO, Duration.ZERO, 1 << 20, Duration.ZERO));
    try (Connection other = connect(name);
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("SELECT FROM t");
      patient.finds(Check.LONG_TRANSACTION, Severity.WARNING);
      Finding finding = patient.finds(Check.IDLE_TRANSACTION, Severity.WARNING, idle);
      patient.isMendedBy(connection, finding, idle);
    } catch (SQLException e) {
      assertThat(e.getSQLState()).startsWith("08"); // the session was ended
    }
  }

  @Test
  void aBackupAndABuildAreNotToBeEnded() throws Exception {
    execute("CREATE TABLE t (v int)", "INSERT INTO t VALUES (1)");
    try (Connection dump = connect(name);
        Connection builder = connect(name);
        Statement dumps = dump.createStatement()) {
      dumps.execute("SET application_name = 'pg_dump'");
      dump.setAutoCommit(false);
      dumps.execute("LOCK TABLE t IN ROW EXCLUSIVE MODE");
      Thread build = running(builder, "CREATE INDEX CONCURRENTLY built ON t (v)");
      awaitWaiters(1);
      Finding finding = patient.finds(Check.LONG_TRANSACTION, Severity.INFO);
      assertThat(finding.what()).startsWith("a backup by pg_dump goes on for");
      assertThat(finding.remedies()).isEmpty();
      dump.rollback();
      build.join();
    }
  }

  @Test
  void aSessionThatBlocksOthers() throws Exception {
    execute("CREATE TABLE t (v int)");
    try (Connection holder = connect(name);
        Connection waiter = connect(name);
        Connection behind = connect(name);
        Statement holds = holder.createStatement()) {
      holder.setAutoCommit(false);
      holds.execute("LOCK TABLE t");
      Thread first = waiting(waiter);
      Thread second = waiting(behind);
      awaitWaiters(2);
      Inspection inspection = patient.inspect(Patient.SMALL);
      List<Finding> found = Patient.of(inspection, Check.SESSION_BLOCKED);
      assertThat(found).hasSize(1);
      assertThat(found.get(0).what()).contains("blocks 2 sessions", "idle in transaction");
      assertThat(inspection.tables()).hasSize(1);
      assertThat(inspection.tables().get(0).size().bytes().basis())
          .isEqualTo("estimate: pages at the last VACUUM or ANALYZE");
      patient.isMendedBy(connection, found.get(0));
      first.join();
      second.join();
    } catch (SQLException e) {
      assertThat(e.getSQLState()).startsWith("08");
    }
  }

  private static Thread waiting(Connection connection) {
    return running(connection, "INSERT INTO t VALUES (1)");
  }

  private static Thread running(Connection connection, String sql) {
    Thread thread =
        new Thread(
            () -> {
              try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
    thread.start();
    return thread;
  }

  private void awaitWaiters(int many) throws Exception {
    try (Statement statement = connection.createStatement()) {
      int found = 0;
      while (found < many) {
        try (var rows = statement.executeQuery("SELECT count(*) FROM pg_locks WHERE NOT granted")) {
          rows.next();
          found = rows.getInt(1);
        }
        Thread.sleep(5);
      }
    }
  }

  @Test
  void aPreparedTransaction() throws Exception {
    execute("BEGIN", "CREATE TABLE t (v int)", "PREPARE TRANSACTION 'it''s'");
    Finding finding = patient.finds(Check.PREPARED_TRANSACTION, Severity.WARNING);
    assertThat(finding.remedies().get(0).note())
        .contains("COMMIT PREPARED 'it''s';", "ROLLBACK PREPARED 'it''s';");
    execute(finding.remedies().get(0).text());
    assertThat(patient.finds(Check.PREPARED_TRANSACTION, Severity.WARNING)).isEqualTo(finding);
    execute("ROLLBACK PREPARED 'it''s'");
  }

  @Test
  void aSlotThatNobodyReads() throws Exception {
    execute(
        "SELECT pg_create_physical_replication_slot('away', true)",
        "CREATE TABLE t (v text)",
        "INSERT INTO t SELECT repeat('x', 1000) FROM generate_series(1, 1000)");
    Examination asked =
        new Examination(
            false,
            false,
            new Thresholds(
                Duration.ofHours(1), Duration.ofHours(1), Duration.ZERO, 5 << 10, Duration.ZERO));
    Finding finding = patient.finds(Check.SLOT_BEHIND, Severity.WARNING, asked);
    patient.isMendedBy(connection, finding, asked);
  }

  @Test
  void fewConnectionsLeft() throws Exception {
    Examination asked =
        new Examination(
            false,
            false,
            new Thresholds(
                Duration.ofHours(1), Duration.ZERO, Duration.ZERO, 1 << 30, Duration.ZERO));
    List<Connection> idle = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      idle.add(connect(name));
    }
    Finding finding = patient.finds(Check.CONNECTIONS_SHORT, Severity.WARNING, asked);
    patient.isMendedBy(connection, finding, asked);
    for (Connection each : idle) {
      each.close();
    }
  }

  @Test
  void autovacuumThatIsOff() throws Exception {
    execute("ALTER SYSTEM SET autovacuum = off", "SELECT pg_reload_conf()");
    Finding finding = null;
    for (int i = 0; i < 100 && finding == null; i++) {
      finding =
          Patient.of(patient.inspect(Patient.SMALL), Check.AUTOVACUUM_OFF).stream()
              .findFirst()
              .orElse(null);
    }
    assertThat(finding).isNotNull();
    patient.isMendedBy(connection, finding);
  }

  @Test
  void theSlowestStatements() throws Exception {
    execute("CREATE EXTENSION pg_stat_statements", "SELECT 'secret' AS \"told apart\"");
    assertThat(patient.inspect(Patient.SMALL).activity().statements())
        .extracting(each -> each.text())
        .contains("SELECT $1 AS \"told apart\"");
  }

  @Test
  void aRoleWithoutRightsSeesTheRest() throws Exception {
    execute(
        "DROP ROLE IF EXISTS poor",
        "CREATE ROLE poor LOGIN PASSWORD 'p'",
        "CREATE TABLE t (a int)",
        "CREATE INDEX one ON t (a)",
        "CREATE INDEX two ON t (a)",
        "REVOKE SELECT ON pg_catalog.pg_index FROM PUBLIC");
    Inspection blind = new Patient(url("poor")).inspect(Patient.SMALL);
    assertThat(blind.unseen())
        .filteredOn(each -> each.what().equals("indexes"))
        .extracting(each -> each.why())
        .containsExactly("not visible to this role: permission denied for table pg_index");
    assertThat(blind.unseen()).extracting(each -> each.what()).contains("sessions of other roles");
    assertThat(blind.tables()).hasSize(1);
    execute("GRANT SELECT ON pg_catalog.pg_index TO PUBLIC");
    assertThat(Patient.of(new Patient(url("poor")).inspect(Patient.SMALL), Check.DUPLICATE_INDEX))
        .hasSize(1);
    execute("DROP ROLE poor");
  }
}
