package io.tideline.core.time;

import io.tideline.plan.TimeEncoding;
import io.tideline.plan.TimeEncoding.Shape;
import io.tideline.row.Kind;
import io.tideline.row.Row;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * A way to write instants, made with java.time and BigDecimal only.
 *
 * @param name for messages
 * @param encoding what Tideline calls it
 * @param step the smallest difference it can hold
 * @param write writes a multiple of {@code step}
 */
record Writing(String name, TimeEncoding encoding, ChronoUnit step, Function<Instant, Row> write) {
  private static final BigDecimal EPOCH_DAY = new BigDecimal("2440587.5");

  /** The twenty encodings of the acceptance, and those that follow from them. */
  static List<Writing> all() {
    List<Writing> all = new ArrayList<>();
    for (int fraction : new int[] {0, 3, 6, 9}) {
      all.add(iso(Shape.ISO_SPACE, fraction, "", ZoneOffset.UTC));
      all.add(iso(Shape.ISO_T, fraction, "", ZoneOffset.UTC));
      all.add(iso(Shape.ISO_T, fraction, "Z", ZoneOffset.UTC));
      all.add(iso(Shape.ISO_BASIC, fraction, "Z", ZoneOffset.UTC));
    }
    for (String offset : List.of("+00:00", "+02:00", "-05:30", "+0200", "-08", " +0900", " UTC")) {
      all.add(iso(Shape.ISO_SPACE, 6, offset, zone(offset)));
      all.add(iso(Shape.ISO_T, 0, offset, zone(offset)));
    }
    for (String zone : List.of("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")) {
      all.add(iso(Shape.ISO_SPACE, 6, "", ZoneId.of(zone)));
      all.add(iso(Shape.ISO_T, 0, "", ZoneId.of(zone)));
      all.add(date(ZoneId.of(zone)));
      all.add(natively(Shape.NATIVE_TIMESTAMP, ZoneId.of(zone)));
    }
    all.add(date(ZoneOffset.UTC));
    for (EpochUnit unit : EpochUnit.values()) {
      all.addAll(epochs(unit));
    }
    all.add(
        new Writing(
            "julian day",
            encoding(Shape.JULIAN_DAY, "", ZoneOffset.UTC),
            ChronoUnit.MILLIS,
            at -> Row.ofReal(julian(at).doubleValue())));
    all.add(natively(Shape.NATIVE_DATE, ZoneOffset.UTC));
    all.add(natively(Shape.NATIVE_TIMESTAMP, ZoneOffset.UTC));
    all.add(natively(Shape.NATIVE_INSTANT, ZoneOffset.UTC));
    return all;
  }

  static TimeEncoding encoding(Shape shape, String offset, ZoneId zone) {
    return new TimeEncoding(shape, offset, zone);
  }

  private static ZoneId zone(String offset) {
    return offset.equals(" UTC") ? ZoneOffset.UTC : ZoneOffset.of(offset.strip());
  }

  /** Text with a fraction of so many digits. */
  static Writing iso(Shape shape, int fraction, String offset, ZoneId zone) {
    String pattern =
        switch (shape) {
          case ISO_SPACE -> "uuuu-MM-dd HH:mm:ss";
          case ISO_T -> "uuuu-MM-dd'T'HH:mm:ss";
          default -> "uuuuMMdd'T'HHmmss";
        };
    DateTimeFormatterBuilder form = new DateTimeFormatterBuilder().appendPattern(pattern);
    if (fraction > 0) {
      form.appendFraction(ChronoField.NANO_OF_SECOND, fraction, fraction, true);
    }
    DateTimeFormatter format = form.toFormatter(Locale.ROOT);
    ChronoUnit step =
        switch (fraction) {
          case 0 -> ChronoUnit.SECONDS;
          case 3 -> ChronoUnit.MILLIS;
          case 6 -> ChronoUnit.MICROS;
          default -> ChronoUnit.NANOS;
        };
    return new Writing(
        shape.word() + "." + fraction + offset + " " + zone,
        encoding(shape, offset, zone),
        step,
        at -> Row.ofText(format.format(LocalDateTime.ofInstant(at, zone)) + offset));
  }

  private static Writing date(ZoneId zone) {
    return new Writing(
        "date " + zone,
        encoding(Shape.ISO_DATE, "", zone),
        ChronoUnit.DAYS,
        at -> Row.ofText(LocalDate.ofInstant(at, zone).toString()));
  }

  private static Writing natively(Shape shape, ZoneId zone) {
    boolean date = shape == Shape.NATIVE_DATE;
    return new Writing(
        shape.word() + " " + zone,
        encoding(shape, "", zone),
        date ? ChronoUnit.DAYS : ChronoUnit.MICROS,
        at ->
            Row.ofInteger(
                date
                    ? LocalDate.ofInstant(at, zone).toEpochDay()
                    : ChronoUnit.MICROS.between(
                        LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC),
                        LocalDateTime.ofInstant(at, zone))));
  }

  private static List<Writing> epochs(EpochUnit unit) {
    ChronoUnit step =
        switch (unit) {
          case S -> ChronoUnit.SECONDS;
          case MS -> ChronoUnit.MILLIS;
          case US -> ChronoUnit.MICROS;
          case NS -> ChronoUnit.NANOS;
        };
    ChronoUnit real = unit == EpochUnit.NS ? ChronoUnit.SECONDS : ChronoUnit.MILLIS;
    TimeEncoding numbers = encoding(unit.numbers, "", ZoneOffset.UTC);
    TimeEncoding text = encoding(unit.text, "", ZoneOffset.UTC);
    return List.of(
        new Writing(
            unit + " integer",
            numbers,
            step,
            at -> Row.ofInteger(count(at, unit).longValueExact())),
        new Writing(unit + " real", numbers, real, at -> Row.ofReal(count(at, unit).doubleValue())),
        new Writing(
            unit + " decimal",
            numbers,
            ChronoUnit.NANOS,
            at -> Row.ofText(count(at, unit).toPlainString())),
        new Writing(
            unit + " text", text, step, at -> Row.ofText(count(at, unit).toBigIntegerExact() + "")),
        new Writing(
            unit + " text with fraction",
            text,
            ChronoUnit.NANOS,
            at -> Row.ofText(count(at, unit).toPlainString())));
  }

  static BigDecimal seconds(Instant at) {
    return BigDecimal.valueOf(at.getEpochSecond()).add(BigDecimal.valueOf(at.getNano(), 9));
  }

  private static BigDecimal count(Instant at, EpochUnit unit) {
    return seconds(at).multiply(BigDecimal.valueOf(unit.perSecond)).stripTrailingZeros();
  }

  private static BigDecimal julian(Instant at) {
    return EPOCH_DAY.add(
        seconds(at).divide(BigDecimal.valueOf(86_400), 30, RoundingMode.HALF_EVEN));
  }

  /** Whether the engine says that {@code a < b}: numbers by value, before text; text by byte. */
  static boolean less(Row a, Row b) {
    boolean aText = a.kind(0) == Kind.TEXT;
    boolean bText = b.kind(0) == Kind.TEXT;
    if (aText && bText) {
      return Arrays.compareUnsigned(a.bytes(0), b.bytes(0)) < 0;
    }
    return number(a).compareTo(number(b)) < 0;
  }

  private static BigDecimal number(Row row) {
    return switch (row.kind(0)) {
      case INTEGER -> BigDecimal.valueOf(row.integer(0));
      case REAL -> new BigDecimal(row.real(0));
      default -> new BigDecimal(row.text(0));
    };
  }

  @Override
  public String toString() {
    return name;
  }
}
