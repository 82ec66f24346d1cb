package io.tideline.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads how long something may take: {@code 90s}, {@code 30m}, {@code 2h}. */
final class Span {
  private static final Pattern FORM = Pattern.compile("(\\d{1,6})([smh])");

  private Span() {}

  /**
   * Reads one.
   *
   * @throws io.tideline.error.TidelineException {@code ARGUMENT_INVALID} if it is none above zero
   */
  static Duration parse(String text, String option) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || Integer.parseInt(form.group(1)) == 0) {
      throw Command.badArgument(
          "Cannot use '" + text + "' as " + option + ".",
          "Write a whole number above zero and its unit: 90s, 30m or 2h.");
    }
    long count = Integer.parseInt(form.group(1));
    return switch (form.group(2)) {
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      default -> Duration.ofHours(count);
    };
  }
}
