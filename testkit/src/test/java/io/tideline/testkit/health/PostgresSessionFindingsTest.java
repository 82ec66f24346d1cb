package io.tideline.testkit.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.dialect.Examination;
import io.tideline.health.Check;
import io.tideline.health.Finding;
import io.tideline.health.Inspection;
import io.tideline.health.Severity;
import io.tideline.health.Thresholds;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What sessions do to each other is found, and gone when its remedy was typed. */
class PostgresSessionFindingsTest extends PostgresWard {
  /** Any transaction that does nothing is told of, and no other. */
  private static final Examination IDLE =
      new Examination(
          false,
          false,
          new Thresholds(
              Duration.ofHours(1), Duration.ZERO, Duration.ZERO, 1 << 20, Duration.ZERO));

  @Test
  void transactionsThatStayOpen() throws Exception {
    execute("CREATE TABLE t (v int)");
    try (Connection other = connect(name);
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("SELECT FROM t");
      patient.finds(Check.LONG_TRANSACTION, Severity.WARNING);
      Finding finding = patient.finds(Check.IDLE_TRANSACTION, Severity.WARNING, IDLE);
      patient.isMendedBy(connection, finding, IDLE);
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
      Finding finding = patient.finds(Check.LONG_TRANSACTION, Severity.INFO, IDLE);
      assertThat(finding.what()).startsWith("a backup by pg_dump goes on for");
      assertThat(finding.remedies()).isEmpty();
      Finding endless = patient.finds(Check.LONG_TRANSACTION, Severity.WARNING);
      assertThat(endless.remedies().get(0).note()).contains("has to begin anew");
      dump.rollback();
      build.join();
    }
  }

  /** Other than VACUUM, it holds old rows. */
  @Test
  void anAnalyzeIsARemark() throws Exception {
    execute(
        "CREATE TABLE t (v text)",
        "INSERT INTO t SELECT repeat('x', 1000) FROM generate_series(1, 5000)");
    try (Connection analyzer = connect(name);
        Statement statement = analyzer.createStatement()) {
      statement.execute("SET vacuum_cost_delay = 100");
      statement.execute("SET vacuum_cost_limit = 1");
      Thread analyze =
          new Thread(
              () ->
                  assertThatThrownBy(() -> statement.execute("ANALYZE t"))
                      .hasMessageContaining("canceling statement"));
      analyze.start();
      await("SELECT count(*) FROM pg_stat_progress_analyze", 1);
      Finding finding = patient.finds(Check.LONG_TRANSACTION, Severity.INFO);
      assertThat(finding.what()).startsWith("an ANALYZE goes on for");
      assertThat(finding.remedies()).isEmpty();
      statement.cancel();
      analyze.join();
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
    await("SELECT count(*) FROM pg_locks WHERE NOT granted", many);
  }

  private void await(String sql, int many) throws Exception {
    try (Statement statement = connection.createStatement()) {
      int found = 0;
      while (found < many) {
        try (var rows = statement.executeQuery(sql)) {
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
        "CHECKPOINT", // where the log begins that the slot keeps
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
}
