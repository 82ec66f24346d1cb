package io.tideline.policy;

import java.util.Locale;

/** What happens to the rows that expire. */
public enum Action {
  /** They are kept in sealed, verified segments, then deleted. */
  ARCHIVE,
  /** They are moved to an archive table of the same database. */
  MOVE,
  /** They are deleted, and cannot be restored. */
  DELETE;

  /** The word in a configuration. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
