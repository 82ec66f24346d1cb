package io.tideline.core.guard;

import io.tideline.core.archive.ArchiveFolder;
import io.tideline.dialect.SourceIdentity;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The backups that an archive knows of. */
final class Backups {
  /** A clock that is a little ahead is no reason to distrust a backup. */
  private static final Duration AHEAD = Duration.ofMinutes(5);

  private final BackupRecords records;

  Backups(ArchiveFolder archive) {
    this.records = new BackupRecords(archive);
  }

  /**
   * Those that count, and why others do not.
   *
   * @param newest the newest verified one of the database
   * @param others why others do not count, with how many; empty if all do
   */
  record Known(Optional<Backup> newest, String others) {}

  /** What is known of the backups of a database. */
  Known of(Optional<SourceIdentity> source, Instant now) {
    List<Backup> good = new ArrayList<>();
    int foreign = 0;
    int unverified = 0;
    int damaged = 0;
    for (Path file : records.files()) {
      Optional<Backup> read = BackupRecords.read(file);
      if (read.isEmpty() || read.get().at().isAfter(now.plus(AHEAD))) {
        damaged++;
      } else if (source.filter(read.get().source()::sameAs).isEmpty()) {
        foreign++;
      } else if (!read.get().verified()) {
        unverified++;
      } else {
        good.add(read.get());
      }
    }
    return new Known(
        good.stream().max(Comparator.comparing(Backup::at)),
        told(
            List.of(foreign, unverified, damaged),
            List.of("of another database", "not verified", "damaged or of the future")));
  }

  private static String told(List<Integer> counts, List<String> whys) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < counts.size(); i++) {
      if (counts.get(i) > 0) {
        parts.add(counts.get(i) + " " + whys.get(i));
      }
    }
    return String.join(", ", parts);
  }
}
