package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.core.rule.HumanKey;
import io.tideline.row.Row;
import java.util.List;
import java.util.Optional;

/**
 * By what archived rows of a table are found again: its key, or a declared key where its own is
 * hidden. A hidden key is no identity: it may have been given to another row since.
 *
 * @param table the table, as the catalogue has it
 * @param keyed the table with its rows named by that key; empty if only their digests tell rows
 */
record Identity(Table table, Optional<Table> keyed) {
  /** The identity that all of some mappings can use. */
  static Identity of(Table table, List<Mapping> mappings) {
    if (!table.key().orElseThrow().hidden()) {
      return new Identity(table, Optional.of(table));
    }
    return new Identity(
        table,
        HumanKey.alias(table)
            .filter(
                alias -> mappings.stream().allMatch(m -> m.columns().containsAll(columns(alias)))));
  }

  private static List<String> columns(Table table) {
    return table.key().orElseThrow().columns();
  }

  /** Whether the key names a row: a NULL in a declared key names none. */
  boolean names(Mapping mapping, Row picked) {
    if (keyed.isEmpty()) {
      return false;
    }
    if (!table.key().orElseThrow().hidden()) {
      return true;
    }
    return !mapping.values(picked, columns(keyed.get())).hasNull();
  }

  /** A row's key for a person. */
  String display(Mapping mapping, Row picked) {
    return names(mapping, picked)
        ? mapping.values(picked, columns(keyed.orElseThrow())).display()
        : "a row without a key";
  }
}
