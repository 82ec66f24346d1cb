package io.tideline.core.record;

import io.tideline.core.archive.ArchiveFailure;
import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.SegmentFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files of the archive whose digests the record tells; of each the line that told it last. */
final class ToldFiles {
  private final ArchiveFolder archive;
  private final Map<Path, Told> files = new LinkedHashMap<>();

  private record Told(long line, String sha256, boolean whole) {}

  /**
   * What differs.
   *
   * @param file the file
   * @param missing whether it is not there
   * @param problem what is wrong, one sentence
   */
  record Difference(Path file, boolean missing, String problem) {}

  ToldFiles(ArchiveFolder archive) {
    this.archive = archive;
  }

  /** Hears of a line of the record. */
  void line(RecordLine line) {
    line.entry().ifPresent(entry -> entry(line.number(), entry));
  }

  private void entry(long line, Entry entry) {
    if (entry instanceof Entry.Sealed each) {
      files.put(archive.manifestFile(each.manifest()), new Told(line, each.sha256(), false));
    } else if (entry instanceof Entry.Closed each) {
      files.put(
          archive.outcomeFile(each.manifest()),
          new Told(line, each.sha256(), each.outcome().isPresent()));
    } else if (entry instanceof Entry.Swept each) {
      files.put(LateLines.removals(archive, each.run()), new Told(line, each.sha256(), false));
    } else if (entry instanceof Entry.Lost each) {
      files.remove(archive.root().resolve(each.file()));
    }
  }

  /** Whether the record tells of a file. */
  boolean has(Path file) {
    return files.containsKey(file);
  }

  /** Files that are missing, or another than the record tells. */
  List<Difference> differences() {
    List<Difference> differences = new ArrayList<>();
    files.forEach((file, told) -> difference(file, told).ifPresent(differences::add));
    return differences;
  }

  private static Optional<Difference> difference(Path file, Told told) {
    String text = "Cannot trust " + file + ": ";
    try {
      return SegmentFile.sha256(file).equals(told.sha256())
          ? Optional.empty()
          : Optional.of(
              new Difference(
                  file,
                  false,
                  text + "line " + told.line() + " of the record tells another SHA-256 of it."));
    } catch (NoSuchFileException e) {
      return Optional.of(
          new Difference(
              file,
              true,
              "Cannot find "
                  + file
                  + ", of which line "
                  + told.line()
                  + " of the record tells."
                  + (told.whole() ? " The next run writes it again." : "")));
    } catch (IOException e) {
      throw ArchiveFailure.reading(file, e);
    }
  }
}
