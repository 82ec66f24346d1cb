package io.tideline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The deletion record as a person sees it. */
final class ProofTest {
  @TempDir Path dir;
  private Shell shell;

  @BeforeEach
  void run() throws SQLException, IOException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("a.db"));
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, at TEXT)");
      statement.execute("INSERT INTO t VALUES (1, '2026-01-01 00:00:00')");
    }
    Files.writeString(
        dir.resolve("tideline.yaml"),
        """
        version: 1
        database: sqlite:a.db
        archive: archive
        policies:
          old: {table: t, time: at, retain: 1d, action: delete}
        """);
    shell = new Shell(dir);
    assertThat(shell.run("history", "--proof").out())
        .isEqualTo("No line yet: nothing was removed.\n");
    assertThat(shell.run("run", "--yes").exit()).isZero();
  }

  @Test
  void theChainIsATableAndItsHeadCanBeNoted() throws IOException {
    Shell.Said proof = shell.run("history", "--proof");
    assertThat(proof.exit()).isZero();
    assertThat(proof.out())
        .containsPattern("LINE +TIME +TELLS +POLICY +OF +ROWS +SHA-256")
        .containsPattern(" 2 .* taking +old +delete t +1 +[0-9a-f]{12}")
        .containsPattern(" 3 .* took +old +done, line 2 +1 +[0-9a-f]{12}")
        .containsPattern("Head: 3:[0-9a-f]{64}\n");
    String head = proof.out().strip().replaceFirst("(?s).*Head: ", "");

    Shell.Said verified = shell.run("verify", "--ledger", "--head", head);
    assertThat(verified.exit()).as(verified.err()).isZero();
    assertThat(verified.out())
        .isEqualTo(
            "Verified 3 lines of the record: nothing was changed or removed.\nHead: "
                + head
                + "\n");

    JsonObject json =
        JsonParser.parseString(shell.run("history", "--proof", "--json", "--last", "1").out())
            .getAsJsonObject();
    assertThat(json.getAsJsonArray("lines")).hasSize(1);
    assertThat(json.getAsJsonObject("head").get("number").getAsInt()).isEqualTo(3);
    assertThat(head).endsWith(json.getAsJsonObject("head").get("sha256").getAsString());

    Path record = dir.resolve("archive/record.jsonl");
    Files.writeString(record, Files.readString(record).replace("\"most\":1", "\"most\":2"));
    assertThat(shell.run("history", "--proof").exit()).isEqualTo(7);
    Shell.Said damaged = shell.run("verify", "--ledger", "--json");
    assertThat(damaged.exit()).isEqualTo(7);
    assertThat(damaged.out()).contains("line 2 is not what was written there");
    assertThat(shell.run("verify").exit()).isEqualTo(7);
    assertThat(shell.run("recover").out())
        .contains("The deletion record tells from now on that this was accepted:");
    assertThat(shell.run("verify").exit()).isZero();
  }

  @Test
  void whatCannotBeReadIsSaid() {
    assertThat(shell.run("verify", "--head", "3:abc").err()).contains("--ledger");
    assertThat(shell.run("verify", "--ledger", "--head", "3:abc").err())
        .contains("Cannot read the head '3:abc': it is not of the form N:HASH.");
    assertThat(shell.run("verify", "--ledger", "x").exit()).isEqualTo(2);
  }
}
