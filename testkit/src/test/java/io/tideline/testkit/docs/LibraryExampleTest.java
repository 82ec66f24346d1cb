package io.tideline.testkit.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.Tideline;
import io.tideline.plan.Plan;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RestoreReport;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java example of the README: it is this region, word for word, and it does what it says. */
final class LibraryExampleTest {
  private static final String STORE =
      """
      CREATE TABLE logs (id INTEGER PRIMARY KEY, at TEXT NOT NULL, line TEXT);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
      INSERT INTO logs SELECT i, datetime('now', '-' || i || ' days', '-1 minute'), 'line ' || i FROM n""";

  @TempDir Path folder;

  @Test
  void archivesAndRestores() throws Exception {
    Path store = folder.resolve("store.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(STORE);
    }

    RestoreReport back = example(store, folder.resolve("archive"));

    assertThat(back.restored()).isEqualTo(71); // 30 to 100 days, and a minute
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store);
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeQuery("SELECT count(*) FROM logs").getInt(1)).isEqualTo(100);
    }
  }

  private static RestoreReport example(Path store, Path archive) {
    // tag::library[]
    Policy logs = Policy.of("logs", "logs").time("at").retain(Duration.ofDays(30)).build();
    Settings settings = Settings.of("sqlite:" + store, archive, List.of(logs));
    RunListener listener = event -> System.out.println(event);

    try (Tideline tideline = Tideline.open(settings)) {
      Plan plan = tideline.plan(Selection.all(), RunListener.NONE); // changes nothing
      System.out.println(plan.rows() + " rows would go");

      RunReport report = tideline.run(plan, listener); // archives, verifies, deletes
      System.out.println(report.exit() + ": " + report.removed() + " rows went");

      tideline.stats().forEach(System.out::println);
      tideline.history().forEach(run -> System.out.println(run.run() + " " + run.exit()));

      return tideline.restore(RestoreRequest.everything(), RunListener.NONE);
    }
    // end::library[]
  }
}
