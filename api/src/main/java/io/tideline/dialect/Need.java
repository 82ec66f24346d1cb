package io.tideline.dialect;

import io.tideline.catalogue.TableName;
import java.util.EnumSet;
import java.util.Set;

/**
 * The rights that a run needs on a table.
 *
 * @param table the table
 * @param rights the rights, at least one
 */
public record Need(TableName table, Set<Right> rights) {
  /** Copies the set. */
  public Need {
    rights = java.util.Collections.unmodifiableSet(EnumSet.copyOf(rights));
  }
}
