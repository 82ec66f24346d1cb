package io.tideline.config;

import io.tideline.policy.Predicate;
import io.tideline.tuning.Backfill;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads {@code backfills}. */
final class BackfillsReader {
  private static final List<String> WORDS = List.of("true", "false");
  private static final List<String> FILLS = List.of("trigger", "sweep");

  private final Reading reading;

  BackfillsReader(Reading reading) {
    this.reading = reading;
  }

  List<Backfill> read(Node node) {
    List<Backfill> backfills = new ArrayList<>();
    Entries.ofNames(node, "'backfills' of the file", reading)
        .ifPresent(
            names ->
                names.values().forEach((name, each) -> read(name, each).ifPresent(backfills::add)));
    return backfills;
  }

  private Optional<Backfill> read(String name, Node node) {
    return Entries.of(node, "backfill '" + name + "'", Keys.BACKFILL, reading)
        .flatMap(entries -> read(name, entries));
  }

  private Optional<Backfill> read(String name, Entries entries) {
    Optional<Scalar> table = entries.required("table", "table: usage_history");
    Optional<Scalar> column = entries.required("column", "column: window");
    Optional<Backfill.Source> source = source(entries);
    Optional<Predicate> where =
        entries.scalar("where").flatMap(s -> reading.parse(s, Predicate::new));
    Optional<String> fill =
        entries.scalar("fill").flatMap(s -> reading.oneOf(s, entries.label("fill"), FILLS));
    Optional<Integer> sample = entries.scalar("sample").flatMap(s -> sample(s, entries));
    boolean notNull =
        entries
            .scalar("not_null")
            .flatMap(s -> reading.oneOf(s, entries.label("not_null"), WORDS))
            .map(Boolean::valueOf)
            .orElse(false);
    if (table.isEmpty() || column.isEmpty() || source.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Backfill(
              name,
              table.get().value(),
              column.get().value(),
              entries.scalar("add").map(Scalar::value),
              source.get(),
              where,
              fill.filter("trigger"::equals).isPresent()
                  ? Backfill.Fill.TRIGGER
                  : Backfill.Fill.SWEEP,
              sample.orElse(Backfill.SAMPLE),
              notNull));
    } catch (IllegalArgumentException e) {
      reading.problem(
          entries.node(),
          "Backfill '" + name + "' cannot be so: " + e.getMessage() + ".",
          "See docs/backfills.md for what each key takes.");
      return Optional.empty();
    }
  }

  private Optional<Integer> sample(Scalar scalar, Entries entries) {
    if (scalar.value().matches("\\d{1,6}")) {
      return Optional.of(Integer.valueOf(scalar.value()));
    }
    reading.problem(
        scalar.node(), entries.label("sample") + " is no number of rows.", "Write 1000.");
    return Optional.empty();
  }

  private Optional<Backfill.Source> source(Entries entries) {
    if (entries.value("copy").isPresent() == entries.value("value").isPresent()) {
      reading.problem(
          entries.node(),
          "A backfill needs either 'copy' or 'value'.",
          "Write \"value: \"'primary'\"\", or \"copy: {from: table.column, over: column}\".");
      return Optional.empty();
    }
    if (entries.value("value").isPresent()) {
      return entries
          .scalar("value")
          .flatMap(s -> reading.parse(s, text -> new Backfill.Value(new Predicate(text))));
    }
    return entries
        .value("copy")
        .flatMap(n -> Entries.of(n, entries.label("copy"), Keys.COPY, reading))
        .flatMap(this::copy);
  }

  private Optional<Backfill.Source> copy(Entries entries) {
    Optional<Scalar> from = entries.required("from", "from: traces.created_at");
    Optional<List<String>> over = entries.names("over", "over: trace_id");
    if (entries.value("over").isEmpty()) {
      reading.problem(
          entries.node(), entries.label("over") + " is missing.", "Add 'over: column'.");
    }
    if (from.isEmpty() || over.isEmpty()) {
      return Optional.empty();
    }
    String text = from.get().value();
    int point = text.lastIndexOf('.');
    if (point <= 0 || point == text.length() - 1) {
      reading.problem(
          from.get().node(),
          "'" + from.get().raw() + "' is not a column of a table.",
          "Write 'table.column'.");
      return Optional.empty();
    }
    return Optional.of(
        new Backfill.Copy(text.substring(0, point), text.substring(point + 1), over.get()));
  }
}
