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

/** On SQLite, which knows no rights; the dialect's own tests give and take them. */
final class GrantsTest {
  @TempDir Path folder;

  @BeforeEach
  void make() throws SQLException, IOException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder + "/a.db");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, at TEXT)");
    }
    Files.writeString(
        folder.resolve("tideline.yaml"),
        """
        version: 1
        database: sqlite:a.db
        archive: archive
        policies:
          old: {table: t, time: at, retain: 30d}
        """);
  }

  @Test
  void nothingIsMissingWhereThereAreNoRights() {
    Shell.Said said = new Shell(folder).run("grants");
    assertThat(said.err()).isEmpty();
    assertThat(said.exit()).isZero();
    assertThat(said.out()).isEqualTo("-- The role lacks nothing.\n");
    assertThat(new Shell(folder).run("grants", "--json", "--all").out())
        .contains("\"grants\"")
        .doesNotContain("GRANT");
  }

  @Test
  void unknownPoliciesAreRefused() {
    Shell.Said said = new Shell(folder).run("grants", "--policy", "new");
    assertThat(said.exit()).isEqualTo(2);
    assertThat(said.err()).contains("Cannot find the policy 'new'", "The file has: old.");
  }
}
