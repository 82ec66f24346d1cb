package io.tideline.tuning;

import java.util.Locale;

/** How a declared index stands in the database. */
public enum IndexState {
  /** It is there, as declared. */
  PRESENT,
  /** It is not there. */
  MISSING,
  /** Its table has an index of its name that is another one. */
  DIFFERENT,
  /** A build or drop of it failed: the engine keeps it up, and reads by it never. */
  INVALID,
  /** A session builds it now. */
  BUILDING,
  /** Something else has its name: another table's index, or a table. */
  TAKEN,
  /** It shall not be there, and is not. */
  ABSENT,
  /** It shall not be there, and is. */
  UNWANTED,
  /** It shall not be there, and cannot go: something stands on it. */
  NEEDED;

  /** Its word, as it is printed. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it is as it was declared. */
  public boolean asDeclared() {
    return this == PRESENT || this == ABSENT;
  }
}
