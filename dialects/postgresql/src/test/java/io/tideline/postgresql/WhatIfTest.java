package io.tideline.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.dialect.Database;
import io.tideline.dialect.WhatIf;
import io.tideline.tuning.IndexColumn;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.QueryPlan;
import io.tideline.tuning.QueryText;
import io.tideline.tuning.TableSize;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WhatIfTest {
  private static final String ROWS =
      "INSERT INTO %s SELECT i, i %% 500, i FROM generate_series(1, %d) i";

  private static QueryPlan plan(WhatIf whatIf, String sql) {
    return whatIf.explain(QueryText.of(sql), List.of());
  }

  private static List<String> indexes(QueryPlan plan) {
    return plan.all().map(step -> step.index()).filter(name -> !name.isEmpty()).toList();
  }

  private static final IndexSpec ON_A =
      IndexSpec.of("ta", "t", List.of(IndexColumn.of("a"), IndexColumn.of("b").desc()));

  @Test
  void plansForAllRowsFromSomeAndLeavesNothing() throws SQLException {
    try (Postgres postgres =
        new Postgres(
            "",
            "CREATE TABLE t (id int PRIMARY KEY, a int, b int)",
            ROWS.formatted("t", 100_000),
            "ANALYZE t")) {
      String sql = "SELECT * FROM public.t WHERE a = 3 ORDER BY b DESC LIMIT 3";
      try (WhatIf whatIf = postgres.database.openWhatIf(List.of())) {
        QueryPlan before = plan(whatIf, sql);
        assertThat(indexes(before)).isEmpty();
        double real =
            Double.parseDouble(
                postgres
                    .query("EXPLAIN " + sql)
                    .get(0)
                    .replaceFirst(".*\\.\\.([0-9.]+) rows.*", "$1"));
        assertThat(before.cost().orElseThrow()).isBetween(real / 3, real * 3);
        assertThat(whatIf.rows(postgres.table("t").name())).hasValue(100_000);
        long bytes = whatIf.add(postgres.table("t"), ON_A);
        assertThat(bytes).isBetween(1_000_000L, 8_000_000L);
        QueryPlan with = plan(whatIf, sql);
        assertThat(indexes(with)).containsExactly("ta");
        assertThat(with.cost().orElseThrow()).isLessThan(real / 20);
        assertThat(postgres.query("SELECT count(*) FROM pg_locks WHERE relation = 't'::regclass"))
            .containsExactly("0");
        whatIf.remove(postgres.table("t"), ON_A);
        assertThat(indexes(plan(whatIf, sql))).isEmpty();
        assertThat(whatIf.basis())
            .singleElement()
            .asString()
            .matches("t: 100,000 rows \\(counted, planned from [0-9,]+ rows\\)");
        assertThat(whatIf.statement(postgres.table("t"), ON_A))
            .isEqualTo("CREATE INDEX CONCURRENTLY \"ta\" ON \"public\".\"t\" (\"a\", \"b\" DESC);");
      }
      awaitNoTemporaryTables(postgres);
      assertThat(postgres.query("SELECT indexname FROM pg_indexes WHERE tablename = 't'"))
          .containsExactly("t_pkey");
    }
  }

  /** The server takes them away when it notices that the session has ended. */
  private static void awaitNoTemporaryTables(Postgres postgres) throws SQLException {
    String count = "SELECT count(*) FROM pg_class WHERE relpersistence = 't'";
    for (int i = 0; i < 100 && !postgres.query(count).equals(List.of("0")); i++) {
      postgres.query("SELECT pg_sleep(0.1)");
    }
    assertThat(postgres.query(count)).containsExactly("0");
  }

  @Test
  void aKilledSessionLeavesNothing() throws SQLException {
    try (Postgres postgres =
        new Postgres(
            "", "CREATE TABLE t (id int PRIMARY KEY, a int, b int)", ROWS.formatted("t", 100))) {
      WhatIf whatIf = postgres.database.openWhatIf(List.of());
      plan(whatIf, "SELECT * FROM t");
      assertThat(postgres.query("SELECT count(*) > 0 FROM pg_class WHERE relpersistence = 't'"))
          .containsExactly("t");
      postgres.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
              + " current_database() AND pid <> pg_backend_pid()");
      awaitNoTemporaryTables(postgres);
      assertThatThrownBy(() -> plan(whatIf, "SELECT * FROM t"))
          .hasMessageContaining("Cannot explain");
      whatIf.close();
    }
  }

  @Test
  void aRoleThatMayOnlyReadPlansFromSomeRows() throws SQLException {
    try (Postgres postgres =
        new Postgres(
            "",
            "CREATE TABLE t (id int PRIMARY KEY, a int, b int)",
            ROWS.formatted("t", 60_000),
            "ANALYZE t",
            "DROP ROLE IF EXISTS looker",
            "CREATE ROLE looker LOGIN",
            "GRANT SELECT ON t TO looker",
            "CREATE TABLE hidden (id int)")) {
      try (Database open = postgres.open("looker");
          WhatIf whatIf = open.openWhatIf(List.of())) {
        plan(whatIf, "SELECT * FROM t WHERE a = 3 ORDER BY b DESC LIMIT 3");
        whatIf.add(postgres.table("t"), ON_A);
        assertThat(indexes(plan(whatIf, "SELECT * FROM t WHERE a = 3 ORDER BY b DESC LIMIT 3")))
            .containsExactly("ta");
        assertThat(whatIf.basis().get(0)).contains("only a superuser can tell the planner of more");
        assertThatThrownBy(() -> plan(whatIf, "SELECT * FROM hidden"))
            .hasMessageContaining("permission denied for table hidden");
      }
      postgres.execute("DROP OWNED BY looker", "DROP ROLE looker");
    }
  }

  @Test
  void schemasFromHellStandIn() throws SQLException {
    try (Postgres postgres =
        new Postgres(
            "",
            "CREATE SCHEMA \"odd \"\"s\"",
            "CREATE TYPE mood AS ENUM ('good', 'bad')",
            "CREATE TABLE \"odd \"\"s\".\"T t\" (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                + " \"When\" timestamptz NOT NULL, m mood, low text GENERATED ALWAYS AS ('x') STORED)",
            "CREATE INDEX \"by USING x\" ON \"odd \"\"s\".\"T t\" USING btree (lower(low),"
                + " \"When\" DESC NULLS LAST) WHERE m = 'good'",
            "INSERT INTO \"odd \"\"s\".\"T t\" (\"When\", m) SELECT now() - i * interval '1 min',"
                + " 'good' FROM generate_series(1, 3000) i",
            "CREATE TABLE events (at date NOT NULL, kind int) PARTITION BY RANGE (at)",
            "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO"
                + " ('2026-02-01')",
            "CREATE TABLE events_2 PARTITION OF events DEFAULT",
            "CREATE INDEX by_kind ON events (kind)",
            "INSERT INTO events SELECT date '2026-01-01' + i % 100, i % 900 FROM generate_series(1,"
                + " 30000) i",
            "CREATE VIEW seen AS SELECT e.kind, t.m FROM events e JOIN \"odd \"\"s\".\"T t\" t ON"
                + " t.id = e.kind",
            "CREATE TABLE grouped (id int PRIMARY KEY, name text)",
            "ANALYZE")) {
      try (WhatIf whatIf = postgres.database.openWhatIf(List.of())) {
        assertThat(
                indexes(
                    plan(
                        whatIf,
                        "SELECT x.id FROM \"odd \"\"s\".\"T t\" AS x WHERE lower(x.low) = 'y' AND"
                            + " m = 'good' ORDER BY \"When\" DESC NULLS LAST")))
            .containsExactly("by USING x");
        assertThat(indexes(plan(whatIf, "SELECT at FROM events WHERE kind = 7")))
            .containsOnly("by_kind");
        assertThat(indexes(plan(whatIf, "SELECT m FROM seen WHERE kind = 7"))).contains("by_kind");
        plan(whatIf, "SELECT g.*, count(*) FROM grouped g GROUP BY g.id");
        assertThat(whatIf.basis())
            .anyMatch(line -> line.contains("its partitions stand in as one table"));
      }
    }
  }

  @Test
  void theSizeThatIsDeclaredCounts() throws SQLException {
    try (Postgres postgres =
        new Postgres(
            "",
            "CREATE TABLE t (id int PRIMARY KEY, a int, b int)",
            "CREATE INDEX ta ON t (a)",
            ROWS.formatted("t", 200),
            "ANALYZE t")) {
      String sql = "SELECT * FROM t WHERE a = 3";
      assertThat(postgres.query("EXPLAIN " + sql).get(0)).contains("Seq Scan");
      TableSize size = new TableSize("t", 5_000_000, Map.of("a", 100_000L));
      try (WhatIf whatIf = postgres.database.openWhatIf(List.of(size))) {
        assertThat(indexes(plan(whatIf, sql))).containsExactly("ta");
        assertThat(whatIf.basis())
            .containsExactly("t: 5,000,000 rows (declared, planned from 200 rows)");
      }
    }
  }
}
