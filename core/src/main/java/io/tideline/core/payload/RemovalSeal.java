package io.tideline.core.payload;

import java.time.Instant;
import java.util.List;

/**
 * The seal of a record.
 *
 * @param version the version of the archive's form
 * @param run the sweep
 * @param folder the payload folder
 * @param at when the sweep began
 * @param files the files removed
 * @param bytes their bytes
 * @param length the bytes of the lines; what follows was never finished
 * @param sha256 the SHA-256 of the lines
 * @param remaining hashes in the lines whose files were not removed after all
 */
record RemovalSeal(
    int version,
    String run,
    String folder,
    Instant at,
    long files,
    long bytes,
    long length,
    String sha256,
    List<String> remaining) {
  /** Copies the list. */
  RemovalSeal {
    remaining = List.copyOf(remaining);
  }
}
