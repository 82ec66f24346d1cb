package io.tideline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups and space given back, as a user types it. */
final class MaintenanceTest {
  @TempDir Path dir;

  @BeforeEach
  void make() throws Exception {
    Files.writeString(
        dir.resolve("tideline.yaml"),
        """
        version: 1
        database: sqlite:store.db
        archive: archive
        backup: {to: backups, keep: 2}
        """);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + dir + "/store.db");
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v)");
      statement.execute(
          "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
              + " INSERT INTO t SELECT i, randomblob(1000) FROM n");
      statement.execute("DELETE FROM t WHERE id > 500");
    }
  }

  private Shell.Said run(String... words) {
    return new Shell(dir).run(words);
  }

  private static JsonObject json(Shell.Said said) {
    assertThat(said.exit()).as(said.err() + said.out()).isZero();
    return JsonParser.parseString(said.out()).getAsJsonObject();
  }

  @Test
  void backsUpListsVerifiesAndRestores() {
    assertThat(run("backup", "list").out()).contains("The archive knows of no backup.");
    Shell.Said made = run("backup");
    assertThat(made.exit()).as(made.err()).isZero();
    assertThat(made.out())
        .containsPattern("Backed up [0-9.]+ MB to .*/backups/store-.*\\.db in")
        .contains("Read again: 1 table, integrity_check ok.", "SHA-256 ");
    assertThat(run("backup", "list").out()).containsPattern("MB +yes +/");
    JsonObject verified = json(run("backup", "verify", "--json"));
    assertThat(verified.get("recorded").getAsBoolean()).isTrue();
    String file = verified.get("file").getAsString();
    assertThat(run("backup", "restore", file, "--to", "new.db").out()).contains("Restored");
    assertThat(dir.resolve("new.db")).exists();
    Shell.Said again = run("backup", "restore", file, "--to", "new.db");
    assertThat(again.exit()).isEqualTo(2);
    assertThat(again.err()).contains("new.db is there.", "[backup-impossible]");
  }

  @Test
  void tellsWhatItGainsAndGivesItBack() {
    Shell.Said plan = run("reclaim", "--plan");
    assertThat(plan.exit()).as(plan.err()).isZero();
    assertThat(plan.out())
        .contains("not compact: Only with --online", "not vacuum: Only in a 'window'")
        .containsPattern("it would gain about [0-9.]+ MB in about");
    assertThat(run("reclaim", "--way", "vacuum").err()).contains("[not-confirmed]");
    assertThat(run("reclaim", "--way", "magic").err())
        .contains("Cannot reclaim space by 'magic'.", "checkpoint, incremental");
    Shell.Said done = run("reclaim", "--online", "--to-incremental", "--yes");
    assertThat(done.exit()).as(done.err()).isZero();
    assertThat(done.out())
        .contains("compact: ")
        .containsPattern("Done: the operating system has [0-9.]+ MB back \\(");
    JsonObject nothing = json(run("reclaim", "--json", "--yes"));
    assertThat(nothing.has("chosen") || nothing.has("done")).isTrue();
    assertThat(run("reclaim", "--tidy").out()).contains("Done");
  }
}
