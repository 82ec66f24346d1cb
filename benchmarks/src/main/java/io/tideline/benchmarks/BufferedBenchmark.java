package io.tideline.benchmarks;

import io.tideline.store.BatchInsert;
import io.tideline.store.BufferedWriter;
import io.tideline.store.BufferedWriterOpening;
import io.tideline.store.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rows written through a buffer, beside a transaction for each; from one thread. */
final class BufferedBenchmark implements Benchmark {
  private static final int ROWS = 20_000;
  private static final double SQLITE = 6;
  private static final double POSTGRES = 20;
  private static final String TABLE =
      "CREATE TABLE logs (id BIGINT PRIMARY KEY, at TEXT NOT NULL, said TEXT NOT NULL)";

  private int next;

  @Override
  public String name() {
    return "buffered";
  }

  @Override
  public List<Comparison> measure(Options options, Workspace workspace) throws IOException {
    List<Comparison> comparisons = new ArrayList<>();
    try (Database database = Database.sqlite(workspace.file("logs.db")).open()) {
      comparisons.add(measure(options, "SQLite, NORMAL", database, SQLITE));
    }
    Optional<Path> binaries = PostgresCluster.binaries();
    if (binaries.isEmpty()) {
      System.out.println("Skipped: PostgreSQL, whose server is not installed");
      return comparisons;
    }
    try (PostgresCluster cluster = PostgresCluster.start(binaries.get(), workspace)) {
      cluster.execute("postgres", "CREATE DATABASE logs");
      String url = cluster.url("logs").replaceFirst("^(\\w+://)[^@]*@([^?]*).*", "jdbc:$1$2");
      try (Database database = Database.postgresql(url).user("postgres").open()) {
        comparisons.add(measure(options, "PostgreSQL, fsync on", database, POSTGRES));
      }
    }
    return comparisons;
  }

  private Comparison measure(Options options, String what, Database database, double wanted) {
    database.write(session -> session.update(TABLE));
    int rows = Math.min(ROWS, options.rows());
    Times buffered = new Times();
    Times alone = new Times();
    for (int round = 0; round < options.rounds(); round++) {
      buffered.add(write(database, rows, true));
      alone.add(write(database, rows, false));
      System.out.printf(
          "%s, round %d: buffered %s, a commit for each row %s%n",
          what, round + 1, buffered.last(), alone.last());
    }
    return new Comparison(
        "buffered / a commit each, " + what, rows, buffered, Optional.of(alone), wanted);
  }

  /** Until the last row is committed. */
  private double write(Database database, int rows, boolean gathered) {
    BatchInsert<Integer> insert =
        BatchInsert.into(
            "logs",
            List.of("id", "at", "said"),
            (statement, row) -> {
              statement.setLong(1, row);
              statement.setString(2, "2026-05-02 10:00:00");
              statement.setString(3, "x".repeat(100));
            });
    BufferedWriterOpening<Integer> opening =
        BufferedWriter.to(
                database,
                insert,
                (row, why) -> {
                  throw why;
                })
            .named("from " + next);
    int first = next;
    next += rows;
    return Times.of(
        () -> {
          try (BufferedWriter<Integer> writer =
              (gathered ? opening : opening.unbuffered()).start()) {
            for (int i = first; i < first + rows; i++) {
              writer.write(i);
            }
          }
        });
  }
}
