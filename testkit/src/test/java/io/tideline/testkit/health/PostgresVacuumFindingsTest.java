package io.tideline.testkit.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.dialect.Examination;
import io.tideline.health.Certainty;
import io.tideline.health.Check;
import io.tideline.health.Finding;
import io.tideline.health.Severity;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What VACUUM and ANALYZE left is found, and gone when its remedy was typed. */
class PostgresVacuumFindingsTest extends PostgresWard {
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
      Finding finding = patient.finds(Check.WRAPAROUND, Severity.WARNING);
      assertThat(finding.place()).matches("temporary table pg_temp_[0-9]+.held");
      assertThat(finding.remedies().get(0).text()).startsWith("SELECT pid, usename");
      assertThat(finding.remedies().get(0).note()).contains("; else DROP TABLE \"pg_temp_");
      if (connection.getMetaData().getDatabaseMajorVersion() >= 16) {
        patient.isMendedBy(connection, finding);
      } else {
        assertThat(finding.remedies()).hasSize(1); // nobody can tell whose it is
      }
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

  /** The number of its session is nobody's now, or may be anybody's. */
  @Test
  void transactionNumbersThatATableOfAGoneSessionHolds() throws Exception {
    try (Connection other = connect(name);
        Statement statement = other.createStatement()) {
      statement.execute("CREATE TEMPORARY TABLE held (v int)");
      execute(
          "UPDATE pg_class SET relfrozenxid = ((4294967296 + txid_current() - 1200000000) %"
              + " 4294967296)::text::xid WHERE relname = 'held'",
          "UPDATE pg_namespace SET nspname = 'pg_temp_999' WHERE oid = (SELECT relnamespace FROM"
              + " pg_class WHERE relname = 'held')");
      Finding finding = patient.finds(Check.WRAPAROUND, Severity.WARNING);
      assertThat(finding.place()).isEqualTo("temporary table pg_temp_999.held");
      if (connection.getMetaData().getDatabaseMajorVersion() >= 16) {
        assertThat(finding.remedies().get(0).text())
            .isEqualTo("DROP TABLE \"pg_temp_999\".\"held\";");
        patient.isMendedBy(connection, finding);
      }
    }
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
}
