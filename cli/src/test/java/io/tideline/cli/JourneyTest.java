package io.tideline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.tideline.cli.demo.CodexLbStore;
import io.tideline.cli.demo.Counts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands on a real SQLite database, as a user types them. */
final class JourneyTest {
  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private static final String CONFIG =
      """
      version: 1
      database: sqlite:store.db
      archive: archive
      floor: 7d
      policies:
        usage:
          table: usage_history
          time: recorded_at
          retain: 10d
          keep_latest: {per: [account_id], rows: 1}
        logs:
          table: request_logs
          time: requested_at
          retain: ${LOG_DAYS:-off}
      """;

  @TempDir Path dir;
  private Path store;
  private Counts before;

  @BeforeEach
  void make() throws SQLException, IOException {
    store = dir.resolve("store.db");
    new CodexLbStore(5, 3_000, 2_000, 11).create(store, NOW);
    Files.writeString(dir.resolve("tideline.yaml"), CONFIG);
    before = Counts.in(store);
  }

  @Test
  void proposesAConfiguration() throws IOException {
    Path other = Files.createDirectories(dir.resolve("other"));

    Shell.Said said = new Shell(other).run("init", "../store.db");

    assertThat(said.exit()).as(said.err()).isZero();
    assertThat(said.out()).contains("request_logs", "requested_at", "iso-space", "Wrote ");
    assertThat(other.resolve("tideline.yaml")).content().contains("request-logs:", "retain: off");
    Shell.Said plan = new Shell(other).run("plan");
    assertThat(plan.exit()).as(plan.err()).isZero();
    assertThat(plan.out()).contains("nothing goes");
    assertThat(new Shell(other).run("init", "../store.db").err()).contains("--force");
    assertThat(new Shell(other).run("init", "../store.db", "--force", "--json").exit()).isZero();
    assertThat(new Shell(other).run("init", "none.db", "--out", "x.yaml").err())
        .contains("[database-missing]");
    assertThat(other.resolve("none.db")).doesNotExist();
  }

  @Test
  void plansWithoutChangingAnything() throws Exception {
    long expired = expired("usage_history", "recorded_at", 10);

    JsonObject plan = json(new Shell(dir).run("plan", "--json"));

    JsonObject usage = plan.getAsJsonArray("policies").get(0).getAsJsonObject();
    long latest = kept(usage, "keep-latest");
    assertThat(usage.get("rows").getAsLong() + latest).isEqualTo(expired);
    assertThat(latest).isEqualTo(1);
    assertThat(plan.get("rows").getAsLong()).isEqualTo(usage.get("rows").getAsLong());
    assertThat(Counts.in(store)).isEqualTo(before);
    assertThat(dir.resolve("archive")).doesNotExist();
  }

  @Test
  void listsEveryRowThatWouldGo() throws Exception {
    long rows = json(new Shell(dir).run("plan", "--json")).get("rows").getAsLong();

    Shell.Said said = new Shell(dir).run("plan", "--list", "--columns", "id,account_id");

    assertThat(said.exit()).as(said.err()).isZero();
    assertThat(said.out()).startsWith("usage (usage_history)\nid ");
    assertThat(said.out().lines()).hasSize((int) rows + 3);
    JsonObject listed = json(new Shell(dir).run("plan", "--list", "--json"));
    assertThat(listed.getAsJsonArray("usage")).hasSize((int) rows);
  }

  @Test
  void runsOnlyWhenItIsConfirmed() throws Exception {
    Shell.Said noTerminal = new Shell(dir).run("run");
    Shell.Said no = new Shell(dir).typing("n\n").run("run");

    assertThat(noTerminal.exit()).isEqualTo(2);
    assertThat(noTerminal.err()).contains("there is no terminal", "[not-confirmed]");
    assertThat(no.exit()).isEqualTo(2);
    assertThat(no.err()).contains("[y/N]", "it was not confirmed");
    assertThat(Counts.in(store)).isEqualTo(before);

    Shell.Said yes = new Shell(dir).typing("y\n").run("run");
    assertThat(yes.exit()).as(yes.err()).isZero();
    assertThat(yes.out()).contains("Done.", "REMOVED", "rows/s");
    assertThat(Counts.in(store).usage()).isLessThan(before.usage());
  }

  @Test
  void bringsEverythingBackAsItWas() throws Exception {
    List<String> original = rows();
    Shell shell = new Shell(dir).env("LOG_DAYS", "20");
    Shell.Said run = shell.run("run", "--yes", "--pace", "offline", "--json");
    assertThat(run.exit()).as(run.err()).isZero();
    long removed = json(run).get("removed").getAsLong();
    assertThat(removed).isGreaterThan(1_000);
    Counts live = Counts.in(store);
    assertThat(live.usage() + live.logs() + removed).isEqualTo(before.usage() + before.logs());

    Shell.Said restored = shell.run("restore", "--json");

    assertThat(restored.exit()).as(restored.err()).isZero();
    assertThat(json(restored).get("restored").getAsLong()).isEqualTo(removed);
    assertThat(rows()).isEqualTo(original);
    assertThat(json(shell.run("plan", "--json")).get("rows").getAsLong()).isZero();
  }

