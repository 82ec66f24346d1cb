package io.tideline.services.web;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Times of columns that hold UTC without a zone, as SQLAlchemy writes them. */
public final class Times {
  private static final DateTimeFormatter WRITTEN =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);
  private static final DateTimeFormatter READ =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd[' ']['T']HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .toFormatter(Locale.ROOT);

  private final boolean sqlite;

  /** The times of a database. */
  public Times(DatabaseAddress address) {
    sqlite = address.isSqlite();
  }

  /** The value to bind: text on SQLite, which has no type for times. */
  public Object bound(Instant instant) {
    LocalDateTime utc =
        LocalDateTime.ofInstant(instant.truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC);
    return sqlite ? WRITTEN.format(utc) : utc;
  }

  /** The instant of a column's text. */
  public static Instant read(String text) {
    return LocalDateTime.parse(text, READ).toInstant(ZoneOffset.UTC);
  }
}
