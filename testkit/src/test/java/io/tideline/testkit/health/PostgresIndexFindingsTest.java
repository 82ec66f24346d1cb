package io.tideline.testkit.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.health.Check;
import io.tideline.health.Finding;
import io.tideline.health.Inspection;
import io.tideline.health.Severity;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is wrong with indexes is found, and gone when its remedy was typed. */
class PostgresIndexFindingsTest extends PostgresWard {
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

  /** It may be of the only rows that have a value, or of those whose values are long. */
  @Test
  void anIndexOfSomeRowsIsJudgedByItsPagesAlone() throws Exception {
    execute(
        "CREATE TABLE t (id int, v text, w text DEFAULT '')",
        "INSERT INTO t SELECT i, s, s FROM generate_series(1, 2000) AS i, repeat(md5(i::text), 14)"
            + " AS s",
        "INSERT INTO t SELECT i FROM generate_series(2001, 20000) AS i",
        "CREATE INDEX there ON t (v) WHERE v IS NOT NULL",
        "CREATE INDEX early ON t (w) WHERE id <= 2000",
        "VACUUM ANALYZE t");
    assertThat(Patient.of(patient.inspect(Patient.SMALL), Check.INDEX_BLOAT)).isEmpty();
    execute("CREATE EXTENSION pgstattuple");
    assertThat(Patient.of(patient.inspect(Patient.SMALL), Check.INDEX_BLOAT)).isEmpty();
    execute("DROP INDEX early", "DELETE FROM t WHERE id < 1500", "VACUUM ANALYZE t");
    assertThat(patient.finds(Check.INDEX_BLOAT, Severity.WARNING).basis()).isEqualTo("pgstattuple");
    isFoundAndMended(Check.INDEX_BLOAT, Severity.WARNING);
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
}
