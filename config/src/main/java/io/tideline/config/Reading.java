package io.tideline.config;

import io.tideline.error.Nearest;
import io.tideline.error.TidelineException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** One reading of one file: collects what is wrong while the parts are taken. */
final class Reading {
  private final List<Problem> problems = new ArrayList<>();
  private final Expansion expansion;
  private boolean onlyFloors = true;

  Reading(Expansion expansion) {
    this.expansion = expansion;
  }

  List<Problem> problems() {
    problems.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
    return List.copyOf(problems);
  }

  /** Whether nothing is wrong but retentions below a floor. */
  boolean onlyFloors() {
    return onlyFloors;
  }

  void problem(Node node, String what, String mend) {
    onlyFloors = false;
    add(node.getStartMark(), what, mend);
  }

  void problem(Optional<Mark> mark, String what, String mend) {
    onlyFloors = false;
    add(mark, what, mend);
  }

  void belowFloor(Node node, String what, String mend) {
    add(node.getStartMark(), what, mend);
  }

  private void add(Optional<Mark> mark, String what, String mend) {
    int line = mark.map(Mark::getLine).orElse(0) + 1;
    int column = mark.map(Mark::getColumn).orElse(0) + 1;
    Problem problem = new Problem(line, column, what, mend);
    if (!problems.contains(problem)) {
      problems.add(problem);
    }
  }

  /** The single value of a node, variables put in; empty, with a problem noted, if it is none. */
  Optional<Scalar> scalar(Node node, String label) {
    if (!(node instanceof ScalarNode scalar)) {
      problem(node, label + " must be a single value.", "Write one value on the same line.");
      return Optional.empty();
    }
    if (scalar.getTag().equals(Tag.NULL)) {
      problem(node, label + " has no value.", "Write a value, or remove the key.");
      return Optional.empty();
    }
    String raw = scalar.getValue();
    try {
      String value = expansion.expand(raw);
      if (value.isBlank()) {
        problem(node, label + " is empty ('" + raw + "').", "Write a value, or remove the key.");
        return Optional.empty();
      }
      return Optional.of(new Scalar(node, raw, value));
    } catch (Expansion.Failure e) {
      problem(node, label + ": " + e.getMessage(), e.mend());
      return Optional.empty();
    }
  }

  /** What a reader makes of a value; its refusal becomes a problem, without expanded values. */
  <T> Optional<T> parse(Scalar scalar, Function<String, T> reader) {
    try {
      return Optional.of(reader.apply(scalar.value()));
    } catch (TidelineException e) {
      problem(scalar.node(), scalar.mask(e.what()), e.mend());
      return Optional.empty();
    }
  }

  /** The one of some words that a value is; anything else is a problem. */
  Optional<String> oneOf(Scalar scalar, String label, Collection<String> words) {
    if (words.contains(scalar.value())) {
      return Optional.of(scalar.value());
    }
    problem(
        scalar.node(),
        label + " cannot be '" + scalar.raw() + "'.",
        guess(scalar, words) + "Write one of: " + String.join(", ", words) + ".");
    return Optional.empty();
  }

  private static String guess(Scalar scalar, Collection<String> words) {
    return scalar.raw().equals(scalar.value())
        ? Nearest.to(scalar.value(), words).map(w -> "Did you mean '" + w + "'? ").orElse("")
        : "";
  }
}
