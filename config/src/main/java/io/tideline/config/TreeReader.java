package io.tideline.config;

import io.tideline.policy.Dependent;
import io.tideline.policy.Policy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads what goes with a row of a policy: {@code dependents}, {@code max_tree} and the like. */
final class TreeReader {
  private static final int LARGEST_TREE = 100_000_000;
  private static final String STEPWISE = "stepwise";
  private static final List<String> LARGE_TREES = List.of("keep", STEPWISE);
  private static final List<String> WORDS =
      Arrays.stream(Dependent.OnRoot.values())
          .map(on -> on.name().toLowerCase(Locale.ROOT))
          .toList();

  private final Reading reading;

  TreeReader(Reading reading) {
    this.reading = reading;
  }

  void read(Entries entries, Policy.Builder policy) {
    entries
        .value("dependents")
        .filter(node -> !node.getTag().equals(Tag.NULL))
        .ifPresent(node -> policy.dependents(dependents(node, entries)));
    entries.scalar("max_tree").flatMap(s -> maxTree(s, entries)).ifPresent(policy::maxTree);
    entries
        .scalar("large_trees")
        .flatMap(s -> reading.oneOf(s, entries.label("large_trees"), LARGE_TREES))
        .ifPresent(word -> policy.stepwise(word.equals(STEPWISE)));
  }

  private List<Dependent> dependents(Node node, Entries policy) {
    String label = policy.label("dependents");
    if (!(node instanceof SequenceNode sequence)) {
      reading.problem(
          node,
          label + " must be a list.",
          "Write 'dependents: [table, {table: t, via: column}]'.");
      return List.of();
    }
    Optional<String> own = policy.scalar("table").map(Scalar::value);
    List<Dependent> dependents = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      dependent(item, label).ifPresent(read -> add(read, item, label, own, dependents));
    }
    return dependents;
  }

  private Optional<Dependent> dependent(Node node, String label) {
    return node instanceof MappingNode
        ? Entries.of(node, "an entry of " + label, Keys.DEPENDENT, reading).flatMap(this::dependent)
        : reading.scalar(node, label).map(s -> Dependent.of(s.value()));
  }

  private Optional<Dependent> dependent(Entries entries) {
    Optional<Scalar> table = entries.required("table", "table: name");
    List<String> via = entries.names("via", "via: [column]").orElse(List.of());
    Dependent.OnRoot on =
        entries
            .scalar("on")
            .flatMap(s -> reading.oneOf(s, entries.label("on"), WORDS))
            .map(word -> Dependent.OnRoot.valueOf(word.toUpperCase(Locale.ROOT)))
            .orElse(Dependent.OnRoot.DELETE);
    return table.map(name -> new Dependent(name.value(), via, on));
  }

  /** Adds what is no second word about the same foreign key and not the policy's own table. */
  private void add(
      Dependent read, Node node, String label, Optional<String> own, List<Dependent> all) {
    if (own.isPresent() && own.get().equals(read.table())) {
      reading.problem(
          node,
          label + " names the policy's own table.",
          "Remove it: rows of one table go by their own age, those that refer to others first.");
      return;
    }
    boolean again = all.stream().anyMatch(other -> overlap(other, read));
    if (again) {
      reading.problem(
          node,
          label + " says twice what becomes of one foreign key.",
          "Keep one entry for each foreign key, told apart by 'via'.");
      return;
    }
    all.add(read);
  }

  /** Without {@code via} an entry means every foreign key of its table. */
  private static boolean overlap(Dependent one, Dependent other) {
    return one.table().equals(other.table())
        && (one.via().isEmpty() || other.via().isEmpty() || one.via().equals(other.via()));
  }

  private Optional<Integer> maxTree(Scalar scalar, Entries entries) {
    if (scalar.value().matches("[1-9]\\d{0,7}|" + LARGEST_TREE)) {
      return Optional.of(Integer.parseInt(scalar.value()));
    }
    reading.problem(
        scalar.node(),
        entries.label("max_tree") + " cannot be '" + scalar.raw() + "'.",
        "Write a whole number of rows from 1 to " + LARGEST_TREE + ".");
    return Optional.empty();
  }
}
