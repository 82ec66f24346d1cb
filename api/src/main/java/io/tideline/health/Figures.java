package io.tideline.health;

import java.time.Duration;
import java.util.Locale;

/** Numbers in the words of findings; never dependent on the machine's locale. */
public final class Figures {
  private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB", "PB", "EB"};

  private Figures() {}

  /** A size in units of 1024: {@code 12.3 MB}. */
  public static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    while (Math.abs(value) >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0
        ? bytes + " B"
        : String.format(
            Locale.ROOT, Math.abs(value) < 99.95 ? "%.1f %s" : "%.0f %s", value, UNITS[unit]);
  }

  /** A count with thousands separators, and what is counted: {@code 12,345 rows}. */
  public static String count(long count, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", count, noun, count == 1 ? "" : "s");
  }

  /** A share in whole percent: {@code 42 %}. */
  public static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", share * 100);
  }

  /** A length of time in its largest unit: {@code 12 s}, {@code 3 min}, {@code 29 d}. */
  public static String duration(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 120) {
      return seconds + " s";
    }
    if (seconds < 2 * 3600) {
      return seconds / 60 + " min";
    }
    return seconds < 48 * 3600 ? seconds / 3600 + " h" : seconds / 86_400 + " d";
  }
}
