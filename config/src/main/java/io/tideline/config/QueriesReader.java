package io.tideline.config;

import io.tideline.error.Nearest;
import io.tideline.tuning.Expectations;
import io.tideline.tuning.QueryParameter;
import io.tideline.tuning.QuerySpec;
import io.tideline.tuning.QueryText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads the queries of the application, by name. */
final class QueriesReader {
  private static final List<String> WORDS = List.of("true", "false");

  private final Reading reading;

  QueriesReader(Reading reading) {
    this.reading = reading;
  }

  List<QuerySpec> read(Node root) {
    List<QuerySpec> queries = new ArrayList<>();
    Entries.ofNames(root, "the file", reading)
        .flatMap(top -> top.value("queries"))
        .filter(node -> !node.getTag().equals(Tag.NULL))
        .flatMap(node -> Entries.ofNames(node, "'queries' of the file", reading))
        .ifPresent(
            names ->
                names.values().forEach((name, node) -> query(name, node).ifPresent(queries::add)));
    return queries;
  }

  private Optional<QuerySpec> query(String name, Node node) {
    return Entries.of(node, "query '" + name + "'", Keys.QUERY, reading)
        .flatMap(entries -> query(name, entries));
  }

  private Optional<QuerySpec> query(String name, Entries entries) {
    Optional<QueryText> text =
        entries
            .required("sql", "sql: SELECT ...")
            .flatMap(sql -> reading.parse(sql, QueryText::of));
    Optional<Entries> given =
        entries
            .value("params")
            .filter(node -> !node.getTag().equals(Tag.NULL))
            .flatMap(node -> Entries.ofNames(node, entries.label("params"), reading));
    List<QueryParameter> parameters = new ArrayList<>();
    given.ifPresent(
        params ->
            params
                .values()
                .forEach(
                    (parameter, node) ->
                        new ParameterReader(reading, name)
                            .read(parameter, node)
                            .ifPresent(parameters::add)));
    Expectations expect =
        entries
            .value("expect")
            .filter(node -> !node.getTag().equals(Tag.NULL))
            .flatMap(node -> Entries.of(node, entries.label("expect"), Keys.EXPECT, reading))
            .map(this::expectations)
            .orElse(Expectations.NONE);
    Map<String, Node> values = given.map(Entries::values).orElse(Map.of());
    boolean whole = text.isPresent() && complete(entries, text.get(), values);
    return whole && parameters.size() == values.size()
        ? Optional.of(new QuerySpec(name, text.get(), parameters, expect))
        : Optional.empty();
  }

  /** Whether every parameter has a value, and every value a parameter. */
  private boolean complete(Entries entries, QueryText text, Map<String, Node> values) {
    List<String> names = List.copyOf(text.names());
    boolean complete = true;
    for (String name : names) {
      if (!values.containsKey(name)) {
        reading.problem(
            entries.value("params").orElse(entries.node()),
            entries.label("sql")
                + " has the parameter :"
                + name
                + ", and nothing gives it a value.",
            "Add '" + name + ": VALUE' to 'params'.");
        complete = false;
      }
    }
    for (Map.Entry<String, Node> value : values.entrySet()) {
      if (!names.contains(value.getKey())) {
        reading.problem(
            value.getValue(),
            entries.label("sql") + " has no parameter :" + value.getKey() + ".",
            Nearest.to(value.getKey(), names)
                .map(near -> "Did you mean '" + near + "'?")
                .orElse("Remove it, or write :" + value.getKey() + " where it belongs."));
        complete = false;
      }
    }
    return complete;
  }

  private Expectations expectations(Entries entries) {
    List<String> uses = entries.names("uses_index", "uses_index: name").orElse(List.of());
    List<String> small = entries.names("may_scan", "may_scan: [table]").orElse(List.of());
    boolean noFullScan = truth(entries, "no_full_scan");
    if (entries.value("may_scan").isPresent() && !noFullScan) {
      reading.problem(
          entries.value("may_scan").orElse(entries.node()),
          entries.label("may_scan") + " has no meaning without 'no_full_scan'.",
          "Add 'no_full_scan: true', or remove it.");
    }
    Optional<Double> examined =
        entries.scalar("max_examined").flatMap(scalar -> examined(scalar, entries));
    return new Expectations(uses, noFullScan, small, truth(entries, "no_sort"), examined);
  }

  private boolean truth(Entries entries, String key) {
    return entries
        .scalar(key)
        .flatMap(scalar -> reading.oneOf(scalar, entries.label(key), WORDS))
        .map(Boolean::valueOf)
        .orElse(false);
  }

  private Optional<Double> examined(Scalar scalar, Entries entries) {
    if (scalar.value().matches("\\d{1,9}(\\.\\d{1,3})?")
        && Double.parseDouble(scalar.value()) > 0) {
      return Optional.of(Double.valueOf(scalar.value()));
    }
    reading.problem(
        scalar.node(),
        entries.label("max_examined") + " cannot be '" + scalar.raw() + "'.",
        "Write how many rows may be read for each row of the answer, as 3 or 1.5.");
    return Optional.empty();
  }
}
