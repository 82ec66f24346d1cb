package io.tideline.store.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Killed at each step, beside processes that write as old applications do. */
@Tag("exhaustive")
final class KilledMigrationTest {
  @TempDir Path folder;
  private OldStore old;
  private final List<Process> writers = new ArrayList<>();

  private static Process fork(Path told, Class<?> main, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(Arrays.asList(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(told.toFile())
        .start();
  }

  @Test
  void noRowIsLostWhereverItIsKilled() throws Exception {
    old = OldStore.make(folder).filled(200, 21);
    old.execute(
        "CREATE TABLE shadow (id TEXT PRIMARY KEY, data TEXT, created_at REAL)",
        "CREATE TABLE shadow_sessions (trace_id TEXT, session_uid TEXT,"
            + " PRIMARY KEY (trace_id, session_uid))",
        "INSERT INTO shadow SELECT id, data, created_at FROM traces",
        "INSERT INTO shadow_sessions SELECT trace_id, session_uid FROM trace_sessions");
    try {
      for (String seed : List.of("1", "2")) {
        writers.add(
            fork(
                folder.resolve("writer" + seed), OldWriterMain.class, old.file().toString(), seed));
      }
      for (String step :
          List.of(
              "beginning",
              "begun",
              "filling",
              "filled",
              "following",
              "followed",
              "compared",
              "comparing",
              "switching",
              "renamed",
              "switched")) {
        killed("run", step);
        assertThat(old.migration().run().stage()).as(step).isEqualTo(Stage.SWITCHED);
        check(step);
        old.migration().undo();
        check("undone after " + step);
      }
      killed("run", "compared");
      for (String step : List.of("given up", "emptied", "dropping", "dropped")) {
        killed("undo", step);
        check("undo " + step);
        old.migration().undo();
        killed("run", "filled");
      }
      for (String step :
          List.of(
              "turned back",
              "following",
              "followed",
              "compared",
              "comparing",
              "switching",
              "renamed",
              "switched",
              "emptied",
              "dropping")) {
        old.migration().undo();
        old.migration().run();
        killed("undo", step);
        check("undo " + step);
        assertThat(old.migration().undo().stage()).isEqualTo(Stage.OLD);
        check("undone " + step);
      }
      for (String step : List.of("finishing", "emptied", "dropping")) {
        if (old.migration().plan().stage() == Stage.OLD) {
          old.migration().run();
        }
        killed("finish", step);
        check("finish " + step);
      }
      assertThat(old.migration().finish().stage()).isEqualTo(Stage.NEW);
      check("finished");
      for (Process writer : writers) {
        assertThat(writer.isAlive()).as("no write failed").isTrue();
      }
    } finally {
      for (Process writer : writers) {
        writer.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
      }
    }
    assertThat(Files.readAllLines(folder.resolve("writer1"))).hasSizeGreaterThan(100);
  }

  /** A limit on the size of files stands for a disk that is full. */
  @Test
  void aFullDiskLosesNothing() throws Exception {
    old = OldStore.make(folder).filled(2_000, 22);
    // Larger than the driver's own library, which it unpacks under the same limit.
    old.execute(
        "UPDATE traces SET data = '{\"p\":\"' || hex(randomblob(1500)) || '\"}'",
        "PRAGMA wal_checkpoint(TRUNCATE)");
    List<String> before = old.everything();
    long blocks = Files.size(old.file()) / 512 + 100;
    Path told = folder.resolve("told");
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "ulimit -f " + blocks + "; exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                KilledMigrationMain.class.getName(),
                old.file().toString(),
                "run",
                "none",
                "0")
            .redirectErrorStream(true)
            .redirectOutput(told.toFile())
            .start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(told)).contains("what was committed is noted, no row is lost");
    assertThat(old.everything()).isEqualTo(before);
    assertThat(old.rows("PRAGMA integrity_check")).containsExactly("ok");
    assertThat(old.migration().plan().stage()).isEqualTo(Stage.FILLING);
    assertThat(old.migration().run().stage()).isEqualTo(Stage.SWITCHED);
    assertThat(old.everything()).isEqualTo(before);
  }

  private void killed(String call, String step) throws Exception {
    Path told = folder.resolve("told");
    Process process = fork(told, KilledMigrationMain.class, old.file().toString(), call, step, "0");
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue())
        .as("%s %s: %s", call, step, Files.readString(told))
        .isEqualTo(137);
  }

  /** What the writers noted is what is there, under one snapshot. */
  private void check(String when) {
    String differing =
        "SELECT (SELECT count(*) FROM (SELECT id, data, created_at FROM shadow EXCEPT SELECT id,"
            + " data, created_at FROM traces)), (SELECT count(*) FROM (SELECT id, data,"
            + " created_at FROM traces EXCEPT SELECT id, data, created_at FROM shadow)), (SELECT"
            + " count(*) FROM (SELECT trace_id, session_uid FROM trace_sessions EXCEPT SELECT"
            + " trace_id, session_uid FROM shadow_sessions)), (SELECT count(*) FROM (SELECT"
            + " trace_id, session_uid FROM shadow_sessions EXCEPT SELECT trace_id, session_uid"
            + " FROM trace_sessions))";
    assertThat(old.rows(differing)).as(when).containsExactly("0|0|0|0");
  }
}
