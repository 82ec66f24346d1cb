package io.tideline.benchmarks;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tideline.services.web.Launch;
import io.tideline.services.web.Service;
import io.tideline.services.web.Web;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The accounts service as the workload found it: a page fetches every row of usage, sorts them in
 * memory and keeps the last of each account and window; every log is a transaction of its own. The
 * same HTTP server and the same JSON, so that only the access differs.
 */
public final class NaiveAccounts {
  private static final String STORE = "jdbc:sqlite:" + System.getenv("NAIVE_STORE");

  private NaiveAccounts() {}

  private record Row(
      long id,
      String account,
      String recordedAt,
      String window,
      double usedPercent,
      long resetAt) {}

  /** Serves the store that NAIVE_STORE names. */
  public static void main(String[] args) {
    Launch.service(
        "naive accounts",
        clock ->
            Service.of(
                parts ->
                    Web.start(
                        new Web.Listen("127.0.0.1", 0, 64),
                        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                        routes -> {
                          routes.get("/api/accounts", request -> Web.json(request, accounts()));
                          routes.post("/v1/responses", request -> Web.json(request, served()));
                        })));
  }

  private static Connection connect() throws SQLException {
    return DriverManager.getConnection(STORE + "?busy_timeout=5000&synchronous=NORMAL");
  }

  private static Map<String, Object> accounts() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      Map<String, Map<String, Row>> latest = latest(statement);
      List<Object> accounts = new ArrayList<>();
      try (ResultSet row = statement.executeQuery("SELECT id, email, status FROM accounts")) {
        while (row.next()) {
          accounts.add(
              Map.of(
                  "id", row.getString(1),
                  "email", row.getString(2),
                  "status", row.getString(3),
                  "usage", latest.getOrDefault(row.getString(1), Map.of())));
        }
      }
      return Map.of("accounts", accounts);
    }
  }

  private static Map<String, Map<String, Row>> latest(Statement statement) throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (ResultSet row = statement.executeQuery("SELECT * FROM usage_history")) {
      while (row.next()) {
        rows.add(
            new Row(
                row.getLong("id"),
                row.getString("account_id"),
                row.getString("recorded_at"),
                window(row.getString("window"), row.getInt("window_minutes")),
                row.getDouble("used_percent"),
                row.getLong("reset_at")));
      }
    }
    rows.sort(Comparator.comparing(Row::recordedAt).thenComparing(Row::id));
    Map<String, Map<String, Row>> latest = new TreeMap<>();
    for (Row row : rows) {
      latest.computeIfAbsent(row.account(), account -> new TreeMap<>()).put(row.window(), row);
    }
    return latest;
  }

  private static String window(String window, int minutes) {
    String said = window == null ? "primary" : window;
    return said.equals("primary") && minutes >= 1_440 ? "secondary" : said;
  }

  private static Map<String, Object> served() throws SQLException {
    String id = "req_" + UUID.randomUUID();
    try (Connection connection = connect();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO request_logs (account_id, request_id, requested_at, model, status)"
                    + " VALUES ('acc-01', ?, datetime('now'), 'gpt-5', 'success')")) {
      insert.setString(1, id);
      insert.executeUpdate();
    }
    return Map.of("id", id, "accountId", "acc-01", "status", "success");
  }
}
