package io.tideline.services;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import io.tideline.services.traces.Main;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The trace service killed under load has every trace that it said was stored. */
final class TracesKillTest {
  private static final int BATCH = 10;
  private static final String BODY =
      Collections.nCopies(
              BATCH, "{\"contextType\": \"c\", \"namespace\": \"n\", \"data\": {\"tokens\": 1}}")
          .toString();

  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "postgresql"})
  void losesNothingThatWasStored(String kind) throws Exception {
    try (Place place = Place.of(kind, dir)) {
      Set<String> lost = lostByAKill(place);
      assertThat(lost).isEmpty();
      // A batch is there whole or not at all, and every trace has its place in a session.
      assertThat(place.number("SELECT count(*) FROM traces") % BATCH).isZero();
      assertThat(
              place.number(
                  "SELECT (SELECT count(*) FROM session_traces) - (SELECT count(*) FROM traces)"))
          .isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "postgresql"})
  void losesAtMostWhatIsGathered(String kind) throws Exception {
    try (Place place = Place.of(kind, dir)) {
      Set<String> lost =
          lostByAKill(place, "TRACES_BUFFER_ENABLED", "true", "TRACES_BUFFER_MAX_ROWS", "200");
      assertThat(lost).hasSizeLessThanOrEqualTo(200);
    }
  }

  /** Bodies of which only one fits into the heap at a time wait for each other. */
  @Test
  void largeBodiesAtOnceFitIntoASmallHeap() throws Exception {
    String large =
        "{\"contextType\": \"c\", \"namespace\": \"n\", \"data\": \""
            + "x".repeat(32 << 20)
            + "\"}";
    try (Place place = Place.sqlite(dir);
        Forked service = Forked.start(Main.class, place.traces())) {
      ExecutorService threads = Executors.newFixedThreadPool(3);
      List<Future<Client.Answer>> answers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        answers.add(
            threads.submit(() -> new Client(service.port).post("/api/sessions/s/traces", large)));
      }
      int stored = 0;
      for (Future<Client.Answer> answer : answers) {
        assertThat(answer.get().status()).isIn(201, 503);
        stored += answer.get().status() == 201 ? 1 : 0;
      }
      threads.shutdown();
      assertThat(place.number("SELECT count(*) FROM traces")).isEqualTo(stored).isPositive();
    }
  }

  private static Set<String> lostByAKill(Place place, String... settings) throws Exception {
    Set<String> stored = ConcurrentHashMap.newKeySet();
    try (Forked service = Forked.start(Main.class, place.traces(settings))) {
      ExecutorService threads = Executors.newFixedThreadPool(3);
      for (int i = 0; i < 3; i++) {
        threads.execute(() -> store(new Client(service.port), stored, threads));
      }
      Place.await("load", () -> stored.size() >= 1_500);
      service.kill();
      threads.shutdownNow();
      assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }
    if (place.url().startsWith("sqlite:")) {
      assertThat(place.texts("PRAGMA integrity_check")).containsExactly("ok");
    }
    Set<String> lost = new HashSet<>(stored);
    place.texts("SELECT id FROM traces").forEach(lost::remove);
    return lost;
  }

  private static void store(Client client, Set<String> stored, ExecutorService until) {
    try {
      while (!until.isShutdown()) {
        for (JsonElement id :
            client.post("/api/sessions/s/traces", BODY).json().getAsJsonArray("ids")) {
          stored.add(id.getAsString());
        }
      }
    } catch (UncheckedIOException | IllegalStateException e) {
      // It was killed: what was not answered was not promised.
    }
  }
}
