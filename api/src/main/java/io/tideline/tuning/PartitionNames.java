package io.tideline.tuning;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How partitions are called: {@code {table}}, {@code {yyyy}}, {@code {q}}, {@code {MM}}, {@code
 * {dd}}, {@code {HH}} and {@code {mm}} stand for the table and the beginning in UTC.
 *
 * @param pattern the pattern
 */
public record PartitionNames(String pattern) {
  private static final Pattern PLACE = Pattern.compile("\\{([^{}]*)\\}");
  private static final List<String> KNOWN = List.of("table", "yyyy", "q", "MM", "dd", "HH", "mm");

  /**
   * Checks that only known places are in it.
   *
   * @throws TidelineException {@code POLICY_INVALID} if not
   */
  public PartitionNames {
    Matcher place = PLACE.matcher(pattern);
    while (place.find()) {
      if (!KNOWN.contains(place.group(1))) {
        throw refused(
            pattern,
            "{" + place.group(1) + "} is not known",
            "Known are {" + String.join("}, {", KNOWN) + "}.");
      }
    }
    if (PLACE.matcher(pattern).replaceAll("").matches("(?s).*[{}\\x00-\\x1f].*")) {
      throw refused(pattern, "a bracket or a control character is left over", "Take it away.");
    }
  }

  /** The usual names of partitions of a length: {@code logs_2026_05}. */
  public static PartitionNames usual(PartitionEvery every) {
    return new PartitionNames(
        switch (every.kind()) {
          case YEAR -> "{table}_{yyyy}";
          case QUARTER -> "{table}_{yyyy}_q{q}";
          case MONTH -> "{table}_{yyyy}_{MM}";
          case DAY, WEEK -> "{table}_{yyyy}_{MM}_{dd}";
          case SPAN ->
              every.ofWholeDays()
                  ? "{table}_{yyyy}_{MM}_{dd}"
                  : "{table}_{yyyy}_{MM}_{dd}_{HH}{mm}";
        });
  }

  /**
   * Checks that partitions of a length have different names.
   *
   * @throws TidelineException {@code POLICY_INVALID} if not
   */
  public void requireFit(PartitionEvery every) {
    List<String> needed =
        switch (every.kind()) {
          case YEAR -> List.of("yyyy");
          case QUARTER -> List.of("yyyy", pattern.contains("{q}") ? "q" : "MM");
          case MONTH -> List.of("yyyy", "MM");
          case DAY, WEEK -> List.of("yyyy", "MM", "dd");
          case SPAN ->
              every.ofWholeDays()
                  ? List.of("yyyy", "MM", "dd")
                  : List.of("yyyy", "MM", "dd", "HH", "mm");
        };
    for (String each : needed) {
      if (!pattern.contains("{" + each + "}")) {
        throw refused(
            pattern,
            "two partitions of a " + every + " could have one name",
            "Put {" + each + "} into it.");
      }
    }
  }

  /** The name of the partition of a table that begins at an instant. */
  public String name(String table, Instant beginning) {
    ZonedDateTime at = beginning.atZone(ZoneOffset.UTC);
    StringBuilder name = new StringBuilder();
    Matcher place = PLACE.matcher(pattern);
    while (place.find()) {
      String text =
          switch (place.group(1)) {
            case "table" -> table;
            case "yyyy" -> padded(at.getYear(), 4);
            case "q" -> padded((at.getMonthValue() - 1) / 3 + 1, 1);
            case "MM" -> padded(at.getMonthValue(), 2);
            case "dd" -> padded(at.getDayOfMonth(), 2);
            case "HH" -> padded(at.getHour(), 2);
            default -> padded(at.getMinute(), 2);
          };
      place.appendReplacement(name, Matcher.quoteReplacement(text));
    }
    return place.appendTail(name).toString();
  }

  private static String padded(int number, int width) {
    return String.format(Locale.ROOT, "%0" + width + "d", number);
  }

  private static TidelineException refused(String pattern, String why, String mend) {
    return new TidelineException(
        ErrorCode.POLICY_INVALID,
        "Cannot name partitions '" + pattern + "': " + why + ".",
        "Nothing was changed.",
        mend);
  }
}
