package io.tideline.core.work;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Ids of runs, restores and holds: they sort by time and never repeat. */
public final class RunId {
  /** What every id matches, as a regular expression. */
  public static final String PATTERN = "\\d{8}T\\d{9}Z-[0-9a-f]{6}";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);
  private static final SecureRandom RANDOM = new SecureRandom();

  private RunId() {}

  /** What all ids at an instant or later sort after. */
  public static String first(Instant instant) {
    return TIME.format(instant);
  }

  /** A new id at an instant. */
  public static String at(Instant instant) {
    return first(instant) + "-" + String.format(Locale.ROOT, "%06x", RANDOM.nextInt(1 << 24));
  }
}
