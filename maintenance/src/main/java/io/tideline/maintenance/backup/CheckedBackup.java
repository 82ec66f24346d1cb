package io.tideline.maintenance.backup;

import java.nio.file.Path;

/**
 * A backup that was read again and found whole.
 *
 * @param file where it lies
 * @param bytes its size
 * @param sha256 its SHA-256
 * @param recorded whether the archive has a record of it, with the same SHA-256
 * @param contents what was found, for a person
 */
public record CheckedBackup(
    Path file, long bytes, String sha256, boolean recorded, String contents) {}
