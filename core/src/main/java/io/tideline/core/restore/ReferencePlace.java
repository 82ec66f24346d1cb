package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.row.Row;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where references stand in the database, and where in their archived rows.
 *
 * @param from the table that refers, with its rows named as the archive names them
 * @param keyAt where that key stands in an archived row
 * @param columns the referring columns
 * @param columnsAt where their values stand in an archived row
 * @param to the table referred to, with its rows named by the columns referred to
 * @param sought how the rows that refer were found; empty if the archive names them
 */
record ReferencePlace(
    Table from,
    int[] keyAt,
    List<String> columns,
    int[] columnsAt,
    Table to,
    Optional<Sought> sought) {
  /**
   * Rows found by what they hold.
   *
   * @param version the catalogue's version when their hidden keys were read
   * @param firm the columns whose values must be as they were
   */
  record Sought(String version, List<String> firm) {}

  /** The same, of rows that were found so. */
  ReferencePlace with(Optional<Sought> found) {
    return new ReferencePlace(from, keyAt, columns, columnsAt, to, found);
  }

  /** Whether every column is there. */
  boolean whole() {
    return Arrays.stream(keyAt).allMatch(i -> i >= 0)
        && Arrays.stream(columnsAt).allMatch(i -> i >= 0)
        && columns.stream().allMatch(name -> from.column(name).isPresent())
        && to.key().orElseThrow().columns().stream().allMatch(this::hasTarget);
  }

  private boolean hasTarget(String name) {
    return to.column(name).isPresent();
  }

  /** The key of the row that an archived row is about. */
  Row key(Row archived) {
    return pick(archived, keyAt);
  }

  /** What its columns held. */
  Row values(Row archived) {
    return pick(archived, columnsAt);
  }

  private static Row pick(Row row, int[] at) {
    Row picked = new Row(at.length);
    for (int i = 0; i < at.length; i++) {
      picked.set(i, row, at[i]);
    }
    return picked;
  }
}
