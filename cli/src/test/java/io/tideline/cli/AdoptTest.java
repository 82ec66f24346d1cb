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

/** An archive that another database's runs made, and what the words of commands say. */
final class AdoptTest {
  private static final String CONFIG =
      """
      version: 1
      database: sqlite:%s.db
      archive: archive
      policies:
        old:
          table: t
          time: at
          retain: 1d
      """;

  @TempDir Path dir;

  @BeforeEach
  void make() throws SQLException, IOException {
    for (String name : new String[] {"one", "two"}) {
      execute(
          name,
          "CREATE TABLE t (id INTEGER PRIMARY KEY, at TEXT)",
          "INSERT INTO t VALUES (1, '2026-01-01 00:00:00')");
    }
    configure("one");
    assertThat(new Shell(dir).run("run", "--yes").exit()).isZero();
  }

  private void configure(String name) throws IOException {
    Files.writeString(dir.resolve("tideline.yaml"), CONFIG.formatted(name));
  }

  private void execute(String name, String... statements) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + dir.resolve(name + ".db"));
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Test
  void anArchiveIsAdoptedOnlyOnceTheRunIsConfirmed() throws IOException {
    configure("two");
    Path lease = dir.resolve("two.db.tideline");
    Files.writeString(lease, "0123456789abcdef0123456789abcdef\n");
    Path identity = dir.resolve("archive/archive.json");
    String before = Files.readString(identity);
    Shell shell = new Shell(dir);

    assertThat(shell.run("run", "--yes").err()).contains("[archive-foreign]", "--adopt");
    assertThat(shell.run("run", "--adopt").err()).contains("[not-confirmed]");
    assertThat(new Shell(dir).typing("n\n").run("run", "--adopt").exit()).isEqualTo(2);
    assertThat(Files.readString(identity)).isEqualTo(before);

    Shell.Said run = shell.run("run", "--adopt", "--yes");
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(Files.readString(identity)).contains("0123456789abcdef0123456789abcdef");
    assertThat(shell.run("history", "--proof").out()).contains("adopted", "one.db → ", "two.db");
    assertThat(shell.run("verify", "--ledger").exit()).isZero();
  }

  @Test
  void aTableThatTheArchiveLacksIsNotGuessedFromAForeignCatalogue() {
    Shell.Said said = new Shell(dir).run("query", "SELECT * FROM enum");

    assertThat(said.exit()).isEqualTo(2);
    assertThat(said.err())
        .contains("Table with name enum does not exist", "The archive's tables are t;")
        .doesNotContain("pg_", "Did you mean");
    assertThat(new Shell(dir).run("query", "SELECT * FROM tt").err())
        .contains("Table with name tt does not exist");
  }

  @Test
  void anUnknownSchemeNamesThoseToType() {
    assertThat(new Shell(dir).run("init", "mysql://localhost/x", "--force").err())
        .contains("Known are: ")
        .contains("sqlite", "postgresql")
        .doesNotContain("jdbc");
  }

  @Test
  void archiveTablesAreNotProposed() throws SQLException {
    execute(
        "two",
        "CREATE TABLE t_archive (id INTEGER, at TEXT, archived_at TEXT)",
        "INSERT INTO t_archive VALUES (1, '2026-01-01 00:00:00', '2026-02-01 00:00:00')");

    Shell.Said said = new Shell(dir).run("init", "two.db", "--force");

    assertThat(said.exit()).as(said.err()).isZero();
    assertThat(said.out()).doesNotContain("t_archive");
  }
}
