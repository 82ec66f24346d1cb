package io.tideline.store;

import java.util.List;
import java.util.Optional;

/** The statements of {@link LatestPerKey} on one database. */
interface LatestSql {
  /** How all keys are found. */
  enum Walk {
    /** The table of keys says. */
    GIVEN,
    /** From key to the next key, by an index that begins with the key. */
    BY_KEY,
    /** From key to the next key within each window, by an index that begins with the window. */
    BY_WINDOW,
    /** By reading every row. */
    EVERY_ROW
  }

  /** The most keys of one query. */
  int mostKeys();

  /** What finds the newest row again by its id, where the statements do that. */
  Optional<Seek> again();

  /** The newest row of each of these keys. */
  Query of(List<?> keys, List<String> windows);

  /** The newest row of every key. */
  Query all(Walk walk, List<String> windows);
}
