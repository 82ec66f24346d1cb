package io.tideline.testkit.rights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.dialect.Grant;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Action;
import io.tideline.policy.Dependent;
import io.tideline.policy.Dependent.OnRoot;
import io.tideline.policy.Policy;
import io.tideline.policy.Reference;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.testkit.EmbeddedPostgresServer;
import io.tideline.testkit.PostgresTestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A role without rights can do its work with exactly the statements that are printed for it. */
final class GrantsTest {
  private static final String ROLE = "sweeper";

  @TempDir Path folder;
  private PostgresTestDatabase database;

  @BeforeEach
  void make() throws SQLException {
    database = EmbeddedPostgresServer.shared().freshDatabase();
    execute(
        "DROP ROLE IF EXISTS " + ROLE,
        "CREATE ROLE " + ROLE + " LOGIN PASSWORD 'x'",
        "CREATE SCHEMA app",
        "CREATE TABLE app.runs (id int PRIMARY KEY, at timestamptz NOT NULL)",
        "CREATE TABLE app.states (id int PRIMARY KEY, run int REFERENCES app.runs)",
        "CREATE TABLE app.notes (id int PRIMARY KEY, run int REFERENCES app.runs)",
        "CREATE TABLE app.outside (id int PRIMARY KEY, state int REFERENCES app.states)",
        "CREATE TABLE app.loose (id int PRIMARY KEY, run int)",
        "CREATE TABLE app.logs (id int PRIMARY KEY, at timestamptz NOT NULL)",
        "CREATE INDEX ON app.states (run)",
        "CREATE INDEX ON app.notes (run)",
        "CREATE INDEX ON app.outside (state)",
        "CREATE INDEX ON app.loose (run)",
        "INSERT INTO app.runs SELECT i, '2020-01-01' FROM generate_series(1, 4) i",
        "INSERT INTO app.states SELECT i, i FROM generate_series(1, 4) i",
        "INSERT INTO app.notes VALUES (1, 1)",
        "INSERT INTO app.outside VALUES (1, 2)",
        "INSERT INTO app.loose VALUES (1, 3)",
        "INSERT INTO app.logs SELECT i, '2020-01-01' FROM generate_series(1, 4) i");
  }

  @AfterEach
  void close() throws SQLException {
    execute("DROP OWNED BY " + ROLE, "DROP ROLE " + ROLE);
    database.close();
  }

  private void execute(String... statements) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private Settings settings(Policy... policies) {
    return Settings.of(
        database.url().replace("postgres:postgres@", ROLE + ":x@"),
        folder.resolve("archive"),
        List.of(policies));
  }

  private static Policy.Builder policy(String name, String table) {
    return Policy.of(name, table).time("at").retain(Duration.ofDays(30));
  }

  private List<String> missing(Settings settings) {
    try (Tideline tideline = Tideline.open(settings)) {
      return tideline.grants(List.of()).stream()
          .filter(Grant::missing)
          .map(Grant::statement)
          .toList();
    }
  }

  private RunReport run(Settings settings) {
    try (Tideline tideline = Tideline.open(settings)) {
      return tideline.run(tideline.plan(Selection.all(), RunListener.NONE), RunListener.NONE);
    }
  }

  @Test
  void aTreeNeedsTheseAndNoMore() throws SQLException {
    Settings settings =
        settings(
                policy("runs", "app.runs")
                    .dependents(
                        List.of(
                            Dependent.of("app.states"),
                            new Dependent("app.notes", List.of(), OnRoot.DETACH)))
                    .build())
            .withReferences(
                List.of(new Reference("app.loose", List.of("run"), "app.runs", List.of("id"))));
    List<String> statements = missing(settings);
    assertThat(statements)
        .containsExactly(
            "GRANT USAGE ON SCHEMA \"app\" TO \"sweeper\";",
            "GRANT SELECT, UPDATE, DELETE ON \"app\".\"runs\" TO \"sweeper\";",
            "GRANT SELECT, UPDATE ON \"app\".\"notes\" TO \"sweeper\";",
            "GRANT SELECT, UPDATE, DELETE ON \"app\".\"states\" TO \"sweeper\";",
            "GRANT SELECT, UPDATE ON \"app\".\"loose\" TO \"sweeper\";",
            "GRANT SELECT ON \"app\".\"outside\" TO \"sweeper\";");
    assertThatThrownBy(() -> run(settings))
        .isInstanceOfSatisfying(
            TidelineException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.RIGHTS_MISSING);
              assertThat(e.mend())
                  .isEqualTo(
                      "Run as an owner what `tideline grants` prints: "
                          + String.join(" ", statements));
            });
    execute(statements.toArray(String[]::new));
    assertThat(missing(settings)).isEmpty();
    RunReport report = run(settings);
    assertThat(report.removed()).isPositive();
    assertThat(report.failure()).isEmpty();
  }

  @Test
  void movedRowsNeedAPlace() throws SQLException {
    Settings settings = settings(policy("logs", "app.logs").action(Action.MOVE).build());
    List<String> statements = missing(settings);
    assertThat(statements)
        .containsExactly(
            "GRANT USAGE, CREATE ON SCHEMA \"app\" TO \"sweeper\";",
            "GRANT SELECT, UPDATE, DELETE ON \"app\".\"logs\" TO \"sweeper\";");
    execute(statements.toArray(String[]::new));
    assertThat(run(settings).removed()).isEqualTo(4);
  }
}
