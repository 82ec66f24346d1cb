package io.tideline.testkit.backfill;

import io.tideline.maintenance.backfill.Backfills;
import io.tideline.run.RunOptions;
import io.tideline.run.WorkListener;
import io.tideline.tuning.Backfill;
import io.tideline.tuning.Backfill.Fill;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A backfill in a JVM of its own, which ends at a step as {@code kill -9} would. */
final class ForkedBackfill {
  private static final int KILLED = 137;

  private ForkedBackfill() {}

  /** Of its two backfills the one that adds a column, or the one that fixes values. */
  static Backfill backfill(boolean adds) {
    return adds
        ? Fills.copy(Fill.TRIGGER, true)
        : Fills.set("usage", "kind", "'primary'", Optional.empty(), Fill.SWEEP);
  }

  /** Works until a step is done for the nth time. @return whether it was killed there */
  static boolean killedAt(
      String work, boolean adds, String step, int nth, String url, Path folder) {
    try {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx128m",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  ForkedBackfill.class.getName(),
                  work,
                  String.valueOf(adds),
                  step,
                  String.valueOf(nth),
                  url,
                  folder.toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("forked.log").toFile())
              .start();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return false;
      }
      return process.exitValue() == KILLED;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The other JVM. */
  public static void main(String[] arguments) {
    Backfill backfill = backfill(Boolean.parseBoolean(arguments[1]));
    WorkListener killer = new Killer(arguments[2], Integer.parseInt(arguments[3]));
    try (Backfills backfills =
        Backfills.open(
            Fills.settings(arguments[4], Path.of(arguments[5]), backfill),
            Clock.systemUTC(),
            RunOptions.DEFAULT)) {
      switch (arguments[0]) {
        case "fill" -> backfills.fill(backfill, killer);
        case "finish" -> backfills.finish(backfill, killer);
        default -> backfills.undo(backfill, false, killer);
      }
    }
  }

  /** Ends the JVM at once. */
  private static final class Killer implements WorkListener {
    private final String step;
    private int left;

    Killer(String step, int nth) {
      this.step = step;
      this.left = nth;
    }

    @Override
    public void at(String what, long done, long total) {}

    @Override
    public void stepped(String done) {
      if (done.equals(step) && --left == 0) {
        Runtime.getRuntime().halt(KILLED);
      }
    }
  }
}
