package io.tideline.testkit.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.core.Databases;
import io.tideline.dialect.Database;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.dialect.Examination;
import io.tideline.health.Check;
import io.tideline.health.Finding;
import io.tideline.health.Inspection;
import io.tideline.health.Remedy;
import io.tideline.health.Severity;
import io.tideline.health.Thresholds;
import io.tideline.maintenance.inspect.Inspector;
import io.tideline.maintenance.inspect.Request;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A database that is inspected, and treated as each finding says. */
final class Patient {
  /** Small figures, so that a test needs neither much space nor much time. */
  static final Thresholds SMALL =
      new Thresholds(Duration.ZERO, Duration.ofHours(1), Duration.ZERO, 100 << 10, Duration.ZERO);

  private final String url;

  Patient(String url) {
    this.url = url;
  }

  Inspection inspect(Thresholds thresholds) {
    return inspect(new Examination(false, false, thresholds));
  }

  Inspection inspect(Examination asked) {
    Request request =
        new Request(asked, List.of(), List.of(), Optional.empty(), List.of(), List.of());
    try (Database database = Databases.open(new DatabaseUrl(url))) {
      return Inspector.inspect(database, request, Clock.systemUTC());
    }
  }

  static List<Finding> of(Inspection inspection, Check check) {
    return inspection.findings().stream().filter(each -> each.check() == check).toList();
  }

  /** The only finding of a check, which must be as bad as that. */
  Finding finds(Check check, Severity severity, Examination asked) {
    Inspection inspection = inspect(asked);
    assertThat(inspection.unseen())
        .filteredOn(each -> !each.what().equals("slowest statements"))
        .isEmpty();
    List<Finding> found = of(inspection, check);
    for (int i = 0; i < 50 && found.isEmpty(); i++) {
      found = of(inspect(asked), check); // PostgreSQL 14 counts what sessions did a moment later
    }
    assertThat(found).as(inspection.findings().toString()).hasSize(1);
    assertThat(found.get(0).severity()).isEqualTo(severity);
    return found.get(0);
  }

  Finding finds(Check check, Severity severity) {
    return finds(check, severity, new Examination(false, false, SMALL));
  }

  /** Takes every step of a finding's remedy as it stands, and the finding is gone. */
  void isMendedBy(Connection connection, Finding finding, Examination asked) throws Exception {
    assertThat(finding.remedies()).isNotEmpty();
    for (Remedy remedy : finding.remedies()) {
      take(connection, remedy);
    }
    List<Finding> left = List.of(finding);
    for (int i = 0; i < 100 && !left.isEmpty(); i++) {
      left = of(inspect(asked), finding.check());
      if (!left.isEmpty()) {
        Thread.sleep(50); // a session ends, and settings are read, a moment later
      }
    }
    assertThat(left).isEmpty();
  }

  void isMendedBy(Connection connection, Finding finding) throws Exception {
    isMendedBy(connection, finding, new Examination(false, false, SMALL));
  }

  private static void take(Connection connection, Remedy remedy) throws Exception {
    if (remedy.kind() == Remedy.Kind.SHELL) {
      assertThat(shell(remedy.text())).as(remedy.text()).isTrue();
    } else {
      run(connection, remedy.text());
    }
  }

  /** Whether a command of the system's shell did what it should. */
  static boolean shell(String command) throws Exception {
    return new ProcessBuilder("sh", "-c", command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  /** The driver runs an incremental vacuum whole only as an update. */
  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (sql.contains("incremental_vacuum")) {
        statement.executeUpdate(sql);
      } else {
        statement.execute(sql);
      }
    }
  }
}
