package io.tideline.services;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.tideline.services.accounts.AccountsService;
import io.tideline.services.web.Service;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Clock;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page shows what fetching every row and filtering shows. */
final class AccountsPageTest {
  private static final int ACCOUNTS = 6;
  private static final String[] WINDOWS = {null, "primary", "secondary", "other"};
  private static final Integer[] MINUTES = {null, 300, 1_439, 1_440, 10_080};

  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource({"sqlite, 1", "sqlite, 2", "sqlite, 3", "postgresql, 4", "postgresql, 5"})
  void equalsTheOldLogic(String kind, long seed) throws Exception {
    try (Place place = Place.of(kind, dir);
        Service service =
            AccountsService.start(
                place.accounts("CODEX_LB_USAGE_CACHE_TTL_SECONDS", "0"), Clock.systemUTC())) {
      place.makeAccounts(ACCOUNTS);
      fill(place, new Random(seed), kind.equals("sqlite"));

      Map<String, Long> shown = new TreeMap<>();
      for (JsonElement each :
          new Client(service.port()).get("/api/accounts").json().getAsJsonArray("accounts")) {
        JsonObject account = each.getAsJsonObject();
        account
            .getAsJsonObject("usage")
            .entrySet()
            .forEach(
                window ->
                    shown.put(
                        account.get("id").getAsString() + " " + window.getKey(),
                        window.getValue().getAsJsonObject().get("id").getAsLong()));
      }

      assertThat(shown).as("seed " + seed).isEqualTo(fetchedAll(place)).hasSizeGreaterThan(6);
    }
  }

  /** Few times, so that many are alike; texts of both lengths; one account without any row. */
  private static void fill(Place place, Random random, boolean sqlite) throws SQLException {
    String time = sqlite ? "?" : "CAST(? AS timestamp)";
    try (Connection connection = place.connect();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO usage_history (account_id, recorded_at, \"window\", used_percent,"
                    + " window_minutes) VALUES (?, "
                    + time
                    + ", ?, ?, ?)")) {
      connection.setAutoCommit(false);
      for (int i = 0; i < 600; i++) {
        String second = "2026-05-02 10:00:" + (10 + random.nextInt(20));
        insert.setString(1, "acc-0" + random.nextInt(ACCOUNTS - 1));
        insert.setString(2, random.nextInt(4) == 0 ? second : second + ".000001");
        insert.setString(3, WINDOWS[random.nextInt(WINDOWS.length)]);
        insert.setDouble(4, random.nextInt(100));
        insert.setObject(5, MINUTES[random.nextInt(MINUTES.length)], Types.INTEGER);
        insert.addBatch();
      }
      insert.executeBatch();
      connection.commit();
    }
  }

  /** As the workload found it: every row, and the last of each account and window wins. */
  private static Map<String, Long> fetchedAll(Place place) throws SQLException {
    Map<String, Long> latest = new TreeMap<>();
    try (Connection connection = place.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT * FROM usage_history ORDER BY recorded_at, id")) {
      while (row.next()) {
        String window = row.getString("window") == null ? "primary" : row.getString("window");
        if (window.equals("primary") && row.getInt("window_minutes") >= 1_440) {
          window = "secondary";
        }
        if (!window.equals("other")) {
          latest.put(row.getString("account_id") + " " + window, row.getLong("id"));
        }
      }
    }
    return latest;
  }
}
