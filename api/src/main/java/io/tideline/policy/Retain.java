package io.tideline.policy;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads how long rows are kept: {@code off}, {@code 30} or {@code 30d}, {@code 12h}, {@code 8w}.
 */
public final class Retain {
  private static final Pattern FORM = Pattern.compile("(\\d{1,6})([dhw]?)");

  private Retain() {}

  /**
   * Reads a retention.
   *
   * @param text the text; a number alone is days of 24 hours
   * @param where where it stands, for the error
   * @return the retention; empty for {@code off}
   * @throws TidelineException {@code POLICY_INVALID} if it is zero, negative, fractional or
   *     otherwise no retention
   */
  public static Optional<Duration> parse(String text, String where) {
    if (text.equals("off")) {
      return Optional.empty();
    }
    Matcher form = FORM.matcher(text);
    if (!form.matches() || Integer.parseInt(form.group(1)) == 0) {
      throw new TidelineException(
          ErrorCode.POLICY_INVALID,
          "Cannot use '" + text + "' as " + where + ".",
          "Nothing was changed.",
          "Write 'off', or a whole number above zero of days ('30' or '30d'), hours ('12h') or weeks"
              + " ('8w').");
    }
    long count = Integer.parseInt(form.group(1));
    return Optional.of(
        switch (form.group(2)) {
          case "h" -> Duration.ofHours(count);
          case "w" -> Duration.ofDays(7 * count);
          default -> Duration.ofDays(count);
        });
  }

  /** The text that {@link #parse} reads: whole days where possible, else hours. */
  public static String display(Duration retain) {
    return retain.toHours() % 24 == 0 ? retain.toDays() + "d" : retain.toHours() + "h";
  }
}
