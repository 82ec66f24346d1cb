package io.tideline.config;

import io.tideline.error.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** The entries of one mapping of the file, of which only known keys may be there. */
final class Entries {
  private final MappingNode node;
  private final String where;
  private final Reading reading;
  private final Map<String, Node> values = new LinkedHashMap<>();

  private Entries(MappingNode node, String where, Reading reading) {
    this.node = node;
    this.where = where;
    this.reading = reading;
  }

  /** A mapping whose keys are known; unknown keys become problems. */
  static Optional<Entries> of(Node node, String where, List<String> known, Reading reading) {
    Optional<Entries> entries = ofNames(node, where, reading);
    entries.ifPresent(e -> e.refuseUnknown(known));
    return entries;
  }

  /** A mapping whose keys are names that the user chooses. */
  static Optional<Entries> ofNames(Node node, String where, Reading reading) {
    if (!(node instanceof MappingNode mapping)) {
      reading.problem(
          node, capital(where) + " must be a mapping.", "Write lines of the form 'key: value'.");
      return Optional.empty();
    }
    Entries entries = new Entries(mapping, where, reading);
    for (NodeTuple tuple : mapping.getValue()) {
      if (tuple.getKeyNode() instanceof ScalarNode key) {
        entries.values.putIfAbsent(key.getValue(), tuple.getValueNode());
      }
    }
    return Optional.of(entries);
  }

  private void refuseUnknown(List<String> known) {
    for (NodeTuple tuple : node.getValue()) {
      if (tuple.getKeyNode() instanceof ScalarNode key
          && !known.contains(key.getValue())
          && !key.getValue().equals("<<")) {
        reading.problem(
            key,
            "Unknown key '" + key.getValue() + "' in " + where + ".",
            Nearest.to(key.getValue(), known)
                .map(near -> "Did you mean '" + near + "'?")
                .orElse("Known here: " + String.join(", ", known) + "."));
      }
    }
  }

  MappingNode node() {
    return node;
  }

  /** Names and values in the order of the file. */
  Map<String, Node> values() {
    return values;
  }

  Optional<Node> value(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /** The label of a key in messages. */
  String label(String key) {
    return "'" + key + "' of " + where;
  }

  /** A single value, if the key is there. */
  Optional<Scalar> scalar(String key) {
    return value(key).flatMap(value -> reading.scalar(value, label(key)));
  }

  /** A single value; a problem if the key is missing. */
  Optional<Scalar> required(String key, String example) {
    if (!values.containsKey(key)) {
      reading.problem(
          node, capital(where) + " lacks the key '" + key + "'.", "Add '" + example + "'.");
    }
    return scalar(key);
  }

  /** A list of names, or one name alone; empty, with problems noted, if it is none. */
  Optional<List<String>> names(String key, String example) {
    return value(key).flatMap(value -> names(value, key, example));
  }

  private Optional<List<String>> names(Node value, String key, String example) {
    List<? extends Node> items =
        value instanceof SequenceNode sequence ? sequence.getValue() : List.of(value);
    if (items.isEmpty()) {
      reading.problem(value, label(key) + " is empty.", "Write '" + example + "'.");
      return Optional.empty();
    }
    List<String> names = new ArrayList<>();
    for (Node item : items) {
      reading.scalar(item, label(key)).ifPresent(name -> add(name, key, names));
    }
    return names.size() == items.size() ? Optional.of(names) : Optional.empty();
  }

  private void add(Scalar name, String key, List<String> names) {
    if (names.contains(name.value())) {
      reading.problem(
          name.node(), label(key) + " names '" + name.raw() + "' twice.", "Keep one of them.");
    } else {
      names.add(name.value());
    }
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
