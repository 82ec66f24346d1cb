package io.tideline.policy;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads how long something may take: {@code 50ms}, {@code 90s}, {@code 30m}, {@code 2h}. */
public final class Span {
  private static final Pattern FORM = Pattern.compile("(\\d{1,6})(ms|[smhd])");

  private Span() {}

  /**
   * Reads one.
   *
   * @param where where it stands, for the error
   * @throws TidelineException {@code ARGUMENT_INVALID} if it is none above zero
   */
  public static Duration parse(String text, String where) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || Integer.parseInt(form.group(1)) == 0) {
      throw new TidelineException(
          ErrorCode.ARGUMENT_INVALID,
          "Cannot use '" + text + "' as " + where + ".",
          "Nothing was changed.",
          "Write a whole number above zero and its unit: 50ms, 90s, 30m, 2h or 7d.");
    }
    long count = Integer.parseInt(form.group(1));
    return switch (form.group(2)) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }
}
