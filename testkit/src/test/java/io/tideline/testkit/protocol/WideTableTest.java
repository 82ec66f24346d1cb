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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WideTableTest {
  private static final int COLUMNS = 1_900;

  @TempDir Path folder;

  @Test
  void aTableOfAsManyColumnsAsSqliteTakesIsArchived() {
    try (TestDatabase database = Product.SQLITE.create(folder)) {
      String columns =
          IntStream.range(0, COLUMNS).mapToObj(i -> "c" + i).collect(Collectors.joining(", "));
      database.execute(
          "CREATE TABLE w (id INTEGER PRIMARY KEY, at TEXT, " + columns + ")",
          "INSERT INTO w (id, at, c0) VALUES (1, '2026-01-01', 'x'), (2, '2026-01-01', 'y')");
      Policy policy = Policy.of("old", "w").time("at").retain(Duration.ofDays(30)).build();
      Settings settings =
          Settings.of(database.url(), folder.resolve("archive"), List.of(policy))
              .withPace(Pace.OFFLINE);
      try (Tideline tideline = Tideline.open(settings, new SettableClock(Events.NOW))) {
        RunReport report =
            tideline.run(tideline.plan(Selection.all(), RunListener.NONE), RunListener.NONE);

        assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
        assertThat(database.count("w")).isZero();
      }
    }
  }
}
