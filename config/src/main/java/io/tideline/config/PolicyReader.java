package io.tideline.config;

import io.tideline.policy.Action;
import io.tideline.policy.KeepLatest;
import io.tideline.policy.Policy;
import io.tideline.policy.Predicate;
import io.tideline.policy.Retain;
import io.tideline.policy.Terms;
import io.tideline.policy.TimeColumn;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads one policy. */
final class PolicyReader {
  static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}");
  private static final List<String> ACTIONS =
      Arrays.stream(Action.values()).map(Action::word).toList();
  private static final List<String> FORMATS = List.of("parquet", "jsonl");

  private final Reading reading;
  private final Optional<Duration> floor;
  private final Terms terms;
  private final Map<String, Terms> own;

  /**
   * @param terms those of the file
   * @param own takes the terms of policies that have others
   */
  PolicyReader(Reading reading, Optional<Duration> floor, Terms terms, Map<String, Terms> own) {
    this.reading = reading;
    this.floor = floor;
    this.terms = terms;
    this.own = own;
  }

  /** The policy; empty, with problems noted, if it has no table or the like. */
  Optional<Policy> read(String name, Node node) {
    String where = "policy '" + name + "'";
    if (!NAME.matcher(name).matches()) {
      reading.problem(
          node,
          "A policy cannot be named '" + name + "'.",
          "Use up to 63 letters, digits, '-', '_' and '.', a letter or digit first.");
    }
    return Entries.of(node, where, Keys.POLICY, reading).flatMap(e -> read(name, e));
  }

  private Optional<Policy> read(String name, Entries entries) {
    Optional<Scalar> table = entries.required("table", "table: name");
    Policy.Builder policy = Policy.of(name, table.map(Scalar::value).orElse("?"));
    Optional<TimeColumn> time =
        entries.value("time").flatMap(t -> new TimeReader(reading).read(t, entries.label("time")));
    time.ifPresent(policy::time);
    entries.scalar("action").ifPresent(s -> action(s, entries, policy));
    entries
        .scalar("format")
        .flatMap(s -> reading.oneOf(s, entries.label("format"), FORMATS))
        .ifPresent(policy::format);
    predicate(entries, "where").ifPresent(policy::where);
    predicate(entries, "keep_if").ifPresent(policy::keepIf);
    keepLatest(entries).ifPresent(policy::keepLatest);
    maxValue(entries).ifPresent(policy::maxValue);
    archiveTable(entries, policy);
    retain(entries, policy);
    new TreeReader(reading).read(entries, policy);
    Terms others = new TermsReader(reading).read(entries, terms);
    if (!others.equals(terms)) {
      own.put(name, others);
    }
    return table.map(t -> policy.build());
  }

  private void action(Scalar scalar, Entries entries, Policy.Builder policy) {
    reading
        .oneOf(scalar, entries.label("action"), ACTIONS)
        .ifPresent(word -> policy.action(Action.valueOf(word.toUpperCase(Locale.ROOT))));
  }

  private void archiveTable(Entries entries, Policy.Builder policy) {
    entries.scalar("archive_table").map(Scalar::value).ifPresent(policy::archiveTable);
    boolean moves =
        entries.scalar("action").map(s -> s.value().equals(Action.MOVE.word())).orElse(false);
    if (!moves) {
      entries
          .value("archive_table")
          .ifPresent(
              node ->
                  reading.problem(
                      node,
                      entries.label("archive_table") + " has no meaning without 'action: move'.",
                      "Remove it, or write 'action: move'."));
    }
  }

  private void retain(Entries entries, Policy.Builder policy) {
    Optional<Duration> own =
        entries
            .scalar("floor")
            .flatMap(s -> reading.parse(s, t -> Retain.parse(t, entries.label("floor"))))
            .flatMap(d -> d);
    own.ifPresent(policy::floor);
    Optional<Scalar> scalar = entries.scalar("retain");
    Optional<Duration> retain =
        scalar
            .flatMap(s -> reading.parse(s, t -> Retain.parse(t, entries.label("retain"))))
            .flatMap(d -> d);
    retain.ifPresent(policy::retain);
    if (retain.isPresent() && entries.value("time").isEmpty()) {
      reading.problem(
          scalar.orElseThrow().node(),
          entries.label("retain") + " needs a time to count from.",
          "Add 'time: column', or write 'retain: off'.");
    }
    retain.ifPresent(r -> checkFloor(scalar.orElseThrow(), entries, r, own));
  }

  private void checkFloor(Scalar scalar, Entries entries, Duration retain, Optional<Duration> own) {
    for (Optional<Duration> bound : List.of(floor, own)) {
      if (bound.isPresent() && retain.compareTo(bound.get()) < 0) {
        reading.belowFloor(
            scalar.node(),
            entries.label("retain")
                + " ('"
                + scalar.raw()
                + "') is below the floor of "
                + Retain.display(bound.get())
                + ".",
            "Keep rows for at least " + Retain.display(bound.get()) + ", or lower the floor.");
        return;
      }
    }
  }

  private Optional<String> predicate(Entries entries, String key) {
    return entries.scalar(key).flatMap(s -> reading.parse(s, Predicate::new)).map(Predicate::sql);
  }

  private Optional<KeepLatest> keepLatest(Entries entries) {
    Optional<Node> node = entries.value("keep_latest");
    if (node.isPresent() && entries.value("time").isEmpty()) {
      reading.problem(
          node.get(),
          entries.label("keep_latest") + " needs a time to tell the newest by.",
          "Add 'time: column'.");
    }
    return node.flatMap(n -> new KeepLatestReader(reading).read(n, entries.label("keep_latest")));
  }

  private Optional<Long> maxValue(Entries entries) {
    return entries
        .scalar("max_value")
        .flatMap(
            s -> {
              OptionalLong bytes = Sizes.parse(s.value());
              if (bytes.isPresent()) {
                return Optional.of(bytes.getAsLong());
              }
              reading.problem(
                  s.node(),
                  entries.label("max_value") + " cannot be '" + s.raw() + "'.",
                  "Write a size above zero, such as '32MB'.");
              return Optional.empty();
            });
  }
}
