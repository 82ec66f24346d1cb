package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.error.ExitCode;
import io.tideline.plan.Reason;
import io.tideline.run.RestoreReport;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.run.Step;
import io.tideline.testkit.FailingAt;
import io.tideline.testkit.Product;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Locks that others hold while rows are removed. */
@Tag("exhaustive")
class LockedRowsTest {
  @TempDir Path folder;

  private static Connection holding(Events events, String... sql) throws SQLException {
    Connection other = events.database.connect();
    other.setAutoCommit(false);
    try (Statement statement = other.createStatement()) {
      for (String each : sql) {
        statement.execute(each);
      }
    }
    return other;
  }

  @Test
  void oneLockedRowHoldsUpTheOthersForSecondsOnly() throws SQLException {
    try (Events events = new Events(Product.POSTGRESQL, folder);
        Connection other = holding(events, "SELECT * FROM events WHERE id = 7 FOR UPDATE")) {
      List<String> waits = new ArrayList<>();
      Instant started = Instant.now();
      RunReport report =
          events.run(
              event -> {
                if (event instanceof RunEvent.Waited waited) {
                  waits.add(waited.why().what());
                }
              });

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.ROWS_LEFT);
      assertThat(report.policies().get(0).kept())
          .filteredOn(kept -> kept.reason() == Reason.REFUSED)
          .singleElement()
          .satisfies(
              kept -> {
                assertThat(kept.rows()).isEqualTo(1);
                assertThat(kept.detail()).contains("locked by another session");
              });
      assertThat(events.live()).hasSize(11).contains(7);
      // One wait of two seconds finds out; then the row is sought by short ones, and only it is
      // waited for. Each level of the search used to wait five times for two seconds.
      assertThat(waits).hasSizeLessThanOrEqualTo(5);
      assertThat(Duration.between(started, Instant.now())).isLessThan(Duration.ofSeconds(30));

      other.rollback();
      assertThat(events.run().exit()).isEqualTo(ExitCode.DONE);
      assertThat(events.live()).hasSize(10);
    }
  }

  @Test
  void aWriterThatHoldsTheDatabaseAfterTheLastDeleteIsWaitedFor() {
    try (Events events = new Events(Product.SQLITE, folder)) {
      events.database.execute("PRAGMA journal_mode = WAL");
      RunReport report = events.run(lockedAt(events, Step.BATCH_COMMITTED));

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(events.live()).hasSize(10);
      assertThat(events.view(false)).hasSize(30);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aWriterThatHoldsTheDatabaseAfterARestoreIsWaitedFor(boolean overwrite) {
    try (Events events = new Events(Product.SQLITE, folder)) {
      events.database.execute("PRAGMA journal_mode = WAL");
      events.run();
      if (overwrite) {
        RestoreTest.sevenIsAnotherNow(events);
      }
      RestoreReport report =
          RestoreTest.restore(
              events.settings(),
              RestoreTest.request(overwrite, Map.of()),
              lockedAt(events, Step.RESTORE_COMMITTED));

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(report.restored()).isEqualTo(30);
      assertThat(events.view(false)).hasSize(overwrite ? 1 : 0);
    }
  }

  @Test
  void aWriterThatHoldsTheDatabaseWhileARestoreIsSettledIsWaitedFor() {
    try (Events events = new Events(Product.SQLITE, folder)) {
      events.database.execute("PRAGMA journal_mode = WAL");
      events.run();
      RestoreTest.sevenIsAnotherNow(events);
      assertThatThrownBy(
              () ->
                  RestoreTest.restore(
                      events.settings(),
                      RestoreTest.request(true, Map.of()),
                      new FailingAt(Step.RESTORE_COMMITTED, 1)))
          .isInstanceOf(FailingAt.Failure.class);
      RunReport report = events.run(lockedAt(events, Step.LEASED));

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(events.live()).hasSize(10);
      assertThat(events.view(false)).hasSize(30); // of two rows with one key the newer
    }
  }

  /** Another connection holds the database from a step on until somebody waits for it. */
  private static RunListener lockedAt(Events events, Step step) {
    List<Connection> others = new ArrayList<>();
    RunListener lock =
        FailingAt.doing(
            step,
            1,
            () -> {
              try {
                others.add(holding(events, "UPDATE events SET payload = 'x' WHERE id = 40"));
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
    return event -> {
      lock.on(event);
      if (event instanceof RunEvent.Waited) {
        close(others);
      }
    };
  }

  private static void close(List<Connection> others) {
    for (Connection other : others) {
      try {
        other.close();
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
    others.clear();
  }
}
