package io.tideline.benchmarks;

import io.javalin.http.Context;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The trace service as the workload found it, on the old layout: every trace of the session is
 * fetched, filtered and sorted in memory. The same HTTP server and the same JSON.
 */
public final class NaiveTraces {
  private static final String STORE = "jdbc:sqlite:" + System.getenv("NAIVE_STORE");

  private NaiveTraces() {}

  private record Row(String id, String contextType, String data, double createdAt) {}

  /** Serves the store that NAIVE_STORE names. */
  public static void main(String[] args) {
    Launch.service(
        "naive traces",
        clock ->
            Service.of(
                parts ->
                    Web.start(
                        new Web.Listen("127.0.0.1", 0, 64),
                        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                        routes ->
                            routes.get("/api/sessions/{session}/traces", NaiveTraces::answer))));
  }

  private static void answer(Context request) throws SQLException {
    int limit = Integer.parseInt(String.valueOf(request.queryParam("limit")));
    Web.json(request, Map.of("traces", traces(request.pathParam("session"), limit)));
  }

  private static List<Row> traces(String session, int limit) throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(STORE);
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT t.* FROM traces t JOIN trace_sessions s ON s.trace_id = t.id"
                    + " WHERE s.session_uid = ?")) {
      query.setString(1, session);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          rows.add(
              new Row(
                  row.getString("id"),
                  row.getString("context_type"),
                  row.getString("data"),
                  row.getDouble("created_at")));
        }
      }
    }
    rows.sort(Comparator.comparing(Row::createdAt).reversed());
    return rows.subList(0, Math.min(limit, rows.size()));
  }
}
