package io.tideline.testkit.trees;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.error.ExitCode;
import io.tideline.run.RunReport;
import io.tideline.testkit.Product;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A tree of which somebody holds a row. */
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
}
