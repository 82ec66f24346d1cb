package io.tideline.core.restore;

import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Table;
import io.tideline.core.closure.Components;
import java.util.ArrayList;
import java.util.List;

/** Tables in the order in which rows can come back. */
final class TableGroups {
  private TableGroups() {}

  /**
   * Tables after those that they refer to; tables that refer to each other in a cycle stand
   * together.
   */
  static List<List<Table>> parentsFirst(List<Table> tables) {
    List<int[]> referred = new ArrayList<>();
    for (Table table : tables) {
      referred.add(
          tables.stream().filter(to -> refers(table, to)).mapToInt(tables::indexOf).toArray());
    }
    int[] component = Components.of(referred);
    List<List<Table>> groups = new ArrayList<>();
    for (int i = 0; i < component.length; i++) {
      while (groups.size() <= component[i]) {
        groups.add(new ArrayList<>());
      }
      groups.get(component[i]).add(tables.get(i));
    }
    return groups;
  }

  /** Whether a row of a group may refer to another of it. */
  static boolean cyclic(List<Table> group) {
    return group.size() > 1 || refers(group.get(0), group.get(0));
  }

  private static boolean refers(Table from, Table to) {
    return from.references().stream().map(ForeignKey::to).anyMatch(to.name()::equals);
  }
}
