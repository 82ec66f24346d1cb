package io.tideline.sqlite;

import static io.tideline.sqlite.OpeningTest.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.dialect.Lease;
import io.tideline.error.ErrorCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LeaseTest {
  @TempDir Path folder;
  private Sandbox sandbox;
  private Path file;

  @BeforeEach
  void make() {
    sandbox = new Sandbox(folder).with("CREATE TABLE t(a)");
    file = folder.resolve("test.db.tideline");
  }

  @AfterEach
  void close() {
    sandbox.close();
  }

  @Test
  void firstLeaseMakesAnIdThatStays() throws IOException {
    String id;
    try (Lease lease = sandbox.database().acquireLease()) {
      id = lease.identity().id();
      assertThat(id).matches("[0-9a-f]{32}");
      assertThat(sandbox.database().identity()).contains(lease.identity());
    }
    assertThat(Files.readString(file))
        .isEqualTo(id + "\npid " + ProcessHandle.current().pid() + "\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (Lease lease = sandbox.database().acquireLease()) {
      assertThat(lease.identity().id()).isEqualTo(id);
    }
    assertThat(sandbox.database().identity().orElseThrow().id()).isEqualTo(id);
  }

  @Test
  void secondLeaseOfTheProcessIsRefused() {
    try (Lease lease = sandbox.database().acquireLease()) {
      assertThat(lease.identity().dialect()).isEqualTo("sqlite");
      CompletableFuture.runAsync(
              () ->
                  assertFails(() -> sandbox.database().acquireLease(), ErrorCode.LEASE_HELD)
                      .hasMessageContaining("a run of this same process"))
          .join();
    }
    sandbox.database().acquireLease().close();
  }

  @Test
  void anotherProcessIsRefusedWhileIdentityIsRead() throws Exception {
    Process other;
    try (Lease lease = sandbox.database().acquireLease()) {
      // Reading the identity must not give the lock up.
      assertThat(sandbox.database().identity()).contains(lease.identity());
      other = start();
      assertThat(answer(other))
          .startsWith("LEASE_HELD")
          .contains("the process " + ProcessHandle.current().pid() + " holds it");
    }
    other.waitFor();
    Process holder = start();
    assertThat(answer(holder)).isEqualTo("HELD");
    assertFails(() -> sandbox.database().acquireLease(), ErrorCode.LEASE_HELD)
        .hasMessageContaining("the process " + holder.pid() + " holds it");
    holder.destroyForcibly().waitFor();
    sandbox.database().acquireLease().close();
  }

  @Test
  void lookingTakesNothingAndHindersNobody() throws Exception {
    assertThat(sandbox.database().leased()).isFalse();
    assertThat(file).doesNotExist();
    try (Lease lease = sandbox.database().acquireLease()) {
      assertThat(sandbox.database().leased()).isTrue();
      Process other = start();
      assertThat(answer(other)).startsWith("LEASE_HELD");
      other.waitFor();
    }
    Process holder = start();
    assertThat(answer(holder)).isEqualTo("HELD");
    assertThat(sandbox.database().leased()).isTrue();
    holder.destroyForcibly().waitFor();
    assertThat(sandbox.database().leased()).isFalse();
    Process next = start();
    CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> answerOf(next));
    while (!answer.isDone()) {
      sandbox.database().leased();
    }
    assertThat(answer.join()).isEqualTo("HELD");
    next.destroyForcibly().waitFor();
  }

  private static String answerOf(Process process) {
    try {
      return answer(process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void halfWrittenIdIsMadeAnew() throws IOException {
    Files.writeString(file, "0123456789abcdef");
    assertThat(sandbox.database().identity()).isEmpty();
    try (Lease lease = sandbox.database().acquireLease()) {
      assertThat(lease.identity().id()).matches("[0-9a-f]{32}");
    }
  }

  @Test
  void damagedIdIsNeverOverwritten() throws IOException {
    Files.writeString(file, "something else\nentirely");
    assertFails(() -> sandbox.database().acquireLease(), ErrorCode.ARCHIVE_FOREIGN)
        .hasMessageContaining("its first line is no id");
    assertThat(Files.readString(file)).isEqualTo("something else\nentirely");
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            LeaseHolder.class.getName(),
            sandbox.path.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static String answer(Process process) throws IOException {
    BufferedReader reader = process.inputReader();
    return reader.readLine();
  }
}
