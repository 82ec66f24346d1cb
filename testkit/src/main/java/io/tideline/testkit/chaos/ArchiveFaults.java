package io.tideline.testkit.chaos;

import io.tideline.testkit.ForkedProcess;
import io.tideline.testkit.ForkedRun;
import io.tideline.testkit.FullDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What befalls the folders of archive and state as a whole. */
final class ArchiveFaults {
  private static final int BLOCK = 4096;

  private ArchiveFaults() {}

  static int archiveDiskFull(Stage stage) {
    return full(stage, stage.disk(stage.archive()));
  }

  static int stateDiskFull(Stage stage) {
    return full(stage, stage.disk(stage.state()));
  }

  private static int full(Stage stage, Optional<FullDisk> small) {
    if (small.isEmpty()) {
      return 0;
    }
    FullDisk disk = small.get();
    boolean before = stage.random.nextBoolean();
    long room = (long) BLOCK * stage.random.nextInt(stage.random.nextBoolean() ? 12 : 80);
    if (before) {
      disk.fillBut(room);
    }
    ForkedProcess run = stage.run().begin();
    if (!before) {
      stage.inTheMidst(run);
      disk.fillBut(Math.min(room, 2 * BLOCK));
    }
    stage.expect("a run on a full disk", run.end(), 0, 2, 3, 4, 6);
    disk.empty();
    return 1;
  }

  static int ledgerLost(Stage stage) {
    stage.archived();
    Folders.remove(stage.state());
    return 1;
  }

  static int away(Stage stage) {
    stage.archived();
    Path elsewhere = stage.archive().resolveSibling("archive-elsewhere");
    boolean during = stage.random.nextBoolean();
    if (!during) {
      Folders.move(stage.archive(), elsewhere);
    }
    ForkedProcess run = stage.run().begin();
    if (during) {
      stage.inTheMidst(run);
      Folders.move(stage.archive(), elsewhere);
    }
    ForkedRun.Result result = run.end();
    if (during) {
      stage.expect("a run whose archive went away", result, 0, 2, 3, 4, 6, 7);
    } else {
      stage.expect("a run without its archive", result, 2, 7);
    }
    if (Files.exists(stage.archive())) {
      merge(stage, elsewhere);
    } else {
      Folders.move(elsewhere, stage.archive());
    }
    return 1;
  }

  /** The run made a folder anew: nothing may have left the database for it. */
  private static void merge(Stage stage, Path elsewhere) {
    try {
      for (Path file : io.tideline.testkit.chaos.audit.ArchiveFolder.files(stage.archive(), "")) {
        if (Files.isRegularFile(file) && file.toString().endsWith(".manifest.json")) {
          stage.findings.add("a run sealed " + file + " while its archive was away");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Folders.move(stage.archive(), stage.archive().resolveSibling("made-" + System.nanoTime()));
    Folders.move(elsewhere, stage.archive());
  }

  static int readOnly(Stage stage) {
    stage.archived();
    String archive = stage.archive().toString();
    if (!Commands.attempt(List.of("mount", "--bind", archive, archive)).isEmpty()) {
      return 0;
    }
    int happened = 0;
    if (Commands.attempt(List.of("mount", "-o", "remount,bind,ro", archive)).isEmpty()) {
      stage.expect("a run with a read-only archive", stage.run().start(), 2, 4, 6);
      happened = 1;
    }
    Commands.run(List.of("umount", archive));
    return happened;
  }

  static int swapped(Stage stage) {
    stage.archived();
    Path own = stage.archive().resolveSibling("archive-own");
    Folders.move(stage.archive(), own);
    Folders.copy(Foreign.archive(stage.folder), stage.archive());
    stage.expect("a run with another's archive", stage.run().start(), 2);
    Folders.remove(stage.archive());
    Folders.move(own, stage.archive());
    return 1;
  }
}
