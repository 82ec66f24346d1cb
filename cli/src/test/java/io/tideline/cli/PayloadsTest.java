package io.tideline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands about payloads, as a user types them. */
final class PayloadsTest {
  private static final String CONFIG =
      """
      version: 1
      database: sqlite:audit.db
      archive: archive
      policies:
        runs: {table: runs, time: completed_at}
      payloads:
        folder: payloads
        columns: [items.ref]
        root: runs
        retain: 90d
        grace: 1h
      """;

  @TempDir Path dir;
  private String old;
  private String fresh;
  private String orphan;

  @BeforeEach
  void make() throws Exception {
    old = put("old");
    fresh = put("fresh");
    orphan = put("orphan");
    Files.writeString(dir.resolve("tideline.yaml"), CONFIG);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + dir + "/audit.db");
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "CREATE TABLE runs (id TEXT NOT NULL PRIMARY KEY, completed_at TEXT)");
      statement.executeUpdate(
          "CREATE TABLE items (id INTEGER PRIMARY KEY, run TEXT REFERENCES runs, ref TEXT)");
      statement.executeUpdate(
          "INSERT INTO runs VALUES ('a', datetime('now', '-100 days')), ('b', datetime('now'))");
      statement.executeUpdate(
          "INSERT INTO items VALUES (1, 'a', '%s'), (2, 'b', '%s'), (3, 'b', 'none')"
              .formatted(old, fresh));
    }
  }

  private String put(String content) throws Exception {
    String hash =
        HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("SHA-256")
                    .digest(content.getBytes(StandardCharsets.UTF_8)));
    Path file = dir.resolve("payloads").resolve(hash.substring(0, 2)).resolve(hash);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(3))));
    return hash;
  }

  private Shell.Said run(String... words) {
    return new Shell(dir).run(words);
  }

  private static JsonObject json(Shell.Said said) {
    assertThat(said.exit()).as(said.err() + said.out()).isZero();
    return JsonParser.parseString(said.out()).getAsJsonObject();
  }

  @Test
  void plansSweepsAndReports() throws IOException {
    Shell.Said plan = run("payloads", "plan");
    assertThat(plan.exit()).as(plan.err()).isZero();
    assertThat(plan.out())
        .containsPattern("go +1 +3 B")
        .containsPattern("orphans +1")
        .contains("items.ref", "malformed: key 3", "tideline payloads sweep");
    assertThat(
            json(run("payloads", "plan", "--json")).getAsJsonObject("goes").get("files").getAsInt())
        .isEqualTo(1);
    assertThat(run("payloads", "plan", "--list").out().lines())
        .containsExactlyInAnyOrder(
            "goes\t3\t" + old.substring(0, 2) + "/" + old,
            "orphan\t6\t" + orphan.substring(0, 2) + "/" + orphan);
    assertThat(json(run("payloads", "plan", "--list", "--json")).getAsJsonArray("files"))
        .hasSize(2);
    assertThat(run("payloads", "report").out()).contains("No sweep removed anything yet.");

    assertThat(run("payloads", "sweep").err()).contains("[not-confirmed]");
    assertThat(run("payloads", "sweep", "--yes", "--now", "2026-01-01").err())
        .contains("Unknown option", "--now");
    Shell.Said no = new Shell(dir).typing("n\n").run("payloads", "sweep");
    assertThat(no.exit()).isEqualTo(2);
    Shell.Said swept = new Shell(dir).typing("y\n").run("payloads", "sweep");
    assertThat(swept.exit()).as(swept.err()).isZero();
    assertThat(swept.out()).containsPattern("to the trash +1 +3 B").containsPattern("waiting +1");

    age();
    JsonObject second = json(run("payloads", "sweep", "--yes", "--json"));
    assertThat(second.getAsJsonObject("removed").get("files").getAsInt()).isEqualTo(1);
    assertThat(run("payloads", "report").out()).contains(second.get("run").getAsString(), "3 B");
    assertThat(run("payloads", "report", "--list").out()).contains("\t" + old + "\t3");
    assertThat(json(run("payloads", "report", "--list", "--json")).getAsJsonArray("removed"))
        .hasSize(1);
    assertThat(run("verify").exit()).isZero();

    Path lines =
        dir.resolve("archive/runs")
            .resolve(second.get("run").getAsString())
            .resolve("payloads.jsonl");
    Files.writeString(lines, Files.readString(lines).replace("\"bytes\":3", "\"bytes\":4"));
    Shell.Said damaged = run("payloads", "report");
    assertThat(damaged.exit()).isEqualTo(7);
    assertThat(damaged.out()).contains("its lines are not those that were sealed");
    assertThat(run("verify").exit()).isEqualTo(7);
  }

  /** Lets the first sweep be two hours ago. */
  private void age() throws IOException {
    Path trash = dir.resolve("payloads/.trash");
    try (Stream<Path> all = Files.list(trash)) {
      List<Path> sweeps = all.filter(Files::isDirectory).toList();
      assertThat(sweeps).hasSize(1);
      Files.move(sweeps.get(0), trash.resolve("20260101T000000000Z-abcdef"));
    }
  }

  @Test
  void saysWhatIsWrongWithTheConfiguration() throws IOException {
    Files.writeString(
        dir.resolve("tideline.yaml"),
        CONFIG
            .replace("root: runs", "layout: \"{0:2}\"")
            .replace("[items.ref]", "[items]")
            .replace("grace: 1h", "grace: off"));
    Shell.Said said = run("payloads", "plan");
    assertThat(said.exit()).isEqualTo(2);
    assertThat(said.err())
        .contains(
            "Cannot use '{0:2}' as layout: a part of the hash is missing",
            "Cannot use 'items' as a column of payloads.",
            "'retain' of 'payloads' of the file needs a table whose rows have an end.",
            "'grace' of 'payloads' of the file cannot be 'off'.");
    Files.writeString(
        dir.resolve("tideline.yaml"), CONFIG.substring(0, CONFIG.indexOf("payloads:")));
    assertThat(run("payloads", "plan").err())
        .contains("Cannot judge payloads: the configuration names no payload store.");
  }
}
