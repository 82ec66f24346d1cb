package io.tideline.benchmarks;

import io.tideline.policy.Action;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/** Trees of rows: deleted, and archived, beside one statement that cascades. */
final class TreesBenchmark implements Benchmark {
  private static final RunTrees TREES = RunTrees.LARGE;

  /** The rates wanted of a deletion, and of archiving too, by that of the statement. */
  private static final double SQLITE = 1;

  private static final double POSTGRESQL = 0.5;
  private static final double ARCHIVED = 1 / 3.0;

  private final boolean postgresql;

  TreesBenchmark(boolean postgresql) {
    this.postgresql = postgresql;
  }

  @Override
  public String name() {
    return postgresql ? "trees-postgresql" : "trees-sqlite";
  }

  @Override
  public List<Comparison> measure(Options options, Workspace workspace) throws IOException {
    if (!postgresql) {
      return measure(new OnSqlite(workspace), SQLITE, options, workspace);
    }
    Optional<Path> binaries = PostgresCluster.binaries();
    if (binaries.isEmpty()) {
      System.out.println("Skipped: PostgreSQL, whose server is not installed");
      return List.of();
    }
    try (PostgresCluster cluster = PostgresCluster.start(binaries.get(), workspace)) {
      return measure(new OnPostgres(cluster), POSTGRESQL, options, workspace);
    }
  }

  private static List<Comparison> measure(
      Side side, double wanted, Options options, Workspace workspace) throws IOException {
    side.create();
    Times cascading = new Times();
    Times deleting = new Times();
    Times archiving = new Times();
    for (int round = 0; round < options.rounds(); round++) {
      cascading.add(side.cascade());
      deleting.add(run(side, Action.DELETE, workspace));
      archiving.add(run(side, Action.ARCHIVE, workspace));
      System.out.printf(
          "trees, %s, round %d: cascade %s, delete %s, archive %s%n",
          side.name(), round + 1, cascading.last(), deleting.last(), archiving.last());
    }
    String what = "trees, " + side.name() + ": ";
    Optional<Times> other = Optional.of(cascading);
    return List.of(
        new Comparison(what + "delete / CASCADE", TREES.expired(), deleting, other, wanted),
        new Comparison(what + "archive / CASCADE", TREES.expired(), archiving, other, ARCHIVED));
  }

  private static double run(Side side, Action action, Workspace workspace) throws IOException {
    String url = side.copy();
    double seconds =
        TidelineSide.run(
            TidelineSide.settings(url, workspace.file("archive"), TREES.policy(action)),
            TREES.expired());
    side.drop();
    workspace.remove("archive", ".tideline");
    return seconds;
  }

  private static void check(long left) {
    if (left != TREES.leavesLeft()) {
      throw new IllegalStateException("The statement left " + left + " rows");
    }
  }

  /** A database product. */
  private interface Side {
    String name();

    void create() throws IOException;

    /** Makes a fresh copy. @return its URL */
    String copy() throws IOException;

    void drop() throws IOException;

    /** The seconds that the statement takes on a copy of its own. */
    double cascade() throws IOException;
  }

  /** A file with a write-ahead log. */
  private record OnSqlite(Workspace workspace) implements Side {
    @Override
    public String name() {
      return "sqlite";
    }

    @Override
    public void create() throws IOException {
      Path file = workspace.file("trees.db");
      Files.deleteIfExists(file);
      execute(file, "PRAGMA journal_mode = WAL", "PRAGMA synchronous = OFF");
      execute(file, TREES.sqlite());
      execute(file, "ANALYZE", "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    private static void execute(Path file, String... statements) {
      try (Connection connection = SqliteStore.connect(file);
          Statement statement = connection.createStatement()) {
        for (String sql : statements) {
          statement.execute(sql);
        }
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public String copy() throws IOException {
      return "sqlite:" + workspace.copy(workspace.file("trees.db"), "copy.db");
    }

    @Override
    public void drop() throws IOException {
      workspace.removeDatabase("copy.db");
    }

    @Override
    public double cascade() throws IOException {
      copy();
      double seconds =
          Times.of(
              () ->
                  execute(
                      workspace.file("copy.db"),
                      "PRAGMA foreign_keys = ON",
                      "PRAGMA synchronous = FULL",
                      RunTrees.CASCADE));
      check(SqliteStore.count(workspace.file("copy.db"), RunTrees.LEAVES));
      drop();
      return seconds;
    }
  }

  /** A database of a server. */
  private record OnPostgres(PostgresCluster cluster) implements Side {
    @Override
    public String name() {
      return "postgresql";
    }

    @Override
    public void create() {
      cluster.execute("postgres", "CREATE DATABASE trees");
      cluster.execute("trees", TREES.postgresql());
      cluster.execute("trees", "VACUUM ANALYZE");
    }

    @Override
    public String copy() {
      cluster.copy("trees", "copy");
      return cluster.url("copy");
    }

    @Override
    public void drop() {
      cluster.drop("copy");
    }

    @Override
    public double cascade() {
      copy();
      double seconds = Times.of(() -> cluster.execute("copy", RunTrees.CASCADE));
      check(cluster.count("copy", RunTrees.LEAVES));
      drop();
      return seconds;
    }
  }
}
