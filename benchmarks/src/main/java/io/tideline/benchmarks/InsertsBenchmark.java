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
 * in the library's store and, by plain JDBC, in the old one; and by plain JDBC sessions mapped with
 * the time beside the old mapping with its two indexes. Each round adds to the same stores.
 */
final class InsertsBenchmark implements Benchmark {
  private static final int ADDED = 50_000;
  private static final double OLD_MAPPING = 0.95;
  private static final double ANYWHERE = 10;

  /** So often in turn the two mappings are compared in a round: they differ by little. */
  private static final int TURNS = 4;

  /** A store that is inserted into. */
  private static final class Side {
    private final Path file;
    private final Optional<Mapping> mapping;
    private final IntFunction<String> ids;
    private final Times times = new Times();
    private int next;

    /**
     * @param mapping by plain JDBC, or by the library
     * @param filling the ids that it is filled with
     * @param ids the ids of what is inserted
     */
    Side(
        Path file,
        Optional<Mapping> mapping,
        int rows,
        IntFunction<String> filling,
        IntFunction<String> ids) {
      this.file = file;
      this.mapping = mapping;
      this.ids = ids;
      this.next = rows;
      mapping.ifPresentOrElse(
          each -> TraceRows.fill(file, each, rows, filling),
          () -> TraceRows.fill(file, rows, filling));
    }

    void insert() {
      forget(file);
      int from = next;
      next += ADDED;
      times.add(mapping.isPresent() ? plainly(mapping.get(), from) : byLibrary(from));
    }

    private double byLibrary(int from) {
      try (Database database = TraceRows.open(file)) {
        TraceStore store = TraceStore.open(database);
        return Times.of(() -> TraceRows.insert(store, from, from + ADDED, ids));
      }
    }

    private double plainly(Mapping by, int from) {
      try (Connection connection = TraceRows.connect(file, by, false)) {
        return Times.of(() -> TraceRows.insert(connection, by, from, from + ADDED, ids));
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public String name() {
    return "inserts";
  }

  @Override
  public List<Comparison> measure(Options options, Workspace workspace) throws IOException {
    int rows = options.rows();
    IntFunction<String> order = TraceRows.inOrder();
    IntFunction<String> spread = TraceRows.spread(rows);
    IntFunction<String> any = TraceRows.anywhere();
    Optional<Mapping> library = Optional.empty();
    Optional<Mapping> asOfOld = Optional.of(Mapping.OLD);
    Side inOrder = new Side(workspace.file("ordered.db"), library, rows, order, order);
    Side anywhere = new Side(workspace.file("random.db"), library, rows, spread, any);
    Side oldAnywhere = new Side(workspace.file("random-old.db"), asOfOld, rows, spread, any);
    Side timed =
        new Side(workspace.file("timed.db"), Optional.of(Mapping.TIMED), rows, order, order);
    Side old = new Side(workspace.file("old.db"), asOfOld, rows, order, order);
    for (int round = 0; round < options.rounds(); round++) {
      List.of(inOrder, anywhere, oldAnywhere).forEach(Side::insert);
      for (int turn = 0; turn < TURNS; turn++) {
        timed.insert();
        old.insert();
      }
      System.out.printf(
          "inserts, round %d: in order %s, anywhere %s, anywhere as of old %s; by plain JDBC with"
              + " the time %s, as of old %s%n",
          round + 1,
          inOrder.times.last(),
          anywhere.times.last(),
          oldAnywhere.times.last(),
          timed.times.last(),
          old.times.last());
    }
    storage("mapped with the time", timed.file);
    storage("mapped as of old", old.file);
    storage("the library's whole store", inOrder.file);
    return List.of(
        compared("inserts, ids in order / anywhere", inOrder, anywhere, ANYWHERE),
        compared("inserts, ids in order / anywhere as of old", inOrder, oldAnywhere, ANYWHERE),
        compared("inserts, mapped with the time / as of old", timed, old, OLD_MAPPING));
  }

  private static Comparison compared(String what, Side ours, Side theirs, double wanted) {
    return new Comparison(what, ADDED, ours.times, Optional.of(theirs.times), wanted);
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
