package io.tideline.run;

import java.time.Instant;
import java.util.Optional;

/**
 * The files that one sweep removed, as the archive's record tells.
 *
 * @param run the sweep
 * @param folder the folder they lay in
 * @param at when the sweep began
 * @param files how many
 * @param bytes their bytes
 * @param problem what is wrong with the record; empty if it is whole
 */
public record PayloadRemovals(
    String run, String folder, Instant at, long files, long bytes, Optional<String> problem) {
  /**
   * One file that was removed.
   *
   * @param hash the hash of its content, by which it was named
   * @param bytes its bytes
   */
  public record Removed(String hash, long bytes) {}
}
