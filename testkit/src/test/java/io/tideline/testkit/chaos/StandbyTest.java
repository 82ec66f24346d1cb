package io.tideline.testkit.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.core.Databases;
import io.tideline.dialect.Database;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.dialect.Examination;
import io.tideline.health.Check;
import io.tideline.health.Finding;
import io.tideline.health.Thresholds;
import io.tideline.maintenance.inspect.Inspector;
import io.tideline.maintenance.inspect.Request;
import io.tideline.testkit.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A standby whose query holds old rows of its primary, by the programs that are installed here. */
class StandbyTest {
  private static final int TRIES = 200;

  @TempDir Path folder;

  @Test
  void whatTheFindingSaysEndsTheQuery() throws Exception {
    // As root the servers run as another user, who must come in.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Optional<Server> installed = InstalledServer.start(folder.resolve("server"));
    Assumptions.assumeTrue(installed.isPresent(), "no PostgreSQL is installed");
    try (InstalledServer server = (InstalledServer) installed.get();
        TestDatabase database = server.freshDatabase();
        InstalledServer standby = server.standby(folder.resolve("standby"));
        Connection old = there(standby, database);
        Connection shell = there(standby, database)) {
      old.setAutoCommit(false);
      old.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      execute(old, "SELECT");
      database.execute(
          "DO $$ BEGIN FOR i IN 1..300 LOOP PERFORM txid_current(); COMMIT; END LOOP; END $$");

      List<Finding> found = awaited(database, 1);
      assertThat(found).extracting(Finding::place).containsExactly("standby walreceiver");
      execute(shell, found.get(0).remedies().get(0).text());
      assertThat(awaited(database, 0)).isEmpty();
    }
  }

  private static Connection there(InstalledServer standby, TestDatabase database)
      throws SQLException {
    String name = database.url().substring(database.url().lastIndexOf('/'));
    String url = "jdbc:postgresql://localhost:" + standby.port() + name;
    return DriverManager.getConnection(url, "postgres", "");
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The standby tells each second. */
  private static List<Finding> awaited(TestDatabase database, int many) throws Exception {
    List<Finding> found = inspect(database);
    for (int i = 0; i < TRIES && found.size() != many; i++) {
      Thread.sleep(50);
      found = inspect(database);
    }
    return found;
  }

  private static List<Finding> inspect(TestDatabase database) {
    Thresholds few =
        new Thresholds(
            Duration.ofHours(1),
            Duration.ofHours(1),
            Duration.ofHours(1),
            1L << 30,
            Duration.ZERO,
            100);
    Request request =
        new Request(
            new Examination(false, false, few),
            List.of(),
            List.of(),
            Optional.empty(),
            List.of(),
            List.of());
    try (Database opened = Databases.open(new DatabaseUrl(database.url()))) {
      return Inspector.inspect(opened, request, Clock.systemUTC()).findings().stream()
          .filter(finding -> finding.check() == Check.STANDBY_BEHIND)
          .toList();
    }
  }
}
