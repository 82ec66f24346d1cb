package io.tideline.maintenance.backup;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * A backup that was made.
 *
 * @param file where it lies
 * @param bytes its size
 * @param at the moment as of which it holds the database, or a little before
 * @param sha256 its SHA-256
 * @param contents what was found when it was read again, for a person
 * @param removed the older ones that were removed
 * @param notes what could not be done beside it, such as to remove one, a sentence or two each
 */
public record BackupReport(
    Path file,
    long bytes,
    Instant at,
    String sha256,
    String contents,
    List<Path> removed,
    List<String> notes) {
  /** Copies the lists. */
  public BackupReport {
    removed = List.copyOf(removed);
    notes = List.copyOf(notes);
  }
}