  @Test
  void steersRunsOfOtherTerminals() throws Exception {
    Shell shell = new Shell(dir);
    assertThat(shell.run("stop").out()).isEqualTo("No run goes on.\n");
    assertThat(shell.run("pause", "--for", "20m").out()).isEqualTo("No run goes on.\n");
    assertThat(shell.run("resume").out()).isEqualTo("Nothing was asked to wait.\n");
    assertThat(shell.run("status", "--watch").out()).isEqualTo("No run goes on.\n");
    assertThat(json(shell.run("stop", "--json")).get("run").getAsString()).isEmpty();
    assertThat(shell.run("run", "--yes", "--max-time", "2").err())
        .contains("Cannot use '2' as --max-time", "90s, 30m, 2h or 7d");
    assertThat(shell.run("run", "--yes", "--max-rows", "0").exit()).isEqualTo(2);

    Shell.Said run = shell.run("run", "--yes", "--max-rows", "100");

    assertThat(run.exit()).isEqualTo(4);
    assertThat(run.out()).contains("Stopped at the rows it may take. Run again to go on.");
    assertThat(Counts.in(store).usage()).isEqualTo(before.usage() - 100);
  }

  /** A pause makes the run slow enough to be changed. */
  @Test
  @Timeout(60)
  void endsWhereTheConfigurationSaysSomethingElse() throws Exception {
    Shell shell = new Shell(dir);
    Path state = Files.createDirectories(dir.resolve(".tideline"));
    Files.createFile(state.resolve("pause"));
    Path file = dir.resolve("tideline.yaml");
    String text = Files.readString(file);
    Thread editor =
        new Thread(
            () -> {
              try {
                Thread.sleep(2_000);
                Files.writeString(file, text + "# only a remark\n");
                Thread.sleep(1_000);
                Files.writeString(file, "version: ");
                Thread.sleep(1_000);
                Files.writeString(file, text.replace("floor: 7d", "floor: 8d"));
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    editor.start();
    Shell.Said run = shell.run("run", "--yes");
    editor.join();

    assertThat(run.exit()).as(run.err()).isEqualTo(4);
    assertThat(run.err())
        .containsOnlyOnce(
            "tideline.yaml says something else now: the run ends after its batch, and the next one"
                + " goes by it.");
    Files.delete(state.resolve("pause"));
    assertThat(shell.run("run", "--yes").exit()).isIn(0, 3);
  }

  /** A question may stand for hours. */
  @Test
  void takesNothingByAFileThatChangedBehindItsQuestion() throws Exception {
    Path file = dir.resolve("tideline.yaml");
    String text = Files.readString(file);
    InputStream answer =
        new SequenceInputStream(
            new InputStream() {
              @Override
              public int read() throws IOException {
                Files.writeString(file, text.replace("floor: 7d", "floor: 8d"));
                return -1;
              }
            },
            new ByteArrayInputStream("y\n".getBytes(StandardCharsets.UTF_8)));
    Shell shell = new Shell(dir).typing("");
    Shell.Said run = shell.run(answer, "run");

    assertThat(run.exit()).as(run.err()).isEqualTo(4);
    assertThat(run.err()).contains("tideline.yaml says something else now");
    assertThat(Counts.in(store)).isEqualTo(before);
  }

  @Test
  void looksAtWhatIsThere() throws Exception {
    Shell shell = new Shell(dir);
    assertThat(shell.run("history").out()).contains("No run yet.");
    assertThat(shell.run("archives").out()).contains("No segment is sealed yet.");
    Shell.Said run = shell.run("run", "--yes");
    assertThat(run.exit()).as(run.err()).isZero();
    long gone = before.usage() - Counts.in(store).usage();

    assertThat(shell.run("stats").out()).contains("NEEDS ARCHIVAL", "usage_history", "off");
    assertThat(shell.run("status").out()).contains("SQLite", "Archived", "Last run");
    assertThat(shell.run("history").out()).contains("usage");
    assertThat(shell.run("archives").out()).contains("usage_history", "closed");
    assertThat(shell.run("verify").out()).contains("Verified", "every digest is right");
    assertThat(shell.run("recover").exit()).isZero();
    for (String command : List.of("stats", "status", "history", "archives", "verify", "recover")) {
      Shell.Said said = shell.run(command, "--json");
      assertThat(said.exit()).as(command + said.err()).isZero();
      assertThat(JsonParser.parseString(said.out()).isJsonObject()).isTrue();
    }
    Shell.Said query =
        shell.run("query", "SELECT count(*) AS n FROM usage_history", "--format", "csv");
    assertThat(query.out()).as(query.err()).isEqualTo("n\n" + gone + "\n");
    Shell.Said export = shell.run("export", "--to", "out", "--format", "jsonl");
    assertThat(export.exit()).as(export.err()).isZero();
    assertThat(Files.readAllLines(dir.resolve("out/usage_history.jsonl"))).hasSize((int) gone);
    assertThat(shell.run("export", "--to", "out", "--format", "jsonl").err())
        .contains("it exists already");
    assertThat(shell.run("export", "--table", "usage_history", "--to", "-").out().lines())
        .hasSize((int) gone + 1);
  }

  @Test
  void holdsRowsBack() throws Exception {
    Shell shell = new Shell(dir);
    Shell.Said added =
        shell.run(
            "hold", "add", "--table", "usage_history", "--key", "1", "--reason", "why", "--json");
    assertThat(added.exit()).as(added.err()).isZero();
    String id = json(added).get("id").getAsString();
    assertThat(shell.run("hold", "list").out()).contains(id, "key 1", "why");

    assertThat(shell.run("run", "--yes").exit()).isZero();

    assertThat(one("SELECT count(*) FROM usage_history WHERE id = 1")).isEqualTo("1");
    assertThat(shell.run("hold", "remove", id, "--reason", "over").exit()).isZero();
    assertThat(shell.run("hold", "list").out()).contains("No hold is in force.");
  }

  @Test
  void keepsTheFloorWhateverTheFlagsSay() throws Exception {
    Shell.Said said = new Shell(dir).run("run", "--yes", "--retain", "6d");

    assertThat(said.exit()).isEqualTo(5);
    assertThat(said.err()).contains("the floor is 7d", "[floor]");
    assertThat(Counts.in(store)).isEqualTo(before);
    assertThat(new Shell(dir).env("LOG_DAYS", "1").run("plan").exit()).isEqualTo(5);
  }

  @Test
  void carriesOutASavedPlan() throws Exception {
    Shell shell = new Shell(dir);
    assertThat(shell.run("plan", "--out", "purge.plan").out()).contains("tideline run purge.plan");

    Shell.Said run = shell.run("run", "purge.plan", "--yes");

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(Counts.in(store).usage()).isLessThan(before.usage());
  }

  @Test
  void walksThroughTheDemonstration() throws Exception {
    Shell.Said said = new Shell(dir).run("demo", "walk", "--keep");

    assertThat(said.exit()).as(said.out() + said.err()).isZero();
    assertThat(said.out())
        .contains("$ tideline plan", "$ tideline run --yes", "$ tideline restore", "Verified")
        .contains("Every row is in the database or in the archive, none in both.")
        .contains("tideline init /path/to/your.db");
    assertThat(Counts.in(dir.resolve("walk/original.db"))).isEqualTo(new Counts(90_000, 48_000));
  }

  private long expired(String table, String column, int days) throws SQLException {
    String cutoff =
        LocalDateTime.ofInstant(NOW.minus(days, ChronoUnit.DAYS), ZoneOffset.UTC)
            .toString()
            .replace('T', ' ');
    return Long.parseLong(
        one("SELECT count(*) FROM " + table + " WHERE " + column + " < '" + cutoff + "'"));
  }

  private static long kept(JsonObject policy, String reason) {
    JsonArray all = policy.getAsJsonArray("kept");
    for (int i = 0; i < all.size(); i++) {
      JsonObject kept = all.get(i).getAsJsonObject();
      if (kept.get("reason").getAsString().equals(reason)) {
        return kept.get("rows").getAsLong();
      }
    }
    return 0;
  }

  private List<String> rows() throws SQLException {
    List<String> rows = new ArrayList<>();
    for (String table : List.of("usage_history", "request_logs")) {
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store);
          Statement statement = connection.createStatement();
          ResultSet result = statement.executeQuery("SELECT * FROM " + table + " ORDER BY id")) {
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
          StringBuilder row = new StringBuilder(table);
          for (int i = 1; i <= columns; i++) {
            Object value = result.getObject(i);
            row.append('|').append(value == null ? "" : value.getClass() + " " + value);
          }
          rows.add(row.toString());
        }
      }
    }
    return rows;
  }

  private String one(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }

  private static JsonObject json(Shell.Said said) {
    assertThat(said.exit()).as(said.out() + said.err()).isZero();
    return JsonParser.parseString(said.out()).getAsJsonObject();
  }
}
