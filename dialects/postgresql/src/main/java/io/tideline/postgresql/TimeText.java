package io.tideline.postgresql;

import java.time.LocalDate;

/**
 * Dates and times in PostgreSQL's ISO output form: years of at least four digits, {@code BC} at the
 * end, a fraction without trailing zeros.
 */
final class TimeText {
  /** Microseconds from 1970-01-01 to 2000-01-01, from which PostgreSQL counts. */
  static final long EPOCH_MICROS = 946_684_800_000_000L;

  /** Days from 1970-01-01 to 2000-01-01. */
  static final int EPOCH_DAYS = 10_957;

  private static final long DAY = 86_400_000_000L;

  private TimeText() {}

  /** A date. */
  static String date(long days) {
    StringBuilder text = new StringBuilder(16);
    return text.append(date(text, LocalDate.ofEpochDay(days))).toString();
  }

  /** A time of day; 24:00:00 is one. */
  static String time(long micros) {
    StringBuilder text = new StringBuilder(16);
    clock(text, micros);
    return text.toString();
  }

  /**
   * A timestamp.
   *
   * @param micros since 1970
   * @param zone what stands after the clock time, for example {@code +00}
   */
  static String timestamp(long micros, String zone) {
    return timestamp(Math.floorDiv(micros, DAY), Math.floorMod(micros, DAY), zone);
  }

  /** A timestamp of microseconds since 2000, even where those since 1970 overflow. */
  static String timestampSince2000(long micros, String zone) {
    return timestamp(Math.floorDiv(micros, DAY) + EPOCH_DAYS, Math.floorMod(micros, DAY), zone);
  }

  private static String timestamp(long days, long micros, String zone) {
    StringBuilder text = new StringBuilder(32);
    String era = date(text, LocalDate.ofEpochDay(days));
    clock(text.append(' '), micros);
    return text.append(zone).append(era).toString();
  }

  private static String date(StringBuilder text, LocalDate date) {
    int year = date.getYear();
    padded(text, year > 0 ? year : 1 - year, 4).append('-');
    padded(text, date.getMonthValue(), 2).append('-');
    padded(text, date.getDayOfMonth(), 2);
    return year > 0 ? "" : " BC";
  }

  private static void clock(StringBuilder text, long micros) {
    long seconds = micros / 1_000_000;
    padded(text, seconds / 3600, 2).append(':');
    padded(text, seconds / 60 % 60, 2).append(':');
    padded(text, seconds % 60, 2);
    long fraction = micros % 1_000_000;
    if (fraction != 0) {
      padded(text.append('.'), fraction, 6);
      int end = text.length();
      while (text.charAt(end - 1) == '0') {
        end--;
      }
      text.setLength(end);
    }
  }

  private static StringBuilder padded(StringBuilder text, long number, int width) {
    String digits = Long.toString(number);
    return text.append("0".repeat(Math.max(0, width - digits.length()))).append(digits);
  }
}
