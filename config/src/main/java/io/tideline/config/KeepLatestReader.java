package io.tideline.config;

import io.tideline.policy.KeepLatest;
import io.tideline.policy.Predicate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads {@code keep_latest: {per: [column, {sql: …}], rows: 1}}. */
final class KeepLatestReader {
  private static final String EXAMPLE = "keep_latest: {per: [account_id], rows: 1}";

  private final Reading reading;

  KeepLatestReader(Reading reading) {
    this.reading = reading;
  }

  Optional<KeepLatest> read(Node node, String label) {
    return Entries.of(node, label, Keys.KEEP_LATEST, reading).flatMap(this::read);
  }

  private Optional<KeepLatest> read(Entries entries) {
    int rows = entries.scalar("rows").map(s -> rows(s, entries)).orElse(1);
    Optional<Node> per = entries.value("per");
    if (per.isEmpty()) {
      reading.problem(entries.node(), entries.label("per") + " is missing.", example());
      return Optional.empty();
    }
    List<Node> parts =
        per.get() instanceof SequenceNode sequence ? sequence.getValue() : List.of(per.get());
    if (parts.isEmpty()) {
      reading.problem(per.get(), entries.label("per") + " is empty.", example());
    }
    List<KeepLatest.Part> read = new ArrayList<>();
    for (Node part : parts) {
      part(part, entries.label("per")).ifPresent(read::add);
    }
    return read.isEmpty() || read.size() < parts.size()
        ? Optional.empty()
        : Optional.of(new KeepLatest(read, rows));
  }

  private Optional<KeepLatest.Part> part(Node node, String label) {
    if (!(node instanceof MappingNode)) {
      return reading.scalar(node, label).map(s -> new KeepLatest.Part(s.value(), false));
    }
    return Entries.of(node, label, Keys.PART, reading)
        .flatMap(e -> e.required("sql", "sql: lower(name)"))
        .flatMap(s -> reading.parse(s, Predicate::new))
        .map(p -> new KeepLatest.Part(p.sql(), true));
  }

  private int rows(Scalar scalar, Entries entries) {
    if (scalar.value().matches("[1-9]\\d{0,3}|10000")) {
      return Integer.parseInt(scalar.value());
    }
    reading.problem(
        scalar.node(),
        entries.label("rows") + " cannot be '" + scalar.raw() + "'.",
        "Write a whole number from 1 to 10000.");
    return 1;
  }

  private static String example() {
    return "Write '" + EXAMPLE + "'.";
  }
}
