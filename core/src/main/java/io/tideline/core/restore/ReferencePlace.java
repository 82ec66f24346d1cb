package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.row.Row;
import java.util.Arrays;
import java.util.List;

/**
 * Where references stand in the database, and where in their archived rows.
 *
 * @param from the table that refers, with its rows named as the archive names them
 * @param keyAt where that key stands in an archived row
 * @param columns the referring columns
 * @param columnsAt where their values stand in an archived row
 * @param to the table referred to, with its rows named by the columns referred to
 */
record ReferencePlace(Table from, int[] keyAt, List<String> columns, int[] columnsAt, Table to) {
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
