package io.tideline.policy;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.nio.file.Path;

/**
 * Where backups go.
 *
 * @param to the folder
 * @param keep how many verified ones stay there, the newest; at least 1
 */
public record BackupPlace(Path to, int keep) {
  /** How many stay where nothing else is said. */
  public static final int DEFAULT_KEEP = 7;

  /** Refuses to keep none. */
  public BackupPlace {
    if (keep < 1) {
      throw new TidelineException(
          ErrorCode.POLICY_INVALID,
          "Cannot keep " + keep + " backups.",
          "Nothing was changed.",
          "Keep at least 1.");
    }
  }
}
