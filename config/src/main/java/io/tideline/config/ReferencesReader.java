package io.tideline.config;

import io.tideline.policy.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads {@code references}, each a mapping or {@code "child(a, b) -> parent(a, b)"}. */
final class ReferencesReader {
  private static final String EXAMPLE = "child(column) -> parent(column)";
  private static final Pattern SHORT =
      Pattern.compile("([^()]*)\\(([^()]*)\\)\\s*->([^()]*)\\(([^()]*)\\)\\s*");

  private final Reading reading;

  ReferencesReader(Reading reading) {
    this.reading = reading;
  }

  List<Reference> read(Node node, String label) {
    if (!(node instanceof SequenceNode sequence)) {
      reading.problem(node, label + " must be a list.", "Write '- " + EXAMPLE + "'.");
      return List.of();
    }
    List<Reference> references = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      reference(item, label).ifPresent(read -> add(read, item, label, references));
    }
    return references;
  }

  private Optional<Reference> reference(Node node, String label) {
    return node instanceof MappingNode
        ? Entries.of(node, "an entry of " + label, Keys.REFERENCE, reading).flatMap(this::mapping)
        : reading.scalar(node, label).flatMap(s -> text(s, label));
  }

  private Optional<Reference> mapping(Entries entries) {
    Optional<Scalar> table = entries.required("table", "table: child");
    Optional<List<String>> columns = columns(entries, "columns");
    Optional<Scalar> to = entries.required("to", "to: parent");
    Optional<List<String>> toColumns = columns(entries, "to_columns");
    if (table.isEmpty() || columns.isEmpty() || to.isEmpty() || toColumns.isEmpty()) {
      return Optional.empty();
    }
    return made(
        entries.node(), table.get().value(), columns.get(), to.get().value(), toColumns.get());
  }

  private Optional<List<String>> columns(Entries entries, String key) {
    String example = key + ": [column]";
    if (entries.value(key).isEmpty()) {
      reading.problem(
          entries.node(), entries.label(key) + " is missing.", "Add '" + example + "'.");
    }
    return entries.names(key, example);
  }

  private Optional<Reference> text(Scalar scalar, String label) {
    Matcher form = SHORT.matcher(scalar.value());
    if (form.matches()) {
      List<String> columns = list(form.group(2));
      List<String> toColumns = list(form.group(4));
      String table = form.group(1).strip();
      String to = form.group(3).strip();
      boolean blank = columns.contains("") || toColumns.contains("");
      if (!blank && !table.isEmpty() && !to.isEmpty()) {
        return made(scalar.node(), table, columns, to, toColumns);
      }
    }
    reading.problem(
        scalar.node(),
        label + " cannot hold '" + scalar.raw() + "'.",
        "Write '" + EXAMPLE + "', or the keys " + String.join(", ", Keys.REFERENCE) + ".");
    return Optional.empty();
  }

  private static List<String> list(String columns) {
    return Arrays.stream(columns.split(",", -1)).map(String::strip).toList();
  }

  private Optional<Reference> made(
      Node node, String table, List<String> columns, String to, List<String> toColumns) {
    if (columns.size() == toColumns.size()) {
      return Optional.of(new Reference(table, columns, to, toColumns));
    }
    reading.problem(
        node,
        "A reference has "
            + count(columns)
            + " on the left and "
            + count(toColumns)
            + " on the right.",
        "Name as many columns of the table referred to as refer to it.");
    return Optional.empty();
  }

  private static String count(List<String> columns) {
    return columns.size() == 1 ? "1 column" : columns.size() + " columns";
  }

  private void add(Reference read, Node node, String label, List<Reference> all) {
    if (all.contains(read)) {
      reading.problem(node, label + " holds this reference twice.", "Keep one of them.");
    } else {
      all.add(read);
    }
  }
}
