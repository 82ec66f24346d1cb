package io.tideline.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/store.md: they are these regions, word for word. */
final class StoreExampleTest {
  private static final String INDEX =
      // the index of the page
      """
      CREATE INDEX usage_latest ON usage_history (account_id, (
        CASE WHEN "window" = 'secondary' OR window_minutes >= 1440
             THEN 'secondary' ELSE 'primary' END), recorded_at, id)""";

  @TempDir Path folder;

  private final Clock clock = Clock.systemUTC();
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private Path file;
  private Database database;

  private record Usage(String account, double percent) {}

  private record Log(long id, String account, String line) {}

  @BeforeEach
  void open() {
    file = folder.resolve("store.db");
    // tag::open[]
    Database database =
        Database.sqlite(file)
            .named("main")
            .readers(8)
            .busyTimeout(Duration.ofSeconds(5))
            .meters(meters)
            .open();
    // end::open[]
    this.database = database;
    database.write(
        session -> {
          session.update(
              "CREATE TABLE usage_history (id INTEGER PRIMARY KEY, account_id TEXT, recorded_at"
                  + " TEXT, \"window\" TEXT, window_minutes INTEGER, used_percent REAL)");
          session.update(
              "INSERT INTO usage_history VALUES (1, 'a', '2026-11-22', 'primary', 300, 1.5),"
                  + " (2, 'a', '2026-11-23', 'primary', 10080, 7.5)");
          session.update(INDEX);
          session.update(
              "CREATE TABLE request_logs (id INTEGER PRIMARY KEY, account_id TEXT, line TEXT)");
          return session.update("CREATE INDEX logs_of_account ON request_logs (account_id, id)");
        });
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void latest() {
    // tag::latest[]
    LatestPerKey<Usage> latest =
        LatestPerKey.from("usage_history")
            .key("account_id")
            .newestBy("recorded_at", "id")
            .windowExpression(
                """
                CASE WHEN "window" = 'secondary' OR window_minutes >= 1440
                     THEN 'secondary' ELSE 'primary' END""")
            .open(
                database,
                row -> new Usage(row.getString("account_id"), row.getDouble("used_percent")));

    List<Latest<Usage>> page = latest.of(List.of("a", "b"), "primary", "secondary");
    // end::latest[]
    assertThat(page)
        .containsExactlyInAnyOrder(
            new Latest<>("a", "primary", new Usage("a", 1.5)),
            new Latest<>("a", "secondary", new Usage("a", 7.5)));
  }

  @Test
  void recent() {
    // tag::recent[]
    RecentByKey<String> logs =
        RecentByKey.from("request_logs")
            .key("account_id")
            .newestBy("id", "id")
            .open(database, row -> row.getString("line"));

    Page<String> first = logs.page("a", null, 100, null);
    Optional<String> token = first.next().map(Cursor::token); // for the client
    // end::recent[]
    assertThat(first.rows()).isEmpty();
    assertThat(token).isEmpty();
  }

  @Test
  void buffer() {
    List<Log> dead = new java.util.ArrayList<>();
    // tag::buffer[]
    BatchWork<Log> insert =
        BatchInsert.<Log>into(
                "request_logs",
                List.of("id", "account_id", "line"),
                (statement, log) -> {
                  statement.setLong(1, log.id());
                  statement.setString(2, log.account());
                  statement.setString(3, log.line());
                })
            .once("id"); // to write a row again does no harm

    try (BufferedWriter<Log> writer =
        BufferedWriter.to(database, insert, (log, why) -> dead.add(log))
            .named("request-logs")
            .maxRows(10_000) // the most that a crash loses
            .flushEvery(Duration.ofMillis(200))
            .whenFull(new BackPressure.Drop())
            .start()) {
      writer.write(new Log(1, "a", "GET /")); // false if it was dropped
    } // waits until it is committed
    // end::buffer[]
    assertThat(dead).isEmpty();
    assertThat(
            database.<Long>read(
                session ->
                    session
                        .first("SELECT count(*) FROM request_logs", row -> row.getLong(1))
                        .orElseThrow()))
        .isEqualTo(1);
  }

  @Test
  void snapshot() {
    AtomicInteger loads = new AtomicInteger();
    // tag::snapshot[]
    SnapshotCache<Integer> accounts =
        SnapshotCache.of("accounts", Duration.ofSeconds(30), () -> loads.incrementAndGet())
            .staleFor(Duration.ofSeconds(30))
            .meters(meters)
            .make();

    int value = accounts.get();
    accounts.invalidate(); // after every mutation
    // end::snapshot[]
    assertThat(value).isEqualTo(1);
    assertThat(accounts.get()).isEqualTo(2);
  }

  @Test
  void traces() {
    // tag::traces[]
    TraceStore traces = TraceStore.open(database);
    TimeOrderedIds ids = new TimeOrderedIds(clock);

    Instant now = clock.instant();
    traces.store("session-1", Trace.of(ids.next().toString(), "llm", "main", "{}", now));

    List<Trace> window = traces.bySession("session-1", now.minusSeconds(600), 1_000);
    // end::traces[]
    assertThat(window).hasSize(1);
  }

  @Test
  void sticky() {
    // tag::sticky[]
    boolean shared = false; // the switch of the service
    StickySessions<String> sticky =
        shared
            ? StickySessions.inDatabase(database, Duration.ofHours(1), clock)
            : StickySessions.inMemory(100_000, Duration.ofHours(1));

    Optional<String> account =
        sticky.target("session-1", List.of("a", "b"), pool -> pool.iterator().next());
    // end::sticky[]
    assertThat(account).contains("a");
  }

  @Test
  void refresher() {
    SnapshotCache<Integer> accounts =
        SnapshotCache.of("accounts", Duration.ofSeconds(30), () -> 1).make();
    BatchWork<Usage> store =
        BatchInsert.into(
            "usage_history",
            List.of("account_id", "used_percent"),
            (statement, usage) -> {
              statement.setString(1, usage.account());
              statement.setDouble(2, usage.percent());
            });
    // tag::refresher[]
    Refresher<String, Usage> refresher =
        Refresher.of("usage", () -> List.of("a", "b"), key -> new Usage(key, 1.0), store)
            .every(Duration.ofSeconds(60), Duration.ofSeconds(6))
            .afterwards(accounts::invalidate)
            .start(database);
    // end::refresher[]
    assertThat(refresher.round()).isEqualTo(new Refresher.Round(2, 0));
    refresher.close();
  }
}
