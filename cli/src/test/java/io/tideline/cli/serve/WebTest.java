package io.tideline.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WebTest {
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-zA-Z_:][a-zA-Z0-9_:]*)"
              + "(\\{[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\""
              + "(?:,[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\")*\\})?"
              + " (-?[0-9]+(?:\\.[0-9]+)?)");
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @TempDir Path folder;

  private Server served(ExitCode end) {
    Stage stage =
        new Stage(folder, "2025-06-01T00:10:00Z")
            .file("db", "jobs:\n  a: {command: verify, every: 1h}\n");
    stage.ends.put("a", job -> new Jobs.End(end, end == ExitCode.DONE ? "" : "Damaged."));
    return stage.serve("2025-06-01T01:30:00Z");
  }

  private static HttpResponse<String> ask(Web web, String method, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + web.address().getPort() + path);
    HttpRequest request =
        HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }

  @Test
  void tellsThatAllIsWell() throws Exception {
    try (Web web = Web.open(ANY, served(ExitCode.DONE))) {
      HttpResponse<String> health = ask(web, "GET", "/health");

      assertThat(health.statusCode()).isEqualTo(200);
      JsonObject document = JsonParser.parseString(health.body()).getAsJsonObject();
      assertThat(document.get("status").getAsString()).isEqualTo("ok");
      JsonObject item =
          document
              .getAsJsonArray("databases")
              .get(0)
              .getAsJsonObject()
              .getAsJsonArray("items")
              .get(0)
              .getAsJsonObject();
      assertThat(item.get("last_exit").getAsInt()).isZero();
      assertThat(item.get("next_run").getAsString()).isEqualTo("2025-06-01T02:00:00Z");
    }
  }

  @Test
  void tellsWhatIsWrong() throws Exception {
    try (Web web = Web.open(ANY, served(ExitCode.CORRUPTION))) {
      HttpResponse<String> health = ask(web, "GET", "/health");

      assertThat(health.statusCode()).isEqualTo(503);
      assertThat(health.body()).contains("\"The last run of job a failed: Damaged.\"");
      assertThat(ask(web, "GET", "/metrics").body())
          .contains("tideline_last_exit_code{database=\"db\",kind=\"job\",name=\"a\"} 7\n")
          .contains("tideline_runs_failed_total{database=\"db\",kind=\"job\",name=\"a\"} 1\n");
    }
  }

  @Test
  void writesMetricsAsPrometheusReadsThem() throws Exception {
    try (Web web = Web.open(ANY, served(ExitCode.DONE))) {
      HttpResponse<String> metrics = ask(web, "GET", "/metrics");

      assertThat(metrics.headers().firstValue("Content-Type"))
          .contains("text/plain; version=0.0.4; charset=utf-8");
      checkExposition(metrics.body());
    }
  }

  /** Every sample follows the head of its own name, each name has one head, no series is twice. */
  private static void checkExposition(String text) {
    assertThat(text).endsWith("\n");
    Set<String> names = new HashSet<>();
    Set<String> series = new HashSet<>();
    String name = "";
    for (String line : text.lines().toList()) {
      if (line.startsWith("# HELP ")) {
        name = line.split(" ")[2];
        assertThat(names.add(name)).as(line).isTrue();
      } else if (line.startsWith("# TYPE ")) {
        assertThat(line).matches("# TYPE " + name + " (counter|gauge)");
        assertThat(name.endsWith("_total")).as(line).isEqualTo(line.endsWith("counter"));
      } else {
        Matcher sample = SAMPLE.matcher(line);
        assertThat(sample.matches()).as(line).isTrue();
        assertThat(sample.group(1)).isEqualTo(name);
        assertThat(series.add(sample.group(1) + sample.group(2))).as(line).isTrue();
      }
    }
    assertThat(series).hasSizeGreaterThan(10);
  }

  @Test
  void answersNothingElse() throws Exception {
    try (Web web = Web.open(ANY, served(ExitCode.DONE))) {
      assertThat(ask(web, "POST", "/health").statusCode()).isEqualTo(405);
      assertThat(ask(web, "GET", "/healthy").statusCode()).isEqualTo(404);
      assertThat(ask(web, "GET", "/").body()).isEqualTo("See /health and /metrics.\n");
      assertThat(ask(web, "HEAD", "/metrics").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void refusesAnAddressThatIsTaken() throws Exception {
    Server server = served(ExitCode.DONE);
    try (Web web = Web.open(ANY, server)) {
      assertThatThrownBy(() -> Web.open(web.address(), server))
          .isInstanceOf(TidelineException.class)
          .hasMessageContaining("Cannot listen at ")
          .hasMessageContaining("Name another address or port with --listen");
    }
  }
}
