package io.tideline.testkit.chaos;

import io.tideline.testkit.ForkedProcess;
import io.tideline.testkit.ForkedRun;
import io.tideline.testkit.Product;
import io.tideline.testkit.TestDatabase;
import io.tideline.testkit.chaos.audit.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.stream.Collectors;

/** What befalls the database, its server, and the way to it. */
final class DatabaseFaults {
  private DatabaseFaults() {}

  static int locked(Stage stage) {
    return locked(stage, 500 + stage.random.nextInt(4_000));
  }

  static int lockedForMinutes(Stage stage) {
    return locked(stage, 65_000 + stage.random.nextInt(30_000));
  }

  private static int locked(Stage stage, int millis) {
    ForkedProcess run = stage.run().begin();
    stage.inTheMidst(run);
    try (Connection connection = stage.database.connect();
        Statement statement = connection.createStatement()) {
      if (stage.shape.product() == Product.SQLITE) {
        statement.execute("BEGIN EXCLUSIVE");
      } else {
        statement.execute("BEGIN");
        statement.execute(
            stage.shape.tables().stream()
                .map(Table::name)
                .collect(Collectors.joining(", ", "LOCK TABLE ", " IN ACCESS EXCLUSIVE MODE")));
      }
      Stage.pause(millis);
      statement.execute("ROLLBACK");
    } catch (SQLException e) {
      end(stage, run, "a run beside a lock");
      return 0; // the run's own lock was longer than our patience, or we were the deadlock's victim
    }
    end(stage, run, "a run beside a lock");
    return 1;
  }

  private static void end(Stage stage, ForkedProcess run, String what) {
    stage.expect(what, run.end(), 0, 2, 3, 4, 6, 8);
  }

  static int terminated(Stage stage) {
    ForkedProcess run = stage.run().begin();
    stage.inTheMidst(run);
    int times = 0;
    for (int i = stage.random.nextInt(3); i >= 0; i--) {
      times += Integer.parseInt(terminate(stage));
      stage.pauseUpTo(150);
    }
    end(stage, run, "a run whose sessions were ended");
    return times > 0 ? 1 : 0;
  }

  private static String terminate(Stage stage) {
    try (Connection connection = stage.database.connect()) {
      String sql =
          "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
              + " WHERE datname = current_database() AND pid <> pg_backend_pid()";
      return TestDatabase.query(connection, sql).get(0);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  static int crashed(Stage stage) {
    Server server = stage.server.orElseThrow();
    if (!server.crashes()) {
      return 0;
    }
    ForkedProcess run = stage.run().begin();
    stage.inTheMidst(run);
    server.crash();
    end(stage, run, "a run whose server crashed");
    return 1;
  }

  static int cut(Stage stage) {
    ForkedProcess run = stage.run().begin();
    boolean midst = stage.inTheMidst(run);
    stage.proxy().cut();
    end(stage, run, "a run whose connections were cut");
    return midst ? 1 : 0;
  }

  static int answerLost(Stage stage) {
    stage.proxy().loseAnswerTo("COMMIT", 1 + stage.random.nextInt(2));
    ForkedRun.Result result = stage.run().start();
    boolean sprung = stage.proxy().sprung();
    stage.expect("a run that lost an answer", result, sprung ? ANY_STOP : DONE);
    stage.proxy().forget();
    return sprung ? 1 : 0;
  }

  private static final Integer[] ANY_STOP = {0, 2, 3, 4, 6, 8};
  private static final Integer[] DONE = {0, 3, 4, 6};

  static int delayed(Stage stage) {
    stage.proxy().delay(Duration.ofMillis(1 + stage.random.nextInt(4)));
    ForkedRun.Result result = stage.run().start();
    stage.proxy().delay(Duration.ZERO);
    stage.expect("a run over a slow network", result, 0, 3, 4, 6);
    return 1;
  }
}
