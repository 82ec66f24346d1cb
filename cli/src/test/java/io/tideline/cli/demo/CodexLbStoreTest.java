package io.tideline.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CodexLbStoreTest {
  private static final Instant NOW = Instant.parse("2026-05-02T10:00:00Z");

  @TempDir Path dir;

  @Test
  void makesWhatARealStoreHolds() throws SQLException {
    Path file = dir.resolve("store.db");
    new CodexLbStore(33, 3_000, 2_000, 7).create(file, NOW);

    assertThat(Counts.in(file)).isEqualTo(new Counts(3_000, 2_000));
    assertThat(one(file, "SELECT count(*) FROM accounts")).isEqualTo("33");
    assertThat(one(file, "SELECT max(recorded_at) < '2026-05-02 10:00:00' FROM usage_history"))
        .isEqualTo("1");
    assertThat(
            one(file, "SELECT group_concat(DISTINCT length(requested_at)) FROM request_logs")
                .split(","))
        .containsExactlyInAnyOrder("19", "26");
    assertThat(
            one(
                file,
                "SELECT count(*) FROM usage_history a JOIN usage_history b ON b.id = a.id + 1"
                    + " WHERE substr(a.recorded_at, 1, 19) > substr(b.recorded_at, 1, 19)"))
        .isEqualTo("0");
    assertThat(one(file, "SELECT max(recorded_at) FROM usage_history WHERE account_id = 'acc-32'"))
        .startsWith("2026-03-");
    assertThat(one(file, "PRAGMA journal_mode")).isEqualTo("wal");
    assertThat(one(file, "PRAGMA foreign_key_check")).isEmpty();
  }

  @Test
  void makesTheSameRowsAgain() throws SQLException {
    String sum =
        "SELECT group_concat(id || account_id || requested_at || request_id) FROM request_logs";
    Path one = dir.resolve("one.db");
    Path two = dir.resolve("two.db");
    new CodexLbStore(5, 50, 50, 7).create(one, NOW);
    new CodexLbStore(5, 50, 50, 7).create(two, NOW);

    assertThat(one(one, sum)).isEqualTo(one(two, sum));
  }

  @Test
  void leavesAFolderThatItDidNotMakeAlone() throws IOException {
    Path mine = Files.writeString(dir.resolve("mine.txt"), "mine");
    DemoFolder folder = new DemoFolder(dir);

    assertThatThrownBy(() -> folder.make(new CodexLbStore(2, 2, 2, 1), NOW, "{}"))
        .hasMessageContaining("the folder is not empty, and no demonstration made it")
        .hasMessageContaining("Nothing was changed.");
    assertThat(dir).isDirectoryContaining(mine::equals);
    assertThat(folder.store()).doesNotExist();
  }

  @Test
  void makesItsOwnFolderAnewAndLeavesOtherFilesInIt() throws IOException, SQLException {
    DemoFolder folder = new DemoFolder(dir.resolve("demo"));
    folder.make(new CodexLbStore(2, 20, 20, 1), NOW, "{}");
    Path mine = Files.writeString(dir.resolve("demo/mine.txt"), "mine");
    Files.createDirectories(dir.resolve("demo/archive/x"));
    folder.make(new CodexLbStore(2, 10, 10, 1), NOW, "{}");

    assertThat(Counts.in(folder.store())).isEqualTo(new Counts(10, 10));
    assertThat(mine).exists();
    assertThat(dir.resolve("demo/archive")).doesNotExist();
  }

  private static String one(Path file, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return result.next() ? result.getString(1) : "";
    }
  }
}
