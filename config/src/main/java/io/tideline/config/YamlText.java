package io.tideline.config;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.CollectionNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Turns YAML 1.2 into nodes, and refuses what would be read in two ways. */
final class YamlText {
  private static final String STANDARD = "tag:yaml.org,2002:";

  private YamlText() {}

  /** The root of the document; empty, with a problem noted, if there is none. */
  static Optional<Node> compose(String text, String label, Reading reading) {
    try {
      LoadSettings settings =
          LoadSettings.builder()
              .setLabel(label)
              .setUseMarks(true)
              .setAllowNonScalarKeys(true)
              .build();
      Optional<Node> root = new Compose(settings).composeString(text);
      if (root.isEmpty()) {
        reading.problem(
            Optional.empty(), "The file is empty.", "Begin with 'version: 1'; see tideline init.");
      }
      root.ifPresent(node -> check(node, reading));
      return root;
    } catch (MarkedYamlEngineException e) {
      reading.problem(
          e.getProblemMark().or(e::getContextMark),
          "This is not YAML: " + e.getProblem() + ".",
          "Check indentation, quotes and colons around this place.");
    } catch (YamlEngineException e) {
      reading.problem(
          Optional.empty(),
          "This is not YAML: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
              + ".",
          "Check for characters that YAML does not allow.");
    }
    return Optional.empty();
  }

  private static void check(Node root, Reading reading) {
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Node> open = new ArrayDeque<>();
    open.push(root);
    while (!open.isEmpty()) {
      Node node = open.pop();
      if (!seen.add(node)) {
        continue;
      }
      if (!node.getTag().getValue().startsWith(STANDARD) && !node.getTag().equals(Tag.ENV_TAG)) {
        reading.problem(node, "The tag '" + node.getTag() + "' means nothing here.", "Remove it.");
      }
      if (node instanceof MappingNode mapping) {
        checkKeys(mapping, reading);
        mapping.getValue().forEach(tuple -> open.push(tuple.getValueNode()));
      } else if (node instanceof CollectionNode<?> collection) {
        collection.getValue().forEach(item -> open.push((Node) item));
      }
    }
  }

  private static void checkKeys(MappingNode mapping, Reading reading) {
    Map<String, Optional<Mark>> first = new HashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        reading.problem(tuple.getKeyNode(), "A key must be a word.", "Write 'key: value'.");
        continue;
      }
      if (key.getValue().equals("<<")) {
        reading.problem(
            key, "Merge keys ('<<') are not allowed.", "Write the keys out; anchors are fine.");
        continue;
      }
      Optional<Mark> before = first.putIfAbsent(key.getValue(), key.getStartMark());
      if (before != null) {
        int line = before.map(Mark::getLine).orElse(0) + 1;
        reading.problem(
            key,
            "The key '" + key.getValue() + "' stands here a second time.",
            "It is also in line " + line + "; keep one of them.");
      }
    }
  }
}
