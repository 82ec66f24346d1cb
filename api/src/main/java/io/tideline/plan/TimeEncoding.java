package io.tideline.plan;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;

/**
 * How the times of a column are written.
 *
 * @param shape the form
 * @param offset the offset that every value ends with ({@code Z}, {@code +02:00}, {@code +0200});
 *     empty if none
 * @param zone the zone of values that name none
 */
public record TimeEncoding(Shape shape, String offset, ZoneId zone) {
  /** The forms. Text forms sort as their times do. */
  public enum Shape {
    /** {@code 2026-05-02 10:00:00}, with any fraction. */
    ISO_SPACE,
    /** {@code 2026-05-02T10:00:00}, with any fraction. */
    ISO_T,
    /** {@code 2026-05-02}. */
    ISO_DATE,
    /** {@code 20260502T100000}. */
    ISO_BASIC,
    /** Numbers: seconds since 1970. */
    EPOCH_S,
    /** Numbers: milliseconds since 1970. */
    EPOCH_MS,
    /** Numbers: microseconds since 1970. */
    EPOCH_US,
    /** Numbers: nanoseconds since 1970. */
    EPOCH_NS,
    /** Text: decimal digits, seconds since 1970. */
    TEXT_EPOCH_S,
    /** Text: decimal digits, milliseconds since 1970. */
    TEXT_EPOCH_MS,
    /** Text: decimal digits, microseconds since 1970. */
    TEXT_EPOCH_US,
    /** Text: decimal digits, nanoseconds since 1970. */
    TEXT_EPOCH_NS,
    /** Numbers: Julian days. */
    JULIAN_DAY,
    /** A date of the database. */
    NATIVE_DATE,
    /** A timestamp of the database without a zone. */
    NATIVE_TIMESTAMP,
    /** A timestamp of the database that is an instant. */
    NATIVE_INSTANT;

    /** The word in reports. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** For a person: {@code iso-space, UTC}. */
  public String display() {
    return shape.word()
        + (offset.isEmpty() ? ", " + (zone.equals(ZoneOffset.UTC) ? "UTC" : zone) : " " + offset);
  }
}
