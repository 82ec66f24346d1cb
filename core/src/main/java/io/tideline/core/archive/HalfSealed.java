package io.tideline.core.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Manifests that have their temporary name while a segment of theirs has its own: a run was killed
 * in between, after everything had been verified. The next writer finishes them, for a segment that
 * has its name is never removed.
 */
final class HalfSealed {
  private final ArchiveFolder archive;

  HalfSealed(ArchiveFolder archive) {
    this.archive = archive;
  }

  /** Whether there is any. */
  boolean any() {
    return archive.runs().stream().anyMatch(run -> !numbers(archive.files(run)).isEmpty());
  }

  /** Their numbers, given the names in the folder of a run. */
  static List<String> numbers(List<String> names) {
    String ending = Manifest.ENDING + MetadataFiles.TEMPORARY;
    return names.stream()
        .filter(name -> name.endsWith(ending))
        .map(name -> name.substring(0, name.length() - ending.length()))
        .filter(number -> !names.contains(number + Manifest.ENDING))
        .filter(number -> Strays.segments(names).stream().anyMatch(s -> s.startsWith(number + "-")))
        .toList();
  }

  /** Gives the rest of their files their names. */
  void finish() {
    for (String run : archive.runs()) {
      numbers(archive.files(run)).forEach(number -> finish(archive.runFolder(run), number));
    }
  }

  private void finish(Path folder, String number) {
    Path file = folder.resolve(number + Manifest.ENDING);
    Path temporary = MetadataFiles.temporary(file);
    Manifest manifest = MetadataFiles.read(temporary, Manifest.class).orElseThrow();
    try {
      for (Manifest.Segment segment : manifest.files()) {
        Path named = folder.resolve(segment.file());
        if (!Files.exists(named)) {
          archive.storage().rename(MetadataFiles.temporary(named), named);
        }
      }
      archive.storage().syncFolder(folder);
      archive.storage().rename(temporary, file);
      archive.storage().syncFolder(folder);
    } catch (IOException e) {
      throw ArchiveFailure.writing(file, e);
    }
  }
}
