package io.tideline.services;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.services.accounts.AccountsService;
import io.tideline.services.accounts.Main;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The accounts service killed under load loses no more than it says. */
final class AccountsKillTest {
  private static final int BOUND = 100;

  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "postgresql"})
  void losesAtMostWhatIsBuffered(String kind) throws Exception {
    Set<String> lost =
        lostByAKill(
            kind,
            1_000,
            "CODEX_LB_REQUEST_LOGS_BUFFER_MAX_ROWS",
            String.valueOf(BOUND),
            "CODEX_LB_REQUEST_LOGS_BUFFER_FLUSH_SECONDS",
            "0.1");
    assertThat(lost).hasSizeLessThanOrEqualTo(BOUND);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "postgresql"})
  void losesNothingWithoutABuffer(String kind) throws Exception {
    assertThat(lostByAKill(kind, 300, "CODEX_LB_REQUEST_LOGS_BUFFER_ENABLED", "false")).isEmpty();
  }

  @Test
  void losesNothingWhenItIsAskedToEnd() throws Exception {
    try (Place place = Place.sqlite(dir)) {
      prepare(place);
      Set<String> answered;
      try (Forked service =
          Forked.start(
              Main.class, place.accounts("CODEX_LB_REQUEST_LOGS_BUFFER_FLUSH_SECONDS", "600"))) {
        answered = load(service, 50, () -> {});
        assertThat(place.number("SELECT count(*) FROM request_logs")).isZero();
        assertThat(service.terminate()).isTrue();
      }
      assertThat(missing(place, answered)).isEmpty();
    }
  }

  private Set<String> lostByAKill(String kind, int after, String... settings) throws Exception {
    try (Place place = Place.of(kind, dir)) {
      prepare(place);
      Map<String, String> env = place.accounts(settings);
      Set<String> answered;
      try (Forked service = Forked.start(Main.class, env)) {
        answered = load(service, after, service::kill);
      }
      assertThat(answered).hasSizeGreaterThanOrEqualTo(after);
      // It starts again on what is there, and nothing there is broken.
      AccountsService.start(env, Clock.systemUTC()).close();
      if (kind.equals("sqlite")) {
        assertThat(place.texts("PRAGMA integrity_check")).containsExactly("ok");
      }
      return missing(place, answered);
    }
  }

  private static void prepare(Place place) throws Exception {
    AccountsService.start(place.accounts(), Clock.systemUTC()).close();
    place.makeAccounts(3);
  }

  private interface Fault {
    void strike() throws InterruptedException;
  }

  /** Asks on four threads until so many are answered and the fault has struck. */
  private static Set<String> load(Forked service, int after, Fault fault) throws Exception {
    Set<String> answered = ConcurrentHashMap.newKeySet();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    for (int i = 0; i < 4; i++) {
      threads.execute(() -> ask(new Client(service.port), answered, threads));
    }
    Place.await("load", () -> answered.size() >= after);
    fault.strike();
    threads.shutdownNow();
    assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    return answered;
  }

  private static void ask(Client client, Set<String> answered, ExecutorService until) {
    try {
      while (!until.isShutdown()) {
        Client.Answer answer = client.ask("");
        if (answer.status() == 200) {
          answered.add(answer.json().get("id").getAsString());
        }
      }
    } catch (UncheckedIOException | IllegalStateException e) {
      // It was killed, or the load is over: what was not answered was not promised.
    }
  }

  private static Set<String> missing(Place place, Set<String> answered) throws Exception {
    Set<String> missing = new HashSet<>(answered);
    place.texts("SELECT request_id FROM request_logs").forEach(missing::remove);
    return missing;
  }
}
