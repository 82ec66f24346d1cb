package io.tideline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.config.JobCommands;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class ServeCommandTest {
  @TempDir Path folder;

  private Shell.Said run(String... args) {
    return new Shell(folder).run(args);
  }

  private void store() throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("store.db"));
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE logs(id INTEGER PRIMARY KEY, at TEXT NOT NULL)");
      statement.execute("INSERT INTO logs(at) VALUES ('2020-01-01 00:00:00')");
    }
  }

  private void config(String rest) throws IOException {
    Files.writeString(
        folder.resolve("tideline.yaml"),
        """
        version: 1
        database: ./store.db
        archive: ./archive
        policies: {logs: {table: logs, time: at, retain: 30d}}
        """
            + rest);
  }

  @Test
  void refusesWhatItCannotServe() throws IOException {
    assertThat(run("serve").err()).contains("Cannot find tideline.yaml");
    assertThat(run("serve", ".").err()).contains("it holds no *.yaml.");
    config("every: never\n");
    Shell.Said broken = run("serve");
    assertThat(broken.exit()).isEqualTo(2);
    assertThat(broken.err()).contains("Cannot use 'never' as 'every' of the file.");
    assertThat(run("serve", ".").err()).contains("no file can be used", "Cannot use 'never'");
    config("every: 1h\n");
    assertThat(run("serve", "--parallel", "0").err()).contains("Cannot run 0 databases at once.");
    assertThat(run("serve", "--log", "xml").err()).contains("Give --log text or json.");
    assertThat(run("serve", "--listen", "here").err()).contains("Cannot listen at 'here'.");
    assertThat(run("serve", "--grace", "soon").err()).contains("Cannot use 'soon' as --grace.");
  }

  @Test
  void refusesAJobWithAnUnknownOption() throws IOException {
    config("jobs:\n  check: {command: verify --deeply, every: 1d}\n");

    Shell.Said said = run("serve");

    assertThat(said.exit()).isEqualTo(2);
    assertThat(said.err()).contains("Job 'check' cannot be run: Unknown option: '--deeply'");
  }

  @Test
  void refusesARestoreOfABackupAsAJob() throws IOException {
    config("jobs:\n  back: {command: backup restore a.db --to b.db, every: 1d}\n");

    Shell.Said said = run("serve");

    assertThat(said.exit()).isEqualTo(2);
    assertThat(said.err()).contains("cannot be 'backup restore a.db --to b.db'");

    config("jobs:\n  back: {command: backup --to x restore a.db --to b.db, every: 1d}\n");
    said = run("serve");
    assertThat(said.exit()).isEqualTo(2);
    assertThat(said.err()).contains("Job 'back' cannot be run: 'backup restore' may be no job.");
  }

  /** A command is either fit for a job, or it is known why it is not. */
  @Test
  void knowsEachCommandThatAJobMayBe() {
    List<String> unfit =
        List.of(
            "demo",
            "init",
            "serve",
            "pause",
            "resume",
            "stop",
            "explain",
            "doctor",
            "grants",
            "restore",
            "backup restore",
            "partitions move",
            "hold add",
            "hold list",
            "hold remove",
            "completion",
            "warm-up",
            "help");
    List<String> all = new ArrayList<>();
    collect(
        Main.commandLine(
            new String[0],
            new Shell(folder).terminal(new ByteArrayOutputStream(), new ByteArrayOutputStream())),
        "",
        all);
    all.removeAll(unfit);

    assertThat(new TreeSet<>(all)).isEqualTo(new TreeSet<>(JobCommands.known()));
  }

  private static void collect(CommandLine line, String prefix, List<String> all) {
    line.getSubcommands()
        .forEach(
            (name, command) -> {
              if (!(command.getCommand() instanceof Group)) {
                all.add(prefix + name);
              }
              collect(command, prefix + name + " ", all);
            });
  }

  @Test
  void servesUntilItIsStopped() throws Exception {
    store();
    config(
        """
        every: 1s
        jobs: {check: {command: verify, after: logs}}
        """);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CountDownLatch listening = new CountDownLatch(1);
    AtomicReference<Runnable> stop = new AtomicReference<>();
    Terminal terminal =
        new Terminal(
            InputStream.nullInputStream(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(OutputStream.nullOutputStream()),
            false,
            false,
            false,
            Map.of(),
            folder,
            each -> {
              stop.set(each);
              listening.countDown();
              return () -> {};
            });

    CompletableFuture<Integer> exit =
        CompletableFuture.supplyAsync(
            () -> Main.run(new String[] {"serve", "--json", "--listen", "127.0.0.1:0"}, terminal));
    assertThat(listening.await(20, TimeUnit.SECONDS)).isTrue();
    await(out, "job-finished");
    Shell.Said second = run("serve");
    assertThat(second.exit()).isEqualTo(6);
    assertThat(second.err()).contains("Another 'tideline serve' serves it, by its lock in ");
    stop.get().run();

    assertThat(exit.get(20, TimeUnit.SECONDS)).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("\"event\":\"listening\"", "\"removed\":1", "\"event\":\"stopped\"");
    assertThat(Files.readString(folder.resolve(".tideline/jobs/check.txt")))
        .startsWith("Verified 1 segment");
  }

  private static void await(ByteArrayOutputStream out, String what) throws InterruptedException {
    for (int i = 0; i < 600 && !out.toString(StandardCharsets.UTF_8).contains(what); i++) {
      Thread.sleep(50);
    }
  }

  @Test
  void tellsOthersOfAPlainRun() throws Exception {
    store();
    config("notify: [{on: [finish, failure], command: [sh, -c, cat > told.json]}]\n");

    assertThat(run("run", "--yes").exit()).isZero();
    assertThat(Files.readString(folder.resolve("told.json")))
        .contains("\"event\": \"finish\"", "\"removed\": 1", "\"policy\": \"logs\"");
    Files.delete(folder.resolve("store.db"));
    assertThat(run("run", "--yes").exit()).isEqualTo(2);
    assertThat(Files.readString(folder.resolve("told.json")))
        .contains("\"event\": \"failure\"", "\"code\": \"database-missing\"");
  }
}
