package io.tideline.core.time;

import io.tideline.plan.TimeEncoding.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Parses times that begin with year, month and day, without allocating; holds the one parsed last.
 */
final class IsoText {
  /** The form; null if the text has none of them. */
  @Nullable Shape shape;

  /** Local seconds since 1970-01-01 00:00. */
  long local;

  /** Nanoseconds after {@link #local}. */
  int nanos;

  /** Where the offset begins; the length of the text if there is none. */
  int offsetFrom;

  /** Whether date and time exist. */
  boolean exists;

  private byte[] text = {};
  private int at;

  /** Whether the text has one of the forms, whatever stands where an offset would. */
  boolean parse(byte[] bytes) {
    text = bytes;
    shape = null;
    nanos = 0;
    if (bytes.length >= 10 && bytes[4] == '-') {
      return extended();
    }
    return bytes.length >= 15 && bytes[8] == 'T' && basic();
  }

  private boolean extended() {
    int year = two(0) * 100 + two(2);
    int month = two(5);
    int day = two(8);
    if (year < 0 || month < 0 || day < 0 || text[7] != '-') {
      return false;
    }
    at = 10;
    if (text.length == 10) {
      return done(Shape.ISO_DATE, year, month, day, 0);
    }
    Shape form = text[10] == ' ' ? Shape.ISO_SPACE : Shape.ISO_T;
    if (text.length < 16 || (text[10] != ' ' && text[10] != 'T') || text[13] != ':') {
      return false;
    }
    int hour = two(11);
    int minute = two(14);
    if (hour < 0 || minute < 0) {
      return false;
    }
    int second = 0;
    at = 16;
    if (text.length > 16 && text[16] == ':') {
      second = text.length < 19 ? -1 : two(17);
      at = 19;
      if (second < 0 || !fraction()) {
        return false;
      }
    }
    return done(form, year, month, day, Days.secondOfDay(hour, minute, second));
  }

  private boolean basic() {
    int year = two(0) * 100 + two(2);
    int month = two(4);
    int day = two(6);
    int hour = two(9);
    int minute = two(11);
    int second = two(13);
    at = 15;
    if (year < 0 || (month | day | hour | minute | second) < 0 || !fraction()) {
      return false;
    }
    return done(Shape.ISO_BASIC, year, month, day, Days.secondOfDay(hour, minute, second));
  }

  private boolean fraction() {
    if (at >= text.length || (text[at] != '.' && text[at] != ',')) {
      return true;
    }
    int from = ++at;
    int value = 0;
    while (at < text.length && digit(at) >= 0) {
      if (at - from == 9) {
        return false;
      }
      value = value * 10 + digit(at++);
    }
    if (at == from) {
      return false;
    }
    for (int digits = at - from; digits < 9; digits++) {
      value *= 10;
    }
    nanos = value;
    return true;
  }

  private boolean done(Shape form, int year, int month, int day, int secondOfDay) {
    shape = form;
    offsetFrom = at;
    exists = year > 0 && secondOfDay >= 0 && Days.exists(year, month, day);
    local = exists ? Days.of(year, month, day) * 86_400 + secondOfDay : 0;
    return true;
  }

  private int two(int i) {
    int tens = text[i] - '0';
    int ones = text[i + 1] - '0';
    return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -10_000 : tens * 10 + ones;
  }

  private int digit(int i) {
    int digit = text[i] - '0';
    return digit > 9 ? -1 : digit;
  }
}
