package io.tideline.services;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.services.accounts.AccountsService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The accounts service while things go wrong. */
final class AccountsFaultsTest {
  private static final int ROOM = 20;

  @TempDir Path dir;

  @Test
  void whileTheDatabaseIsLockedReadsGoOnAndWritesQueueAndThenAreRefused() throws Exception {
    try (Place place = Place.sqlite(dir);
        AccountsService service =
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
      try (Connection other = place.connect();
          Statement lock = other.createStatement()) {
        Place.await("the first", () -> client.get("/health").text().contains("\"rows\":0"));
        lock.execute("BEGIN IMMEDIATE");
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
        lock.execute("ROLLBACK");
      }
      Place.await("the rest", () -> client.get("/health").text().contains("\"status\":\"up\""));
      Place.await("room", () -> client.get("/health").text().contains("AtRisk\":{\"rows\":0"));
      assertThat(place.number("SELECT count(*) FROM request_logs")).isEqualTo(ROOM + 1);
    }
  }

  @Test
  void aClockThatStepsBackChangesNothing() throws Exception {
    SteppingClock clock = new SteppingClock(Instant.parse("2026-05-02T10:00:00Z"));
    for (String backend : List.of("memory", "db")) {
      Path folder = Files.createDirectory(dir.resolve(backend));
      try (Place place = Place.sqlite(folder);
          AccountsService service =
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
      try (AccountsService service =
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
