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

/** Queries of the configuration, judged on an empty database at the size of production. */
final class CheckAtSizeTest {
  @TempDir Path dir;

  @BeforeEach
  void make() throws Exception {
    Files.writeString(
        dir.resolve("tideline.yaml"),
        """
        version: 1
        database: sqlite:store.db
        archive: archive
        queries:
          by-owner:
            sql: SELECT id FROM jobs WHERE status = :status AND owner = :owner
            params: {status: 3, owner: 7}
            expect: {uses_index: jobs_owner}
          all-late:
            sql: SELECT id FROM jobs WHERE late = :late
            params: {late: 1}
            expect: {no_full_scan: true}
        """);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + dir + "/store.db");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE jobs (id INTEGER PRIMARY KEY, status INTEGER, owner INTEGER, late INTEGER)");
      statement.execute("CREATE INDEX jobs_status ON jobs (status)");
      statement.execute("CREATE INDEX jobs_owner ON jobs (owner)");
    }
  }

  private Shell.Said run(String... words) {
    return new Shell(dir).run(words);
  }

  @Test
  void canAndWillAreColumns() {
    Shell.Said said =
        run(
            "check",
            "--at-size",
            "--size",
            "jobs=5000000",
            "--size",
            "jobs.status=4",
            "--size",
            "jobs.owner=900000");
    assertThat(said.exit()).as(said.err()).isEqualTo(1);
    assertThat(said.out())
        .containsPattern("QUERY +CAN +WILL\n")
        .containsPattern("by-owner +yes +yes\n")
        .containsPattern("all-late +no +no\n")
        .contains("It reads all of jobs. (SCAN jobs)")
        .contains("Planned for:\n  jobs: 5,000,000 rows (declared)");
  }

  @Test
  void otherSizesMakeOtherPlans() {
    Shell.Said said =
        run(
            "check",
            "by-owner",
            "--at-size",
            "--size",
            "jobs=5000000",
            "--size",
            "jobs.status=900000",
            "--size",
            "jobs.owner=4",
            "--json");
    assertThat(said.exit()).as(said.err()).isEqualTo(1);
    JsonObject report = JsonParser.parseString(said.out()).getAsJsonObject();
    JsonObject query = report.getAsJsonArray("queries").get(0).getAsJsonObject();
    assertThat(query.getAsJsonArray("will_not")).hasSize(1);
  }

  @Test
  void theQueriesOfTheConfigurationAreAdvisedOn() {
    Shell.Said said = run("advise", "all-late", "--size", "jobs=5000000");
    assertThat(said.exit()).as(said.err()).isZero();
    assertThat(said.out()).contains("ix_jobs_late on jobs (late)");
    assertThat(run("advise", "all-lat").err()).contains("Did you mean all-late?");
  }
}
