package io.tideline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.tideline.cli.demo.CodexLbStore;
import io.tideline.health.Check;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InspectTest {
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

  @TempDir Path folder;
  private Shell shell;

  @BeforeEach
  void store() throws Exception {
    new CodexLbStore(5, 3_000, 2_000, 1).create(folder.resolve("store.db"), NOW);
    execute("CREATE INDEX again ON request_logs (account_id, requested_at)");
    config("");
    shell = new Shell(folder);
  }

  private void execute(String sql) throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("store.db"));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void config(String more) throws Exception {
    Files.writeString(
        folder.resolve("tideline.yaml"),
        """
        version: 1
        database: sqlite:store.db
        archive: archive
        policies:
          logs: {table: request_logs, time: requested_at, retain: 30d}
        """
            + more);
  }

  private JsonObject json(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.add("--json");
    Shell.Said said = shell.run(all.toArray(String[]::new));
    return JsonParser.parseString(said.out()).getAsJsonObject();
  }

  @Test
  void saysWhatHurtsAndWhatMends() {
    Shell.Said said =
        shell.run(
            "inspect",
            "--now=" + NOW,
            "--policies",
            "--by-day",
            "request_logs.requested_at",
            "--fail-on=warning");

    assertThat(said.err()).isEmpty();
    assertThat(said.exit()).isEqualTo(1);
    assertThat(said.out())
        .contains("1 warning\n")
        .contains("warning   idx_logs_account_time  duplicate-index\n")
        .contains("    DROP INDEX \"idx_logs_account_time\";\n")
        .contains("TABLE ")
        .contains("request_logs.requested_at, rows by day")
        .contains("2026-11-01 ")
        .contains("A run would free now");
    assertThat(shell.run("inspect", "--fail-on=critical").exit()).isZero();
    assertThat(shell.run("inspect", "--fail-on=bad").exit()).isEqualTo(2);
  }

  @Test
  void tellsAllAsJson() {
    JsonObject document = json("inspect", "--now=" + NOW);
    JsonObject finding = document.getAsJsonArray("findings").get(0).getAsJsonObject();
    assertThat(finding.get("check").getAsString()).isEqualTo("duplicate-index");
    assertThat(finding.get("severity").getAsString()).isEqualTo("warning");
    assertThat(finding.getAsJsonArray("remedies")).hasSize(1);
    assertThat(document.getAsJsonArray("tables").get(0).getAsJsonObject().get("ages").isJsonNull())
        .isFalse();
    assertThat(document.get("growth").isJsonNull()).isTrue();
  }

  @Test
  void aSuppressionBearsAFindingUntilItsDay() throws Exception {
    config(
        """
        inspect:
          suppress:
            - {finding: duplicate-index, place: idx_logs*, reason: "on trial", until: 2026-11-01}
        """);
    Shell.Said borne = shell.run("inspect", "--now=" + NOW, "--fail-on=warning");
    assertThat(borne.exit()).as(borne.err()).isZero();
    assertThat(borne.out())
        .contains("Nothing hurts.")
        .contains("duplicate-index of idx_logs_account_time until 2026-11-01: on trial");
    Shell.Said expired = shell.run("inspect", "--now=2026-11-02", "--fail-on=warning");
    assertThat(expired.exit()).isEqualTo(1);
    assertThat(expired.out())
        .contains("duplicate-index of idx_logs* is suppressed no more since 2026-11-01");

    config("inspect: {suppress: [{finding: duplicate-indx, reason: r, until: soon}]}\n");
    Shell.Said wrong = shell.run("inspect");
    assertThat(wrong.exit()).isEqualTo(2);
    assertThat(wrong.err()).contains("duplicate-index", "'soon' is not a day");
  }

  @Test
  void remembersItsSizesAndTellsGrowth() throws Exception {
    for (int day = 2; day <= 4; day++) {
      shell.run("inspect", "--now=2026-11-0" + day);
      execute(
          "INSERT INTO request_logs SELECT id + 100000 * "
              + day
              + ", account_id, request_id, requested_at, model, 1, 1, 1, 1, status, NULL,"
              + " hex(zeroblob(50)), NULL FROM request_logs WHERE id < 1000");
    }
    Shell.Said said = shell.run("inspect", "--now=2026-11-05");
    assertThat(said.out()).containsPattern("Growth +[0-9.]+ KB a day").contains("GROWTH/DAY");
  }

  @Test
  void needsNoConfiguration() throws Exception {
    Files.delete(folder.resolve("tideline.yaml"));
    Shell.Said said = shell.run("inspect", "--database", "store.db");
    assertThat(said.exit()).as(said.err()).isZero();
    assertThat(said.out()).contains("duplicate-index");
    assertThat(folder.resolve(".tideline")).doesNotExist();
    assertThat(shell.run("inspect").err()).contains("tideline.yaml");
  }

  @Test
  void writesAPageThatNeedsNothingElse() throws Exception {
    execute("CREATE TABLE \"<script>alert('x')</script>\" (v)");
    shell.run("inspect", "--now=2026-11-02");
    Shell.Said said =
        shell.run(
            "inspect",
            "--now=2026-11-03",
            "--html",
            "report.html",
            "--by-day",
            "usage_history.recorded_at");
    assertThat(said.out()).contains("Wrote " + folder.resolve("report.html"));
    String page = Files.readString(folder.resolve("report.html"));
    assertThat(page)
        .startsWith("<!doctype html>")
        .contains("<svg", "<polyline", "duplicate-index", "&lt;script&gt;")
        .doesNotContain("<script", "http:", "https:", "src=", "@import", "url(");
  }

  @Test
  void theDoctorLeadsThroughTroubles() {
    Shell.Said full = shell.run("doctor", "full");
    assertThat(full.exit()).as(full.err()).isEqualTo(1);
    assertThat(full.out())
        .contains(
            "1. needs no disk", "DROP INDEX", "inside the file", "LARGEST TABLES", "tideline run");
    Shell.Said locked = shell.run("doctor", "locked");
    assertThat(locked.exit()).isZero();
    assertThat(locked.out()).contains("Nothing was found that explains it.");
    assertThat(json("doctor", "slow").getAsJsonArray("steps")).isNotEmpty();
    assertThat(shell.run("doctor", "tired").err()).contains("locked, slow, full");
    assertThat(folder.resolve(".tideline")).doesNotExist();
  }

  @Test
  void everyFindingIsExplainedAndEveryExplanationHasAFinding() {
    for (Check check : Check.values()) {
      Shell.Said said = shell.run("explain", check.slug());
      assertThat(said.exit()).isZero();
      assertThat(said.out().length()).as(check.slug()).isGreaterThan(100);
    }
    Matcher headings = Pattern.compile("(?m)^## (.+)$").matcher(Explanations.document());
    while (headings.find()) {
      assertThat(Check.of(headings.group(1))).as(headings.group(1)).isPresent();
    }
    assertThat(shell.run("explain").out()).contains("unused-index");
    assertThat(shell.run("explain", "unusedindex").err()).contains("unused-index");
    JsonArray all = json("explain").getAsJsonArray("findings");
    assertThat(all).hasSize(Check.values().length);
  }
}
