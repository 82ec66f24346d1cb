package io.tideline.core.closure;

import io.tideline.core.digest.RowDigest;
import io.tideline.row.Row;
import java.util.HashSet;
import java.util.Set;

/**
 * The roots whose trees were found before and may still be live: they are not taken in again, and
 * what they refer to goes after them. Known by 64 bits of their keys' digests.
 */
public final class TakenRoots {
  private final Set<Long> known = new HashSet<>();
  private final RowDigest digest = new RowDigest();

  /** Adds a root. @return whether it is new */
  public boolean add(Row key) {
    return known.add(name(key));
  }

  /** Forgets a root: its tree is to be found once more. */
  void remove(Row key) {
    known.remove(name(key));
  }

  /** Whether a root was added. */
  boolean has(Row key) {
    return known.contains(name(key));
  }

  private long name(Row key) {
    digest.update(key, 0, key.width());
    return digest.high();
  }
}
