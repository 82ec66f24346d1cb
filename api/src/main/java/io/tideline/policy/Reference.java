package io.tideline.policy;

import java.util.List;

/**
 * A relation between tables that the schema does not declare as a foreign key.
 *
 * @param table the referring table, as the user names it
 * @param columns its referring columns
 * @param to the table referred to
 * @param toColumns the columns referred to, as many as {@code columns}
 */
public record Reference(String table, List<String> columns, String to, List<String> toColumns) {
  /** Copies the lists and checks their lengths. */
  public Reference {
    columns = List.copyOf(columns);
    toColumns = List.copyOf(toColumns);
    if (columns.isEmpty() || columns.size() != toColumns.size()) {
      throw new IllegalArgumentException(
          "Cannot relate " + columns.size() + " columns to " + toColumns.size());
    }
  }
}
