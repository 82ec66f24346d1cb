package io.tideline.core.payload;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The relations over which rows lead to roots. A step that only repeats what a row knows itself is
 * left out: a composite key {@code (token_id, run_id)} leads to the same run as {@code run_id}.
 */
final class Ways {
  private final Table root;
  private final Map<TableName, List<Edge>> all = new HashMap<>();
  private final Set<Edge> useful = new HashSet<>();

  private Ways(Table root) {
    this.root = root;
  }

  /**
   * The ways to a root table.
   *
   * @param declared relations that the schema does not declare
   */
  static Ways to(Table root, Catalogue catalogue, List<Edge> declared) {
    Ways ways = new Ways(root);
    for (Table table : catalogue.tables()) {
      for (ForeignKey key : table.references()) {
        if (!key.toColumns().isEmpty() && catalogue.table(key.to()).isPresent()) {
          ways.add(new Edge(table.name(), key.columns(), key.to(), key.toColumns()));
        }
      }
    }
    declared.forEach(ways::add);
    ways.keepUseful();
    return ways;
  }

  private void add(Edge edge) {
    List<Edge> edges = all.computeIfAbsent(edge.from(), name -> new ArrayList<>());
    if (edges.stream().noneMatch(edge::sameAs)) {
      edges.add(edge);
    }
  }

  /** The relations of a table that lead on; a root leads to itself. */
  List<Edge> from(Table table) {
    if (table.name().equals(root.name())) {
      List<String> key = root.key().orElseThrow().columns();
      return List.of(new Edge(root.name(), key, root.name(), key));
    }
    return edges(table.name()).stream().filter(useful::contains).toList();
  }

  /** The root table. */
  Table root() {
    return root;
  }

  private List<Edge> edges(TableName table) {
    return all.getOrDefault(table, List.of());
  }

  private void keepUseful() {
    boolean grown = true;
    while (grown) {
      grown = false;
      for (List<Edge> edges : all.values()) {
        for (Edge edge : edges) {
          grown |= !useful.contains(edge) && leadsOn(edge) && useful.add(edge);
        }
      }
    }
  }

  /**
   * Whether the edge ends at the root, or at a table from which a useful edge goes on that the
   * first table does not have itself. The shortest way to any root never takes two steps where one
   * would do, so no root is missed.
   */
  private boolean leadsOn(Edge edge) {
    if (edge.from().equals(root.name())) {
      return false;
    }
    return edge.to().equals(root.name())
        || edges(edge.to()).stream()
            .anyMatch(next -> useful.contains(next) && !knownBefore(edge, next));
  }

  private boolean knownBefore(Edge edge, Edge next) {
    Optional<Edge> shorter = joined(edge, next);
    return shorter.isPresent() && edges(edge.from()).stream().anyMatch(shorter.get()::sameAs);
  }

  /** Both steps as one, where the second starts from columns that the first one fixes. */
  private static Optional<Edge> joined(Edge edge, Edge next) {
    List<String> columns = new ArrayList<>();
    for (String column : next.columns()) {
      int at = edge.toColumns().indexOf(column);
      if (at < 0) {
        return Optional.empty();
      }
      columns.add(edge.columns().get(at));
    }
    return Optional.of(new Edge(edge.from(), columns, next.to(), next.toColumns()));
  }
}
