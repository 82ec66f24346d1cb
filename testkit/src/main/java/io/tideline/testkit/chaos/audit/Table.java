package io.tideline.testkit.chaos.audit;

import java.util.List;
import java.util.Optional;

/**
 * A table under audit.
 *
 * @param name a plain name
 * @param columns the first is the key; the second refers to the parent, if there is one
 * @param parent the table that its rows belong to
 */
public record Table(String name, List<Column> columns, Optional<String> parent) {
  /** Copies the columns. */
  public Table {
    columns = List.copyOf(columns);
  }

  /** The column that names a row. */
  public String key() {
    return columns.get(0).name();
  }

  /** The column that refers to the parent. */
  public String reference() {
    return columns.get(1).name();
  }

  /** Where moved rows of it lie. */
  public String archiveTable() {
    return name + "_archive";
  }
}
