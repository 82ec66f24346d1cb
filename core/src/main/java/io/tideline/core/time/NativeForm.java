package io.tideline.core.time;

import io.tideline.plan.TimeEncoding;
import io.tideline.plan.TimeEncoding.Shape;
import io.tideline.row.Kind;
import io.tideline.row.Row;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Time types of a database: days, or microseconds, since 1970; what they cannot hold comes as the
 * text that PostgreSQL writes (<a
 * href="https://www.postgresql.org/docs/current/datatype-datetime.html">datatype-datetime</a>).
 */
final class NativeForm extends TimeForm {
  private static final Pattern TEXT =
      Pattern.compile(
          "(\\d{4,7})-(\\d\\d)-(\\d\\d)(?: (\\d\\d):(\\d\\d):(\\d\\d)(?:\\.(\\d{1,6}))?"
              + "(?:[+-]00(?::00)?|Z)?)?( BC)?");
  private static final long DAY = 86_400;
  private static final long MICROS = 1_000_000;

  private final Shape shape;
  private final LocalTimes local;

  NativeForm(TimeEncoding encoding) {
    shape = encoding.shape();
    local = new LocalTimes(shape == Shape.NATIVE_INSTANT ? ZoneOffset.UTC : encoding.zone());
  }

  @Override
  boolean parse(Row row, int i) {
    Kind kind = row.kind(i);
    if (kind == Kind.TEXT) {
      return parse(row.text(i));
    }
    if (kind != Kind.INTEGER) {
      return false;
    }
    long value = row.integer(i);
    if (shape == Shape.NATIVE_DATE) {
      nanos = 0;
      return Math.abs(value) <= Instant.MAX.getEpochSecond() / DAY - 366 && place(value * DAY);
    }
    long whole = Math.floorDiv(value, MICROS);
    nanos = (int) (value - whole * MICROS) * 1000;
    return place(whole);
  }

  private boolean place(long localSeconds) {
    boolean exists = true;
    if (shape == Shape.NATIVE_DATE) {
      local.findDay(localSeconds);
    } else {
      exists = local.find(localSeconds);
    }
    seconds = local.instant;
    return exists;
  }

  private boolean parse(String text) {
    nanos = 0;
    if (text.equals("infinity") || text.equals("-infinity")) {
      seconds = text.charAt(0) == '-' ? Long.MIN_VALUE : Long.MAX_VALUE;
      return true;
    }
    Matcher found = TEXT.matcher(text);
    if (!found.matches()) {
      return false;
    }
    int written = Integer.parseInt(found.group(1));
    int year = found.group(8) == null ? written : 1 - written;
    int month = Integer.parseInt(found.group(2));
    int day = Integer.parseInt(found.group(3));
    int second = 0;
    if (found.group(4) != null) {
      second =
          Days.secondOfDay(
              Integer.parseInt(found.group(4)),
              Integer.parseInt(found.group(5)),
              Integer.parseInt(found.group(6)));
    }
    if (found.group(7) != null) {
      nanos = Integer.parseInt((found.group(7) + "00000000").substring(0, 9));
    }
    return written > 0
        && second >= 0
        && Days.exists(year, month, day)
        && place(Days.of(year, month, day) * DAY + second);
  }

  @Override
  Row bound(Instant cutoff) {
    if (shape == Shape.NATIVE_DATE) {
      // A day that has begun when the cutoff comes is older than it.
      long time = local.local(ceiling(cutoff, 1));
      return Row.ofInteger(-Math.floorDiv(-time, DAY));
    }
    Row floor = encode(cutoff);
    boolean exact = cutoff.getNano() % 1000 == 0;
    return exact ? floor : Row.ofInteger(floor.integer(0) + 1);
  }

  @Override
  Row encode(Instant instant) {
    long time = local.local(instant.getEpochSecond());
    return Row.ofInteger(
        shape == Shape.NATIVE_DATE
            ? Math.floorDiv(time, DAY)
            : Math.addExact(Math.multiplyExact(time, MICROS), instant.getNano() / 1000L));
  }
}
