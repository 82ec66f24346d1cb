package io.tideline.postgresql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bounds of a range partition in the server's own words. They become SQL again, also from a
 * file of the archive, so only constants are let through.
 */
final class PartitionBounds {
  private static final String CONSTANT =
      "(?:'(?:[^']|'')*'|[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?|MINVALUE|MAXVALUE|true|false)";

  private static final String LIST = "(" + CONSTANT + "(?:, " + CONSTANT + ")*)";
  private static final Pattern RANGE =
      Pattern.compile("FOR VALUES FROM \\(" + LIST + "\\) TO \\(" + LIST + "\\)");

  private static final Pattern ONE = Pattern.compile(CONSTANT);

  private final String text;
  private final List<String> lower;
  private final List<String> upper;

  private PartitionBounds(String text, List<String> lower, List<String> upper) {
    this.text = text;
    this.lower = lower;
    this.upper = upper;
  }

  /** The bounds, if they are those of a range of constants. */
  static Optional<PartitionBounds> of(String text) {
    Matcher matcher = RANGE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new PartitionBounds(text, constants(matcher.group(1)), constants(matcher.group(2))));
  }

  private static List<String> constants(String list) {
    List<String> constants = new ArrayList<>();
    Matcher each = ONE.matcher(list);
    while (each.find()) {
      constants.add(each.group());
    }
    return constants;
  }

  /** The text. */
  String text() {
    return text;
  }

  /** The first column's constant from which on values lie in it; empty if there is none. */
  Optional<String> begin() {
    String first = lower.get(0);
    return first.endsWith("VALUE") ? Optional.empty() : Optional.of(first);
  }

  /**
   * The constant that every value of the first column lies below, or equals if the key has more
   * columns; empty if there is none.
   */
  Optional<String> end() {
    String first = upper.get(0);
    return first.endsWith("VALUE") ? Optional.empty() : Optional.of(first);
  }
}
