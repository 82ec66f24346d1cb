package io.tideline.config;

import io.tideline.error.Nearest;
import io.tideline.health.Check;
import io.tideline.health.Suppression;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads which findings are borne, why, and for how long. */
final class InspectReader {
  private static final String PART = "'inspect' of the file";

  private final Reading reading;

  InspectReader(Reading reading) {
    this.reading = reading;
  }

  List<Suppression> read(Node root) {
    return Entries.ofNames(root, "the file", reading)
        .flatMap(top -> top.value("inspect"))
        .filter(node -> !node.getTag().equals(Tag.NULL))
        .flatMap(node -> Entries.of(node, PART, Keys.INSPECT, reading))
        .flatMap(part -> part.value("suppress"))
        .filter(node -> !node.getTag().equals(Tag.NULL))
        .map(this::suppressions)
        .orElse(List.of());
  }

  private List<Suppression> suppressions(Node node) {
    if (!(node instanceof SequenceNode list)) {
      reading.problem(
          node,
          "'suppress' of " + PART + " must be a list.",
          "Write '- {finding: unused-index, place: ix_logs, reason: \"...\", until: 2027-01-31}'.");
      return List.of();
    }
    List<Suppression> suppressions = new ArrayList<>();
    for (Node each : list.getValue()) {
      Entries.of(each, "a suppression", Keys.SUPPRESSION, reading)
          .flatMap(this::suppression)
          .ifPresent(suppressions::add);
    }
    return suppressions;
  }

  private Optional<Suppression> suppression(Entries entries) {
    Optional<Check> check =
        entries.required("finding", "finding: unused-index").flatMap(this::check);
    Optional<String> reason =
        entries.required("reason", "reason: \"needed at the end of each year\"").map(Scalar::value);
    Optional<LocalDate> until = entries.required("until", "until: 2027-01-31").flatMap(this::day);
    String place = entries.scalar("place").map(Scalar::value).orElse("*");
    return check.flatMap(
        what -> reason.flatMap(why -> until.map(last -> new Suppression(what, place, why, last))));
  }

  private Optional<Check> check(Scalar name) {
    Optional<Check> check = Check.of(name.value());
    if (check.isEmpty()) {
      reading.problem(
          name.node(),
          "There is no finding '" + name.raw() + "'.",
          Nearest.sentence(
              "findings", name.raw(), Arrays.stream(Check.values()).map(Check::slug).toList()));
    }
    return check;
  }

  private Optional<LocalDate> day(Scalar text) {
    try {
      return Optional.of(LocalDate.parse(text.value()));
    } catch (DateTimeParseException e) {
      reading.problem(text.node(), "'" + text.raw() + "' is not a day.", "Write it as 2027-01-31.");
      return Optional.empty();
    }
  }
}
