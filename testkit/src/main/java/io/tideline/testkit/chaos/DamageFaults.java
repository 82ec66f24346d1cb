package io.tideline.testkit.chaos;

import io.tideline.testkit.ForkedRun;
import io.tideline.testkit.chaos.audit.ArchiveFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What befalls single files of the archive: it is told, and a copy that is put back mends it. */
final class DamageFaults {
  private DamageFaults() {}

  /** How a file is damaged; its bytes afterwards, or none if it is gone. */
  private interface Damage {
    byte[] to(byte[] bytes);
  }

  static int truncated(Stage stage) {
    return damage(
        stage,
        List.of(".parquet", ".jsonl"),
        bytes -> Arrays.copyOf(bytes, stage.random.nextInt(bytes.length)));
  }

  static int flipped(Stage stage) {
    return damage(
        stage,
        List.of(".parquet", ".jsonl", ".manifest.json", ".outcome.json"),
        bytes -> {
          byte[] other = bytes.clone();
          other[stage.random.nextInt(other.length)] ^= (byte) (1 << stage.random.nextInt(8));
          return other;
        });
  }

  static int outcomeMissing(Stage stage) {
    return damage(stage, List.of(".outcome.json"), bytes -> new byte[0]);
  }

  private static int damage(Stage stage, List<String> suffixes, Damage damage) {
    stage.archived();
    try {
      List<Path> files = new ArrayList<>();
      for (String suffix : suffixes) {
        files.addAll(ArchiveFolder.files(stage.archive(), suffix));
      }
      if (files.isEmpty()) {
        return 0; // the action is another, or nothing was archived yet
      }
      Path file = files.get(stage.random.nextInt(files.size()));
      byte[] copy = Files.readAllBytes(file);
      byte[] other = damage.to(copy);
      if (other.length == 0) {
        Files.delete(file);
      } else {
        Files.write(file, other);
      }
      String what = " with a damaged " + stage.archive().relativize(file);
      ForkedRun.Result told = ForkedRun.verify(stage.settings()).start();
      stage.expect("verify" + what, told, 7);
      stage.expect("a run" + what, stage.run().start(), 0, 3, 4, 6, 7);
      if (other.length == 0
          && Files.exists(file)
          && !Arrays.equals(Files.readAllBytes(file), copy)) {
        stage.findings.add("a lost outcome was not written again as it was" + what);
      }
      if (!Files.exists(file) || Arrays.equals(Files.readAllBytes(file), other)) {
        Files.write(file, copy);
      }
      return 1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
