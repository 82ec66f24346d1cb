package io.tideline.cli;

import io.tideline.catalogue.NaturalType;
import io.tideline.row.Row;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Values of rows as a person reads them. */
final class Values {
  private Values() {}

  /** A value as it is stored. */
  static @Nullable Object stored(Row row, int i) {
    return switch (row.kind(i)) {
      case NULL -> null;
      case INTEGER -> row.integer(i);
      case REAL -> row.real(i);
      case TEXT -> row.text(i);
      case BLOB -> row.bytes(i);
    };
  }

  /**
   * A value of a column: dates and times as such, anything that the type does not fit as stored.
   */
  static @Nullable Object natural(NaturalType type, Row row, int i) {
    if (row.kind(i) != type.family().kind()) {
      return stored(row, i);
    }
    long bits = row.bits(i);
    return switch (type.family()) {
      case BOOLEAN -> bits == 0 || bits == 1 ? (Object) (bits == 1) : (Object) bits;
      case DATE -> Math.abs(bits) < 300_000_000L ? LocalDate.ofEpochDay(bits) : (Object) bits;
      case TIME ->
          bits >= 0 && bits < 86_400_000_000L ? LocalTime.ofNanoOfDay(bits * 1000) : (Object) bits;
      case TIMESTAMP -> LocalDateTime.ofInstant(instant(bits), ZoneOffset.UTC);
      case TIMESTAMP_UTC -> instant(bits);
      case DECIMAL -> decimal(row.text(i));
      default -> stored(row, i);
    };
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private static Object decimal(String text) {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      // PostgreSQL's numeric knows NaN and infinities.
      return text;
    }
  }
}
