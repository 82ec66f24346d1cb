package io.tideline.testkit.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.maintenance.backup.BackupReport;
import io.tideline.maintenance.backup.BackupStore;
import io.tideline.policy.Settings;
import io.tideline.run.WorkListener;
import io.tideline.testkit.TestDatabase;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of PostgreSQL by the programs that are installed here, if any are. */
class DumpTest {
  @TempDir Path folder;

  @Test
  void aDumpNamesEveryTableAndComesBack() throws Exception {
    // As root the server runs as another user, who must come in.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Optional<Server> installed = InstalledServer.start(folder.resolve("server"));
    Assumptions.assumeTrue(installed.isPresent(), "no PostgreSQL is installed");
    try (Server server = installed.get();
        TestDatabase database = server.freshDatabase()) {
      database.execute(
          "CREATE SCHEMA \"other one\"",
          "CREATE TABLE t (id int PRIMARY KEY, v text)",
          "CREATE SCHEMA \"DATA\"",
          "CREATE TABLE \"other one\".\"ödd\nname\" (id int)",
          "CREATE TABLE \"DATA\".parted (id int) PARTITION BY RANGE (id)",
          "CREATE TABLE \"DATA\".part PARTITION OF \"DATA\".parted FOR VALUES FROM (1) TO (9)",
          "INSERT INTO t SELECT i, md5(i::text) FROM generate_series(1, 5000) i");
      Settings settings = Settings.of(database.url(), folder.resolve("archive"), List.of());
      BackupStore store = new BackupStore(settings, Clock.systemUTC());
      Path backups = folder.resolve("backups");

      BackupReport report = store.make(Optional.of(backups), WorkListener.NONE);

      assertThat(report.contents()).isEqualTo("data of 3 tables, read to its end by pg_restore");
      assertThat(report.file().toString()).endsWith(".dump");
      assertThat(store.verify(Optional.empty(), WorkListener.NONE).recorded()).isTrue();
      assertThatThrownBy(
              () -> store.restore(report.file(), folder.resolve("new"), WorkListener.NONE))
          .hasMessageContaining("that is the server's work")
          .hasMessageContaining("/NEW_DATABASE " + report.file());
      try (TestDatabase restored = server.freshDatabase()) {
        restore(report.file(), restored);
        assertThat(restored.dump("t")).isEqualTo(database.dump("t"));
      }
      cut(report.file());
      assertThatThrownBy(() -> store.verify(Optional.empty(), WorkListener.NONE))
          .isInstanceOfSatisfying(
              TidelineException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.BACKUP_CORRUPT));
      assertThat(store.list()).noneMatch(each -> each.verified());
    }
  }

  private static void restore(Path file, TestDatabase into) throws Exception {
    Process process =
        new ProcessBuilder(
                "pg_restore", "--exit-on-error", "--dbname=" + into.url(), file.toString())
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isZero();
  }

  private static void cut(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(Files.size(file) - 1000);
    }
  }
}
