package io.tideline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.testkit.EmbeddedPostgresServer;
import io.tideline.testkit.PostgresTestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The queries of the accounts page: the seek passes, the window function fails, on both. */
final class PlansTest {
  private static final String WINDOW =
      """
        latest-by-window:
          sql: |
            SELECT * FROM (
              SELECT u.*, row_number() OVER (
                PARTITION BY account_id ORDER BY recorded_at DESC) AS place
              FROM usage_history u) newest
            WHERE place = 1
          expect: {no_full_scan: true, may_scan: accounts, max_examined: 4}
      """;

  @TempDir Path dir;

  @Test
  void theSeekPassesAndTheWindowFails() throws Exception {
    Place place = new Place(dir, "codex-lb");
    place.make("codex-lb", "store.db");
    judged(place);

    try (PostgresTestDatabase database = EmbeddedPostgresServer.shared().freshDatabase()) {
      place.make("codex-lb", database.url());
      try (Connection connection = database.connect();
          Statement statement = connection.createStatement()) {
        statement.execute("ANALYZE");
      }
      place.set("STORE", database.url());
      judged(place);
    }
  }

  private void judged(Place place) throws Exception {
    Path config = dir.resolve("tideline.yaml");
    Files.copy(
        Place.EXAMPLES.resolve("codex-lb/tideline.yaml"),
        config,
        StandardCopyOption.REPLACE_EXISTING);
    Place.Said good = place.tideline(List.of("check", "--plans"));
    assertThat(good.exit()).as(good.text()).isZero();

    String text = Files.readString(config);
    Files.writeString(config, text.replace("queries:\n", "queries:\n" + WINDOW));
    Place.Said bad = place.tideline(List.of("check"));

    assertThat(bad.exit()).as(bad.text()).isEqualTo(1);
    assertThat(bad.text())
        .contains("latest-by-window  fails")
        .contains(
            "max_examined: It reads 90,000 rows to give 33: 2,727.3 for each, where 4 may be.")
        .contains("1 of 3 queries not as expected")
        .containsPattern("latest-per-account +passes");
  }
}
