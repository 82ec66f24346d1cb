package io.tideline.core.guard;

import io.tideline.core.archive.ArchiveFailure;
import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.Json;
import io.tideline.core.archive.Manifest;
import io.tideline.dialect.SourceIdentity;
import io.tideline.error.TidelineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The backups that an archive knows of. */
final class Backups {
  /** A clock that is a little ahead is no reason to distrust a backup. */
  private static final Duration AHEAD = Duration.ofMinutes(5);

  private final Path folder;

  Backups(ArchiveFolder archive) {
    this.folder = archive.root().resolve("backups");
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
    for (Path file : files()) {
      Optional<Backup> read = read(file);
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

  private static Optional<Backup> read(Path file) {
    try {
      return Optional.of(Json.read(Files.readString(file), Backup.class, file.toString()))
          .filter(each -> each.version() <= Manifest.VERSION);
    } catch (IOException | TidelineException e) {
      return Optional.empty();
    }
  }

  private List<Path> files() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    } catch (IOException e) {
      throw ArchiveFailure.reading(folder, e);
    }
  }
}
