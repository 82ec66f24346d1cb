package io.tideline.testkit.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.dialect.Examination;
import io.tideline.health.Check;
import io.tideline.health.Finding;
import io.tideline.health.Inspection;
import io.tideline.health.Severity;
import io.tideline.health.Thresholds;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is healthy, what nobody may see, and the rest that is found. */
class PostgresFindingsTest extends PostgresWard {
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
  void timesBehindOthersThatDoNotCountAreThoseOfASample() throws Exception {
    execute(
        "CREATE TABLE t (at timestamptz NOT NULL)",
        "CREATE INDEX t_at ON t (at)",
        "INSERT INTO t SELECT timestamptz '2026-01-01 00:00+00' + i * interval '1 minute' FROM"
            + " generate_series(1, 5000) AS i",
        "ANALYZE t");
    assertThat(patient.inspect(Patient.SMALL).tables().get(0).ages().orElseThrow().exact())
        .isTrue();
    execute("INSERT INTO t SELECT '2099-01-01' FROM generate_series(1, 60)");
    var ages = patient.inspect(Patient.SMALL).tables().get(0).ages().orElseThrow();
    assertThat(ages.exact()).isFalse();
    assertThat(ages.newest()).isBefore("2026-02-01T00:00:00Z");
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
  void partitionsThatEndSoon() throws Exception {
    execute(
        "CREATE TABLE t (at timestamptz, v int) PARTITION BY RANGE (at)",
        "DO $$ BEGIN FOR i IN 1..3 LOOP EXECUTE format('CREATE TABLE t_%s PARTITION OF t FOR VALUES"
            + " FROM (%L) TO (%L)', i, now() + (i - 3.5) * interval '1 day',"
            + " now() + (i - 2.5) * interval '1 day'); END LOOP; END $$");
    Finding finding = patient.finds(Check.PARTITIONS_ENDING, Severity.WARNING, Examination.USUAL);
    assertThat(finding.what()).startsWith("the last partition ends at ");
    patient.isMendedBy(connection, finding);
    execute("CREATE TABLE rest PARTITION OF t DEFAULT");
    for (String last : List.of(finding.remedies().get(0).text().split("\"")[3], "t_3")) {
      execute("DROP TABLE \"" + last + "\"");
    }
    patient.finds(Check.PARTITIONS_ENDING, Severity.WARNING);
    execute("DROP TABLE rest");
    isFoundAndMended(Check.PARTITIONS_ENDING, Severity.CRITICAL);
  }

  @Test
  void aDefaultPartitionThatFills() throws Exception {
    execute(
        "CREATE TABLE t (at date, v int) PARTITION BY RANGE (at)",
        "CREATE TABLE rest PARTITION OF t DEFAULT",
        "INSERT INTO t SELECT '2026-01-01', i FROM generate_series(1, 999) AS i");
    assertThat(Patient.of(patient.inspect(Patient.SMALL), Check.DEFAULT_PARTITION)).isEmpty();
    execute("INSERT INTO t VALUES ('2026-01-01', 0)");
    Finding finding = patient.finds(Check.DEFAULT_PARTITION, Severity.WARNING);
    assertThat(finding.what()).isEqualTo("1,000 rows of it lie in the default partition rest");
    execute(finding.remedies().get(0).text());
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
