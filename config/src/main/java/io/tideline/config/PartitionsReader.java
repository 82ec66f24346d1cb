package io.tideline.config;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.tuning.EpochUnit;
import io.tideline.tuning.PartitionEvery;
import io.tideline.tuning.PartitionNames;
import io.tideline.tuning.PartitionRule;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads which partitions tables shall have. */
final class PartitionsReader {
  private final Reading reading;

  PartitionsReader(Reading reading) {
    this.reading = reading;
  }

  /** The rules in the order of the file; those in which something is wrong are left out. */
  List<PartitionRule> read(Node node) {
    List<PartitionRule> rules = new ArrayList<>();
    Entries.ofNames(node, "'partitions' of the file", reading)
        .ifPresent(
            names -> names.values().forEach((name, n) -> read(name, n).ifPresent(rules::add)));
    return rules;
  }

  private Optional<PartitionRule> read(String name, Node node) {
    if (!PolicyReader.NAME.matcher(name).matches()) {
      reading.problem(
          node,
          "Partitions cannot be named '" + name + "'.",
          "Use up to 63 letters, digits, '-', '_' and '.', a letter or digit first.");
      return Optional.empty();
    }
    return Entries.of(node, "partitions '" + name + "'", Keys.PARTITIONS, reading)
        .flatMap(entries -> read(name, entries));
  }

  private Optional<PartitionRule> read(String name, Entries entries) {
    Optional<String> table = entries.required("table", "table: logs").map(Scalar::value);
    Optional<String> by = entries.required("by", "by: created_at").map(Scalar::value);
    Optional<PartitionEvery> every =
        entries
            .required("every", "every: month")
            .flatMap(
                s -> reading.parse(s, text -> PartitionEvery.parse(text, entries.label("every"))));
    Optional<Integer> ahead = ahead(entries);
    Optional<String> epoch =
        entries
            .scalar("epoch")
            .flatMap(s -> reading.oneOf(s, entries.label("epoch"), EpochUnit.words()));
    Optional<Instant> start =
        entries
            .scalar("start")
            .flatMap(s -> reading.parse(s, text -> start(text, entries.label("start"))));
    List<String> unique =
        entries.names("unique_by", "unique_by: [id, created_at]").orElse(List.of());
    if (table.isEmpty() || by.isEmpty() || every.isEmpty() || ahead.isEmpty()) {
      return Optional.empty();
    }
    return names(entries, every.get())
        .map(
            names ->
                new PartitionRule(
                    name,
                    table.get(),
                    by.get(),
                    every.get(),
                    ahead.get(),
                    names,
                    epoch.flatMap(EpochUnit::of),
                    start,
                    unique));
  }

  private Optional<PartitionNames> names(Entries entries, PartitionEvery every) {
    Optional<Scalar> given = entries.scalar("names");
    if (given.isEmpty()) {
      return Optional.of(PartitionNames.usual(every));
    }
    return reading.parse(
        given.get(),
        text -> {
          PartitionNames names = new PartitionNames(text);
          names.requireFit(every);
          return names;
        });
  }

  private Optional<Integer> ahead(Entries entries) {
    Optional<Scalar> given = entries.scalar("ahead");
    if (given.isEmpty()) {
      return Optional.of(PartitionRule.DEFAULT_AHEAD);
    }
    Optional<Integer> count =
        given
            .map(Scalar::value)
            .filter(text -> text.matches("0*[1-9]\\d{0,2}"))
            .map(Integer::parseInt)
            .filter(number -> number <= PartitionRule.MOST_AHEAD);
    if (count.isEmpty()) {
      reading.problem(
          given.get().node(),
          entries.label("ahead") + " cannot be '" + given.get().raw() + "'.",
          "Write a whole number from 1 to " + PartitionRule.MOST_AHEAD + ".");
    }
    return count;
  }

  private static Instant start(String text, String label) {
    try {
      return text.length() == "2026-05-02".length()
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new TidelineException(
          ErrorCode.ARGUMENT_INVALID,
          "Cannot use '" + text + "' as " + label + ".",
          "Nothing was changed.",
          "Write a date such as 2026-05-01, or an instant such as 2026-05-01T00:00:00Z.",
          e);
    }
  }
}
