package io.tideline.services.web;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Settings from the environment. A value that is not right is an error that names the variable and
 * says what would be right; it is never replaced in silence. A variable that is empty is not set.
 */
public record Environment(Map<String, String> variables) {
  /** Copies the variables. */
  public Environment {
    variables = Map.copyOf(variables);
  }

  /** A text; empty if it is not set. */
  public Optional<String> text(String name) {
    return Optional.ofNullable(variables.get(name))
        .map(String::trim)
        .filter(value -> !value.isEmpty());
  }

  /** A text, or what holds if it is not set. */
  public String text(String name, String otherwise) {
    return text(name).orElse(otherwise);
  }

  /** A whole number within bounds, both inclusive. */
  public int whole(String name, int otherwise, int least, int most) {
    return text(name)
        .map(
            value ->
                checked(
                    name,
                    value.matches("[0-9]{1,10}") ? Long.parseLong(value) : -1,
                    least,
                    most,
                    "a whole number from " + least + " to " + most))
        .map(Math::toIntExact)
        .orElse(otherwise);
  }

  /** So many seconds, from zero to a year; a fraction is allowed. */
  public Duration seconds(String name, double otherwise) {
    return seconds(name, otherwise, 0);
  }

  /** The same, from a least that is above zero. */
  public Duration seconds(String name, double otherwise, double least) {
    String value = text(name, String.valueOf(otherwise));
    double seconds = value.matches("[0-9]{1,9}(\\.[0-9]{1,6})?") ? Double.parseDouble(value) : -1;
    long millis = Math.round(seconds * 1_000);
    return Duration.ofMillis(
        checked(
            name,
            millis,
            Math.round(least * 1_000),
            366L * 86_400_000,
            "seconds, from " + (least == 0 ? "0" : least) + " to a year, such as 2.5"));
  }

  /** Yes or no. */
  public boolean flag(String name, boolean otherwise) {
    return choice(name, otherwise ? "true" : "false", List.of("true", "false", "1", "0"))
        .matches("true|1");
  }

  /** One of some words. */
  public String choice(String name, String otherwise, List<String> words) {
    String value = text(name, otherwise).toLowerCase(Locale.ROOT);
    if (!words.contains(value)) {
      throw wrong(name, "one of " + String.join(", ", words));
    }
    return value;
  }

  private static long checked(String name, long value, long least, long most, String right) {
    if (value < least || value > most) {
      throw wrong(name, right);
    }
    return value;
  }

  /** A setting that is not right. The value is not shown: it may be a secret. */
  public static IllegalArgumentException wrong(String name, String right) {
    return new IllegalArgumentException(
        "Cannot start: " + name + " is not right. Nothing was done. Write " + right + ".");
  }
}
