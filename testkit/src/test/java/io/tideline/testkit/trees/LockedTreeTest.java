package io.tideline.testkit.trees;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.Tideline;
import io.tideline.error.ExitCode;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.run.Step;
import io.tideline.testkit.FailingAt;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A tree of which somebody holds a row. */
@Tag("exhaustive")
class LockedTreeTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM tokens WHERE id = 'token-3-2' FOR UPDATE",
        "SELECT * FROM runs WHERE id = 'run-3' FOR UPDATE"
      })
  void itStaysWholeAndTheOthersGoWithinSeconds(String lock) throws SQLException {
    try (Runs runs = new Runs(Product.POSTGRESQL, folder);
        Connection other = runs.database.connect()) {
      other.setAutoCommit(false);
      try (Statement statement = other.createStatement()) {
        statement.execute(lock);
      }
      Instant started = Instant.now();
      RunReport report = runs.run();

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.ROWS_LEFT);
      assertThat(report.removed()).isEqualTo((Runs.EXPIRED - 1L) * Runs.TREE);
      assertThat(runs.runs()).hasSize(11).contains("run-3");
      assertThat(Duration.between(started, Instant.now())).isLessThan(Duration.ofSeconds(30));

      other.rollback();
      assertThat(runs.run().exit()).isEqualTo(ExitCode.DONE);
      assertThat(runs.runs()).hasSize(10);
    }
  }

  /** The row's copy is in no tree when its chunk was removed, and nobody may lock the row. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE tokens SET payload = 'another' WHERE id = 'token-3-2'",
        "UPDATE tokens SET row_id = 'row-1', run_id = 'run-15', parent = NULL"
            + " WHERE id = 'token-3-2'"
      })
  void aRowThatChangedAndIsHeldStays(String change) throws SQLException {
    try (Runs runs = new Runs(Product.POSTGRESQL, folder);
        Connection other = runs.database.connect()) {
      RunListener holding =
          FailingAt.doing(
              Step.SEALED,
              1,
              () -> {
                try (Statement statement = other.createStatement()) {
                  statement.execute(change);
                  other.setAutoCommit(false);
                  statement.execute("SELECT * FROM tokens WHERE id = 'token-3-2' FOR UPDATE");
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      List<String> waits = new ArrayList<>();
      RunReport report =
          runs.run(
              runs.settings(runs.policy().build()),
              event -> {
                holding.on(event);
                if (event instanceof RunEvent.Waited waited) {
                  waits.add(waited.why().what());
                }
              });

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.ROWS_LEFT);
      assertThat(waits).anyMatch(why -> why.contains("locked by another session"));
      assertThat(runs.database.query("SELECT id FROM tokens WHERE id = 'token-3-2'")).hasSize(1);
      try (Tideline tideline =
          Tideline.open(runs.settings(runs.policy().build()), new SettableClock(Runs.NOW))) {
        assertThat(tideline.status().inDoubt()).isEmpty();
      }

      other.rollback();
      assertThat(runs.run().exit()).isEqualTo(ExitCode.DONE);
      assertThat(runs.runs()).hasSize(10);
    }
  }
}
