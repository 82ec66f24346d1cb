package io.tideline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees of guards. */
final class GuardsTest {
  @TempDir Path dir;
  private Shell shell;

  @BeforeEach
  void make() throws SQLException, IOException {
    execute(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, at TEXT)",
        "CREATE TABLE u (id INTEGER PRIMARY KEY, at TEXT)",
        "CREATE TABLE jobs (status TEXT)",
        "INSERT INTO t VALUES (1, '2026-01-01 00:00:00')",
        "INSERT INTO u VALUES (1, '2026-01-01 00:00:00')",
        "INSERT INTO jobs VALUES ('running')");
    Files.writeString(
        dir.resolve("tideline.yaml"),
        """
        version: 1
        database: sqlite:a.db
        archive: archive
        require: {none: "SELECT 1 FROM jobs WHERE status = 'running'"}
        policies:
          t: {table: t, time: at, retain: 1d}
        """);
    shell = new Shell(dir);
  }

  private void execute(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("a.db"));
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Test
  void aPlanTellsWhatARunWouldBeRefusedFor() {
    Shell.Said plan = shell.run("plan");
    assertThat(plan.exit()).as(plan.err()).isZero();
    assertThat(plan.out())
        .contains("A run would be refused: the guard 'none' forbids it: its query gives a row: ");
    assertThat(JsonParser.parseString(shell.run("plan", "--json").out()).toString())
        .contains("\"code\":\"guard\"");

    Shell.Said run = shell.run("run", "--yes");
    assertThat(run.exit()).isEqualTo(5);
    assertThat(run.err())
        .contains("Cannot run policy 't': the guard 'none' forbids it: its query gives a row: ")
        .contains("Run again when it gives none, or change 'require' in the file.")
        .contains("[guard]");
  }

  @Test
  void aPolicyThatIsForbiddenIsToldAndTheOtherGoes() throws IOException, SQLException {
    Path file = dir.resolve("tideline.yaml");
    Files.writeString(
        file,
        Files.readString(file) + "  u: {table: u, time: at, retain: 1d, require: {none: off}}\n");
    Shell.Said run = shell.run("run", "--yes");
    assertThat(run.exit()).as(run.err()).isEqualTo(5);
    assertThat(run.out())
        .contains("t: not carried out: the guard 'none' forbids it: its query gives a row: ");
    assertThat(shell.run("stats").out()).contains("u");

    execute("DELETE FROM jobs");
    assertThat(shell.run("run", "--yes").exit()).isZero();
  }
}
