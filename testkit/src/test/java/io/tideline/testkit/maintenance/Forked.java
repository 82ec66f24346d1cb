package io.tideline.testkit.maintenance;

import io.tideline.maintenance.backup.BackupStore;
import io.tideline.maintenance.reclaim.Reclaim;
import io.tideline.maintenance.reclaim.ReclaimRequest;
import io.tideline.policy.BackupPlace;
import io.tideline.policy.Settings;
import io.tideline.run.WorkListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Backs up or compacts in a JVM of its own, which ends at a step as {@code kill -9} would. */
final class Forked {
  private static final int KILLED = 137;

  private Forked() {}

  /** The settings of a database in a folder. */
  static Settings settings(Path folder) {
    return Settings.of("sqlite:" + folder.resolve("store.db"), folder.resolve("archive"), List.of())
        .withBackups(new BackupPlace(folder.resolve("backups"), 1));
  }

  /** Works in the folder's database until a step is done. @return whether it was killed there */
  static boolean killedAt(String work, String step, Path folder) {
    try {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx128m",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Forked.class.getName(),
                  work,
                  step,
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
    Settings settings = settings(Path.of(arguments[2]));
    WorkListener killer = new Killer(arguments[1]);
    if (arguments[0].equals("backup")) {
      new BackupStore(settings, Clock.systemUTC()).make(Optional.empty(), killer);
    } else {
      try (Reclaim reclaim = Reclaim.open(settings, Clock.systemUTC())) {
        reclaim.run(new ReclaimRequest(Optional.empty(), true, false), killer);
      }
    }
  }

  /** Ends the JVM at once. */
  private record Killer(String step) implements WorkListener {
    @Override
    public void at(String what, long done, long total) {}

    @Override
    public void stepped(String done) {
      if (done.equals(step)) {
        Runtime.getRuntime().halt(KILLED);
      }
    }
  }
}
