package io.tideline.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.dialect.DatabaseUrl;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Programs that say what a test wants, in the place of PostgreSQL's own. */
@DisabledOnOs(OS.WINDOWS)
class PgToolsTest {
  @TempDir Path folder;
  private Path debian;
  private final Map<String, String> env = new HashMap<>();

  @BeforeEach
  void make() throws IOException {
    debian = Files.createDirectory(folder.resolve("debian"));
  }

  private PgTools tools() {
    ConnectionUrl url = ConnectionUrl.of(new DatabaseUrl("postgresql://me@localhost/x"));
    return new PgTools(url, env, debian);
  }

  /** Makes a program of a folder, which tells its version or does what is asked. */
  private Path program(String in, String name, int version, String does) throws IOException {
    Path file = Files.createDirectories(folder.resolve(in)).resolve(name);
    Files.writeString(
        file,
        "#!/bin/sh\ncase \"$1\" in --version) echo '"
            + name
            + " (PostgreSQL) "
            + version
            + ".4';; *) "
            + does
            + ";; esac\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file;
  }

  private void onPath(String... folders) {
    env.put("PATH", String.join(":", List.of(folders).stream().map(this::place).toList()));
  }

  private String place(String in) {
    return folder.resolve(in).toString();
  }

  @Test
  void aReaderIsTheLatestThereIs() throws IOException {
    Path old = program("old", "pg_restore", 13, "exit 1");
    onPath("old");
    assertThat(tools().find("pg_restore", 0)).isEqualTo(old);
    Path of17 = program("debian/17/bin", "pg_restore", 17, "exit 1");
    program("debian/16/bin", "pg_restore", 16, "exit 1");
    assertThat(tools().find("pg_restore", 0)).isEqualTo(of17);
    Path newest = program("other", "pg_restore", 18, "exit 1");
    onPath("old", "other");
    assertThat(tools().find("pg_restore", 0)).isEqualTo(newest);
    env.put(PgTools.FOLDER, place("old"));
    assertThat(tools().find("pg_restore", 0)).isEqualTo(old);
  }

  @Test
  void aWriterIsOfTheServersVersionOrLater() throws IOException {
    program("old", "pg_dump", 13, "exit 1");
    onPath("old", "missing");
    assertThatThrownBy(() -> tools().find("pg_dump", 15))
        .hasMessageContaining("it is of PostgreSQL 13, and the server of 15.");
    Path other = program("other", "pg_dump", 16, "exit 1");
    onPath("old", "other");
    assertThat(tools().find("pg_dump", 15)).isEqualTo(other);
    Path its = program("debian/15/bin", "pg_dump", 15, "exit 1");
    assertThat(tools().find("pg_dump", 15)).isEqualTo(its);
    assertThatThrownBy(() -> tools().find("pg_basebackup", 15))
        .hasMessageContaining("Cannot find the program pg_basebackup");
  }

  private DumpFiles files() {
    return new DumpFiles(tools(), "postgresql://me@localhost/NEW_DATABASE");
  }

  @Test
  void aLongListingIsReadToItsEnd() throws IOException {
    String lines =
        "i=10000; while [ $i -lt 13000 ]; do i=$((i+1));"
            + " echo \"$i; 1259 $i TABLE public täble_with_a_long_name_$i owner\";"
            + " echo \"$i; 0 $i TABLE DATA public täble_with_a_long_name_$i owner\"; done;"
            + " echo '9; 1259 9 TABLE DATA named_as_if_rows owner';"
            + " echo '8; 0 0 TABLE ATTACH public part owner'";
    program("bin", "pg_restore", 17, lines);
    onPath("bin");
    DumpFiles.Listing listing = files().list(folder.resolve("any.dump"));
    assertThat(listing.filled()).isEqualTo(3000);
    assertThat(listing.tables()).hasSize(3001).contains(9L, 13000L).doesNotContain(8L, 0L);
  }

  @Test
  void aReaderThatIsTooOldIsNoDamage() throws IOException {
    program(
        "bin",
        "pg_restore",
        13,
        "echo 'pg_restore: error: unsupported version (1.16) in file header' >&2; exit 1");
    onPath("bin");
    assertThatThrownBy(() -> files().list(folder.resolve("any.dump")))
        .isInstanceOfSatisfying(
            TidelineException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.BACKUP_IMPOSSIBLE))
        .hasMessageContaining("is older than the pg_dump that wrote it");
    program("bin", "pg_restore", 13, "echo 'pg_restore: error: no input.' >&2; exit 1");
    assertThatThrownBy(() -> files().list(folder.resolve("any.dump")))
        .isInstanceOfSatisfying(
            TidelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BACKUP_CORRUPT))
        .hasMessageContaining("pg_restore: error: no input.");
  }

  @Test
  void itSpeaksEnglishAndKeepsTheDatabasesEncoding() throws IOException {
    Path program =
        program("bin", "pg_restore", 17, "echo \"$LC_ALL ${PGCLIENTENCODING-none} $PGUSER\"");
    List<String> said = new ArrayList<>();
    tools().run(List.of(program.toString(), "-"), said::add);
    assertThat(said).containsExactly("C none me");
  }

  @Test
  void noProgramOutlivesItsCall() throws IOException {
    Path program = program("bin", "pg_dump", 17, "exec sleep 600");
    List<Process> seen = new ArrayList<>();
    assertThatThrownBy(
            () ->
                tools()
                    .watch(
                        List.of(program.toString(), "-"),
                        process -> {
                          seen.add(process);
                          throw new IllegalStateException("the one who watches fails");
                        }))
        .hasMessage("the one who watches fails");
    assertThat(seen).hasSize(1).noneMatch(Process::isAlive);
  }

  @Test
  void theCommandForARestoreIsToBeTypedAsItStands() {
    assertThat(files().restoring(Path.of("/backups/plain-1.dump")))
        .isEqualTo(
            "pg_restore --exit-on-error --dbname=postgresql://me@localhost/NEW_DATABASE"
                + " /backups/plain-1.dump");
    assertThat(files().restoring(Path.of("/my backups/it's.dump")))
        .endsWith(" '/my backups/it'\\''s.dump'");
  }
}
