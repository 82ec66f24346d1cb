package io.tideline.testkit.partitions;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.cli.Main;
import io.tideline.cli.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of docs/partitions.md, one after the other, as a user calls them. */
class MoveCommandTest {
  @TempDir Path folder;

  /** What a command wrote, and its exit code in front. */
  private String tideline(String arguments) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(new byte[0]), out, out, false, false, false, Map.of(), folder);
    int exit = Main.run(("partitions move " + arguments).split(" "), terminal);
    return exit + " " + said.toString(StandardCharsets.UTF_8);
  }

  @Test
  void eachStepSaysWhatComesNext() throws Exception {
    try (Moving moving = new Moving(folder)) {
      Files.writeString(
          folder.resolve("tideline.yaml"),
          "version: 1\ndatabase: "
              + moving.database.url()
              + "\narchive: archive\npartitions:\n"
              + "  logs: {table: logs, by: at, every: month, ahead: 1, unique_by: [id, at]}\n");
      assertThat(tideline("nix")).startsWith("2 ").contains("Cannot find 'nix' in 'partitions'");
      assertThat(tideline("logs --switch --undo")).startsWith("2 ").contains("several steps");
      assertThat(tideline("logs --drop-before")).startsWith("2 ").contains("Give --finish too");
      assertThat(tideline("logs --status")).startsWith("0 ").contains("logs: none", "Begin:");
      assertThat(tideline("logs --undo --yes")).startsWith("5 ").contains("none was begun");
      assertThat(tideline("logs"))
          .startsWith("0 ")
          .contains(
              "made the partitioned table logs_moving",
              "copied 600 rows",
              "logs: filled, 600 rows copied, 0 changes noted",
              "Go on: `tideline partitions move logs --switch`",
              "Back: `tideline partitions move logs --undo`");
      assertThat(tideline("logs --switch")).startsWith("2 ").contains("not");
      assertThat(moving.kind()).isEqualTo("r");
      assertThat(tideline("logs --switch --yes")).startsWith("0 ").contains("logs: switched");
      assertThat(moving.kind()).isEqualTo("p");
      moving.database.execute("DELETE FROM logs WHERE id = 1");
      assertThat(tideline("logs --status --json"))
          .startsWith("0 ")
          .contains("\"phase\": \"switched\"", "\"pending\": 1");
      assertThat(tideline("logs"))
          .startsWith("0 ")
          .contains("took 1 changes over to the old table", "0 changes noted");
      assertThat(tideline("logs --finish --yes")).startsWith("0 ").contains("logs: finished");
      assertThat(tideline("logs --finish --drop-before --yes"))
          .startsWith("0 ")
          .contains("dropped logs_before");
      assertThat(moving.left()).isEmpty();
      assertThat(moving.rows("logs")).hasSize(599);
    }
  }
}
