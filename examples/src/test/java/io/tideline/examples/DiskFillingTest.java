package io.tideline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.testkit.FullDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fills up, by what earlier inspections saw, does so no more after a run. */
final class DiskFillingTest {
  @TempDir Path dir;

  @Test
  void aRunLeavesSpaceThatGrowthFills() throws Exception {
    try (FullDisk disk = FullDisk.mount(Files.createDirectory(dir.resolve("disk")), 12 << 10)) {
      Path file = disk.folder().resolve("store.db");
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE logs (id INTEGER PRIMARY KEY, at TEXT NOT NULL, v BLOB)");
        statement.execute(
            "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO logs"
                + " SELECT i, CASE WHEN i < 4800 THEN '2020-01-01 00:00:00' ELSE"
                + " datetime('now') END, zeroblob(1000) FROM n");
      }
      Files.writeString(
          dir.resolve("tideline.yaml"),
          "version: 1\ndatabase: sqlite:disk/store.db\narchive: archive\nstate: state\n"
              + "policies:\n  logs: {table: logs, time: at, retain: 30d}\n");
      Place place = new Place(dir);
      long perDay = disk.free() / 25;
      remember(file, Files.size(file), perDay);

      Place.Said before = place.tideline(List.of("inspect", "--fail-on", "warning"));
      assertThat(before.text()).contains("disk-filling").contains("    $ tideline run\n");
      assertThat(before.exit()).isEqualTo(1);
      assertThat(place.tideline(List.of("run", "--yes")).exit()).isZero();
      Place.Said after = place.tideline(List.of("inspect"));
      assertThat(after.text()).doesNotContain("disk-filling");
    }
  }

  private void remember(Path file, long bytes, long perDay) throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int day = 3; day > 0; day--) {
      lines
          .append("{\"at\":\"")
          .append(Instant.now().minus(Duration.ofDays(day)))
          .append("\",\"database\":\"")
          .append(file)
          .append("\",\"bytes\":")
          .append(bytes - day * perDay)
          .append(",\"tables\":{}}\n");
    }
    Path state = Files.createDirectories(dir.resolve("state"));
    Files.writeString(state.resolve("inspections.jsonl"), lines);
  }
}
