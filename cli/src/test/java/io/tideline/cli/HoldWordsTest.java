package io.tideline.cli;

import static org.assertj.core.api.Assertions.assertThat;

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

/** What is said of holds. */
final class HoldWordsTest {
  @TempDir Path dir;

  @BeforeEach
  void make() throws SQLException, IOException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("a.db"));
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, at TEXT)");
    }
    Files.writeString(
        dir.resolve("tideline.yaml"),
        """
        version: 1
        database: sqlite:a.db
        archive: archive
        policies:
          old: {table: t, time: at, retain: 1d}
        """);
  }

  @Test
  void aRestoreSaysHowToHoldAndHowNotTo() {
    for (String wrong : new String[] {"0", "off", "1.5d"}) {
      Shell.Said said = new Shell(dir).run("restore", "--hold", wrong);
      assertThat(said.exit()).isEqualTo(2);
      assertThat(said.err().replaceAll("\\s+", " "))
          .contains(
              "Cannot hold restored rows for '" + wrong + "'.",
              "Write '--hold none', or a whole number above zero of days ('7' or '7d'), hours"
                  + " ('12h') or weeks ('2w').");
    }
  }

  @Test
  void aLongConditionIsShortened() {
    String where = "id = 1 OR ".repeat(50) + "id = 2";
    new Shell(dir).run("hold", "add", "--table", "t", "--where", where, "--reason", "why");
    assertThat(new Shell(dir).run("hold", "list").out())
        .contains("where id = 1 OR ", " …")
        .doesNotContain("id = 2");
    assertThat(new Shell(dir).run("hold", "list", "--json").out()).contains(where);
  }
}
