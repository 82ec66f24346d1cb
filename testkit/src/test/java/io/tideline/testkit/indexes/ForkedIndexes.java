package io.tideline.testkit.indexes;

import static io.tideline.testkit.indexes.IndexDesk.over;

import io.tideline.maintenance.indexes.Indexes;
import io.tideline.policy.Settings;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.Tuning;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** Applies indexes in a JVM of its own that says each step, so that it can be killed there. */
final class ForkedIndexes {
  private static final int SECONDS = 60;

  private final Process process;
  private final Path output;

  private ForkedIndexes(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  static ForkedIndexes begin(String url, Path folder) throws IOException {
    Path output = Files.createTempFile(folder, "forked", ".log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ForkedIndexes.class.getName(),
                url,
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    return new ForkedIndexes(process, output);
  }

  /** Kills it once it has said a step, or lets it end if it never does. */
  void killAt(String step) throws IOException, InterruptedException {
    await(step);
    process.destroyForcibly().waitFor();
  }

  /** Kills it some time after it began to work. */
  void killAfter(int millis) throws IOException, InterruptedException {
    await("index-begun");
    Thread.sleep(millis);
    process.destroyForcibly().waitFor();
  }

  private void await(String step) throws IOException, InterruptedException {
    long since = System.nanoTime();
    while (process.isAlive() && !said().contains("step " + step)) {
      if (System.nanoTime() - since > SECONDS * 1_000_000_000L) {
        throw new IllegalStateException("It never came to " + step + ": " + said());
      }
      Thread.sleep(1);
    }
  }

  private String said() throws IOException {
    return Files.readString(output, StandardCharsets.UTF_8);
  }

  /** The other JVM. At each step it waits a little for its end. */
  public static void main(String[] arguments) {
    Settings settings =
        Settings.of(arguments[0], Path.of(arguments[1]).resolve("archive"), List.of())
            .withTuning(
                Tuning.NONE.withIndexes(
                    List.of(over("ix_v", "t", "v", "id"), IndexSpec.absent("ix_old", "t"))));
    try (Indexes indexes = Indexes.open(settings, Clock.systemUTC())) {
      indexes.apply(IndexDesk.REPLACE, new Steps(ForkedIndexes::say));
    }
  }

  private static void say(String step) {
    System.out.println("step " + step);
    System.out.flush();
    try {
      Thread.sleep(30);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
