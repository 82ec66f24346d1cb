package io.tideline.maintenance.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HttpTargetTest {
  private static final Machine MACHINE = new Machine("Linux", "a processor", 2, "17");

  private final CountDownLatch ended = new CountDownLatch(1);
  private final CountDownLatch cut = new CountDownLatch(1);
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicReference<String> seen = new AtomicReference<>("");
  private final ExecutorService workers = Executors.newCachedThreadPool();
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(workers);
    server.createContext("/fine", exchange -> answer(exchange, 200));
    server.createContext("/away", exchange -> answer(exchange, 302));
    server.createContext("/full", exchange -> answer(exchange, 503));
    server.createContext("/never", this::never);
    server.createContext("/drips", this::drips);
    server.createContext("/cut", HttpExchange::close);
    server.createContext("/endless", this::endless);
    server.createContext("/once", this::once);
    server.start();
  }

  @AfterEach
  void end() {
    ended.countDown();
    server.stop(0);
    workers.shutdownNow();
  }

  private void answer(HttpExchange exchange, int status) throws IOException {
    asked.incrementAndGet();
    byte[] body = exchange.getRequestBody().readAllBytes();
    seen.set(
        exchange.getRequestMethod()
            + " "
            + exchange.getRequestHeaders().getFirst("X-Token")
            + " "
            + new String(body, StandardCharsets.UTF_8));
    exchange.getResponseHeaders().add("Location", "/fine");
    exchange.sendResponseHeaders(status, 5);
    exchange.getResponseBody().write("12345".getBytes(StandardCharsets.UTF_8));
    exchange.close();
  }

  private void never(HttpExchange exchange) {
    await();
    exchange.close();
  }

  /** The head comes at once, the body never ends. */
  private void drips(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().write('1');
    exchange.getResponseBody().flush();
    await();
    exchange.close();
  }

  /** As many bytes as are taken. */
  private void endless(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    byte[] much = new byte[1 << 16];
    try {
      while (ended.getCount() > 0) {
        exchange.getResponseBody().write(much);
      }
    } catch (IOException e) {
      cut.countDown();
    }
  }

  /** Answers the first time only. */
  private void once(HttpExchange exchange) throws IOException {
    if (asked.incrementAndGet() > 1) {
      await();
    }
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }

  private void await() {
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String address(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private static HttpTarget target(String address, String method, String body, Duration timeout) {
    return new HttpTarget(
        "${ADDRESS}",
        URI.create(address),
        method,
        Map.of("X-Token", "s3cret"),
        body.getBytes(StandardCharsets.UTF_8),
        timeout);
  }

  private Answer ask(String path, Duration timeout) {
    try (Target.Asker asker = target(address(path), "GET", "", timeout).open()) {
      return asker.ask(0);
    }
  }

  @Test
  void answersAreCountedByTheirStatus() {
    Duration long_ = Duration.ofSeconds(30);
    assertThat(ask("/fine", long_)).isEqualTo(Answer.ok(5));
    assertThat(ask("/full", long_)).isEqualTo(Answer.error("http-503", false));
    assertThat(ask("/nowhere", long_)).isEqualTo(Answer.error("http-404", false));
    assertThat(ask("/cut", long_)).isEqualTo(Answer.error("connection-lost", false));
  }

  @Test
  void redirectsAreNotFollowed() {
    assertThat(ask("/away", Duration.ofSeconds(30))).isEqualTo(Answer.ok(5));
    assertThat(asked.get()).isEqualTo(1);
  }

  @Test
  void whatComesTooLateIsGivenUpWhetherHeadOrBody() {
    Duration brief = Duration.ofMillis(300);
    assertThat(ask("/never", brief)).isEqualTo(Answer.timeout(false));
    assertThat(ask("/drips", brief)).isEqualTo(Answer.timeout(false));
  }

  @Test
  void whatNeverEndsIsGivenUpAndNotTakenAnyFurther() throws InterruptedException {
    assertThat(ask("/endless", Duration.ofMillis(300))).isEqualTo(Answer.timeout(false));
    assertThat(cut.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whoStopsItWaitsForNoAnswer() throws Exception {
    Bench bench =
        bench(target(address("/once"), "GET", "", Duration.ofMinutes(9)), Duration.ofMinutes(9));
    Future<BenchReport> report = workers.submit(() -> bench.run(BenchListener.NONE));
    while (asked.get() < 5) {
      sleep(Duration.ofMillis(10));
    }

    bench.stop();

    BenchReport told = report.get(60, TimeUnit.SECONDS);
    assertThat(told.stopped()).isTrue();
    assertThat(told.targets().get(0).whole().orElseThrow().counts().due()).isZero();
  }

  @Test
  void sendsMethodHeadersAndBodyAndTellsNoSecret() {
    HttpTarget target = target(address("/fine"), "post", "hello", Duration.ofSeconds(30));
    try (Target.Asker asker = target.open()) {
      asker.ask(0);
    }
    assertThat(seen.get()).isEqualTo("POST s3cret hello");
    assertThat(target.name()).isEqualTo("POST ${ADDRESS}");
    assertThat(target.identity())
        .isEqualTo(Map.of("target", "POST ${ADDRESS}", "headers", "X-Token"));
  }

  @Test
  void whatIsNoAddressIsRefusedWithoutItsLogin() {
    Duration brief = Duration.ofSeconds(1);
    assertThatThrownBy(() -> target("ftp://host/x", "GET", "", brief))
        .hasMessageStartingWith(
            "Cannot ask GET ${ADDRESS}: it is no address of http:// or https://.");
    assertThatThrownBy(() -> target("http://me:s3cret@host/x", "GET", "", brief))
        .hasMessageContaining("it holds a login, which would be seen.")
        .hasMessageNotContaining("s3cret");
    assertThatThrownBy(() -> target("http://host/x", "G T", "", brief))
        .hasMessageContaining("the method or a header cannot be sent.");
  }

  @Test
  void whereNobodyListensNothingIsMeasured() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Bench bench =
        bench(
            target("http://127.0.0.1:" + port + "/", "GET", "", Duration.ofSeconds(5)),
            Duration.ofSeconds(1));

    assertThatThrownBy(() -> bench.run(BenchListener.NONE))
        .hasMessageStartingWith("Cannot ask GET ${ADDRESS}: nobody listens there.");
  }

  private static Bench bench(Target target, Duration round) {
    Load load = Loads.load(Optional.of(100.0), 4, 1, round, 10_000, false);
    return new Bench(List.of(target), load, "test", MACHINE, Clock.systemUTC(), Ticker.SYSTEM);
  }

  @Test
  void aStallOfASecondIsMetByAllWhoAreDueInIt() {
    Object one = new Object();
    server.createContext(
        "/stalls",
        exchange -> {
          synchronized (one) {
            if (asked.incrementAndGet() == 50) {
              sleep(Duration.ofSeconds(1));
            }
          }
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });

    BenchReport report =
        bench(target(address("/stalls"), "GET", "", Duration.ofSeconds(30)), Duration.ofSeconds(2))
            .run(BenchListener.NONE);

    Round round = report.targets().get(0).whole().orElseThrow();
    assertThat(round.counts().ok()).isEqualTo(200);
    // Of those due in the first 800 ms of the stall, one each 10 ms, each waits 200 ms or longer.
    Histogram histogram = Measured.decoded(round.histogram());
    long slow = 200 - histogram.getCountBetweenValues(0, Duration.ofMillis(199).toNanos());
    assertThat(slow).isGreaterThanOrEqualTo(79);
    assertThat(round.response().max()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
