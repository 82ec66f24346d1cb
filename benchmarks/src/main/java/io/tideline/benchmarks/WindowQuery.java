package io.tideline.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The last ten minutes of a session, asked for again and again. */
final class WindowQuery {
  private static final long EACH = 3_000_000_000L;
  private static final int LEAST = 3;

  private final String what;
  private final Path file;
  private final String sql;
  private final int cache;
  private final List<Double> first = new ArrayList<>();
  private final List<Long> warm = new ArrayList<>();

  WindowQuery(String what, Path file, String sql) {
    this(what, file, sql, 2);
  }

  /**
   * @param cache the megabytes of the connection's page cache; by default SQLite has 2
   */
  WindowQuery(String what, Path file, String sql, int cache) {
    this.what = what;
    this.file = file;
    this.sql = sql;
    this.cache = cache;
  }

  /** The traces that it finds. */
  List<String> answer() {
    return with(sql, WindowQuery::read);
  }

  /** Asks with a connection of its own for three seconds, and three times at least. */
  void measure() {
    with(
        sql,
        select -> {
          long began = System.nanoTime();
          long last = began;
          for (int i = 0; i <= LEAST || last - began < EACH; i++) {
            long from = System.nanoTime();
            read(select);
            last = System.nanoTime();
            if (i == 0) {
              first.add((last - from) / 1e6);
            } else {
              warm.add(last - from);
            }
          }
          return List.of();
        });
  }

  /** Milliseconds that a share of the warm executions did not exceed. */
  double at(double share) {
    return Lags.at(warm.stream().mapToLong(Long::longValue).sorted().toArray(), share);
  }

  /** Says its figures and its plan. */
  void print() {
    System.out.printf(
        Locale.ROOT,
        "%s: p50 %.2f ms, p99 %.2f ms, max %.2f ms, %,d warm; first of each round %s ms%n",
        what,
        at(0.5),
        at(0.99),
        at(1),
        warm.size(),
        first.stream().map(each -> String.format(Locale.ROOT, "%.1f", each)).toList());
    System.out.println("  " + String.join("; ", with("EXPLAIN QUERY PLAN " + sql, this::plan)));
  }

  private List<String> plan(PreparedStatement explain) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (ResultSet steps = explain.executeQuery()) {
      while (steps.next()) {
        lines.add(steps.getString(4));
      }
    }
    return lines;
  }

  /** Every column of every row is read. */
  private static List<String> read(PreparedStatement select) throws SQLException {
    List<String> ids = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        ids.add(rows.getString(1));
        for (int i = 2; i <= 5; i++) {
          rows.getString(i);
        }
        rows.getDouble(6);
        rows.getDouble(7);
      }
    }
    return ids;
  }

  /** Works with a statement, its values bound. */
  private interface Work {
    List<String> with(PreparedStatement statement) throws SQLException;
  }

  private List<String> with(String text, Work work) {
    try (Connection connection = SqliteStore.connect(file);
        Statement settings = connection.createStatement();
        PreparedStatement statement = connection.prepareStatement(text)) {
      settings.execute("PRAGMA cache_size = -" + cache * 1_000);
      statement.setString(1, TraceStore.SESSION);
      statement.setDouble(2, TraceStore.SINCE);
      return work.with(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
