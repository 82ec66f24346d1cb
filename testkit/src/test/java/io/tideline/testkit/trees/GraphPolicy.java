package io.tideline.testkit.trees;

import io.tideline.policy.Action;
import io.tideline.policy.Dependent;
import io.tideline.policy.Dependent.OnRoot;
import io.tideline.policy.KeepLatest;
import io.tideline.policy.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A random policy on a table of a graph.
 *
 * @param root the number of its table
 * @param policy the policy
 * @param members the tables whose rows belong to its trees, the root's among them
 */
record GraphPolicy(int root, Policy policy, Set<Integer> members) {
  static final Instant NOW = Instant.parse("2026-10-01T00:00:00Z");
  static final String CUTOFF = "2026-09-01 00:00:00";

  /** One to three policies. */
  static List<GraphPolicy> any(Graph graph, Random random) {
    List<GraphPolicy> policies = new ArrayList<>();
    int count = random.nextInt(5) < 3 ? 1 : 2 + random.nextInt(2);
    boolean mixed = random.nextInt(3) == 0;
    for (int i = 0; i < count; i++) {
      // Tables with small numbers have most referrers.
      int root = random.nextInt(1 + random.nextInt(graph.tables().size()));
      Action any = mixed ? Action.values()[random.nextInt(3)] : Action.ARCHIVE;
      Action action = // of several policies on a table the first acts: what else they say is moot
          policies.stream()
              .filter(each -> each.root() == root)
              .findFirst()
              .map(each -> each.policy().action())
              .orElse(any);
      policies.add(one(graph, "p" + i, root, action, random));
    }
    return policies;
  }

  private static GraphPolicy one(Graph graph, String name, int root, Action action, Random random) {
    Set<Integer> members = new HashSet<>(Set.of(root));
    List<Dependent> dependents = new ArrayList<>();
    boolean more = true;
    while (more) {
      more = false;
      for (Graph.Key key : graph.keys()) {
        boolean grows = members.contains(key.parent()) && !members.contains(key.child());
        if (grows && random.nextInt(5) > 0) {
          members.add(key.child());
          dependents.addAll(dependents(graph, key, members, random));
          more = true;
        }
      }
    }
    Policy.Builder policy =
        Policy.of(name, graph.tables().get(root).name())
            .time("at")
            .retain(Duration.ofDays(30))
            .action(action)
            .format(random.nextInt(4) == 0 ? "parquet" : "jsonl")
            .dependents(dependents);
    if (random.nextInt(4) == 0) {
      policy.where("w <> 3");
    }
    if (random.nextInt(3) == 0) {
      policy.keepIf("k = 1");
    }
    if (random.nextInt(5) == 0) {
      policy.keepLatest(
          new KeepLatest(List.of(new KeepLatest.Part("w", false)), 1 + random.nextInt(2)));
    }
    if (random.nextInt(4) == 0) {
      int most = 2 + random.nextInt(12);
      policy.maxTree(most).stepwise(action == Action.ARCHIVE && most % 2 == 0);
    }
    return new GraphPolicy(root, policy.build(), members);
  }

  /** What the policy says of the table that refers over a key, in one entry or several. */
  private static List<Dependent> dependents(
      Graph graph, Graph.Key key, Set<Integer> members, Random random) {
    String table = graph.tables().get(key.child()).name();
    List<Graph.Key> all =
        graph.keys().stream().filter(each -> each.child() == key.child()).toList();
    boolean loose = all.stream().allMatch(each -> detachable(graph, each));
    int way = random.nextInt(10);
    if (way < 5) {
      return List.of(Dependent.of(table));
    }
    if (way == 5) {
      return List.of(new Dependent(table, List.of(), OnRoot.KEEP));
    }
    if (way == 6 && loose) {
      return List.of(new Dependent(table, List.of(), OnRoot.DETACH));
    }
    Map<List<String>, OnRoot> meant = new java.util.LinkedHashMap<>();
    for (Graph.Key each : all) {
      if (each == key || members.contains(each.parent()) && random.nextInt(3) > 0) {
        meant.put(each.columns(), on(detachable(graph, each), random));
      }
    }
    List<Dependent> entries = new ArrayList<>();
    meant.forEach((via, on) -> entries.add(new Dependent(table, via, on)));
    if (random.nextInt(4) == 0) {
      entries.add(Dependent.of(table));
    }
    return entries;
  }

  private static OnRoot on(boolean detachable, Random random) {
    int way = random.nextInt(6);
    return way < 3 ? OnRoot.DELETE : way < 5 && detachable ? OnRoot.DETACH : OnRoot.KEEP;
  }

  private static boolean detachable(Graph graph, Graph.Key key) {
    return key.columns().stream().allMatch(graph.tables().get(key.child())::nullable);
  }

  /** How many rows a tree has at most that goes. */
  int most() {
    return policy.stepwise() ? Integer.MAX_VALUE : policy.maxTree();
  }

  /** What becomes of a row that refers to one that goes. */
  OnRoot effect(Graph graph, Graph.Key key) {
    if (key.child() == root || !members.contains(key.child())) {
      return OnRoot.KEEP;
    }
    String table = graph.tables().get(key.child()).name();
    List<Dependent> entries =
        policy.dependents().stream().filter(each -> each.table().equals(table)).toList();
    return entries.stream()
        .filter(each -> each.via().equals(key.columns()))
        .findFirst()
        .or(() -> entries.stream().filter(each -> each.via().isEmpty()).findFirst())
        .map(Dependent::on)
        .orElse(OnRoot.KEEP);
  }
}
