package io.tideline.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** SQLite: archive and delete, beside a plain JDBC read and beside what the shell can do. */
final class SqliteBenchmark implements Benchmark {
  private static final double OF_READ = 0.5;
  private static final double OF_SHELL = 0.75;
  private static final double OF_DELETE = 1 / 1.3;

  @Override
  public String name() {
    return "sqlite";
  }

  @Override
  public List<Comparison> measure(Options options, Workspace workspace) throws IOException {
    List<Comparison> comparisons = new ArrayList<>();
    for (Expiry expiry : Expiry.values()) {
      int expired = expiry.expired(options.rows());
      RequestTable table = new RequestTable(options.rows(), expired, Instant.now(), false);
      Path template = SqliteStore.create(workspace.file("template.db"), table);
      comparisons.addAll(measure(options, workspace, expiry, table, template));
    }
    return comparisons;
  }

  private static List<Comparison> measure(
      Options options, Workspace workspace, Expiry expiry, RequestTable table, Path template)
      throws IOException {
    boolean shell = Shell.has("sqlite3");
    if (!shell) {
      System.out.println("Skipped: the comparison with the sqlite3 shell, which is not installed");
    }
    Times run = new Times();
    Times whole = new Times();
    Times read = new Times();
    Times exported = new Times();
    Times deleted = new Times();
    Times oneDelete = new Times();
    for (int round = 0; round < options.rounds(); round++) {
      Path database = workspace.copy(template, "tideline.db");
      TidelineSide.Took took =
          TidelineSide.archive("sqlite:" + database, workspace.file("archive"), table.expired());
      run.add(took.run());
      whole.add(took.whole());
      workspace.removeDatabase("tideline.db");
      workspace.remove("archive");
      read.add(Times.of(() -> SqliteStore.read(template, table.expired())));
      if (shell) {
        exported.add(export(workspace.copy(template, "shell.db"), workspace, table));
        workspace.removeDatabase("shell.db");
        workspace.remove("shell.csv");
      }
      Path other = workspace.copy(template, "delete.db");
      deleted.add(
          TidelineSide.delete("sqlite:" + other, workspace.file("archive"), table.expired()));
      workspace.removeDatabase("delete.db");
      workspace.remove("archive");
      workspace.copy(template, "delete.db");
      oneDelete.add(Times.of(() -> SqliteStore.delete(other, table)));
      workspace.removeDatabase("delete.db");
      System.out.printf(
          "sqlite, %s, round %d: run %s, whole %s, read %s, shell %s, delete %s, one DELETE %s%n",
          expiry.words(),
          round + 1,
          run.last(),
          whole.last(),
          read.last(),
          exported.last(),
          deleted.last(),
          oneDelete.last());
    }
    String what = "sqlite, " + expiry.words() + ": ";
    long rows = table.expired();
    List<Comparison> comparisons = new ArrayList<>();
    comparisons.add(
        new Comparison(what + "run / JDBC read", rows, run, Optional.of(read), OF_READ));
    comparisons.add(
        new Comparison(what + "plan + run / JDBC read", rows, whole, Optional.of(read), OF_READ));
    comparisons.add(
        new Comparison(
            what + "delete / one DELETE", rows, deleted, Optional.of(oneDelete), OF_DELETE));
    if (shell) {
      comparisons.add(
          new Comparison(what + "run / shell", rows, run, Optional.of(exported), OF_SHELL));
      comparisons.add(
          new Comparison(
              what + "plan + run / shell", rows, whole, Optional.of(exported), OF_SHELL));
    }
    return comparisons;
  }

  /** Debian's shell overwrites what it deletes unless it is told not to. */
  private static double export(Path database, Workspace workspace, RequestTable table) {
    String script =
        """
        PRAGMA secure_delete = OFF;
        .mode csv
        .once '%s'
        SELECT * FROM request_logs WHERE requested_at < '%2$s';
        DELETE FROM request_logs WHERE requested_at < '%2$s';
        """
            .formatted(workspace.file("shell.csv"), table.cutoff());
    double seconds =
        Times.of(() -> Shell.run(List.of("sqlite3", "-bail", database.toString()), script));
    long left = SqliteStore.count(database, RequestTable.NAME);
    if (left != table.rows() - table.expired()) {
      throw new IllegalStateException("The shell left " + left + " rows");
    }
    return seconds;
  }
}
