package io.tideline.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.dialect.GuardedQuery;
import io.tideline.dialect.GuardedSession;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.tuning.Breach;
import io.tideline.tuning.Expectations;
import io.tideline.tuning.PlanNode.Kind;
import io.tideline.tuning.QueryText;
import io.tideline.tuning.Work;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuardedSessionTest {
  private static final String SEEK =
      """
      SELECT u.* FROM accounts a JOIN usage u ON u.id = (
        SELECT n.id FROM usage n WHERE n.account = a.id ORDER BY n.at DESC LIMIT 1)""";
  private static final String WINDOW =
      """
      SELECT * FROM (
        SELECT u.*, row_number() OVER (PARTITION BY account ORDER BY at DESC) AS n FROM usage u)
      WHERE n = 1""";

  @TempDir Path folder;
  private Sandbox box;
  private GuardedSession session;

  @BeforeEach
  void make() {
    box =
        new Sandbox(folder)
            .with(
                "PRAGMA journal_mode=WAL",
                "CREATE TABLE accounts (id TEXT PRIMARY KEY, email TEXT)",
                "CREATE TABLE usage (id INTEGER PRIMARY KEY, account TEXT, at TEXT, used REAL)",
                "CREATE TABLE members (trace TEXT, session TEXT, PRIMARY KEY (trace, session))"
                    + " WITHOUT ROWID",
                "CREATE TABLE \"rowid, odd\" (rowid TEXT, oid TEXT)",
                "CREATE VIEW recent AS SELECT * FROM usage AS r WHERE r.at > 'm'",
                "WITH n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 10)"
                    + " INSERT INTO accounts SELECT 'a' || x, x FROM n",
                "WITH n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2000)"
                    + " INSERT INTO usage SELECT x, 'a' || (1 + x % 10), printf('%05d', x), x FROM n",
                "INSERT INTO members SELECT id, account FROM usage",
                "INSERT INTO \"rowid, odd\" VALUES ('a', 'b'), ('c', 'd')",
                "CREATE INDEX usage_account ON usage (account, at)");
    session = box.database().openGuarded(Duration.ofSeconds(30));
  }

  @AfterEach
  void close() {
    session.close();
    box.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "DELETE FROM usage                             | it begins with DELETE",
        "PRAGMA journal_mode=DELETE                    | it begins with PRAGMA",
        "ATTACH 'x.db' AS x                            | it begins with ATTACH",
        "EXPLAIN SELECT 1                              | it begins with EXPLAIN",
        "VACUUM                                        | it begins with VACUUM",
        "WITH x AS (SELECT 1) DELETE FROM usage        | SQLite would write for it",
        "WITH x AS (SELECT 1) INSERT INTO usage(id) SELECT 1 | SQLite would write for it",
        "SELECT load_extension('evil')                 | the function load_extension reaches",
        "SELECT \"LOAD_extension\"('evil')             | the function LOAD_extension reaches",
        "SELECT * FROM usage WHERE id = ?              | it has a parameter written with '?'",
        "SELECT * FROM usage WHERE id = @id            | it has a parameter written with '@'",
      })
  void whatDoesMoreThanReadIsRefused(String sql, String why) {
    QueryText text = QueryText.of(sql.strip());

    for (Runnable call :
        List.<Runnable>of(
            () -> session.explain(text, List.of()),
            () -> session.measure(text, List.of()),
            () -> session.prepare(text))) {
      assertThatThrownBy(call::run)
          .isInstanceOfSatisfying(
              TidelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.QUERY_REFUSED))
          .hasMessageContaining("Cannot run the query: " + why)
          .hasMessageContaining("Nothing was run, nothing was changed.");
    }
    assertThat(box.rows("SELECT count(*) FROM usage")).containsExactly("2000");
  }

  @Test
  void aColumnMayHaveTheNameOfAFunction() {
    box.with(
        "CREATE TABLE posts (edit TEXT, \"readfile\" TEXT)", "INSERT INTO posts VALUES (1, 2)");

    assertThat(session.measure(QueryText.of("SELECT edit, p.\"readfile\" FROM posts p"), List.of()))
        .extracting(work -> work.returned())
        .isEqualTo(1L);
  }

  @Test
  void whatSqliteDoesNotUnderstandIsTold() {
    assertThatThrownBy(() -> session.explain(QueryText.of("SELECT nobody FROM usage"), List.of()))
        .isInstanceOfSatisfying(
            TidelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SQL_FAILED))
        .hasMessageContaining("Cannot explain the query")
        .hasMessageContaining("no such column: nobody");
  }

  @Test
  void theWindowFailsAndTheSeekPasses() {
    Expectations expect =
        new Expectations(
            List.of("usage_account"), true, List.of("accounts"), true, Optional.of(3.0));

    assertThat(judge(expect, SEEK)).isEmpty();
    assertThat(judge(expect, WINDOW))
        .extracting(breach -> breach.why())
        .contains(
            "It reads the index usage_account from its beginning, which is as long as usage, without"
                + " seeking in it.",
            "It reads 2,000 rows to give 10: 200.0 for each, where 3 may be.");
  }

  private List<Breach> judge(Expectations expect, String sql) {
    QueryText text = QueryText.of(sql);
    return expect.judge(
        session.explain(text, List.of()), Optional.of(session.measure(text, List.of())));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "SELECT * FROM usage                                       | 2000 | 2000",
        "SELECT * FROM usage AS accounts WHERE used > 1990         | 2000 | 10",
        "SELECT * FROM main.usage u WHERE u.id = :x                | 1    | 1",
        "SELECT * FROM usage WHERE account = 'a3' ORDER BY at LIMIT 5 | 5 | 5",
        "SELECT count(*) FROM usage                                | 2000 | 1",
        "SELECT max(used) FROM usage                               | 2000 | 1",
        "SELECT max(at) FROM usage WHERE account = 'a3'            | 1    | 1",
        "SELECT * FROM recent                                      | 2000 | 0",
        "SELECT * FROM main.recent r JOIN accounts a ON a.id = r.account | 2000 | 0",
        "SELECT * FROM members WHERE trace = '7'                   | 1    | 1",
        "SELECT * FROM \"rowid, odd\"                              | 2    | 2",
        "SELECT a.id, count(u.id) FROM accounts a LEFT JOIN usage u ON u.account = a.id GROUP BY 1"
            + " | 2010 | 10",
        "WITH usage AS (SELECT * FROM accounts) SELECT * FROM usage | 10 | 10",
        "SELECT 1                                                  | 0    | 1",
      })
  void everyRowThatIsReadIsCounted(String sql, long examined, long returned) {
    QueryText text = QueryText.of(sql.strip());
    List<Object> values = text.placeholders().isEmpty() ? List.of() : List.of(7L);

    Work work = session.measure(text, values);

    assertThat(work)
        .isEqualTo(
            new Work(
                examined,
                returned,
                true,
                "Counted by a function that SQLite calls for each row it looks at."));
  }

  @Test
  void whatAnAutomaticIndexReadsCountsToo() {
    box.with("CREATE TABLE other (x TEXT)", "INSERT INTO other SELECT at FROM usage");
    QueryText join = QueryText.of("SELECT * FROM usage u JOIN other o ON o.x = u.at");

    assertThat(session.explain(join, List.of()).all())
        .extracting(step -> step.kind())
        .contains(Kind.AUTOMATIC_INDEX);
    assertThat(session.measure(join, List.of()).examined()).isGreaterThanOrEqualTo(6000);
  }

  @Test
  void whatCannotStandBehindACounterIsCountedInSteps() {
    QueryText hinted =
        QueryText.of("SELECT * FROM usage INDEXED BY usage_account WHERE account = 'a1'");

    Work work = session.measure(hinted, List.of());

    assertThat(work.examined()).isGreaterThanOrEqualTo(200);
    assertThat(work.basis()).startsWith("At most: steps of SQLite's machine");
  }

  @Test
  void aChangedSchemaIsSeen() {
    QueryText byEmail = QueryText.of("SELECT * FROM accounts a WHERE a.email = :x");
    assertThat(session.explain(byEmail, List.of("5")).all())
        .extracting(step -> step.kind())
        .containsExactly(Kind.FULL_SCAN);
    assertThat(session.measure(byEmail, List.of("5")).examined()).isEqualTo(10);

    box.with("CREATE INDEX accounts_email ON accounts (email)");

    assertThat(session.explain(byEmail, List.of("5")).all())
        .extracting(step -> step.table() + " by " + step.index())
        .containsExactly("accounts by accounts_email");
    assertThat(session.measure(byEmail, List.of("5")).examined()).isEqualTo(1);
  }

  @Test
  void aPreparedQueryRunsManyTimes() {
    try (GuardedQuery query =
        session.prepare(QueryText.of("SELECT * FROM usage WHERE account = :a AND at > :at"))) {
      assertThat(query.run(List.of("a3", "00000")).rows()).isEqualTo(200);
      assertThat(query.run(List.of("a3", "01000")).rows()).isEqualTo(100);
      assertThat(query.run(List.of("nobody", "")).rows()).isZero();
    }
  }

  @Test
  void aQueryThatTakesTooLongIsEnded() {
    String endless = "WITH n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";
    try (GuardedSession brief = box.database().openGuarded(Duration.ofMillis(50));
        GuardedQuery query = brief.prepare(QueryText.of(endless))) {
      assertThatThrownBy(() -> query.run(List.of()))
          .isInstanceOfSatisfying(
              TidelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_BUSY))
          .hasMessageContaining("Cannot run the query: it took longer than 0.05 s.");

      assertThat(brief.measure(QueryText.of(endless), List.of()).complete()).isFalse();
    }
  }

  @Test
  void whoWantsItToEndEndsIt() throws InterruptedException {
    String endless = "WITH n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";
    Thread cancel =
        new Thread(
            () -> {
              try {
                Thread.sleep(100);
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
    assertThatThrownBy(() -> session.explain(QueryText.of("SELECT 1"), List.of()))
        .hasMessageContaining("Cannot explain the query: it was interrupted.");
  }

  @Test
  void theConnectionItselfCannotWrite() {
    box.with("CREATE TABLE empty (x)");
    try (Session raw = open()) {
      assertThatThrownBy(() -> raw.execute("PRAGMA query_only=OFF; INSERT INTO empty VALUES (1)"))
          .hasMessageContaining("readonly");
    }
    assertThat(box.rows("SELECT count(*) FROM empty")).containsExactly("0");
  }

  private Session open() {
    try {
      return Session.openGuarded(DatabaseFile.locate(box.path));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
