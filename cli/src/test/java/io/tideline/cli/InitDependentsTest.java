package io.tideline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.config.ConfigFile;
import io.tideline.policy.Dependent;
import io.tideline.policy.Policy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code init} follows foreign keys from a table that grows to all that refers to it. */
final class InitDependentsTest {
  private static final List<String> SCHEMA =
      List.of(
          "CREATE TABLE runs (id TEXT PRIMARY KEY, completed_at TEXT, retry_of TEXT"
              + " REFERENCES runs)",
          "CREATE TABLE tokens (id TEXT, run_id TEXT REFERENCES runs, parent_id TEXT,"
              + " PRIMARY KEY (id, run_id), FOREIGN KEY (parent_id, run_id) REFERENCES tokens)",
          "CREATE TABLE \"odd states\" (id INTEGER PRIMARY KEY, token_id TEXT, run_id TEXT,"
              + " batch_id INTEGER REFERENCES batches ON DELETE SET NULL,"
              + " FOREIGN KEY (token_id, run_id) REFERENCES tokens ON DELETE CASCADE)",
          "CREATE TABLE batches (id INTEGER PRIMARY KEY, state_id INTEGER REFERENCES"
              + " \"odd states\")",
          "CREATE TABLE notes (id INTEGER PRIMARY KEY, run_id TEXT REFERENCES runs ON DELETE SET"
              + " NULL)",
          "CREATE TABLE apart (id INTEGER PRIMARY KEY)",
          "CREATE INDEX states_token ON \"odd states\" (token_id, run_id)",
          "INSERT INTO runs VALUES ('r', '2026-01-01 00:00:00', NULL)");

  @TempDir Path dir;

  @BeforeEach
  void create() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("a.db"));
        Statement statement = connection.createStatement()) {
      for (String sql : SCHEMA) {
        statement.execute(sql);
      }
    }
  }

  @Test
  void writesWhatRefersToATableWithTheIndexesThatLack() throws Exception {
    Shell.Said said = new Shell(dir).run("init", "a.db");

    assertThat(said.exit()).as(said.err()).isZero();
    assertThat(Files.readString(dir.resolve("tideline.yaml")))
        .contains("# note: runs(retry_of) refers to the same table: a row that stays keeps the")
        .contains("      - tokens  # tokens(run_id) -> runs, tokens(parent_id, run_id) -> tokens\n")
        .contains("        # note: no index on tokens(run_id); CREATE INDEX ")
        .contains("      - {table: notes, on: detach}  # notes(run_id) -> runs\n")
        .contains(
            "      - {table: 'odd states', via: [token_id, run_id], on: delete}  # odd"
                + " states(token_id, run_id) -> tokens\n      - {table: 'odd states', via:"
                + " [batch_id], on: detach}  # odd states(batch_id) -> batches\n"
                + "        # note: no index on odd states(batch_id); CREATE INDEX")
        .doesNotContain("apart");
    assertThat(runs().dependents())
        .containsExactlyInAnyOrder(
            Dependent.of("tokens"),
            new Dependent("notes", List.of(), Dependent.OnRoot.DETACH),
            new Dependent("odd states", List.of("token_id", "run_id"), Dependent.OnRoot.DELETE),
            new Dependent("odd states", List.of("batch_id"), Dependent.OnRoot.DETACH),
            Dependent.of("batches"));
  }

  private Policy runs() {
    return ConfigFile.load(dir.resolve("tideline.yaml"), Map.of()).settings().policies().get(0);
  }
}
