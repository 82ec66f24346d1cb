package io.tideline.services;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.services.accounts.AccountsService;
import io.tideline.services.web.Service;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Retention runs inside the service, and the page stays as it is. */
final class AccountsRetentionTest {
  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "postgresql"})
  void oldRowsGoAndTheNewestOfAnIdleAccountStays(String kind) throws Exception {
    try (Place place = Place.of(kind, dir);
        Service service =
            AccountsService.start(
                place.accounts(
                    "CODEX_LB_USAGE_CACHE_TTL_SECONDS", "0",
                    "CODEX_LB_USAGE_HISTORY_RETENTION_DAYS", "7",
                    "CODEX_LB_REQUEST_LOGS_RETENTION_DAYS", "30"),
                Clock.systemUTC())) {
      place.makeAccounts(2);
      boolean sqlite = kind.equals("sqlite");
      String old =
          sqlite ? "datetime('now', '-90 days')" : "now() at time zone 'UTC' - interval '90 days'";
      String young = sqlite ? "datetime('now')" : "now() at time zone 'UTC'";
      for (int i = 0; i < 3; i++) {
        // Of an idle account: a primary row, and a later one that counts as secondary.
        usage(place, "acc-00", old, "NULL", "300");
        usage(place, "acc-00", old, "'primary'", "10080");
        usage(place, "acc-01", old, "'primary'", "300");
      }
      usage(place, "acc-01", young, "NULL", "300");
      Client client = new Client(service.port());
      client.ask("");
      place.execute(
          "INSERT INTO request_logs (account_id, request_id, requested_at, model, status)"
              + " SELECT 'acc-00', 'old', "
              + old
              + ", 'm', 'success'");
      String before = client.get("/api/accounts").text();

      client.post("/api/retention", "");

      Place.await("retention", () -> rows(place, "usage_history") == 3);
      Place.await("retention", () -> rows(place, "request_logs WHERE request_id = 'old'") == 0);
      assertThat(client.get("/api/accounts").text()).isEqualTo(before);
    }
  }

  private static void usage(Place place, String account, String at, String window, String minutes)
      throws Exception {
    place.execute(
        "INSERT INTO usage_history (account_id, recorded_at, \"window\", used_percent,"
            + " window_minutes) SELECT '"
            + account
            + "', "
            + at
            + ", "
            + window
            + ", 1, "
            + minutes);
  }

  private static long rows(Place place, String of) {
    try {
      return place.number("SELECT count(*) FROM " + of);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
