package io.tideline.testkit.advise;

import static io.tideline.testkit.advise.Asking.query;
import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.maintenance.advise.AdviceReport;
import io.tideline.maintenance.advise.IndexAdvice;
import io.tideline.maintenance.advise.QueryAdvice;
import io.tideline.maintenance.advise.QueryAdvice.Outcome;
import io.tideline.testkit.EmbeddedPostgresServer;
import io.tideline.testkit.Product;
import io.tideline.testkit.SqliteTestDatabase;
import io.tideline.testkit.TestDatabase;
import io.tideline.tuning.Expectations;
import io.tideline.tuning.IndexColumn;
import io.tideline.tuning.QuerySpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The advice is taken for real, and the live plan judged. */
class AdviceTest {
  private static final int ROWS = 30_000;

  @TempDir Path folder;

  private TestDatabase create(Product product) {
    return product == Product.SQLITE
        ? SqliteTestDatabase.create(folder)
        : EmbeddedPostgresServer.shared().freshDatabase();
  }

  /** The usage table of codex-lb: 33 accounts, two windows. */
  private static void usage(TestDatabase database) {
    database.execute(
        "CREATE TABLE accounts (id TEXT PRIMARY KEY, email TEXT NOT NULL, status TEXT NOT NULL)",
        "CREATE TABLE usage_history (id INTEGER PRIMARY KEY, account_id TEXT NOT NULL,"
            + " recorded_at TEXT NOT NULL, \"window\" TEXT, used_percent REAL)",
        "CREATE INDEX usage_account ON usage_history (account_id)",
        "INSERT INTO accounts " + numbers(33, "'a' || i, 'mail' || i, 'active'"),
        "INSERT INTO usage_history "
            + numbers(
                ROWS,
                "i, 'a' || (i % 33 + 1), '2026-01-01 ' || (1000000 + i),"
                    + " CASE i % 2 WHEN 0 THEN 'primary' ELSE 'secondary' END, i % 100"));
  }

  private static String numbers(int count, String values) {
    return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
        + count
        + ") SELECT "
        + values
        + " FROM n";
  }

  private static List<String> columns(IndexAdvice advice) {
    return advice.index().columns().stream().map(IndexColumn::toString).toList();
  }

  private static final QuerySpec NEWEST =
      query(
          "newest",
          "SELECT used_percent FROM usage_history WHERE account_id = :account AND \"window\" ="
              + " :window ORDER BY recorded_at DESC LIMIT 1",
          Map.of("account", "a7", "window", "primary"));

