package io.tideline.catalogue;

import java.util.List;
import java.util.Optional;

/**
 * The tables of a database at one moment.
 *
 * @param tables every table, view and the like that a policy could name, ordered by name
 * @param version changes whenever the engine says the schema did (SQLite's {@code schema_version});
 *     empty where the engine keeps none
 */
public record Catalogue(List<Table> tables, String version) {
  /** Copies the list. */
  public Catalogue {
    tables = List.copyOf(tables);
  }

  /** The table of that exact name. */
  public Optional<Table> table(TableName name) {
    return tables.stream().filter(t -> t.name().equals(name)).findFirst();
  }
}
