package io.tideline.catalogue;

import java.util.List;

/**
 * An index.
 *
 * @param name its name
 * @param columns its columns in order; an expression stands as the empty string, and so does a
 *     column by another collation than its own, whose comparisons the index does not serve
 * @param unique whether it forbids repeats
 * @param partial whether it leaves rows out
 */
public record Index(String name, List<String> columns, boolean unique, boolean partial) {
  /** Copies the list. */
  public Index {
    columns = List.copyOf(columns);
  }

  /** Whether its first columns are exactly {@code wanted} in any order and it leaves no row out. */
  public boolean serves(List<String> wanted) {
    return !partial
        && columns.size() >= wanted.size()
        && columns.subList(0, wanted.size()).containsAll(wanted);
  }
}
