package io.tideline.text;

import io.tideline.archive.NaturalValues;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;

/** Days and microseconds as ISO 8601 text and back, without objects of {@code java.time}. */
final class IsoTime {
  /** The day before 0001-01-01. */
  private static final long BEFORE_FIRST = LocalDate.of(1, 1, 1).toEpochDay() - 1;

  /** The day after 9999-12-31. */
  private static final long AFTER_LAST = LocalDate.of(9999, 12, 31).toEpochDay() + 1;

  private static final int DATE_LENGTH = 10;
  private static final int SECONDS_LENGTH = 8;
  private static final int MICROS_LENGTH = 15;

  private IsoTime() {}

  static boolean printsDay(long day) {
    return day > BEFORE_FIRST && day < AFTER_LAST;
  }

  static boolean printsMicros(long micros) {
    return printsDay(Math.floorDiv(micros, NaturalValues.DAY_MICROS));
  }

  /** Writes a day from 1970-01-01 that {@link #printsDay}. */
  static void day(TextBuffer out, long day) throws IOException {
    // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
    long shifted = day + 719_468;
    long era = Math.floorDiv(shifted, 146_097L);
    long dayOfEra = shifted - era * 146_097;
    long yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    long monthFromMarch = (5 * dayOfYear + 2) / 153;
    long month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
    out.padded(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), 4);
    out.write('-');
    out.padded(month, 2);
    out.write('-');
    out.padded(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1, 2);
  }

  /** Writes microseconds since midnight. */
  static void time(TextBuffer out, long micros) throws IOException {
    long seconds = micros / 1_000_000;
    long fraction = micros % 1_000_000;
    out.padded(seconds / 3_600, 2);
    out.write(':');
    out.padded(seconds / 60 % 60, 2);
    out.write(':');
    out.padded(seconds % 60, 2);
    if (fraction != 0) {
      out.write('.');
      out.padded(fraction, 6);
    }
  }

  /** Writes microseconds since 1970-01-01 00:00 that {@link #printsMicros}. */
  static void timestamp(TextBuffer out, long micros, boolean utc) throws IOException {
    day(out, Math.floorDiv(micros, NaturalValues.DAY_MICROS));
    out.write('T');
    time(out, Math.floorMod(micros, NaturalValues.DAY_MICROS));
    if (utc) {
      out.write('Z');
    }
  }

  /** Reads what {@link #day} wrote. */
  static long parseDay(byte[] text, int from, int to) {
    if (to - from != DATE_LENGTH || text[from + 4] != '-' || text[from + 7] != '-') {
      throw new IllegalArgumentException("not a date");
    }
    int year = digits(text, from, 4);
    int month = digits(text, from + 5, 2);
    int day = digits(text, from + 8, 2);
    if (year == 0) {
      throw new IllegalArgumentException("not a date");
    }
    try {
      return LocalDate.of(year, month, day).toEpochDay();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("not a date", e);
    }
  }

  /** Reads what {@link #time} wrote. */
  static long parseTime(byte[] text, int from, int to) {
    int length = to - from;
    boolean fraction = length == MICROS_LENGTH;
    if ((!fraction && length != SECONDS_LENGTH)
        || text[from + 2] != ':'
        || text[from + 5] != ':'
        || (fraction && text[from + 8] != '.')) {
      throw new IllegalArgumentException("not a time");
    }
    int hours = digits(text, from, 2);
    int minutes = digits(text, from + 3, 2);
    int seconds = digits(text, from + 6, 2);
    int micros = fraction ? digits(text, from + 9, 6) : 0;
    if (hours > 23 || minutes > 59 || seconds > 59 || (fraction && micros == 0)) {
      throw new IllegalArgumentException("not a time");
    }
    return (hours * 3_600L + minutes * 60L + seconds) * 1_000_000 + micros;
  }

  /** Reads what {@link #timestamp} wrote. */
  static long parseTimestamp(byte[] text, int from, int to, boolean utc) {
    int end = utc ? to - 1 : to;
    if (end - from < DATE_LENGTH + 1
        || text[from + DATE_LENGTH] != 'T'
        || (utc && text[end] != 'Z')) {
      throw new IllegalArgumentException("not a timestamp");
    }
    return parseDay(text, from, from + DATE_LENGTH) * NaturalValues.DAY_MICROS
        + parseTime(text, from + DATE_LENGTH + 1, end);
  }

  private static int digits(byte[] text, int from, int count) {
    int value = 0;
    for (int i = from; i < from + count; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9) {
        throw new IllegalArgumentException("not a digit");
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
