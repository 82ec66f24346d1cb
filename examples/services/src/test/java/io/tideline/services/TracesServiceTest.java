package io.tideline.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.tideline.services.traces.TracesService;
import io.tideline.services.web.Service;
import io.tideline.store.Cursor;
import io.tideline.store.StoreException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the trace service does, on both databases. */
final class TracesServiceTest {
  private static final Instant START = Instant.parse("2026-05-02T10:00:00Z");

  @TempDir Path dir;

  private static Service start(Map<String, String> env) {
    return TracesService.start(env, Clock.systemUTC());
  }

  private static String trace(String id, Instant created) {
    return "{\"id\": \""
        + id
        + "\", \"contextType\": \"llm_call\", \"namespace\": \"prod\", \"data\": {\"tokens\": 7},"
        + " \"createdAt\": \""
        + created
        + "\"}";
  }

  /** Pairs of one and the same time. */
  private static String batch(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> trace("t-" + i, START.plusSeconds(i / 2)))
        .toList()
        .toString();
  }

  private static List<String> ids(JsonObject page) {
    return page.getAsJsonArray("traces").asList().stream()
        .map(each -> each.getAsJsonObject().get("id").getAsString())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "postgresql"})
  void whatWasStoredIsReadBack(String kind) throws Exception {
    try (Place place = Place.of(kind, dir);
        Service service = start(place.traces())) {
      Client client = new Client(service.port());
      Client.Answer stored = client.post("/api/sessions/s-1/traces", batch(25));
      assertThat(stored.status()).isEqualTo(201);
      assertThat(stored.json().getAsJsonArray("ids")).hasSize(25);

      // Newest first, page by page, without gap or repetition.
      List<String> paged = new ArrayList<>();
      String after = "";
      do {
        JsonObject page = client.get("/api/sessions/s-1/traces?limit=7" + after).json();
        paged.addAll(ids(page));
        JsonElement next = page.get("next");
        after = next == null ? "" : "&after=" + next.getAsString();
      } while (!after.isEmpty());
      assertThat(paged)
          .containsExactlyElementsOf(
              IntStream.range(0, 25).mapToObj(i -> "t-" + (24 - i)).toList());

      // The same as lines.
      Client.Answer lines =
          client.get("/api/sessions/s-1/traces", "Accept", "application/x-ndjson");
      assertThat(
              lines
                  .text()
                  .lines()
                  .map(
                      line ->
                          JsonParser.parseString(line).getAsJsonObject().get("id").getAsString()))
          .containsExactlyElementsOf(paged);

      // A window of time, inclusive.
      assertThat(ids(client.get("/api/sessions/s-1/traces?since=" + START.plusSeconds(11)).json()))
          .containsExactly("t-24", "t-23", "t-22");
      assertThat(ids(client.get("/api/traces?type=llm_call&namespace=prod&limit=2").json()))
          .containsExactly("t-24", "t-23");
      assertThat(client.get("/api/traces/t-3").json().getAsJsonObject("data").toString())
          .isEqualTo("{\"tokens\":7}");
      assertThat(client.get("/api/traces/t-99").code()).isEqualTo("not_found");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "postgresql"})
  void aSessionGoesWithoutWhatOthersHold(String kind) throws Exception {
    try (Place place = Place.of(kind, dir);
        Service service = start(place.traces())) {
      Client client = new Client(service.port());
      client.post("/api/sessions/s-1/traces", batch(4));
      client.post("/api/sessions/s-2/traces", "[" + trace("t-1", START) + "]");
      assertThat(client.get("/api/sessions").json().getAsJsonArray("sessions")).hasSize(2);

      assertThat(client.send("DELETE", "/api/sessions/s-1", "").text())
          .isIn("{\"mappings\":4,\"traces\":3}", "{\"traces\":3,\"mappings\":4}");

      assertThat(ids(client.get("/api/sessions/s-1/traces").json())).isEmpty();
      assertThat(ids(client.get("/api/sessions/s-2/traces").json())).containsExactly("t-1");
      assertThat(place.number("SELECT count(*) FROM traces")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "postgresql"})
  void oldTracesAreArchivedAndGo(String kind) throws Exception {
    try (Place place = Place.of(kind, dir);
        Service service = start(place.traces())) {
      Client client = new Client(service.port());
      Instant now = Clock.systemUTC().instant();
      client.post(
          "/api/sessions/s-1/traces",
          List.of(
                  trace("old", now.minusSeconds(31L * 86_400)),
                  trace("young", now.minusSeconds(29L * 86_400)))
              .toString());
      assertThat(client.post("/api/retention", "").status()).isEqualTo(202);
      Place.await("retention", () -> client.get("/api/traces/old").status() == 404);
      assertThat(ids(client.get("/api/sessions/s-1/traces").json())).containsExactly("young");
      assertThat(place.number("SELECT count(*) FROM session_traces")).isEqualTo(1);
      assertThat(dir.resolve("archive")).isDirectoryRecursivelyContaining("glob:**.parquet");
    }
  }

  @Test
  void idsThatAreLeftOutAscend() throws Exception {
    try (Place place = Place.sqlite(dir);
        Service service = start(place.traces())) {
      Client client = new Client(service.port());
      String one = "{\"contextType\": \"c\", \"namespace\": \"n\", \"data\": 1}";
      List<String> ids =
          client
              .post("/api/sessions/s/traces", List.of(one, one, one).toString())
              .json()
              .getAsJsonArray("ids")
              .asList()
              .stream()
              .map(JsonElement::getAsString)
              .toList();
      assertThat(ids).isSorted().hasSize(3);
      assertThat(new HashSet<>(ids)).hasSize(3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "postgresql"})
  void sixteenMegabytesAreStoredAndThirtyThreeAreNot(String kind) throws Exception {
    try (Place place = Place.of(kind, dir);
        Service service = start(place.traces())) {
      Client client = new Client(service.port());
      String text = "x".repeat(16 << 20);
      String large =
          "{\"id\": \"large\", \"contextType\": \"c\", \"namespace\": \"n\", \"data\": \""
              + text
              + "\"}";
      assertThat(client.post("/api/sessions/s/traces", large).status()).isEqualTo(201);
      assertThat(client.get("/api/traces/large").json().get("data").getAsString()).isEqualTo(text);

      Client.Answer tooLarge = client.post("/api/sessions/s/traces", text + text + text);
      assertThat(tooLarge.status()).isEqualTo(413);
      assertThat(tooLarge.message())
          .isEqualTo("The body is larger than 34603008 bytes. Nothing was stored.");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "postgresql"})
  void sqlInKeysIsOnlyText(String kind) throws Exception {
    try (Place place = Place.of(kind, dir);
        Service service = start(place.traces())) {
      Client client = new Client(service.port());
      String evil = "'%3B%20DROP%20TABLE%20traces%3B--";
      client.post("/api/sessions/" + evil + "/traces", "[" + trace("' OR 1=1 --", START) + "]");
      client.post("/api/sessions/s/traces", "[" + trace("t", START) + "]");
      assertThat(ids(client.get("/api/sessions/" + evil + "/traces").json()))
          .containsExactly("' OR 1=1 --");
      assertThat(client.get("/api/traces?type=" + evil).json().getAsJsonArray("traces")).isEmpty();
      assertThat(client.send("DELETE", "/api/sessions/" + evil, "").json().get("traces").getAsInt())
          .isEqualTo(1);
      assertThat(place.texts("SELECT id FROM traces")).containsExactly("t");
    }
  }

  @Test
  void whatCannotBeAskedIsSaid() throws Exception {
    try (Place place = Place.sqlite(dir);
        Service service = start(place.traces())) {
      Client client = new Client(service.port());
      for (String since : List.of("999999d", "-999999999-01-01T00:00:00Z")) {
        Client.Answer answer = client.get("/api/sessions/s/traces?since=" + since);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message()).isEqualTo("'since' must lie within the years 1 to 9999.");
      }
      // The cursor of something else.
      String other = new Cursor("a", 1L).token();
      assertThat(client.get("/api/sessions/s/traces?after=" + other).message())
          .isEqualTo("'after' is not the 'next' of a page.");
      assertThat(client.send("PUT", "/api/sessions/s/traces", "").status()).isEqualTo(405);
      Client.Answer malformed = client.get("/api/traces/%ff%fe");
      assertThat(malformed.status()).isEqualTo(400);
      assertThat(malformed.code()).isEqualTo("bad_request");
      String half = trace("t", START).replace("7", "\"\\ud800\"");
      assertThat(client.post("/api/sessions/s/traces", half).message())
          .isEqualTo("A text holds half of a surrogate pair. Nothing was stored.");
      String whole = trace("t", START).replace("7", "\"\\ud83d\\ude00 \\u0000 ü\"");
      client.post("/api/sessions/s/traces", whole);
      assertThat(
              client
                  .get("/api/traces/t")
                  .json()
                  .getAsJsonObject("data")
                  .get("tokens")
                  .getAsString())
          .isEqualTo("\ud83d\ude00 \u0000 ü");
    }
  }

  /** Of a store that the library filled, or that was migrated. */
  @Test
  void aDocumentInLinesIsALineOfTheStream() throws Exception {
    try (Place place = Place.sqlite(dir);
        Service service = start(place.traces())) {
      Client client = new Client(service.port());
      client.post("/api/sessions/s/traces", batch(2));
      place.execute("UPDATE traces SET data = '{\r\n  \"a\": 1\n}'");
      String lines = client.get("/api/sessions/s/traces", "Accept", "application/x-ndjson").text();
      assertThat(lines.lines()).hasSize(2).allMatch(line -> line.contains("\"a\": 1"));
    }
  }

  @Test
  void aBatchIsStoredWholeOrNotAtAll() throws Exception {
    try (Place place = Place.sqlite(dir);
        Service service = start(place.traces())) {
      Client client = new Client(service.port());
      Client.Answer refused =
          client.post(
              "/api/sessions/s/traces", "[" + trace("a", START) + ", {\"contextType\": \"c\"}]");
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.message()).isEqualTo("'namespace' is missing. Nothing was stored.");
      assertThat(client.get("/api/sessions/s/traces?limit=0").message())
          .isEqualTo("'limit' must be a whole number from 1 to 10000.");
      assertThat(client.get("/api/sessions/s/traces?after=x").message())
          .isEqualTo("'after' is not the 'next' of a page.");
      assertThat(client.get("/api/sessions/s/traces?since=yesterday").message())
          .isEqualTo("'since' must be an instant such as 2026-05-02T10:00:00Z.");
      assertThat(place.number("SELECT count(*) FROM traces")).isZero();
    }
  }

  @Test
  void gatheredTracesArriveAtTheEnd() throws Exception {
    try (Place place = Place.sqlite(dir)) {
      try (Service service = start(place.traces("TRACES_BUFFER_ENABLED", "true"))) {
        Client client = new Client(service.port());
        assertThat(client.post("/api/sessions/s/traces", batch(10)).status()).isEqualTo(202);
        assertThat(client.get("/health").text()).contains("tracesMostAtRisk");
      }
      assertThat(place.number("SELECT count(*) FROM session_traces")).isEqualTo(10);
    }
  }

  @Test
  void anOldStoreIsRefusedWithItsReason() throws Exception {
    try (Place place = Place.sqlite(dir)) {
      place.execute("CREATE TABLE traces (id TEXT PRIMARY KEY, created_at REAL)");
      place.execute("CREATE TABLE trace_sessions (trace_id TEXT, session_uid TEXT)");
      assertThatThrownBy(() -> start(place.traces()))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("they have the old layout");
      assertThat(place.number("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'session%'"))
          .isZero();
    }
  }
}
