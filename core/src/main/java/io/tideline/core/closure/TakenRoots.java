package io.tideline.core.closure;

import io.tideline.row.Row;

/**
 * The roots whose trees were found before and may still be live: they are not taken in again, and
 * what they refer to goes after them. Known by 64 bits of their keys' digests.
 */
public final class TakenRoots {
  private final KeySet known = new KeySet();

  /** Adds a root. @return whether it is new */
  public boolean add(Row key) {
    return known.add(key);
  }

  /** Forgets a root: its tree is to be found once more. */
  void remove(Row key) {
    known.remove(key);
  }

  /** Whether a root was added. */
  boolean has(Row key) {
    return known.has(key);
  }
}
