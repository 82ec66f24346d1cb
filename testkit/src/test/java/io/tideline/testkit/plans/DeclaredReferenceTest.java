package io.tideline.testkit.plans;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.Tideline;
import io.tideline.error.ExitCode;
import io.tideline.policy.Pace;
import io.tideline.policy.Policy;
import io.tideline.policy.Reference;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.run.Step;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import io.tideline.testkit.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Relations that only the file knows: nothing but a lock keeps new references off. */
class DeclaredReferenceTest {
  private static final Instant NOW = Instant.parse("2026-10-01T00:00:00Z");

  @TempDir Path folder;

  private TestDatabase database() {
    TestDatabase database = Product.POSTGRESQL.create(folder);
    database.execute(
        "CREATE TABLE runs (id integer PRIMARY KEY, at text)",
        "CREATE TABLE notes (id integer PRIMARY KEY, run integer)",
        "CREATE INDEX notes_run ON notes (run)",
        "INSERT INTO runs VALUES (1, '2026-01-01 00:00:00'), (2, '2026-01-01 00:00:00')");
    return database;
  }

  private RunReport run(TestDatabase database, RunListener listener) {
    Policy policy = Policy.of("runs", "runs").time("at").retain(Duration.ofDays(30)).build();
    Settings settings =
        Settings.of(database.url(), folder.resolve("archive"), List.of(policy))
            .withPace(Pace.OFFLINE)
            .withReferences(List.of(new Reference("notes", List.of("run"), "runs", List.of("id"))));
    try (Tideline tideline = Tideline.open(settings, new SettableClock(NOW))) {
      return tideline.run(tideline.plan(Selection.all(), RunListener.NONE), listener);
    }
  }

  @Test
  void aReferenceThatAnotherSessionHasNotCommittedYetKeepsItsRow() throws Exception {
    try (TestDatabase database = database();
        Connection other = database.connect()) {
      other.setAutoCommit(false);
      try (Statement statement = other.createStatement()) {
        statement.execute("INSERT INTO notes VALUES (1, 2)");
      }
      List<String> waits = new ArrayList<>();
      RunListener listener =
          event -> {
            if (event instanceof RunEvent.Waited wait && waits.add(wait.why().what())) {
              commit(other);
            }
          };

      RunReport report = run(database, listener);

      assertThat(waits).isNotEmpty().first().asString().contains("lock timeout");
      assertThat(report.exit()).isEqualTo(ExitCode.ROWS_LEFT);
      assertThat(report.policies().get(0).kept())
          .anyMatch(kept -> kept.detail().matches("1 row of .*notes\\(run\\) refers to it"));
      assertThat(database.query("SELECT id FROM runs")).containsExactly("2");
    }
  }

  private static void commit(Connection other) {
    try {
      other.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void nobodyRefersAnewWhileABatchIsDeleted() throws Exception {
    try (TestDatabase database = database();
        Connection other = database.connect();
        Statement statement = other.createStatement()) {
      statement.execute("SET lock_timeout = '100ms'");
      List<String> refusals = new ArrayList<>();
      RunListener listener =
          new RunListener() {
            @Override
            public void on(RunEvent event) {}

            @Override
            public void stepped(Step step) {
              if (step == Step.BATCH_DELETED) {
                try {
                  statement.execute("INSERT INTO notes VALUES (1, 2)");
                } catch (SQLException e) {
                  refusals.add(e.getSQLState());
                }
              }
            }
          };

      assertThat(run(database, listener).exit()).isEqualTo(ExitCode.DONE);
      assertThat(refusals).containsExactly("55P03");
      assertThat(database.query("SELECT count(*) FROM runs")).containsExactly("0");
    }
  }
}
