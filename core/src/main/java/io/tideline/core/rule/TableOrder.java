package io.tideline.core.rule;

import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Table;
import java.util.ArrayList;
import java.util.List;

/** Orders tables along their foreign keys; within a cycle, the order given stands. */
public final class TableOrder {
  private TableOrder() {}

  /** Tables before the tables they refer to: the order in which rows leave. */
  public static List<Table> referrersFirst(List<Table> tables) {
    List<Table> left = new ArrayList<>(tables);
    List<Table> ordered = new ArrayList<>();
    while (!left.isEmpty()) {
      Table next =
          left.stream()
              .filter(table -> left.stream().noneMatch(other -> refers(other, table)))
              .findFirst()
              .orElse(left.get(0));
      ordered.add(next);
      left.remove(next);
    }
    return ordered;
  }

  private static boolean refers(Table from, Table to) {
    return !from.name().equals(to.name())
        && from.references().stream().map(ForeignKey::to).anyMatch(to.name()::equals);
  }
}
