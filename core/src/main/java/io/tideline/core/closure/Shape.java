package io.tideline.core.closure;

import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.core.archive.Manifest;
import io.tideline.core.rule.HumanKey;
import io.tideline.core.rule.Rule;
import io.tideline.policy.Action;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tables of a policy's trees and the foreign keys between them.
 *
 * @param rule the policy
 * @param members the tables, the root's first
 * @param edges every foreign key that refers to one of them
 * @param groups the numbers of the tables in an order in which their rows can leave, those that
 *     refer to each other in a cycle together
 * @param leaves by number, the tables whose rows need not be known one by one: nothing of the tree
 *     refers to them, nothing but their values can keep them, and they go with the rows of one
 *     table over one foreign key that the engine enforces
 */
public record Shape(
    Rule rule,
    List<Member> members,
    List<Edge> edges,
    List<List<Integer>> groups,
    Map<Integer, Edge> leaves) {
  /** Copies the lists. */
  public Shape {
    members = List.copyOf(members);
    edges = List.copyOf(edges);
    groups = List.copyOf(groups);
    leaves = Map.copyOf(leaves);
  }

  /** The shape of some tables. */
  static Shape of(Rule rule, List<Member> members, List<Edge> edges) {
    for (Edge edge : edges) {
      members.get(edge.parent()).referredBy(edge);
      if (edge.child() >= 0) {
        members.get(edge.child()).refers(edge);
      }
    }
    return new Shape(rule, members, edges, groups(members.size(), edges), leaves(members, edges));
  }

  private static Map<Integer, Edge> leaves(List<Member> members, List<Edge> edges) {
    Map<Integer, Edge> leaves = new HashMap<>();
    for (Member member : members.subList(1, members.size())) {
      int number = member.number();
      List<Edge> from = edges.stream().filter(edge -> edge.child() == number).toList();
      if (from.size() == 1
          && from.get(0).effect() == Edge.Effect.FOLLOW
          && from.get(0).key().enforced()
          && edges.stream().noneMatch(edge -> edge.parent() == number)
          && member.goesUnasked()) {
        leaves.put(number, from.get(0));
      }
    }
    return leaves;
  }

  /** The foreign key over which the rows of a table go that need not be known one by one. */
  public Optional<Edge> leaf(Member member) {
    return Optional.ofNullable(leaves.get(member.number()));
  }

  /** The member by which the trees take rows of a table more safely than an action does, if any. */
  public Optional<Member> takesMoreSafely(TableName table, Action action) {
    return members.stream()
        .filter(member -> member.number() > 0 && member.table().name().equals(table))
        .filter(member -> edges.stream().anyMatch(edge -> edge.takes(member)))
        .filter(member -> member.action().saferThan(action))
        .findFirst();
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

  /** A table with every foreign key that refers to it: what a deletion of its rows may set off. */
  public Table whole(Member member) {
    List<ForeignKey> keys = new ArrayList<>(member.table().referrers());
    edges.stream()
        .filter(edge -> edge.parent() == member.number())
        .map(Edge::key)
        .forEach(keys::add);
    return member.table().withReferrers(keys);
  }

  /** Whether some row can refer to another of its group. */
  public boolean cyclic(List<Integer> group) {
    return group.size() > 1
        || edges.stream().anyMatch(e -> e.child() == group.get(0) && e.parent() == group.get(0));
  }

  /**
   * How an archive tells of it.
   *
   * @param detached what its files of detached values are about, in their order
   */
  public Manifest.Tree described(Collection<Edge> detached) {
    List<Edge> inside = edges.stream().filter(edge -> edge.child() >= 0).toList();
    return new Manifest.Tree(
        root().table().name(),
        HumanKey.columns(root().table()),
        inside.stream().map(Edge::described).toList(),
        detached.stream().map(inside::indexOf).toList());
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
