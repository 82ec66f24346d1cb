package io.tideline.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.services.accounts.AccountsService;
import io.tideline.services.web.Service;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The accounts service while things go wrong. */
final class AccountsFaultsTest {
  private static final int ROOM = 20;

  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "postgresql"})
  void whileTheDatabaseIsLockedReadsGoOnAndWritesQueueAndThenAreRefused(String kind)
      throws Exception {
    try (Place place = Place.of(kind, dir);
        Service service =
            AccountsService.start(
                place.accounts(
                    "CODEX_LB_ACCOUNTS_CACHE_TTL_SECONDS", "0",
                    "CODEX_LB_USAGE_CACHE_TTL_SECONDS", "0",
                    "CODEX_LB_DATABASE_SQLITE_BUSY_TIMEOUT_MS", "50",
                    "CODEX_LB_REQUEST_LOGS_BUFFER_MAX_ROWS", String.valueOf(ROOM),
                    "CODEX_LB_REQUEST_LOGS_BUFFER_FLUSH_SECONDS", "0.01",
                    "CODEX_LB_REQUEST_LOGS_BUFFER_WAIT_SECONDS", "0.05"),
                Clock.systemUTC())) {
      place.makeAccounts(2);
      Client client = new Client(service.port());
      client.ask("");
      Place.await("the first", () -> client.get("/health").text().contains("\"rows\":0"));
      try (AutoCloseable lock = place.lock()) {
        List<Client.Answer> answers = new ArrayList<>();
        for (int i = 0; i < ROOM + 3; i++) {
          answers.add(client.ask(""));
        }
        assertThat(answers.subList(0, ROOM)).allMatch(answer -> answer.status() == 200);
        assertThat(answers.subList(ROOM, ROOM + 3))
            .allSatisfy(
                answer -> {
                  assertThat(answer.status()).isEqualTo(503);
                  assertThat(answer.code()).isEqualTo("busy");
                  assertThat(answer.message())
                      .startsWith("Cannot accept a row for request_logs: the buffer stayed full.");
                });
        Client.Answer page = client.get("/api/accounts");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.json().getAsJsonArray("accounts")).hasSize(2);
        assertThat(client.post("/api/accounts/acc-00/pause", "").code()).isEqualTo("busy");
        assertThat(client.get("/health").text())
            .contains("\"status\":\"degraded\"")
            .contains("\"requestLogsAtRisk\":{\"rows\":" + ROOM)
            .contains("\"busyReads\":0");
      }
      Place.await("the rest", () -> client.get("/health").text().contains("\"status\":\"up\""));
      Place.await("room", () -> client.get("/health").text().contains("AtRisk\":{\"rows\":0"));
      assertThat(place.number("SELECT count(*) FROM request_logs")).isEqualTo(ROOM + 1);
    }
  }

  /** By the settings that hold unless others are set, on both databases at once. */
  @Test
  @Tag("exhaustive")
  void aLockOfThirtySecondsLosesNothing() throws Exception {
    String[] room = {"CODEX_LB_REQUEST_LOGS_BUFFER_MAX_ROWS", String.valueOf(ROOM)};
    String[] cold = {"CODEX_LB_ACCOUNTS_CACHE_TTL_SECONDS", "0"};
    try (Place one = Place.sqlite(dir);
        Place two = Place.of("postgresql", dir);
        Service first = AccountsService.start(one.accounts(both(room, cold)), Clock.systemUTC());
        Service second = AccountsService.start(two.accounts(both(room, cold)), Clock.systemUTC())) {
      one.makeAccounts(2);
      two.makeAccounts(2);
      List<Client> clients = List.of(new Client(first.port()), new Client(second.port()));
      try (AutoCloseable lock = one.lock();
          AutoCloseable other = two.lock()) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        for (Client client : clients) {
          for (int i = 0; i < ROOM; i++) {
            assertThat(client.ask("").status()).isEqualTo(200);
          }
        }
        do {
          for (Client client : clients) {
            assertThat(client.get("/api/accounts").status()).isEqualTo(200);
            assertThat(client.ask("").code()).isEqualTo("busy");
            assertThat(client.get("/health").text()).contains("\"busyReads\":0");
          }
        } while (System.nanoTime() < end);
      }
      for (Client client : clients) {
        Place.await("room", () -> client.get("/health").text().contains("AtRisk\":{\"rows\":0"));
      }
      assertThat(one.number("SELECT count(*) FROM request_logs")).isEqualTo(ROOM);
      assertThat(two.number("SELECT count(*) FROM request_logs")).isEqualTo(ROOM);
    }
  }

  private static String[] both(String[] some, String[] others) {
    return Stream.of(some, others).flatMap(Stream::of).toArray(String[]::new);
  }

  /** What one has put out of service another may put back: the database says how it stands. */
  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "postgresql"})
  void twoProcessesAgreeOnWhoServes(String kind) throws Exception {
    String[] cold = {"CODEX_LB_ROUTING_CACHE_TTL_SECONDS", "0"};
    try (Place place = Place.of(kind, dir);
        Service one = AccountsService.start(place.accounts(cold), Clock.systemUTC());
        Service two = AccountsService.start(place.accounts(cold), Clock.systemUTC())) {
      place.makeAccounts(1);
      Client first = new Client(one.port());
      Client second = new Client(two.port());
      assertThat(
              first.post("/v1/responses", "{\"model\": \"m\", \"simulate\": \"quota\"}").status())
          .isEqualTo(502);
      assertThat(first.ask("").code()).isEqualTo("no_account");
      assertThat(second.ask("").code()).isEqualTo("no_account");
      second.post("/api/accounts/acc-00/resume", "");
      assertThat(second.ask("").status()).isEqualTo(200);
      assertThat(first.ask("").status()).isEqualTo(200);
    }
  }

  @Test
  void aSecondOneOnTheSamePortChangesNothing() throws Exception {
    try (Place place = Place.sqlite(dir);
        Service service = AccountsService.start(place.accounts(), Clock.systemUTC())) {
      place.makeAccounts(2);
      place.execute("UPDATE accounts SET status = 'deleting' WHERE id = 'acc-01'");
      Map<String, String> taken = place.accounts("CODEX_LB_PORT", String.valueOf(service.port()));
      assertThatThrownBy(() -> AccountsService.start(taken, Clock.systemUTC()))
          .hasMessageContaining("Port already in use");
      assertThat(place.number("SELECT count(*) FROM accounts")).isEqualTo(2);
      assertThat(new Client(service.port()).get("/api/accounts").status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "postgresql"})
  void aClockThatStepsBackChangesNothing(String kind) throws Exception {
    SteppingClock clock = new SteppingClock(Instant.parse("2026-05-02T10:00:00Z"));
    for (String backend : List.of("memory", "db")) {
      Path folder = Files.createDirectory(dir.resolve(backend));
      try (Place place = Place.of(kind, folder);
          Service service =
              AccountsService.start(
                  place.accounts(
                      "CODEX_LB_STICKY_SESSIONS_BACKEND",
                      backend,
                      "CODEX_LB_REQUEST_LOGS_BUFFER_ENABLED",
                      "false"),
                  clock)) {
        place.makeAccounts(3);
        Client client = new Client(service.port());
        String first = client.ask("thread").json().get("accountId").getAsString();
        String id = client.ask("thread").json().get("id").getAsString();
        clock.now = clock.now.minus(Duration.ofHours(3));
        Client.Answer later = client.ask("thread");
        assertThat(later.json().get("accountId").getAsString()).isEqualTo(first);
        assertThat(later.json().get("id").getAsString()).isGreaterThan(id);
        assertThat(place.number("SELECT count(*) FROM request_logs")).isEqualTo(3);
      }
    }
  }

  @Test
  void logsOfAnAccountThatWentMeanwhileAreSetAside() throws Exception {
    try (Place place = Place.sqlite(dir)) {
      try (Service service =
          AccountsService.start(
              place.accounts("CODEX_LB_REQUEST_LOGS_BUFFER_FLUSH_SECONDS", "600"),
              Clock.systemUTC())) {
        place.makeAccounts(2);
        Client client = new Client(service.port());
        for (int i = 0; i < 4; i++) {
          client.ask("");
        }
        client.send("DELETE", "/api/accounts/acc-00", "");
      }
      assertThat(place.texts("SELECT DISTINCT account_id FROM request_logs"))
          .containsExactly("acc-01");
      assertThat(place.number("SELECT count(*) FROM request_logs")).isEqualTo(2);
      assertThat(Files.readAllLines(dir.resolve("set-aside.jsonl")))
          .hasSize(2)
          .allMatch(line -> line.contains("\"account_id\":\"acc-00\""));
    }
  }

  /** A clock that a test sets. */
  static final class SteppingClock extends Clock {
    volatile Instant now;

    SteppingClock(Instant now) {
      this.now = now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}
