package io.tideline.core.plan;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Column;
import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.Database;
import io.tideline.plan.ProposedDependent;
import io.tideline.policy.Dependent;
import io.tideline.policy.Dependent.OnRoot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Follows foreign keys from a table to all that refer to it, directly or through others. */
final class DependentFinder {
  private static final String OBSTACLE = "cannot be cleaned: ";

  private final Database database;
  private final Catalogue catalogue;

  DependentFinder(Database database, Catalogue catalogue) {
    this.database = database;
    this.catalogue = catalogue;
  }

  /** The entries of a policy for the table, the nearest first. */
  List<ProposedDependent> of(Table root) {
    List<ProposedDependent> entries = new ArrayList<>();
    referring(root).forEach((table, keys) -> entries.addAll(entries(table, keys)));
    return entries;
  }

  /** The tables that refer to rows of a tree, with the foreign keys by which they do. */
  private Map<Table, List<ForeignKey>> referring(Table root) {
    Map<Table, List<ForeignKey>> found = new LinkedHashMap<>();
    Set<TableName> seen = new HashSet<>(Set.of(root.name()));
    Deque<Table> open = new ArrayDeque<>(List.of(root));
    while (!open.isEmpty()) {
      for (ForeignKey key : open.remove().referrers()) {
        if (key.from().equals(root.name())) {
          continue; // rows of the root's own table go by their own age
        }
        catalogue
            .table(key.from())
            .ifPresent(
                table -> {
                  found.computeIfAbsent(table, t -> new ArrayList<>()).add(key);
                  if (!detaches(table, key) && seen.add(table.name())) {
                    open.add(table);
                  }
                });
      }
    }
    return found;
  }

  /** One entry for all its foreign keys, or one for each where the schema treats them apart. */
  List<ProposedDependent> entries(Table table, List<ForeignKey> keys) {
    if (keys.stream().map(key -> on(table, key)).distinct().count() == 1) {
      OnRoot on = on(table, keys.get(0));
      return List.of(entry(table, new Dependent(table.name().toString(), List.of(), on), keys));
    }
    return keys.stream()
        .map(
            key ->
                entry(
                    table,
                    new Dependent(table.name().toString(), key.columns(), on(table, key)),
                    List.of(key)))
        .toList();
  }

  private ProposedDependent entry(Table table, Dependent dependent, List<ForeignKey> keys) {
    List<String> remarks = new ArrayList<>();
    table.obstacles().forEach(o -> remarks.add(OBSTACLE + o.what()));
    keys.stream()
        .filter(key -> !served(table, key.columns()))
        .map(key -> "no index on " + key.display() + "; " + index(key))
        .distinct()
        .forEach(remarks::add);
    List<String> over =
        keys.stream().map(key -> key.display() + " -> " + key.to()).distinct().toList();
    return new ProposedDependent(dependent, over, remarks);
  }

  /** Whether a remark says that rows of the table cannot go at all. */
  static boolean isObstacle(String remark) {
    return remark.startsWith(OBSTACLE);
  }

  private String index(ForeignKey key) {
    return database.indexStatement(key.from(), key.columns());
  }

  private static boolean served(Table table, List<String> columns) {
    return table.indexes().stream().anyMatch(index -> index.serves(columns))
        || table.key().filter(key -> begins(key.columns(), columns)).isPresent();
  }

  private static boolean begins(List<String> key, List<String> columns) {
    return key.size() >= columns.size() && key.subList(0, columns.size()).containsAll(columns);
  }

  private static OnRoot on(Table table, ForeignKey key) {
    return detaches(table, key) ? OnRoot.DETACH : OnRoot.DELETE;
  }

  private static boolean detaches(Table table, ForeignKey key) {
    return key.onDelete().equals("SET NULL")
        && key.columns().stream()
            .allMatch(name -> table.column(name).filter(Column::nullable).isPresent());
  }
}