  @ParameterizedTest
  @EnumSource(Product.class)
  void anIndexOfEqualityThenOrderMendsAndMakesAnotherSuperfluous(Product product) {
    try (TestDatabase database = create(product)) {
      usage(database);
      Asking asking = new Asking(database, folder);
      asking.analyze();
      List<String> before = database.dump("usage_history");
      assertThat(asking.breaches(NEWEST)).isNotEmpty();
      AdviceReport report = asking.advise(NEWEST);
      assertThat(report.queries()).extracting(QueryAdvice::outcome).containsExactly(Outcome.MENDED);
      assertThat(report.indexes()).hasSize(1);
      IndexAdvice advice = report.indexes().get(0);
      assertThat(columns(advice)).containsExactly("account_id", "window", "recorded_at desc");
      assertThat(advice.superfluous()).containsExactly("usage_account");
      assertThat(advice.gain()).isGreaterThan(1.5);
      assertThat(advice.bytes()).isBetween(ROWS * 10L, ROWS * 200L);
      assertThat(advice.entry())
          .isEqualTo(
              """
                ix_usage_history_account_id_window_recorded_at:
                  table: usage_history
                  columns: [account_id, window, recorded_at desc]
              """);
      assertThat(database.dump("usage_history")).isEqualTo(before);
      asking.take(report);
      assertThat(asking.breaches(NEWEST)).isEmpty();
      AdviceReport again = asking.advise(NEWEST);
      assertThat(again.indexes()).isEmpty();
      assertThat(again.queries()).extracting(QueryAdvice::outcome).containsExactly(Outcome.GOOD);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void noIndexSavesNumberingAllRows(Product product) {
    try (TestDatabase database = create(product)) {
      usage(database);
      Asking asking = new Asking(database, folder);
      asking.analyze();
      AdviceReport report =
          asking.advise(
              query(
                  "latest",
                  "SELECT account_id, used_percent FROM (SELECT account_id, used_percent,"
                      + " row_number() OVER (PARTITION BY account_id ORDER BY recorded_at DESC) AS"
                      + " n FROM usage_history WHERE \"window\" = :window) AS numbered WHERE n = 1",
                  Map.of("window", "primary")));
      assertThat(report.indexes()).isEmpty();
      QueryAdvice advice = report.queries().get(0);
      assertThat(advice.outcome()).isEqualTo(Outcome.NONE);
      assertThat(advice.why()).contains("numbers every row").contains("one seek per key");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void theSeekPerAccountIsMended(Product product) {
    try (TestDatabase database = create(product)) {
      usage(database);
      Asking asking = new Asking(database, folder);
      asking.analyze();
      QuerySpec seek =
          query(
              "seek",
              "SELECT a.id, (SELECT u.used_percent FROM usage_history u WHERE u.account_id = a.id"
                  + " AND u.\"window\" = :window ORDER BY u.recorded_at DESC LIMIT 1) AS used"
                  + " FROM accounts a",
              Map.of("window", "primary"),
              new Expectations(List.of(), true, List.of("accounts"), true, Optional.empty()));
      AdviceReport report = asking.advise(seek);
      assertThat(report.indexes()).hasSize(1);
      assertThat(columns(report.indexes().get(0))).contains("recorded_at desc");
      asking.take(report);
      assertThat(asking.breaches(seek)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void anOrderInAnotherTableIsTold(Product product) {
    try (TestDatabase database = create(product)) {
      database.execute(
          "CREATE TABLE traces (id TEXT PRIMARY KEY, data TEXT, created_at REAL NOT NULL)",
          "CREATE TABLE trace_sessions (trace_id TEXT NOT NULL, session_uid TEXT NOT NULL,"
              + " created_at REAL, PRIMARY KEY (trace_id, session_uid))",
          "CREATE INDEX by_session ON trace_sessions (session_uid)",
          "CREATE INDEX by_time ON traces (created_at)",
          "INSERT INTO traces " + numbers(ROWS, "'t' || i, 'x', 1700000000 + i"),
          "INSERT INTO trace_sessions "
              + numbers(ROWS, "'t' || i, 's' || (i % 300), 1700000000 + i"));
      Asking asking = new Asking(database, folder);
      asking.analyze();
      Expectations noSort = new Expectations(List.of(), true, List.of(), true, Optional.empty());
      QuerySpec old =
          query(
              "old",
              "SELECT t.id, t.data FROM traces t JOIN trace_sessions s ON s.trace_id = t.id WHERE"
                  + " s.session_uid = :session AND t.data <> 'y' ORDER BY t.data DESC LIMIT 1000",
              Map.of("session", "s1"),
              noSort);
      AdviceReport first = asking.advise(old);
      assertThat(first.queries().get(0).outcome()).isNotEqualTo(Outcome.MENDED);
      assertThat(first.queries().get(0).why())
          .contains("no index spans two tables")
          .contains("Keep data in trace_sessions too");
      QuerySpec window =
          query(
              "window",
              "SELECT t.id, t.data FROM trace_sessions s JOIN traces t ON t.id = s.trace_id WHERE"
                  + " s.session_uid = :session AND s.created_at >= :since ORDER BY s.created_at"
                  + " DESC LIMIT 20",
              Map.of("session", "s1", "since", 1_700_000_000 + ROWS / 2));
      AdviceReport report = asking.advise(window);
      assertThat(report.indexes()).hasSize(1);
      assertThat(columns(report.indexes().get(0)))
          .containsExactly("session_uid", "created_at desc");
      assertThat(report.indexes().get(0).superfluous()).containsExactly("by_session");
      asking.take(report);
      assertThat(asking.breaches(window)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aConstantMakesASmallerIndex(Product product) {
    try (TestDatabase database = create(product)) {
      database.execute(
          "CREATE TABLE tasks (id INTEGER PRIMARY KEY, user_id INTEGER, status TEXT, due INTEGER)",
          "INSERT INTO tasks "
              + numbers(ROWS, "i, i % 400, CASE WHEN i % 50 = 0 THEN 'failed' ELSE 'done' END, i"));
      Asking asking = new Asking(database, folder);
      asking.analyze();
      QuerySpec failed =
          query(
              "failed",
              "SELECT id FROM tasks WHERE user_id = :u AND status = 'failed' ORDER BY due",
              Map.of("u", 7));
      AdviceReport report = asking.advise(failed);
      assertThat(report.indexes()).hasSize(1);
      assertThat(report.indexes().get(0).index().where()).isEqualTo("\"status\" = 'failed'");
      assertThat(report.indexes().get(0).entry()).contains("where: \"\\\"status\\\" = 'failed'\"");
      asking.take(report);
      assertThat(asking.breaches(failed)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void whatWritesIsRefusedAndNothingIsLeftBehind(Product product) {
    try (TestDatabase database = create(product)) {
      usage(database);
      Asking asking = new Asking(database, folder);
      for (String sql :
          List.of(
              "DELETE FROM accounts", "DROP TABLE accounts", "UPDATE accounts SET email = 'x'")) {
        AdviceReport report =
            asking.advise(
                query("bad", sql, Map.of()),
                query("odd", "SELECT nothing FROM accounts", Map.of()),
                query("good", "SELECT id FROM usage_history WHERE id = :i", Map.of("i", 3)));
        assertThat(report.queries())
            .extracting(QueryAdvice::outcome)
            .containsExactly(Outcome.FAILED, Outcome.FAILED, Outcome.GOOD);
        assertThat(report.queries().get(0).why()).contains("only SELECT, WITH");
        assertThat(report.queries().get(1).why()).contains("nothing");
      }
      assertThat(database.count("accounts")).isEqualTo(33);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void namesThatNeedQuotesAreAdvisedToo(Product product) {
    try (TestDatabase database = create(product)) {
      database.execute(
          "CREATE TABLE \"odd \"\"t\" (id INTEGER PRIMARY KEY, \"the when\" INTEGER,"
              + " \"Group\" INTEGER)",
          "INSERT INTO \"odd \"\"t\" " + numbers(ROWS, "i, i, i % 300"),
          "CREATE VIEW seen AS SELECT \"the when\" AS at, \"Group\" FROM \"odd \"\"t\"");
      Asking asking = new Asking(database, folder);
      asking.analyze();
      QuerySpec odd =
          query(
              "odd",
              "SELECT id FROM \"odd \"\"t\" WHERE \"Group\" = :g ORDER BY \"the when\" DESC"
                  + " LIMIT 10",
              Map.of("g", 7));
      QuerySpec view = query("view", "SELECT at FROM seen WHERE \"Group\" = :g", Map.of("g", 7));
      AdviceReport report = asking.advise(odd, view);
      assertThat(report.indexes()).hasSize(1);
      assertThat(report.indexes().get(0).queries()).containsExactly("odd", "view");
      assertThat(report.indexes().get(0).entry()).contains("{column: \"the when\", order: desc}");
      asking.take(report);
      assertThat(asking.breaches(odd)).isEmpty();
      assertThat(asking.breaches(view)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aViewIsJoinedByItsForeignKey(Product product) {
    try (TestDatabase database = create(product)) {
      database.execute(
          "CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT UNIQUE)",
          "CREATE TABLE orders (id INTEGER PRIMARY KEY, placed INTEGER, note TEXT,"
              + " customer INTEGER REFERENCES customers (id))",
          "CREATE VIEW placed_orders AS SELECT o.id, o.placed, c.email FROM orders o"
              + " LEFT JOIN customers c ON c.id = o.customer",
          "INSERT INTO customers " + numbers(501, "i - 1, 'mail' || (i - 1)"),
          "INSERT INTO orders " + numbers(ROWS, "i, (i * 7919) % 30000, 'x', i % 500"));
      Asking asking = new Asking(database, folder);
      asking.analyze();
      QuerySpec of =
          query(
              "of-customer",
              "SELECT id, placed FROM placed_orders WHERE email = :email ORDER BY placed",
              Map.of("email", "mail7"));
      AdviceReport report = asking.advise(of);
      assertThat(report.indexes()).hasSize(1);
      assertThat(columns(report.indexes().get(0)).get(0)).isEqualTo("customer");
      assertThat(report.indexes().get(0).gain()).isGreaterThan(2);
      asking.take(report);
      Expectations noScan = new Expectations(List.of(), true, List.of(), false, Optional.empty());
      assertThat(asking.breaches(query("now", of.text().sql(), Map.of("email", "mail7"), noScan)))
          .isEmpty();
    }
  }
}
