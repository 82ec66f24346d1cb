package io.tideline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Advice on one query, as a user types it. */
final class AdviseTest {
  private static final String SQL =
      "SELECT id FROM runs WHERE status = :status ORDER BY started DESC LIMIT 10";

  @TempDir Path dir;

  @BeforeEach
  void make() throws Exception {
    Files.writeString(
        dir.resolve("tideline.yaml"),
        """
        version: 1
        database: sqlite:store.db
        archive: archive
        """);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + dir + "/store.db");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE runs (id INTEGER PRIMARY KEY, status TEXT, started INTEGER)");
      statement.execute(
          "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
              + " INSERT INTO runs SELECT i, 's' || (i % 30), i FROM n");
    }
  }

  private Shell.Said run(String... words) {
    return new Shell(dir).run(words);
  }

  @Test
  void tellsTheIndexItsPriceAndHowToMakeIt() {
    Shell.Said said = run("advise", "--sql", SQL, "--value", "status=s7");
    assertThat(said.exit()).as(said.err()).isZero();
    assertThat(said.out())
        .contains("ix_runs_status_started on runs (status, started desc)\n  for     sql\n")
        .containsPattern("gain +about [0-9,.]+ times less work, as the planner reckons")
        .containsPattern("size +about [0-9.]+ KB")
        .contains("  writes  an insert into runs writes to 1 index then\n")
        .contains(
            "  CREATE INDEX \"main\".\"ix_runs_status_started\" ON \"runs\" (\"status\","
                + " \"started\" DESC);\n")
        .contains(
            """
            indexes:
              ix_runs_status_started:
                table: runs
                columns: [status, started desc]
            """)
        .containsPattern("QUERY +OUTCOME +BY +GAIN\nsql +mended +ix_runs_status_started +")
        .contains("Planned for:\n  runs: 3,000 rows (counted)\n");
    assertThat(run("advise", "--sql", "SELECT id FROM runs WHERE id = :i", "--value", "i=7").out())
        .containsPattern("sql +good");
  }

  @Test
  void isADocumentToo() {
    Shell.Said said = run("advise", "--sql", SQL, "--value", "status=s7", "--json");
    assertThat(said.exit()).as(said.err()).isZero();
    JsonObject report = JsonParser.parseString(said.out()).getAsJsonObject();
    JsonObject index = report.getAsJsonArray("indexes").get(0).getAsJsonObject();
    assertThat(index.getAsJsonObject("index").get("name").getAsString())
        .isEqualTo("ix_runs_status_started");
    assertThat(index.get("bytes").getAsLong()).isPositive();
    JsonObject query = report.getAsJsonArray("queries").get(0).getAsJsonObject();
    assertThat(query.get("outcome").getAsString()).isEqualTo("mended");
  }

  @Test
  void plansForTheSizeThatIsTold() {
    Shell.Said said =
        run(
            "advise",
            "--sql",
            SQL,
            "--value",
            "status=s7",
            "--size",
            "runs=9000000",
            "--size",
            "runs.status=5");
    assertThat(said.exit()).as(said.err()).isZero();
    assertThat(said.out())
        .contains("Planned for:\n  runs: 9,000,000 rows (declared")
        .containsPattern("size +about [0-9.]+ MB");
  }

  @Test
  void whatIsWrongIsTold() {
    assertThat(run("advise", "--sql", SQL).err()).contains("its parameter :status has no value");
    assertThat(run("advise", "--sql", SQL, "--value", "status=1", "--value", "x=1").err())
        .contains("it has no parameter :x");
    assertThat(run("advise", "one", "--sql", SQL).err())
        .contains("Cannot use both --sql and the name of a query");
    assertThat(run("advise", "--sql", "SELECT 1", "--size", "runs=0").err())
        .contains("Cannot plan for that size: The table 'runs' cannot have 0 rows");
    Shell.Said writes = run("advise", "--sql", "DELETE FROM runs");
    assertThat(writes.exit()).isEqualTo(1);
    assertThat(writes.out())
        .contains("failed")
        .contains("only SELECT, WITH and VALUES are let through");
    assertThat(run("advise", "--sql", "SELECT nope FROM runs").out())
        .contains("sql: Cannot explain the query")
        .contains("no such column: nope");
  }
}
