package io.tideline.policy;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * Where a row's time stands and how it is written.
 *
 * @param column the column; empty where {@code sql} gives the time
 * @param sql an exact expression in place of a column; empty where {@code column} is
 * @param format how it is written
 * @param zone the zone of times that name none
 */
public record TimeColumn(
    Optional<String> column, Optional<String> sql, Format format, ZoneId zone) {
  /** Checks that exactly one of column and expression is given. */
  public TimeColumn {
    if (column.isPresent() == sql.isPresent()) {
      throw new IllegalArgumentException(
          "Cannot take a time from both or neither of column and sql");
    }
  }

  /** A column whose format is told from a sample, naive times being UTC. */
  public static TimeColumn of(String column) {
    return new TimeColumn(Optional.of(column), Optional.empty(), Format.AUTO, ZoneOffset.UTC);
  }

  /** How times are written. */
  public enum Format {
    /** Told from a sample. */
    AUTO("auto"),
    /** ISO 8601 text, date first, with {@code T} or a space, any fraction, zone or none. */
    ISO("iso"),
    /** Seconds since 1970. */
    EPOCH_S("epoch-s"),
    /** Milliseconds since 1970. */
    EPOCH_MS("epoch-ms"),
    /** Microseconds since 1970. */
    EPOCH_US("epoch-us"),
    /** Nanoseconds since 1970. */
    EPOCH_NS("epoch-ns"),
    /** Julian day numbers. */
    JULIAN_DAY("julian-day"),
    /** A type of the database that holds nothing but times. */
    NATIVE("native");

    private final String word;

    Format(String word) {
      this.word = word;
    }

    /** The word in a configuration. */
    public String word() {
      return word;
    }
  }
}
