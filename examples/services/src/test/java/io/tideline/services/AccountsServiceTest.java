package io.tideline.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import io.tideline.services.accounts.AccountsService;
import io.tideline.services.web.Service;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the accounts service does, on both databases. */
final class AccountsServiceTest {
  @TempDir Path dir;

  private static Service start(Map<String, String> env) {
    return AccountsService.start(env, Clock.systemUTC());
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "postgresql"})
  void aChangeShowsAtOnceAndLogsArriveAtTheEnd(String kind) throws Exception {
    try (Place place = Place.of(kind, dir)) {
      int asked = 0;
      try (Service service = start(place.accounts())) {
        place.makeAccounts(3);
        Client client = new Client(service.port());
        assertThat(statuses(client)).containsExactly("active", "active", "active");

        String account = account(client.ask("thread-1"));
        for (int i = 0; i < 5; i++) {
          assertThat(account(client.ask("thread-1"))).isEqualTo(account);
        }
        assertThat(client.post("/api/accounts/" + account + "/pause", "").status()).isEqualTo(200);
        assertThat(statuses(client)).containsOnlyOnce("paused");
        String other = account(client.ask("thread-1"));
        assertThat(other).isNotEqualTo(account);
        client.post("/api/accounts/" + account + "/resume", "");
        assertThat(statuses(client)).containsExactly("active", "active", "active");
        assertThat(account(client.ask("thread-1"))).isEqualTo(other);

        client.send("PUT", "/api/pool", "{\"accountIds\": [\"" + account + "\"]}");
        for (String session : List.of("thread-1", "thread-2", "")) {
          assertThat(account(client.ask(session))).isEqualTo(account);
        }
        client.send("PUT", "/api/pool", "{\"accountIds\": []}");
        Client.Answer limited =
            client.post("/v1/responses", "{\"model\": \"m\", \"simulate\": \"rate_limit\"}");
        assertThat(limited.status()).isEqualTo(502);
        Set<String> left = new HashSet<>();
        for (int i = 0; i < 6; i++) {
          left.add(account(client.ask("")));
        }
        assertThat(left).hasSize(2).doesNotContain(account(limited));
        asked = 6 + 1 + 1 + 3 + 1 + 6;
      }
      // The end of the service writes what waited.
      assertThat(place.number("SELECT count(*) FROM request_logs")).isEqualTo(asked);
      assertThat(place.number("SELECT count(*) FROM request_logs WHERE status = 'error'"))
          .isEqualTo(1);
      assertThat(place.texts("SELECT status FROM accounts WHERE status <> 'active'"))
          .containsExactly("rate_limited");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "postgresql"})
  void anAccountGoesWithItsHistory(String kind) throws Exception {
    try (Place place = Place.of(kind, dir);
        Service service =
            start(
                place.accounts(
                    "CODEX_LB_STICKY_SESSIONS_BACKEND", "db",
                    "CODEX_LB_REQUEST_LOGS_BUFFER_ENABLED", "false"))) {
      place.makeAccounts(2);
      place.execute(
          "INSERT INTO usage_history (account_id, used_percent) WITH RECURSIVE n(i) AS (SELECT 1"
              + " UNION ALL SELECT i + 1 FROM n WHERE i < 1300) SELECT 'acc-00', i % 100 FROM n");
      place.execute("INSERT INTO dashboard_settings VALUES (1, TRUE, '[\"acc-00\", \"acc-01\"]')");
      Client client = new Client(service.port());
      for (int i = 0; i < 8; i++) {
        client.ask("thread-" + i);
      }
      long sticky =
          place.number("SELECT count(*) FROM sticky_sessions WHERE account_id = 'acc-00'");
      assertThat(sticky).isBetween(1L, 7L);

      Client.Answer deleted = client.send("DELETE", "/api/accounts/acc-00", "");

      assertThat(deleted.json().getAsJsonObject("deleted").toString())
          .isEqualTo(
              "{\"accounts\":1,\"request_logs\":"
                  + sticky
                  + ",\"sticky_sessions\":"
                  + sticky
                  + ",\"usage_history\":1300}");
      assertThat(client.get("/api/pool").text()).isEqualTo("{\"accountIds\":[\"acc-01\"]}");
      assertThat(statuses(client)).containsExactly("active");
      assertThat(client.send("DELETE", "/api/accounts/acc-00", "").code()).isEqualTo("not_found");
      assertThat(account(client.ask("thread-1"))).isEqualTo("acc-01");
    }
  }

  @Test
  void aDeletionThatWasBrokenOffIsFinished() throws Exception {
    try (Place place = Place.sqlite(dir)) {
      start(place.accounts()).close();
      place.makeAccounts(2);
      place.execute("UPDATE accounts SET status = 'deleting' WHERE id = 'acc-00'");
      start(place.accounts()).close();
      assertThat(place.texts("SELECT id FROM accounts")).containsExactly("acc-01");
    }
  }

  @Test
  void usageIsFetchedInTheBackgroundAndShown() throws Exception {
    try (Place place = Place.sqlite(dir);
        Service service =
            start(
                place.accounts(
                    "CODEX_LB_USAGE_REFRESH_ENABLED", "true",
                    "CODEX_LB_USAGE_REFRESH_INTERVAL_SECONDS", "0.1",
                    "CODEX_LB_USAGE_CACHE_TTL_SECONDS", "600"))) {
      place.makeAccounts(3);
      Client client = new Client(service.port());
      // Cached for long, but a round voids it.
      Place.await(
          "usage",
          () ->
              client
                  .get("/api/codex/usage")
                  .text()
                  .matches(
                      "\\{\"primary\":\\{\"accounts\":3,.*\"secondary\":\\{\"accounts\":3,.*"));
      assertThat(place.number("SELECT count(*) FROM usage_history") % 6).isZero();
    }
  }

  @Test
  void eachSwitchWorksAlone() throws Exception {
    for (String[] one :
        List.of(
            new String[] {"CODEX_LB_ACCOUNTS_CACHE_TTL_SECONDS", "0"},
            new String[] {"CODEX_LB_USAGE_CACHE_TTL_SECONDS", "0"},
            new String[] {"CODEX_LB_ROUTING_CACHE_TTL_SECONDS", "0"},
            new String[] {"CODEX_LB_REQUEST_LOGS_BUFFER_ENABLED", "false"},
            new String[] {"CODEX_LB_STICKY_SESSIONS_BACKEND", "db"})) {
      Path folder = Files.createDirectory(dir.resolve(one[0]));
      try (Place place = Place.sqlite(folder);
          Service service = start(place.accounts(one))) {
        place.makeAccounts(2);
        Client client = new Client(service.port());
        String account = account(client.ask("thread"));
        if (one[0].contains("BUFFER")) {
          assertThat(place.number("SELECT count(*) FROM request_logs")).isEqualTo(1);
          assertThat(client.get("/health").text())
              .contains("\"requestLogsMostAtRisk\":{\"rows\":0,\"bytes\":0}");
        }
        assertThat(place.number("SELECT count(*) FROM sticky_sessions"))
            .isEqualTo(one[0].contains("STICKY") ? 1 : 0);
        if (one[0].contains("ACCOUNTS_CACHE")) {
          // Of another process: only without a cache it shows at once.
          statuses(client);
          place.execute("UPDATE accounts SET status = 'paused'");
          assertThat(statuses(client)).containsExactly("paused", "paused");
        }
        if (one[0].contains("ROUTING")) {
          place.execute("UPDATE accounts SET status = 'paused' WHERE id = '" + account + "'");
          assertThat(account(client.ask("thread"))).isNotEqualTo(account);
        }
      }
    }
  }

  @Test
  void errorsAreJson() throws Exception {
    try (Place place = Place.sqlite(dir);
        Service service = start(place.accounts())) {
      place.makeAccounts(1);
      Client client = new Client(service.port());
      Client.Answer broken = client.post("/v1/responses", "{\"model\": ");
      assertThat(broken.status()).isEqualTo(400);
      assertThat(broken.message()).isEqualTo("The body is not JSON. Nothing was stored.");
      assertThat(client.post("/v1/responses", "{}").message())
          .isEqualTo("'model' is missing. Nothing was stored.");
      Client.Answer large =
          client.post("/v1/responses", "{\"model\": \"" + "x".repeat(1 << 20) + "\"}");
      assertThat(large.status()).isEqualTo(413);
      assertThat(large.code()).isEqualTo("too_large");
      assertThat(client.get("/nothing").code()).isEqualTo("not_found");
      Client.Answer wrong = client.get("/v1/responses");
      assertThat(wrong.status()).isEqualTo(405);
      assertThat(wrong.code()).isEqualTo("method_not_allowed");
      Client.Answer unknown = client.send("PUT", "/api/pool", "{\"accountIds\": [\"acc-99\"]}");
      assertThat(unknown.status()).isEqualTo(422);
      assertThat(unknown.message())
          .isEqualTo("An account of the list does not exist. No pin changed.");
      client.post("/api/accounts/acc-00/pause", "");
      Client.Answer none = client.ask("");
      assertThat(none.status()).isEqualTo(503);
      assertThat(none.code()).isEqualTo("no_account");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "postgresql"})
  void sqlInKeysIsOnlyText(String kind) throws Exception {
    String evil = "x'); DROP TABLE accounts; --";
    try (Place place = Place.of(kind, dir);
        Service service = start(place.accounts("CODEX_LB_STICKY_SESSIONS_BACKEND", "db"))) {
      place.makeAccounts(2);
      Client client = new Client(service.port());
      assertThat(account(client.ask(evil))).isEqualTo(account(client.ask(evil)));
      assertThat(place.texts("SELECT key FROM sticky_sessions")).containsExactly(evil);
      String path = URLEncoder.encode(evil, StandardCharsets.UTF_8);
      assertThat(client.post("/api/accounts/" + path.replace("+", "%20") + "/pause", "").status())
          .isEqualTo(404);
      assertThat(statuses(client)).containsExactly("active", "active");
    }
  }

  @Test
  void metricsHaveTheNamesThatOthersUse() throws Exception {
    try (Place place = Place.sqlite(dir);
        Service service = start(place.accounts())) {
      place.makeAccounts(1);
      Client client = new Client(service.port());
      client.get("/api/accounts");
      client.get("/api/accounts");
      client.ask("t");
      assertThat(client.get("/metrics").text())
          .contains(
              "http_server_requests_seconds_count{method=\"GET\",status=\"200\","
                  + "uri=\"/api/accounts\"} 2")
          .contains("cache_gets_total{cache=\"usage\",result=\"hit\"} 1.0")
          .contains("jdbc_connections_max{name=\"store\"}");
    }
  }

  @Test
  void aSettingThatIsNotRightIsToldByItsName() {
    assertThatThrownBy(() -> start(Map.of("CODEX_LB_DATABASE_POOL_SIZE", "many")))
        .hasMessage(
            "Cannot start: CODEX_LB_DATABASE_POOL_SIZE is not right. Nothing was done. Write a"
                + " whole number from 1 to 64.");
    assertThatThrownBy(() -> start(Map.of("CODEX_LB_DATABASE_URL", "mysql://me:secret@x/y")))
        .hasMessageContaining("CODEX_LB_DATABASE_URL is not right")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> start(Map.of("CODEX_LB_DATABASE_URL", "postgresql://me:sec^ret@x/y")))
        .hasMessageContaining("CODEX_LB_DATABASE_URL is not right")
        .hasMessageContaining("as %XX")
        .hasMessageNotContaining("sec");
    assertThatThrownBy(() -> start(Map.of("CODEX_LB_USAGE_REFRESH_INTERVAL_SECONDS", "0")))
        .hasMessageEndingWith("Write seconds, from 0.1 to a year, such as 2.5.");
    assertThatThrownBy(() -> start(Map.of("CODEX_LB_DATABASE_POOL_TIMEOUT_SECONDS", "0.1")))
        .hasMessageEndingWith("Write seconds, from 0.25 to a year, such as 2.5.");
    assertThatThrownBy(
            () ->
                start(
                    Map.of(
                        "CODEX_LB_DATABASE_POOL_SIZE", "60",
                        "CODEX_LB_DATABASE_MAX_OVERFLOW", "5")))
        .hasMessageEndingWith("Write a whole number from 0 to 4.");
    assertThatThrownBy(() -> start(Map.of("CODEX_LB_STICKY_SESSIONS_BACKEND", "redis")))
        .hasMessageContaining("Write one of memory, db.");
  }

  private static List<String> statuses(Client client) {
    return client.get("/api/accounts").json().getAsJsonArray("accounts").asList().stream()
        .map(JsonElement::getAsJsonObject)
        .map(account -> account.get("status").getAsString())
        .toList();
  }

  private static String account(Client.Answer answer) {
    assertThat(answer.text()).contains("accountId");
    return answer.json().get("accountId").getAsString();
  }
}
