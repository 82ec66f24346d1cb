package io.tideline.testkit;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * A way to write the time of a row, as SQL for one database, made without any code of Tideline.
 *
 * @param name for messages
 * @param type the column's declared type
 * @param zone the zone that the policy must name
 * @param step the smallest difference that it holds
 * @param text whether the column takes any text
 * @param literal writes an instant that is a multiple of the step as an SQL literal
 */
public record TimeWriting(
    String name,
    String type,
    ZoneId zone,
    Duration step,
    boolean text,
    Function<Instant, String> literal) {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MILLI = Duration.ofMillis(1);
  private static final Duration MICRO = Duration.ofNanos(1000);
  private static final Duration DAY = Duration.ofDays(1);

  /** Every way that a database knows. */
  public static List<TimeWriting> all(Product product) {
    boolean sqlite = product == Product.SQLITE;
    List<TimeWriting> all = new ArrayList<>();
    String text = sqlite ? "TEXT" : "text";
    String datetime = sqlite ? "DATETIME" : "varchar(40)";
    all.add(iso("iso space", datetime, "uuuu-MM-dd HH:mm:ss", SECOND, ""));
    all.add(iso("iso space .3", datetime, "uuuu-MM-dd HH:mm:ss.SSS", MILLI, ""));
    all.add(iso("iso space .6", text, "uuuu-MM-dd HH:mm:ss.SSSSSS", MICRO, ""));
    all.add(iso("iso T", text, "uuuu-MM-dd'T'HH:mm:ss", SECOND, ""));
    all.add(iso("iso T .9", text, "uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS", Duration.ofNanos(1), ""));
    all.add(iso("iso T Z", text, "uuuu-MM-dd'T'HH:mm:ss", SECOND, "Z"));
    all.add(iso("iso T .6 Z", text, "uuuu-MM-dd'T'HH:mm:ss.SSSSSS", MICRO, "Z"));
    all.add(iso("iso T +02:00", text, "uuuu-MM-dd'T'HH:mm:ss", SECOND, "+02:00"));
    all.add(iso("iso space -0330", text, "uuuu-MM-dd HH:mm:ss.SSS", MILLI, "-0330"));
    all.add(iso("iso basic Z", text, "uuuuMMdd'T'HHmmss", SECOND, "Z"));
    all.add(mixedFractions(text));
    all.add(local(text));
    all.add(isoDate(text));
    all.addAll(sqlite ? sqlite() : postgres());
    all.add(epochText(text, "text s", 1, SECOND));
    all.add(epochText(text, "text ms", 1000, MILLI));
    return all;
  }

  /** What a written instant means: dates their midnight, doubtful local times the later one. */
  public Instant meant(Instant at) {
    if (step.equals(DAY)) {
      return LocalDate.ofInstant(at, zone).atStartOfDay(zone).toInstant();
    }
    return ZonedDateTime.of(LocalDateTime.ofInstant(at, zone), zone)
        .withLaterOffsetAtOverlap()
        .toInstant();
  }

  /** The instant rounded down to what can be written. */
  public Instant floor(Instant at) {
    if (step.equals(DAY)) {
      return LocalDate.ofInstant(at, zone).atStartOfDay(zone).toInstant();
    }
    BigDecimal nanos =
        BigDecimal.valueOf(at.getEpochSecond()).movePointRight(9).add(new BigDecimal(at.getNano()));
    BigDecimal size = BigDecimal.valueOf(step.toNanos());
    BigDecimal down = nanos.divide(size, 0, RoundingMode.FLOOR).multiply(size);
    return Instant.EPOCH
        .plusSeconds(down.movePointLeft(9).setScale(0, RoundingMode.FLOOR).longValue())
        .plusNanos(down.remainder(BigDecimal.valueOf(1_000_000_000)).longValue());
  }

  @Override
  public String toString() {
    return name;
  }

  private static String quoted(String text) {
    return "'" + text + "'";
  }

  private static TimeWriting iso(
      String name, String type, String pattern, Duration step, String offset) {
    DateTimeFormatter format = DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
    ZoneOffset zone = offset.isEmpty() ? ZoneOffset.UTC : ZoneOffset.of(offset);
    return new TimeWriting(
        name,
        type,
        ZoneOffset.UTC,
        step,
        true,
        at -> quoted(LocalDateTime.ofInstant(at, zone).format(format) + offset));
  }

  private static TimeWriting mixedFractions(String type) {
    List<TimeWriting> lengths =
        List.of(
            iso("0", type, "uuuu-MM-dd HH:mm:ss", SECOND, ""),
            iso("3", type, "uuuu-MM-dd HH:mm:ss.SSS", MILLI, ""),
            iso("6", type, "uuuu-MM-dd HH:mm:ss.SSSSSS", MICRO, ""));
    return new TimeWriting(
        "iso space, fractions mixed",
        type,
        ZoneOffset.UTC,
        MILLI,
        true,
        at -> {
          int choice = Math.floorMod(at.hashCode(), 3);
          boolean whole = at.getNano() == 0;
          return lengths.get(whole ? choice : Math.max(1, choice)).literal().apply(at);
        });
  }

  private static TimeWriting local(String type) {
    DateTimeFormatter format = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);
    return new TimeWriting(
        "iso space in Berlin",
        type,
        BERLIN,
        SECOND,
        true,
        at -> quoted(LocalDateTime.ofInstant(at, BERLIN).format(format)));
  }

  private static TimeWriting isoDate(String type) {
    return new TimeWriting(
        "iso date",
        type,
        ZoneOffset.UTC,
        DAY,
        true,
        at -> quoted(LocalDate.ofInstant(at, ZoneOffset.UTC).toString()));
  }

  private static List<TimeWriting> sqlite() {
    List<TimeWriting> all = new ArrayList<>();
    all.addAll(integers("INTEGER"));
    all.add(decimal("epoch s real", "REAL", 1, MILLI));
    all.add(decimal("epoch ms in anything", "", 1000, MILLI));
    all.add(
        new TimeWriting(
            "julian day",
            "REAL",
            ZoneOffset.UTC,
            MILLI,
            false,
            at ->
                Double.toString(
                    new BigDecimal("2440587.5")
                        .add(
                            count(at, 1)
                                .divide(BigDecimal.valueOf(86_400), 30, RoundingMode.HALF_UP))
                        .doubleValue())));
    return all;
  }

  private static List<TimeWriting> postgres() {
    List<TimeWriting> all = new ArrayList<>();
    all.addAll(integers("bigint"));
    all.add(decimal("epoch s double", "double precision", 1, MILLI));
    all.add(decimal("epoch s numeric", "numeric(20,6)", 1, MICRO));
    all.add(timestamp("timestamp", "timestamp", ZoneOffset.UTC));
    all.add(timestamp("timestamp in Berlin", "timestamp", BERLIN));
    all.add(timestamp("timestamptz", "timestamptz", ZoneOffset.UTC));
    all.add(
        new TimeWriting(
            "date",
            "date",
            ZoneOffset.UTC,
            DAY,
            false,
            at -> quoted(LocalDate.ofInstant(at, ZoneOffset.UTC).toString())));
    return all;
  }

  private static List<TimeWriting> integers(String type) {
    return List.of(
        integer("epoch s", type, 1, SECOND),
        integer("epoch ms", type, 1000, MILLI),
        integer("epoch us", type, 1_000_000, MICRO),
        integer("epoch ns", type, 1_000_000_000, Duration.ofNanos(1)));
  }

  private static TimeWriting integer(String name, String type, long perSecond, Duration step) {
    return new TimeWriting(
        name,
        type,
        ZoneOffset.UTC,
        step,
        false,
        at -> count(at, perSecond).toBigIntegerExact().toString());
  }

  private static TimeWriting decimal(String name, String type, long perSecond, Duration step) {
    return new TimeWriting(
        name,
        type,
        ZoneOffset.UTC,
        step,
        false,
        at -> count(at, perSecond).setScale(6, RoundingMode.UNNECESSARY).toPlainString());
  }

  private static TimeWriting epochText(String type, String name, long perSecond, Duration step) {
    return new TimeWriting(
        "epoch as " + name,
        type,
        ZoneOffset.UTC,
        step,
        true,
        at -> quoted(count(at, perSecond).toBigIntegerExact().toString()));
  }

  private static TimeWriting timestamp(String name, String type, ZoneId zone) {
    DateTimeFormatter format =
        DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);
    boolean instant = type.equals("timestamptz");
    return new TimeWriting(
        name,
        type,
        zone,
        MICRO,
        false,
        at -> quoted(LocalDateTime.ofInstant(at, zone).format(format) + (instant ? "+00" : "")));
  }

  private static BigDecimal count(Instant at, long perSecond) {
    return BigDecimal.valueOf(at.getEpochSecond())
        .add(BigDecimal.valueOf(at.getNano(), 9))
        .multiply(BigDecimal.valueOf(perSecond))
        .stripTrailingZeros();
  }
}
