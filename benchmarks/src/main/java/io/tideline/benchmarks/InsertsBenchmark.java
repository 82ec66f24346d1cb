package io.tideline.benchmarks;

import io.tideline.benchmarks.TraceRows.Mapping;
import io.tideline.store.Database;
import io.tideline.store.TraceStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Batches of 1,000 traces into full stores: ids in the order of time beside ids that lie anywhere,
 * and, by plain JDBC, sessions mapped with the time beside the old mapping with its two indexes.
 * Each round adds to the same four stores.
 */
final class InsertsBenchmark implements Benchmark {
  private static final int ADDED = 50_000;
  private static final double OLD_MAPPING = 0.95;
  private static final double ANYWHERE = 10;

  @Override
  public String name() {
    return "inserts";
  }

  @Override
  public List<Comparison> measure(Options options, Workspace workspace) throws IOException {
    int rows = options.rows();
    Path ordered = TraceRows.fill(workspace.file("ordered.db"), rows, TraceRows.inOrder());
    Path random = TraceRows.fill(workspace.file("random.db"), rows, TraceRows.spread(rows));
    Path timed =
        TraceRows.fill(workspace.file("timed.db"), Mapping.TIMED, rows, TraceRows.inOrder());
    Path old = TraceRows.fill(workspace.file("old.db"), Mapping.OLD, rows, TraceRows.inOrder());
    Times inOrder = new Times();
    Times anywhere = new Times();
    Times withTime = new Times();
    Times oldMapping = new Times();
    for (int round = 0; round < options.rounds(); round++) {
      int from = rows + round * ADDED;
      inOrder.add(insert(ordered, from, TraceRows.inOrder()));
      anywhere.add(insert(random, from, TraceRows.anywhere()));
      withTime.add(insert(timed, Mapping.TIMED, from));
      oldMapping.add(insert(old, Mapping.OLD, from));
      System.out.printf(
          "inserts, round %d: in order %s, anywhere %s; by plain JDBC with the time %s, as of old"
              + " %s%n",
          round + 1, inOrder.last(), anywhere.last(), withTime.last(), oldMapping.last());
    }
    storage("mapped with the time", timed);
    storage("mapped as of old", old);
    storage("the library's whole store", ordered);
    return List.of(
        new Comparison(
            "inserts, ids in order / anywhere", ADDED, inOrder, Optional.of(anywhere), ANYWHERE),
        new Comparison(
            "inserts, mapped with the time / as of old",
            ADDED,
            withTime,
            Optional.of(oldMapping),
            OLD_MAPPING));
  }

  private static double insert(Path file, int from, IntFunction<String> ids) {
    forget(file);
    try (Database database = TraceRows.open(file)) {
      TraceStore store = TraceStore.open(database);
      return Times.of(() -> TraceRows.insert(store, from, from + ADDED, ids));
    }
  }

  private static double insert(Path file, Mapping mapping, int from) {
    forget(file);
    try (Connection connection = TraceRows.connect(file, mapping, false)) {
      return Times.of(
          () -> TraceRows.insert(connection, mapping, from, from + ADDED, TraceRows.inOrder()));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * No page of it is in memory at the beginning, as of a store that is larger than that: where an
   * id belongs must then be read from the disk.
   */
  private static void forget(Path file) {
    if (Shell.has("dd")) {
      Shell.run(List.of("dd", "if=" + file, "iflag=nocache", "count=0"), "");
    }
  }

  /** What each table and index takes. */
  private static void storage(String what, Path file) throws IOException {
    List<String> parts = new ArrayList<>();
    try (Connection connection = SqliteStore.connect(file);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC")) {
      while (row.next()) {
        parts.add(String.format(Locale.ROOT, "%s %.1f MB", row.getString(1), row.getLong(2) / 1e6));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    System.out.printf(
        Locale.ROOT, "%s: %.1f MB: %s%n", what, Files.size(file) / 1e6, String.join(", ", parts));
  }
}
