package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.Tideline;
import io.tideline.error.ExitCode;
import io.tideline.policy.Pace;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import io.tideline.testkit.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SQLite keeps values of any kind in a key that was declared as a number. */
class MixedKeysTest {
  @TempDir Path folder;

  @Test
  void rowsWithTextAndBlobKeysGoToo() {
    try (TestDatabase database = Product.SQLITE.create(folder)) {
      database.execute(
          "CREATE TABLE k (id INT PRIMARY KEY NOT NULL, at TEXT, v TEXT) WITHOUT ROWID",
          "INSERT INTO k VALUES (1, '2026-01-01', 'a'), (2, '2026-01-01', 'b'),"
              + " (1.5, '2026-01-01', 'c'), ('abc', '2026-01-01', 'd'), (x'00', '2026-01-01', 'e')");
      Policy policy = Policy.of("old", "k").time("at").retain(Duration.ofDays(30)).build();
      Settings settings =
          Settings.of(database.url(), folder.resolve("archive"), List.of(policy))
              .withPace(Pace.OFFLINE);
      try (Tideline tideline = Tideline.open(settings, new SettableClock(Events.NOW))) {
        RunReport report =
            tideline.run(tideline.plan(Selection.all(), RunListener.NONE), RunListener.NONE);

        assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
        assertThat(report.removed()).isEqualTo(5);
        assertThat(database.count("k")).isZero();
      }
    }
  }
}
