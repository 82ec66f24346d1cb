package io.tideline.core.closure;

import io.tideline.catalogue.Table;
import io.tideline.core.rule.Rule;
import java.util.ArrayList;
import java.util.List;

/**
 * The tables of a policy's trees and the foreign keys between them.
 *
 * @param rule the policy
 * @param members the tables, the root's first
 * @param edges every foreign key that refers to one of them
 * @param groups the numbers of the tables in an order in which their rows can leave, those that
 *     refer to each other in a cycle together
 */
public record Shape(Rule rule, List<Member> members, List<Edge> edges, List<List<Integer>> groups) {
  /** Copies the lists. */
  public Shape {
    members = List.copyOf(members);
    edges = List.copyOf(edges);
    groups = List.copyOf(groups);
  }

  /** The shape of some tables. */
  static Shape of(Rule rule, List<Member> members, List<Edge> edges) {
    for (Edge edge : edges) {
      members.get(edge.parent()).referredBy(edge);
      if (edge.child() >= 0) {
        members.get(edge.child()).refers(edge);
      }
    }
    return new Shape(rule, members, edges, groups(members.size(), edges));
  }

  /** The root's table. */
  public Member root() {
    return members.get(0);
  }

  /** The tables. */
  public List<Table> tables() {
    return members.stream().map(Member::table).toList();
  }

  /**
   * The tables whose rows refer without a foreign key that the engine enforces: nothing else would
   * keep new ones from referring to a row while it goes.
   */
  public List<Table> unenforced() {
    return edges.stream()
        .filter(edge -> !edge.key().enforced())
        .map(Edge::from)
        .distinct()
        .toList();
  }

  /** Whether some row can refer to another of its group. */
  public boolean cyclic(List<Integer> group) {
    return group.size() > 1
        || edges.stream().anyMatch(e -> e.child() == group.get(0) && e.parent() == group.get(0));
  }

  private static List<List<Integer>> groups(int size, List<Edge> edges) {
    List<int[]> referrers = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int parent = i;
      referrers.add(
          edges.stream()
              .filter(edge -> edge.parent() == parent && edge.child() >= 0)
              .mapToInt(Edge::child)
              .distinct()
              .toArray());
    }
    int[] component = Components.of(referrers);
    List<List<Integer>> groups = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      while (groups.size() <= component[i]) {
        groups.add(new ArrayList<>());
      }
      groups.get(component[i]).add(i);
    }
    return groups;
  }
}
