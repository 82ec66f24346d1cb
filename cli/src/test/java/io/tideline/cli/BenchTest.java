package io.tideline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An address under load, as a user types it. */
final class BenchTest {
  private static final String[] SHORT = {"--rate", "50", "--duration", "500ms", "--warm-up", "0"};

  @TempDir Path dir;

  private final ExecutorService workers = Executors.newCachedThreadPool();
  private final AtomicReference<String> token = new AtomicReference<>("");
  private HttpServer server;
  private String url = "";

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(workers);
    server.createContext("/fine", exchange -> answer(exchange, 200));
    server.createContext("/full", exchange -> answer(exchange, 503));
    server.start();
    url = "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange, int status) throws IOException {
    token.set(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  @AfterEach
  void end() {
    server.stop(0);
    workers.shutdownNow();
  }

  private Shell.Said bench(String path, String... more) {
    return bench(new Shell(dir), path, more);
  }

  private Shell.Said bench(Shell shell, String path, String... more) {
    String[] words = new String[3 + SHORT.length + more.length];
    words[0] = "bench";
    words[1] = "--url";
    words[2] = path.startsWith("/") ? url + path : path;
    System.arraycopy(SHORT, 0, words, 3, SHORT.length);
    System.arraycopy(more, 0, words, 3 + SHORT.length, more.length);
    return shell.run(words);
  }

  private static JsonObject json(Shell.Said said) {
    return JsonParser.parseString(said.out()).getAsJsonObject();
  }

  @Test
  void tellsTimesAndCountsAndDrawsThem() throws IOException {
    Shell.Said said = bench("/fine", "--html", "page.html", "--fail-if", "errors>0");

    assertThat(said.exit()).as(said.err()).isZero();
    assertThat(said.out())
        .contains("Open model, 50/s fixed, at most 10 in flight, 5 rounds of 0.1 s")
        .contains("the first request, connection included, took ")
        .containsPattern("GET http://\\S+/fine +response +[0-9.]+ ms")
        .containsPattern("GET http://\\S+/fine +25 +25 +0 +0 +0 +0 ")
        .contains("Response over time, ", "Response by percentile, ", "  p50 ")
        .contains("held    errors>0: 0")
        .doesNotContain("█", "\u001B");
    assertThat(said.err()).contains("round 1 of 5").doesNotContain("warming up");
    assertThat(Files.readString(dir.resolve("page.html")))
        .contains("<svg", "<polyline", "held", "/fine</h1>")
        .doesNotContain("<script", "NaN");
    assertThat(bench(new Shell(dir).typing(""), "/fine").out()).contains("█", "\u001B");
  }

  @Test
  void countsFailuresByTheirNamesAndEndsWithACodeOfItsOwn() {
    Shell.Said said = bench("/full", "--fail-if", "errors>1%", "--fail-if", "p99>1s", "--json");

    assertThat(said.exit()).isEqualTo(9);
    JsonObject whole =
        json(said).getAsJsonArray("targets").get(0).getAsJsonObject().getAsJsonObject("whole");
    assertThat(
            whole.getAsJsonObject("counts").getAsJsonObject("details").get("http-503").getAsInt())
        .isEqualTo(25);
    JsonArray judged = json(said).getAsJsonArray("judged");
    assertThat(judged.get(0).getAsJsonObject().get("found").getAsString()).isEqualTo("100.000%");
    assertThat(judged.get(1).getAsJsonObject().get("found").getAsString())
        .isEqualTo("nothing was answered");
    assertThat(bench("/full").out()).contains("http-503 25");
  }

  @Test
  void keepsBaselinesComparesAndRefusesWhatIsUnlike() throws IOException {
    assertThat(bench("/fine", "--save-baseline", "base.json").out())
        .contains("Kept in the baseline ");
    Shell.Said again =
        bench("/fine", "--baseline", "base.json", "--save-baseline", "base.json", "--json");
    assertThat(again.exit()).as(again.err()).isZero();
    assertThat(json(again).getAsJsonObject("comparison").get("with").getAsString())
        .contains("(1 run, ");
    assertThat(bench("/fine", "--baseline", "base.json").out())
        .contains("Compared with the baseline of ", "(2 runs, ", "BY CHANCE", "throughput");
    assertThat(dir.toFile().list()).containsExactly("base.json");

    Shell.Said other = bench("/full", "--baseline", "base.json");
    assertThat(other.exit()).isEqualTo(2);
    assertThat(other.err())
        .contains("target was GET " + url + "/fine and is GET " + url + "/full.")
        .contains("[baseline-unlike]");

    Files.writeString(dir.resolve("mine.json"), "{\"runs\": [{}]}");
    Shell.Said foreign = bench("/fine", "--save-baseline", "mine.json");
    assertThat(foreign.exit()).isEqualTo(2);
    assertThat(foreign.err()).contains("mine.json as a baseline: it is no baseline.");
    assertThat(Files.readString(dir.resolve("mine.json"))).isEqualTo("{\"runs\": [{}]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"p50\": *\"[^\"]*\"        | \"p50\": \"PT-5S\"",
        "\"p99\": *\"[^\"]*\"        | \"p99\": \"PT99999999999999H\"",
        "\"throughput\": *[0-9.]+   | \"throughput\": 1e999",
        "(?s)\"rounds\": *\\[.*?\\]  | \"rounds\": []"
      })
  void figuresThatNobodyMeasuredAreNoBaseline(String from, String to) throws IOException {
    bench("/fine", "--save-baseline", "base.json");
    Path file = dir.resolve("base.json");
    String other = Files.readString(file).replaceFirst(from, to);
    Files.writeString(file, other);

    Shell.Said said = bench("/fine", "--baseline", "base.json", "--fail-if", "worse");

    assertThat(other).contains(to);
    assertThat(said.exit()).isEqualTo(2);
    assertThat(said.err()).contains("base.json as a baseline: it is no baseline.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--html", "--save-baseline"})
  void figuresAreToldEvenIfTheirFileCannotBeWritten(String option) {
    Shell.Said said = bench("/fine", option, "nowhere/file");

    assertThat(said.exit()).isEqualTo(2);
    assertThat(said.out()).containsPattern("GET http://\\S+/fine +25 +25 +0 +0 +0 +0 ");
    assertThat(said.err()).contains("Cannot write ", "nowhere/file");
  }

  @Test
  void secretsComeFromTheEnvironmentAndAreNotTold() throws IOException {
    Shell shell = new Shell(dir).env("TOKEN", "s3cret").env("PLACE", url + "/fine?key=hidden");

    Shell.Said said =
        bench(
            shell,
            "${PLACE}",
            "--header",
            "Authorization: Bearer ${TOKEN}",
            "--save-baseline",
            "base.json",
            "--html",
            "page.html");

    assertThat(said.exit()).as(said.err()).isZero();
    assertThat(token.get()).isEqualTo("Bearer s3cret");
    assertThat(said.out() + said.err()).contains("GET ${PLACE}").doesNotContain("s3cret", "hidden");
    assertThat(
            Files.readString(dir.resolve("base.json")) + Files.readString(dir.resolve("page.html")))
        .doesNotContain("s3cret", "hidden");
    Shell.Said typed = bench("/fine", "--header", "authorization: Bearer abc");
    assertThat(typed.exit()).isEqualTo(2);
    assertThat(typed.err())
        .contains("Cannot take the header authorization from the command line")
        .doesNotContain("abc");
    assertThat(bench("/fine", "--header", "Cookie: ${NONE}").err())
        .contains("Cannot read the header Cookie. The environment variable NONE is not set.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bench | Cannot tell what to ask.",
        "bench q --url http://localhost/ | Cannot tell what to ask.",
        "bench --url http://localhost/ --cold | Cannot ask an address cold.",
        "bench --url http://localhost/ --fail-if worse | there is nothing to compare with.",
        "bench --url http://localhost/ --fail-if p99 | Cannot use 'p99' as a threshold.",
        "bench --url http://localhost/ --rate fast | Cannot use 'fast' as --rate.",
        "bench --url http://localhost/ --concurrency 5000 | Cannot use 5000 as a concurrency.",
        "bench --url http://localhost/ --rounds 0 | Cannot use 0 as a number of rounds.",
        "bench --url http://localhost/ --header x | it has no name and colon.",
        "bench --url http://localhost/ --header x:1 --header X:2 | Cannot send the header X twice.",
        "bench --url http://localhost/ --body none | Cannot read",
        "bench --url mailto:x | it is no address of http:// or https://.",
        "bench a b --during run | Name one query.",
        "bench --url http://localhost/ --during run --baseline b | Cannot use a baseline",
        "bench --sql SELECT(:a) | its parameter a has no value.",
        "bench --sql SELECT(1) --param a=1 | Cannot give a value to a: no query has such",
        "bench --sql SELECT(1) --param a | Cannot read --param 'a'.",
        "bench q --database x.db | Cannot ask queries of the configuration in another database."
      })
  void refusesWhatMakesNoSense(String words, String why) {
    Shell.Said said = new Shell(dir).run(words.split(" "));

    assertThat(said.exit()).isEqualTo(2);
    assertThat(said.err()).contains(why, "[argument-invalid]");
  }

  private void config() throws Exception {
    Files.writeString(
        dir.resolve("tideline.yaml"),
        """
        version: 1
        database: sqlite:store.db
        archive: archive
        policies:
          logs: {table: logs, time: at, retain: 30d}
        """);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + dir + "/store.db");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE logs (id INTEGER PRIMARY KEY, at TEXT NOT NULL)");
      statement.execute(
          "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO logs"
              + " SELECT i, CASE WHEN i <= 1500 THEN '2020-01-01 00:00:00' ELSE"
              + " datetime('now') END FROM n");
    }
  }

  private int rows() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + dir + "/store.db");
        Statement statement = connection.createStatement()) {
      return statement.executeQuery("SELECT count(*) FROM logs").getInt(1);
    }
  }

  @Test
  void measuresBeforeDuringAndAfterARun() throws Exception {
    config();

    Shell.Said unasked = bench("/fine", "--during", "run");
    assertThat(unasked.exit()).isEqualTo(2);
    assertThat(unasked.err()).contains("[not-confirmed]");
    assertThat(unasked.out()).contains("logs").doesNotContain("response");
    Shell.Said refused = bench(new Shell(dir).typing("n\n"), "/fine", "--during", "run");
    assertThat(refused.err()).contains("it was not confirmed");
    assertThat(rows()).isEqualTo(2000);

    Shell.Said said = bench("/fine", "--during", "run --policy logs", "--yes", "--json");
    assertThat(said.exit()).as(said.err()).isZero();
    assertThat(rows()).isEqualTo(500);
    JsonObject document = json(said);
    assertThat(document.getAsJsonArray("targets"))
        .extracting(each -> each.getAsJsonObject().get("phase").getAsString())
        .containsExactly("before", "during", "after");
    assertThat(document.getAsJsonObject("run").get("removed").getAsInt()).isEqualTo(1500);
    assertThat(document.getAsJsonObject("comparison").get("with").getAsString())
        .isEqualTo("before");

    Shell.Said asked = bench(new Shell(dir).typing("y\n"), "/fine", "--during", "run");
    assertThat(asked.exit()).as(asked.err()).isZero();
    assertThat(asked.out()).contains("Done.", ", before", ", during", ", after", "Compared with");
    Shell.Said other = bench("/fine", "--during", "restore", "--yes");
    assertThat(other.err()).contains("Cannot go on beside 'restore'.");
    assertThat(bench("/fine", "--during", "run --nonsense").err())
        .contains("Cannot run beside: Unknown option: '--nonsense'.");
  }

  @Test
  void asksQueriesOfTheConfigurationByName() throws Exception {
    config();
    Files.writeString(
        dir.resolve("tideline.yaml"),
        Files.readString(dir.resolve("tideline.yaml"))
            + """
              queries:
                old: {sql: "SELECT id FROM logs WHERE id <= :most", params: {most: 3}}
                all: {sql: "SELECT count(*) FROM logs"}
              """
                .stripIndent());
    String[] words = {"bench", "old", "all", "--rate", "50", "--duration", "1s", "--warm-up", "0"};

    Shell.Said said = new Shell(dir).run(words);

    assertThat(said.exit()).as(said.err()).isZero();
    assertThat(said.out())
        .containsPattern("old +50 +50 +0 ")
        .containsPattern("all +50 +50 +0 ")
        .contains("old: 3.0 rows an answer", "all: 1.0 rows an answer");
    assertThat(said.err()).contains("old, round 1 of 5", "all, round 5 of 5");
    Shell.Said varied =
        new Shell(dir)
            .run(
                "bench",
                "old",
                "--rounds",
                "1",
                "--duration",
                "500ms",
                "--warm-up",
                "0",
                "--rate",
                "20",
                "--param",
                "most=1",
                "--param",
                "most=5");
    assertThat(varied.out()).contains("old: 3.0 rows an answer");
    assertThat(new Shell(dir).run("bench", "odl").err())
        .contains(
            "Cannot ask query 'odl': the configuration has none of that name.",
            "Did you mean old?");
    Shell.Said writing =
        new Shell(dir).run("bench", "--sql", "DELETE FROM logs", "--duration", "1s");
    assertThat(writing.exit()).isEqualTo(2);
    assertThat(writing.err()).contains("[query-refused]");
    assertThat(rows()).isEqualTo(2000);
  }

  @Test
  void anEndOfTheRunThatIsNotGoodIsTheBenchsEnd() throws Exception {
    config();
    String text = Files.readString(dir.resolve("tideline.yaml"));
    Files.writeString(dir.resolve("tideline.yaml"), text + "require: {max_eligible: 10%}\n");

    Shell.Said said = bench("/fine", "--during", "run", "--yes");

    assertThat(said.exit()).as(said.out() + said.err()).isEqualTo(5);
    assertThat(rows()).isEqualTo(2000);
  }
}
