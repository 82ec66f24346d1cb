package io.tideline.cli.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.schedule.Notice;
import io.tideline.schedule.Occasion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class NotifierTest {
  private static final Patience LONG =
      new Patience(Duration.ofSeconds(10), 3, Duration.ofMillis(10));
  private static final Patience SHORT =
      new Patience(Duration.ofMillis(700), 3, Duration.ofMillis(10));
  private static final Announcement FAILURE =
      Announcement.job("shop", "check", ExitCode.CORRUPTION, "Damaged.");

  @TempDir Path folder;

  private final List<String> reports = Collections.synchronizedList(new ArrayList<>());
  private final List<String> got = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger asked = new AtomicInteger();
  private volatile int status = 204;
  private volatile int failures;
  private HttpServer server;

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4);
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          int number = asked.incrementAndGet();
          got.add(exchange.getRequestHeaders().getFirst("Authorization") + " " + body);
          exchange.getResponseHeaders().set("Location", "/elsewhere");
          exchange.sendResponseHeaders(number <= failures ? 500 : status, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void end() {
    server.stop(0);
  }

  private Notice webhook(Set<Occasion> on) {
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook/s3cret");
    return new Notice(on, new Notice.Webhook(url, Map.of("Authorization", "Bearer s3cret")));
  }

  private static Notice program(String... words) {
    return new Notice(EnumSet.of(Occasion.FAILURE), new Notice.Program(List.of(words)));
  }

  private void tell(Notice notice, Announcement announcement) {
    tell(LONG, notice, announcement);
  }

  private void tell(Patience patience, Notice notice, Announcement announcement) {
    try (Notifier notifier = new Notifier(folder, patience, reports::add)) {
      notifier.tell(List.of(notice), announcement);
      notifier.drain(Duration.ofSeconds(20));
    }
  }

  @Test
  void postsADocument() {
    tell(webhook(EnumSet.of(Occasion.FAILURE)), FAILURE);

    assertThat(got).singleElement().asString().startsWith("Bearer s3cret {");
    JsonObject document =
        JsonParser.parseString(got.get(0).substring("Bearer s3cret ".length())).getAsJsonObject();
    assertThat(document.get("event").getAsString()).isEqualTo("failure");
    assertThat(document.get("text").getAsString())
        .isEqualTo("Job check of shop failed, exit 7. Damaged.");
    assertThat(reports).isEmpty();
  }

  @Test
  void tellsOnlyWhatIsAskedFor() {
    tell(webhook(EnumSet.of(Occasion.FINISH, Occasion.ALARM)), FAILURE);

    assertThat(got).isEmpty();
  }

  @Test
  void triesThreeTimes() {
    failures = 2;
    tell(webhook(EnumSet.of(Occasion.FAILURE)), FAILURE);

    assertThat(got).hasSize(3);
    assertThat(reports).isEmpty();
  }

  @Test
  void reportsWhatCannotBeToldWithoutSecretsAndFollowsNoRedirect() {
    status = 302;
    tell(webhook(EnumSet.of(Occasion.FAILURE)), FAILURE);

    assertThat(got).hasSize(3);
    assertThat(reports)
        .singleElement()
        .asString()
        .startsWith("Cannot notify webhook http://127.0.0.1:")
        .endsWith(": it answered 302, 3 times. The run is not affected.")
        .doesNotContain("s3cret");
  }

  @Test
  void reportsAServerThatIsNotThere() {
    Notice notice = webhook(EnumSet.of(Occasion.FAILURE));
    server.stop(0);

    tell(notice, FAILURE);

    assertThat(reports).singleElement().asString().contains("it did not answer (ConnectException)");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void givesADocumentToAProgram() throws IOException {
    tell(program("sh", "-c", "cat > got.json"), FAILURE);

    assertThat(Files.readString(folder.resolve("got.json"))).contains("\"event\": \"failure\"");
    assertThat(reports).isEmpty();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void boundsProgramsThatHangFailOrAreMissing() {
    long start = System.nanoTime();
    tell(SHORT, program("sh", "-c", "sleep 600"), FAILURE);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    tell(program("sh", "-c", "exit 3"), FAILURE);
    tell(program("no-such-program"), FAILURE);

    assertThat(reports).hasSize(3);
    assertThat(reports.get(0))
        .contains("command sh: it took longer than 0 s and was ended, 3 times");
    assertThat(reports.get(1)).contains("it ended with exit code 3");
    assertThat(reports.get(2)).contains("command no-such-program: it cannot be started");
  }

  @Test
  void neverMakesWhoTellsWait() {
    Notice hangs = program("sh", "-c", "sleep 600");
    long start = System.nanoTime();
    try (Notifier notifier =
        new Notifier(
            folder, new Patience(Duration.ofSeconds(30), 3, Duration.ofSeconds(1)), reports::add)) {
      for (int i = 0; i < 200; i++) {
        notifier.tell(List.of(hangs), FAILURE);
      }
    }

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    assertThat(reports).anySatisfy(each -> assertThat(each).contains("too many others wait"));
  }

  @Test
  void namesTheOccasion() {
    TidelineException forbidden =
        new TidelineException(ErrorCode.FLOOR, "Cannot do it.", "Nothing was changed.", "Wait.");

    assertThat(Announcement.failed("shop", forbidden).occasions())
        .containsExactlyInAnyOrder(Occasion.FAILURE, Occasion.TRIPWIRE);
    assertThat(Announcement.failed("shop", forbidden).document().get("event").getAsString())
        .isEqualTo("tripwire");
    assertThat(
            Announcement.alarm("shop", "logs", 7, Instant.EPOCH, Duration.ofDays(3))
                .document()
                .get("expired_rows")
                .getAsInt())
        .isEqualTo(7);
    assertThat(Patience.USUAL.most()).isEqualTo(Duration.ofSeconds(35));
  }
}
