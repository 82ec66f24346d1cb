package io.tideline.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.dialect.DatabaseUrl;
import io.tideline.dialect.GuardedQuery;
import io.tideline.dialect.GuardedSession;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.tuning.Breach;
import io.tideline.tuning.Expectations;
import io.tideline.tuning.PlanNode;
import io.tideline.tuning.QueryText;
import io.tideline.tuning.Work;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuardedSessionTest {
  private static final String SEEK =
      """
      SELECT n.* FROM accounts a CROSS JOIN LATERAL (
        SELECT * FROM usage u WHERE u.account_id = a.id ORDER BY u.at DESC LIMIT 1) n""";
  private static final String WINDOW =
      """
      SELECT * FROM (SELECT u.*,
        row_number() OVER (PARTITION BY account_id ORDER BY at DESC) AS n FROM usage u) x
      WHERE n = 1""";

  private static Postgres server;
  private GuardedSession session;

  @BeforeAll
  static void start() throws SQLException {
    server =
        new Postgres(
            "",
            """
            CREATE TABLE accounts (id text PRIMARY KEY);
            CREATE TABLE usage (id bigint PRIMARY KEY, account_id text, at timestamp, used numeric,
              tags jsonb);
            INSERT INTO accounts SELECT 'a' || x FROM generate_series(1, 20) x;
            INSERT INTO usage SELECT x, 'a' || (1 + x % 20),
              timestamp '2026-01-01' + x * interval '1 minute', x, '{"k": 1}'
              FROM generate_series(1, 5000) x;
            CREATE INDEX usage_account ON usage (account_id, at);
            CREATE INDEX usage_used ON usage (used);
            ANALYZE;
            CREATE SEQUENCE counter;
            CREATE FUNCTION evil(text) RETURNS int LANGUAGE plpgsql
              AS $$ BEGIN PERFORM nextval('counter'); RETURN 1; END $$;
            CREATE FUNCTION of_row(usage) RETURNS int LANGUAGE sql AS 'SELECT 1';
            CREATE FUNCTION calm(int) RETURNS int LANGUAGE sql STABLE AS 'SELECT $1 + 1';
            CREATE FUNCTION differ(int, int) RETURNS boolean LANGUAGE plpgsql
              AS $$ BEGIN RETURN true; END $$;
            CREATE OPERATOR <#!> (leftarg = int, rightarg = int, function = differ);
            CREATE OPERATOR <!#!> (rightarg = bigint, function = pg_advisory_lock);
            CREATE FUNCTION adds(int, int) RETURNS int LANGUAGE plpgsql
              AS $$ BEGIN PERFORM nextval('counter'); RETURN 1; END $$;
            CREATE AGGREGATE total (int) (sfunc = adds, stype = int, initcond = '0');
            CREATE TYPE mood AS ENUM ('good', 'bad');
            CREATE FUNCTION moody(mood) RETURNS int LANGUAGE plpgsql
              AS $$ BEGIN PERFORM nextval('counter'); RETURN 1; END $$;
            CREATE CAST (mood AS int) WITH FUNCTION moody (mood) AS IMPLICIT;
            CREATE TABLE moods (felt mood);
            CREATE DOMAIN picky AS text CHECK (evil(VALUE) > 0);
            CREATE DOMAIN fine AS text CHECK (length(VALUE) < 9);
            CREATE TABLE pickies (p picky);
            CREATE TABLE guarded (x int);
            ALTER TABLE guarded ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            CREATE POLICY peek ON guarded
              USING (x + adds(1, 2) > (SELECT max(id) FROM usage WHERE used > 5));
            DROP ROLE IF EXISTS guard_reader; CREATE ROLE guard_reader LOGIN;
            GRANT SELECT ON ALL TABLES IN SCHEMA public TO guard_reader;
            CREATE VIEW behind AS SELECT evil('x') AS x;
            CREATE VIEW "Further Behind" AS SELECT * FROM behind;
            CREATE SCHEMA other;
            CREATE FUNCTION other.evil(int) RETURNS int LANGUAGE plpgsql
              AS $$ BEGIN RETURN 1; END $$""");
  }

  @AfterAll
  static void stop() throws SQLException {
    server.close();
  }

  @BeforeEach
  void open() {
    session = server.database.openGuarded(Duration.ofSeconds(30));
  }

  @AfterEach
  void close() throws SQLException {
    session.close();
    assertThat(server.query("SELECT count(*) FROM usage")).containsExactly("5000");
    assertThat(server.query("SELECT last_value, is_called FROM counter")).containsExactly("1|f");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "DELETE FROM usage                             | it begins with DELETE",
        "CALL something()                              | it begins with CALL",
        "DO 'BEGIN END'                                | it begins with DO",
        "COPY usage TO PROGRAM 'cat'                   | it begins with COPY",
        "EXPLAIN ANALYZE DELETE FROM usage             | it begins with EXPLAIN",
        "SET search_path = x                           | it begins with SET",
        "SELECT * INTO copy FROM usage                 | it has INTO, which makes a table",
        "WITH x AS (DELETE FROM usage RETURNING *) SELECT * FROM x | PostgreSQL would change or lock"
            + " rows for it (ModifyTable)",
        "SELECT * FROM usage FOR UPDATE                | PostgreSQL would change or lock rows",
        "SELECT * FROM usage FOR KEY SHARE             | PostgreSQL would change or lock rows",
        "SELECT nextval('counter')                     | the function pg_catalog.nextval is volatile",
        "SELECT \"nextval\"('counter')                 | the function pg_catalog.nextval is volatile",
        "SELECT pg_catalog . setval ('counter', 9)     | the function pg_catalog.setval is volatile",
        "SELECT 1 LIMIT nextval('counter')             | the function pg_catalog.nextval is volatile",
        "SELECT set_config('x.y', 'z', false)          | the function pg_catalog.set_config",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity | the function"
            + " pg_catalog.pg_terminate_backend is volatile",
        "SELECT pg_advisory_lock(1)                    | the function pg_catalog.pg_advisory_lock",
        "SELECT pg_notify('a', 'b')                    | the function pg_catalog.pg_notify",
        "SELECT lo_create(0)                           | the function pg_catalog.lo_create",
        "SELECT pg_read_file('/etc/passwd')            | the function pg_catalog.pg_read_file",
        "SELECT pg_stat_reset()                        | the function pg_catalog.pg_stat_reset",
        "SELECT query_to_xml('DELETE FROM usage', true, true, '') | the function"
            + " pg_catalog.query_to_xml",
        "SELECT evil('x')                              | the function other.evil is volatile",
        "SELECT EVIL ('x')                             | the function other.evil is volatile",
        "SELECT u.of_row FROM usage u                  | the function public.of_row is volatile",
        "SELECT * FROM \"Further Behind\"              | the function other.evil is volatile",
        "SELECT <!#!> 5                                | the function of the operator <!#!> is",
        "SELECT 1 LIMIT CASE WHEN (<!#!> 5) IS NULL THEN 1 END | the function of the operator",
        "SELECT total(1) FROM usage                    | the function of the aggregate total",
        "SELECT 1 FROM moods WHERE felt + 1 > 2        | the function of the cast mood AS integer",
        "VALUES (1 + 'good'::mood)                     | the function of the cast mood AS integer",
        "VALUES ('x'::picky)                           | the function other.evil is volatile",
        "SELECT json_populate_record(NULL::pickies, '{}') | the function other.evil is volatile",
        "SELECT 1 LIMIT (ARRAY[1]) [pg_backend_pid()]  | it has a name in back quotes or brackets",
        "SELECT 1 <#!> 2                               | the function of the operator <#!> is",
      })
  void whatDoesMoreThanReadIsRefused(String sql, String why) {
    QueryText text = QueryText.of(sql.strip());

    for (Runnable call :
        List.<Runnable>of(
            () -> session.explain(text, List.of()),
            () -> session.measure(text, List.of()),
            () -> session.prepare(text).run(List.of()))) {
      assertThatThrownBy(call::run)
          .isInstanceOfSatisfying(
              TidelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.QUERY_REFUSED))
          .hasMessageContaining("Cannot run the query: " + why)
          .hasMessageContaining("Nothing was run, nothing was changed.");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT calm(1), now(), random(), count(*) FROM usage",
        "SELECT date_trunc('day', at) FROM usage LIMIT 1",
        "SELECT tags ? 'k', tags->>'k' FROM usage LIMIT 1",
        "TABLE accounts",
        "SELECT id FROM usage WHERE id IN (1, 2) AND account_id LIKE 'a%' AND 'x'::fine = 'x'",
        "(VALUES (1)) UNION SELECT 2",
        "SELECT 'nextval(1); DELETE FROM usage' AS \"set_config(\"",
      })
  void whatOnlyReadsPasses(String sql) {
    assertThat(session.explain(QueryText.of(sql), List.of()).steps()).hasSize(1);
    try (GuardedQuery query = session.prepare(QueryText.of(sql))) {
      assertThat(query.run(List.of()).rows()).isPositive();
    }
  }

  /** A subquery in a policy's condition is told as {@code $0}, which is no statement. */
  @Test
  void whatAPolicyCallsBesideASubqueryIsSeen() {
    try (var database = server.open("guard_reader");
        GuardedSession reading = database.openGuarded(Duration.ofSeconds(5))) {
      assertThatThrownBy(() -> reading.explain(QueryText.of("TABLE guarded"), List.of()))
          .hasMessageContaining("the function public.adds is volatile");
    }
  }

  @Test
  void theTransactionItselfCannotWrite() throws SQLException {
    try (Session raw =
        Sessions.guarded(
            ConnectionUrl.of(new DatabaseUrl(server.url("postgres"))), Duration.ofSeconds(5))) {
      assertThatThrownBy(() -> raw.execute("DELETE FROM usage"))
          .hasMessageContaining("read-only transaction");
    }
  }

  @Test
  void theWindowFailsAndTheSeekPasses() {
    Expectations expect =
        new Expectations(
            List.of("usage_account"), true, List.of("accounts"), true, Optional.of(2.0));

    assertThat(judge(expect, SEEK)).isEmpty();
    assertThat(judge(expect, WINDOW))
        .extracting(Breach::rule)
        .contains(Breach.Rule.NO_FULL_SCAN, Breach.Rule.MAX_EXAMINED);
  }

  private List<Breach> judge(Expectations expect, String sql) {
    QueryText text = QueryText.of(sql);
    return expect.judge(
        session.explain(text, List.of()), Optional.of(session.measure(text, List.of())));
  }

  @Test
  void valuesAreBoundAsLiteralsWouldStandThere() {
    QueryText text =
        QueryText.of(
            "SELECT id FROM usage WHERE account_id = :a AND at > :t AND id < :i AND tags ? :k"
                + " AND (CAST(:none AS int) IS NULL OR used < :none) LIMIT :n");

    Work work =
        session.measure(
            text,
            Arrays.asList("a5", Instant.parse("2026-01-01T00:00:00Z"), 400L, "k", null, null, 3L));

    assertThat(work.returned()).isEqualTo(3);
    assertThat(work.examined()).isBetween(3L, 5000L);
    assertThat(work.basis()).isEqualTo("Counted by EXPLAIN ANALYZE.");
    assertThat(
            session
                .explain(QueryText.of("SELECT id FROM usage WHERE used = :x"), List.of(1.5d))
                .all())
        .extracting(PlanNode::index)
        .containsAnyOf("usage_used");
  }

  @Test
  void whatTheServerDoesNotUnderstandIsTold() {
    assertThatThrownBy(
            () ->
                session.explain(
                    QueryText.of("SELECT * FROM usage WHERE account_id = :a"), List.of(5L)))
        .isInstanceOfSatisfying(
            TidelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SQL_FAILED))
        .hasMessageContaining("Cannot explain the query: operator does not exist");

    assertThat(session.explain(QueryText.of("SELECT 1"), List.of()).engine())
        .startsWith("PostgreSQL ");
  }

  @Test
  void aQueryThatTakesTooLongIsEnded() {
    String endless =
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT 2 FROM n) SELECT count(*) FROM n";
    try (GuardedSession brief = server.database.openGuarded(Duration.ofMillis(100))) {
      assertThat(brief.measure(QueryText.of(endless), List.of()).complete()).isFalse();
      assertThatThrownBy(() -> brief.prepare(QueryText.of(endless)).run(List.of()))
          .isInstanceOfSatisfying(
              TidelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_BUSY))
          .hasMessageContaining("Cannot run the query: it took longer than 0.1 s.");
    }
  }

  @Test
  void whoWantsItToEndEndsIt() throws InterruptedException {
    String endless =
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT 2 FROM n) SELECT count(*) FROM n";
    Thread cancel =
        new Thread(
            () -> {
              try {
                Thread.sleep(200);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              session.cancel();
            });
    cancel.start();

    assertThatThrownBy(() -> session.measure(QueryText.of(endless), List.of()))
        .isInstanceOfSatisfying(
            TidelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERRUPTED))
        .hasMessageContaining("Cannot run the query: it was interrupted.");
    cancel.join();
  }
}
