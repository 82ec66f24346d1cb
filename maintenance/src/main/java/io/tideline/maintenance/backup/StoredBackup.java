package io.tideline.maintenance.backup;

import io.tideline.core.guard.Backup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A backup that the archive has a record of.
 *
 * @param place where it lies: a file, unless another program made it
 * @param at the moment as of which it holds the database
 * @param verified whether it was read again and found whole
 * @param there whether the file is there now
 * @param bytes its size; 0 if it is not there
 * @param sha256 its SHA-256
 */
public record StoredBackup(
    String place, Instant at, boolean verified, boolean there, long bytes, String sha256) {
  static StoredBackup of(Backup backup) {
    long bytes = -1;
    try {
      bytes = Files.size(Path.of(backup.place()));
    } catch (IOException | RuntimeException e) {
      bytes = -1; // another program's place may be no path of this machine
    }
    return new StoredBackup(
        backup.place(),
        backup.at(),
        backup.verified(),
        bytes >= 0,
        Math.max(0, bytes),
        backup.sha256());
  }
}
