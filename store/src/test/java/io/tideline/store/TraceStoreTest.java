package io.tideline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class TraceStoreTest {
  private static final Instant NOW = Instant.parse("2026-11-22T03:00:00.123456Z");

  @TempDir Path folder;

  private static Trace trace(String id, Instant at) {
    return Trace.of(id, "llm", "main", "{\"id\":\"" + id.length() + "\"}", at);
  }

  private static List<String> ids(List<Trace> traces) {
    return traces.stream().map(Trace::id).toList();
  }

  @ParameterizedTest
  @EnumSource
  void givesBackWhatWasStored(Kind kind) {
    try (Database database = kind.fresh(folder).open()) {
      TraceStore store = TraceStore.open(database);
      Trace trace =
          new Trace(
              UUID.randomUUID().toString(),
              "type'; DROP TABLE traces; --",
              "räume",
              "{\"a\": [1, \"ü\"]}",
              "{}",
              NOW,
              NOW.plusSeconds(1));
      store.store("session'; --", trace);
      assertThat(store.get(trace.id())).contains(trace);
      assertThat(store.bySession("session'; --", NOW, 10)).containsExactly(trace);
      assertThat(store.bySession("session'; --", NOW.plusNanos(1_000), 10)).isEmpty();
      assertThat(store.get("no")).isEmpty();
      assertThat(TraceStore.open(database).get(trace.id())).as("opened again").contains(trace);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSecondSessionKeepsTheFirstMapping(Kind kind) {
    try (Database database = kind.fresh(folder).open()) {
      TraceStore store = TraceStore.open(database);
      store.store("one", trace("t", NOW));
      Trace later =
          new Trace(
              "t", "llm", "other", "{\"new\":1}", "{}", NOW.plusSeconds(9), NOW.plusSeconds(9));
      store.storeBatch(List.of(new SessionTrace("two", later), new SessionTrace("two", later)));
      Trace kept = new Trace("t", "llm", "other", "{\"new\":1}", "{}", NOW, NOW.plusSeconds(9));
      assertThat(store.bySession("one", null, 10)).containsExactly(kept);
      assertThat(store.bySession("two", null, 10)).containsExactly(kept);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTraceTwiceInOneBatchIsAsOldAsItsFirst(Kind kind) {
    try (Database database = kind.fresh(folder).open()) {
      TraceStore store = TraceStore.open(database);
      Trace last = Trace.of("t", "llm", "main", "{\"last\":1}", NOW.plusSeconds(5));
      store.storeBatch(
          List.of(new SessionTrace("one", trace("t", NOW)), new SessionTrace("two", last)));
      assertThat(store.get("t").map(Trace::data)).contains("{\"last\":1}");
      assertThat(store.get("t").map(Trace::createdAt)).contains(NOW);
      assertThat(ids(store.bySession("one", null, 9))).containsExactly("t");
      assertThat(ids(store.bySession("two", null, 9))).containsExactly("t");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBatchIsStoredWholeOrNotAtAll(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    try (Database database = test.open()) {
      TraceStore store = TraceStore.open(database);
      test.execute("CREATE UNIQUE INDEX one_of_a_kind ON traces (namespace)");
      List<SessionTrace> batch =
          List.of(new SessionTrace("s", trace("a", NOW)), new SessionTrace("s", trace("b", NOW)));
      assertThatThrownBy(() -> store.storeBatch(batch))
          .asInstanceOf(type(StoreException.class))
          .extracting(StoreException::reason)
          .isEqualTo(StoreException.Reason.BAD_ROW);
    }
    assertThat(test.count("SELECT count(*) FROM traces")).isZero();
    assertThat(test.count("SELECT count(*) FROM session_traces")).isZero();
  }

  /** Many traces of the same instant, in pages that end among them. */
  @ParameterizedTest
  @EnumSource
  void pagesThroughTiesAsTheOldFetchAllDoes(Kind kind) {
    try (Database database = kind.fresh(folder).open()) {
      TraceStore store = TraceStore.open(database);
      Random random = new Random(11);
      List<SessionTrace> all = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        Instant at = NOW.plusMillis(random.nextInt(5));
        Trace trace =
            Trace.of("t" + i, "type" + random.nextInt(2), "ns" + random.nextInt(2), "{}", at);
        all.add(new SessionTrace("s" + random.nextInt(2), trace));
      }
      store.storeBatch(all);
      Instant since = NOW.plusMillis(1);
      List<String> expected =
          newestFirst(all.stream().filter(each -> each.session().equals("s1")).toList(), since);
      assertThat(ids(store.bySession("s1", since, 1_000))).isEqualTo(expected);
      assertThat(store.streamSession("s1", since).map(Trace::id))
          .containsExactlyElementsOf(expected);
      List<String> paged = new ArrayList<>();
      Page<Trace> page = store.bySession("s1", since, 7, null);
      for (paged.addAll(ids(page.rows()));
          page.next().isPresent();
          paged.addAll(ids(page.rows()))) {
        store.store("s1", trace("late" + paged.size(), NOW.plusSeconds(9)));
        page = store.bySession("s1", since, 7, page.next().get());
      }
      assertThat(paged).as("while newer ones come").isEqualTo(expected);

      for (String kindOfTrace : new String[] {"type1", null}) {
        for (String namespace : new String[] {"ns0", null}) {
          List<SessionTrace> some =
              all.stream()
                  .filter(e -> kindOfTrace == null || e.trace().contextType().equals(kindOfTrace))
                  .filter(e -> namespace == null || e.trace().namespace().equals(namespace))
                  .toList();
          assertThat(
                  ids(store.query(kindOfTrace, namespace, since, 1_000)).stream()
                      .filter(id -> !id.startsWith("late")))
              .containsExactlyElementsOf(newestFirst(some, since));
        }
      }
    }
  }

  private static List<String> newestFirst(List<SessionTrace> stored, Instant since) {
    List<Trace> traces = new ArrayList<>(stored.stream().map(SessionTrace::trace).toList());
    java.util.Collections.reverse(traces); // of equals the one stored later comes first
    traces.sort(Comparator.comparing(Trace::createdAt).reversed());
    return traces.stream().filter(t -> !t.createdAt().isBefore(since)).map(Trace::id).toList();
  }

  @ParameterizedTest
  @EnumSource
  void deletesASessionButNotWhatOthersHold(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    try (Database database = test.open()) {
      TraceStore store = TraceStore.open(database);
      List<SessionTrace> batch = new ArrayList<>();
      for (int i = 0; i < 1_200; i++) {
        batch.add(new SessionTrace("gone", trace("t" + i, NOW.plusMillis(i % 7))));
        if (i % 3 == 0) {
          batch.add(new SessionTrace("stays", trace("t" + i, NOW.plusMillis(i % 7))));
        }
      }
      store.storeBatch(batch);
      assertThat(store.deleteSession("gone")).isEqualTo(new DeletedSession(1_200, 800));
      assertThat(store.bySession("gone", null, 10)).isEmpty();
      assertThat(store.bySession("stays", null, 1_000)).hasSize(400);
      assertThat(store.deleteSession("gone")).isEqualTo(new DeletedSession(0, 0));
    }
    assertThat(test.count("SELECT count(*) FROM traces")).isEqualTo(400);
    assertThat(test.count("SELECT count(*) FROM session_traces")).isEqualTo(400);
  }

  /** What Tideline archived under a number must find that number free when it comes back. */
  @ParameterizedTest
  @EnumSource
  void theNumberOfADeletedTraceIsNotGivenAgain(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    try (Database database = test.open()) {
      TraceStore store = TraceStore.open(database);
      store.store("s", trace("a", NOW));
      long first = test.count("SELECT max(seq) FROM traces");
      store.deleteSession("s");
      store.store("s", trace("b", NOW));
      assertThat(test.count("SELECT max(seq) FROM traces")).isGreaterThan(first);
    }
  }

  @ParameterizedTest
  @EnumSource
  void sessionsByTheirNewestTrace(Kind kind) {
    try (Database database = kind.fresh(folder).open()) {
      TraceStore store = TraceStore.open(database);
      assertThat(store.sessions(null, 10)).isEmpty();
      Map<String, Instant> newest = new LinkedHashMap<>();
      for (int i = 0; i < 20; i++) {
        for (int j = 0; j < 5; j++) {
          store.store("s" + i, trace("t" + i + "-" + j, NOW.plusSeconds(i - j)));
        }
        newest.put("s" + i, NOW.plusSeconds(i));
      }
      assertThat(store.sessions(NOW.plusSeconds(5), 3))
          .containsExactly(
              new SessionSummary("s19", newest.get("s19")),
              new SessionSummary("s18", newest.get("s18")),
              new SessionSummary("s17", newest.get("s17")));
      assertThat(store.sessions(NOW.plusSeconds(19), 100)).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyReadIsASeek(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    try (Database database = test.open()) {
      TraceStore store = TraceStore.open(database);
      double since = Seconds.of(NOW);
      Cursor after = new Cursor(Seconds.of(NOW.plusSeconds(1_900)), 1_900L);
      String key = kind == Kind.SQLITE ? "PRIMARY KEY" : "session_traces_pkey";
      Map<Query, String> plans = new LinkedHashMap<>();
      plans.put(TraceReads.bySession("s1", since, 10, null), key);
      plans.put(TraceReads.bySession("s1", since, 10, after), key);
      plans.put(TraceReads.byKind("1", null, since, 10, after), "traces_type ");
      plans.put(TraceReads.byKind(null, "1", since, 10, after), "traces_namespace ");
      plans.put(TraceReads.byKind("1", "1", since, 10, after), "traces_type_namespace ");
      plans.put(TraceReads.byKind(null, null, since, 10, after), "traces_created ");
      store.storeBatch(
          IntStream.range(0, 2_000)
              .mapToObj(
                  i ->
                      new SessionTrace(
                          "s" + i % 3,
                          Trace.of("t" + i, "" + i % 5, "" + i % 7, "{}", NOW.plusSeconds(i))))
              .toList());
      // As the documentation says where both are asked for.
      test.execute(
          "CREATE INDEX traces_type_namespace"
              + " ON traces (context_type, namespace, created_at, seq)",
          "ANALYZE");
      plans.forEach(
          (query, index) -> {
            List<String> plan = store.plan(query);
            String told = String.join("\n", plan);
            assertThat(told).as(query.sql()).contains(index).doesNotContain("TEMP B-TREE");
            assertThat(plan).as(query.sql()).noneMatch(line -> line.matches(".*\\bSort\\b.*"));
            assertThat(plan)
                .as(query.sql())
                .noneMatch(line -> line.contains("SCAN seek") || line.contains("Seq Scan"));
          });
    }
  }

  /** A window of one session costs the same however much is stored beside and before it. */
  @Test
  void workIsFlatInHistory() {
    assertThat(stepsAt(20_000)).isLessThanOrEqualTo(stepsAt(1_000) + 20);
  }

  private long stepsAt(int stored) {
    try (Database database = Kind.SQLITE.fresh(folder).open()) {
      TraceStore store = TraceStore.open(database);
      List<SessionTrace> batch = new ArrayList<>();
      for (int i = 0; i < stored; i++) {
        batch.add(new SessionTrace("s" + i % 2, trace("t" + i, NOW.plusSeconds(i))));
      }
      store.storeBatch(batch);
      Query window =
          TraceReads.bySession("s1", Seconds.of(NOW.plusSeconds(stored - 200)), 1_000, null);
      Steps steps = new Steps();
      List<Page.Placed<Trace>> rows =
          database.read(
              session -> steps.counted(session, () -> window.rows(session, TraceReads::placed)));
      assertThat(rows).hasSize(100);
      return steps.count();
    }
  }

  @ParameterizedTest
  @EnumSource
  void payloadsOfSixteenMegabytes(Kind kind) {
    try (Database database = kind.fresh(folder).open()) {
      TraceStore store = TraceStore.open(database);
      String data = "{\"a\":\"" + "ü'\\\\\"".repeat((16 << 20) / 6).replace("\"", "") + "\"}";
      store.store("s", Trace.of("big", "llm", "main", data, NOW));
      assertThat(store.get("big").orElseThrow().data()).isEqualTo(data);
    }
  }

  @ParameterizedTest
  @EnumSource
  void timesThatAreNoTimesAreRefusedAtTheDoor(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    try (Database database = test.open()) {
      TraceStore.open(database);
      for (double time : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -1e300, 1e15}) {
        assertThatThrownBy(
                () ->
                    database.write(
                        session ->
                            session.update(
                                "INSERT INTO traces (id, context_type, namespace, data, created_at,"
                                    + " updated_at) VALUES ('x', '', '', '{}', ?, 0)",
                                time)))
            .asInstanceOf(type(StoreException.class))
            .extracting(StoreException::reason)
            .isEqualTo(StoreException.Reason.BAD_ROW);
      }
      assertThatThrownBy(() -> trace("t", Instant.MAX))
          .hasMessage("createdAt is not within the years 1 to 9999");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStepBackOfTheClockLosesNothing(Kind kind) {
    try (Database database = kind.fresh(folder).open()) {
      TraceStore store = TraceStore.open(database);
      TestClock clock = new TestClock(NOW);
      TimeOrderedIds ids = new TimeOrderedIds(clock);
      List<String> made = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        clock.set(NOW.plusSeconds(i % 2 == 0 ? i : -i));
        String id = ids.next().toString();
        made.add(id);
        store.store("s", trace(id, clock.instant()));
      }
      assertThat(store.streamSession("s", null).map(Trace::id))
          .containsExactlyInAnyOrderElementsOf(made);
      assertThat(store.bySession("s", NOW, 100)).hasSize(25);
    }
  }

  @ParameterizedTest
  @EnumSource
  void tablesWithoutTheKeyAreRefused(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    test.execute(
        "CREATE TABLE traces (seq INTEGER PRIMARY KEY, id TEXT, context_type TEXT, namespace TEXT,"
            + " data TEXT, metadata TEXT, created_at REAL, updated_at REAL)",
        "CREATE TABLE session_traces (session_uid TEXT, created_at REAL, seq INTEGER,"
            + " PRIMARY KEY (session_uid, seq))");
    try (Database database = test.open()) {
      assertThatThrownBy(() -> TraceStore.open(database))
          .asInstanceOf(type(StoreException.class))
          .satisfies(
              e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.NO_INDEX),
              e -> assertThat(e).hasMessageContaining("is not (session_uid, created_at, seq)"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void theOldLayoutIsToldAndLeftAlone(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    test.execute(
        "CREATE TABLE traces (id TEXT PRIMARY KEY, context_type TEXT, namespace TEXT, data TEXT,"
            + " metadata TEXT, created_at REAL, updated_at REAL)",
        "CREATE TABLE trace_sessions (trace_id TEXT, session_uid TEXT)");
    try (Database database = test.open()) {
      assertThatThrownBy(() -> TraceStore.open(database))
          .asInstanceOf(type(StoreException.class))
          .satisfies(
              e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.OLD_SHAPE),
              e ->
                  assertThat(e)
                      .hasMessageContaining("trace_sessions (trace_id, session_uid)")
                      .hasMessageContaining("Nothing was changed."));
      test.execute("DROP TABLE trace_sessions");
      assertThatThrownBy(() -> TraceStore.open(database))
          .asInstanceOf(type(StoreException.class))
          .satisfies(
              e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.REFUSED),
              e -> assertThat(e).hasMessageContaining("are not those of a trace store"));
    }
  }
}
