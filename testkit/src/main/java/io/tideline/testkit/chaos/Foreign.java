package io.tideline.testkit.chaos;

import io.tideline.policy.Policy;
import io.tideline.policy.Settings;
import io.tideline.testkit.ForkedRun;
import io.tideline.testkit.SqliteTestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The archive of another database. */
final class Foreign {
  private Foreign() {}

  /** Makes one in a folder. */
  static Path archive(Path folder) {
    try {
      Path place = Files.createTempDirectory(folder, "foreign");
      try (SqliteTestDatabase other = SqliteTestDatabase.create(place, "other.db")) {
        other.execute(
            "CREATE TABLE events (id INTEGER PRIMARY KEY, at TEXT)",
            "INSERT INTO events VALUES (1, '2020-01-01 00:00:00'), (2, '2020-01-02 00:00:00')");
        Path archive = place.resolve("archive");
        Policy policy = Policy.of("chaos", "events").time("at").retain(Shape.RETAIN).build();
        ForkedRun.run(Settings.of(other.url(), archive, List.of(policy))).start();
        return archive;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
