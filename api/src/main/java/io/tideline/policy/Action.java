package io.tideline.policy;

import java.util.Locale;

/** What happens to the rows that expire, the safest first. */
public enum Action {
  /** They are kept in sealed, verified segments, then deleted. */
  ARCHIVE,
  /** They are moved to an archive table of the same database. */
  MOVE,
  /** They are deleted, and cannot be restored. */
  DELETE;

  /** Whether more can be had back of a row than with another action. */
  public boolean saferThan(Action other) {
    return compareTo(other) < 0;
  }

  /** The word in a configuration. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
