package io.tideline.core.closure;

import io.tideline.row.Row;

/**
 * The roots whose trees were found before and may still be live: they are not taken in again, and
 * what they refer to goes after them. Known by 64 bits of their keys' digests.
 */
public final class TakenRoots {
  private final KeySet known = new KeySet();
  private final KeySet staying = new KeySet();

  /** Adds a root. @return whether it is new */
  public boolean add(Row key) {
    return known.add(key);
  }

  /** Forgets a root: its tree is to be found once more. */
  void remove(Row key) {
    known.remove(key);
    staying.remove(key);
  }

  /** Adds the roots of trees that were found, and notes which of them stay. */
  void addAll(Forest forest) {
    for (int root = 0; root < forest.roots().size(); root++) {
      add(forest, root);
    }
  }

  /** Adds a root of a tree that was found, and notes whether it stays. */
  void add(Forest forest, int root) {
    Row key = forest.roots().key(root);
    known.add(key);
    if (forest.stay(forest.tree(root)).isPresent()) {
      staying.add(key);
    }
  }

  /** Whether a root was added that may go: it goes before those found later. */
  boolean goes(Row key) {
    return known.has(key) && !staying.has(key);
  }

  /** Whether a root was added. */
  boolean has(Row key) {
    return known.has(key);
  }
}
