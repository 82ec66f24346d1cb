package io.tideline.core.time;

import static io.tideline.core.time.TimeVerdict.EXPIRED;
import static io.tideline.core.time.TimeVerdict.FRESH;
import static io.tideline.core.time.TimeVerdict.FUTURE;
import static io.tideline.core.time.TimeVerdict.NO_TIME;
import static io.tideline.core.time.TimeVerdict.OTHER_UNIT;
import static io.tideline.core.time.TimeVerdict.UNREADABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.plan.TimeEncoding.Shape;
import io.tideline.row.Row;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeCodecTest {
  static final List<Writing> ALL = Writing.all();
  private static final Instant CUTOFF = Instant.parse("2026-05-02T00:00:00Z");
  private static final Instant NOW = Instant.parse("2026-06-01T12:34:56.789Z");

  private static TimeCodec codec(Shape shape, String offset, ZoneId zone) {
    return new TimeCodec(Writing.encoding(shape, offset, zone));
  }

  private static TimeVerdict read(TimeCodec codec, Row row) {
    return codec.read(row, 0, CUTOFF, NOW);
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void aRowAtTheCutoffStaysAndTheOneBeforeGoes(Writing writing) {
    TimeCodec codec = new TimeCodec(writing.encoding());
    ZoneId zone = writing.encoding().zone();
    Instant cutoff =
        writing.step() == ChronoUnit.DAYS
            ? CUTOFF.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant()
            : CUTOFF;
    Duration step =
        writing.name().equals("S real")
            ? Duration.ofMillis(1)
            : writing.step() == ChronoUnit.DAYS
                ? Duration.ofHours(24)
                : writing.step().getDuration();

    Row at = writing.write().apply(cutoff);
    assertThat(codec.read(at, 0, cutoff, NOW)).isEqualTo(FRESH);
    assertThat(codec.instant()).isEqualTo(cutoff);
    Row before = writing.write().apply(cutoff.minus(step));
    assertThat(codec.read(before, 0, cutoff, NOW)).isEqualTo(EXPIRED);
    assertThat(Writing.less(before, codec.bound(cutoff))).as("found by the bound").isTrue();
    Row later = writing.write().apply(NOW.plus(Duration.ofDays(2)).truncatedTo(ChronoUnit.SECONDS));
    assertThat(codec.read(later, 0, cutoff, NOW)).isEqualTo(FUTURE);
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void noValueIsNoTime(Writing writing) {
    assertThat(read(new TimeCodec(writing.encoding()), new Row(1))).isEqualTo(NO_TIME);
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void anotherStorageIsUnreadable(Writing writing) {
    Row blob = new Row(1);
    blob.setBlob(0, new byte[] {1});
    TimeCodec codec = new TimeCodec(writing.encoding());
    assertThat(read(codec, blob)).isEqualTo(UNREADABLE);
    assertThat(read(codec, Row.ofText("soon"))).isEqualTo(UNREADABLE);
    assertThat(read(codec, Row.ofText(""))).isEqualTo(UNREADABLE);
    assertThat(read(codec, Row.ofReal(Double.NaN))).isEqualTo(UNREADABLE);
    assertThat(read(codec, Row.ofReal(Double.NEGATIVE_INFINITY))).isEqualTo(UNREADABLE);
    assertThat(read(codec, Row.ofReal(Double.POSITIVE_INFINITY))).isEqualTo(UNREADABLE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2026-05-01 23:59:59                  | 2026-05-01T23:59:59Z",
        "2026-05-01 23:59:59.9                | 2026-05-01T23:59:59.9Z",
        "2026-05-01 23:59:59,999              | 2026-05-01T23:59:59.999Z",
        "2026-05-01 23:59:59.999999           | 2026-05-01T23:59:59.999999Z",
        "2026-05-01 23:59:59.123456789        | 2026-05-01T23:59:59.123456789Z",
        "2026-05-01 23:59                     | 2026-05-01T23:59:00Z",
        "0001-01-01 00:00:00                  | 0001-01-01T00:00:00Z",
        "1900-02-28 00:00:00                  | 1900-02-28T00:00:00Z",
        "2000-02-29 00:00:00                  | 2000-02-29T00:00:00Z",
        "1969-12-31 23:59:59.5                | 1969-12-31T23:59:59.5Z",
      })
  void readsExactly(String text, Instant expected) {
    TimeCodec codec = codec(Shape.ISO_SPACE, "", ZoneOffset.UTC);
    assertThat(read(codec, Row.ofText(text))).isEqualTo(EXPIRED);
    assertThat(codec.instant()).isEqualTo(expected);
    assertThat(codec.seconds()).isEqualTo(expected.getEpochSecond());
    assertThat(codec.nanos()).isEqualTo(expected.getNano());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2020-02-30 00:00:00",
        "2021-02-29 00:00:00",
        "1900-02-29 00:00:00",
        "2020-13-01 00:00:00",
        "2020-00-01 00:00:00",
        "2020-01-00 00:00:00",
        "2020-01-32 00:00:00",
        "0000-00-00 00:00:00",
        "0000-01-01 00:00:00",
        "2020-01-01 24:00:00",
        "2020-01-01 23:60:00",
        "2020-12-31 23:59:60",
        "2020-01-01 00:00:00.",
        "2020-01-01 00:00:00.1234567890",
        "2020-01-01 00:00:00.12a",
        "2020-01-01 00:00:0",
        "2020-01-01 00:00:",
        "2020-01-01 00",
        "2020-01-01 ",
        "2020-01-01",
        "2020-1-01 00:00:00",
        "2020-01-01T00:00:00",
        "2020-01-01  00:00:00",
        " 2020-01-01 00:00:00",
        "2020-01-01 00:00:00 ",
        "2020-01-01 00:00:00Z",
        "2020-01-01 00:00:00+00:00",
        "2020-01-01 -1:00:00",
        "20200101T000000",
        "2020/01/01 00:00:00",
        "01-02-2020 00:00:00",
        "+2020-01-01 00:00:00",
        "12020-01-01 00:00:00",
        "２０２０-01-01 00:00:00",
        "1577836800",
        "infinity",
      })
  void whatIsNotThatFormIsUnreadable(String text) {
    TimeCodec codec = codec(Shape.ISO_SPACE, "", ZoneOffset.UTC);
    assertThat(read(codec, Row.ofText(text))).isEqualTo(UNREADABLE);
  }

  @Test
  void anotherOffsetIsUnreadable() {
    TimeCodec codec = codec(Shape.ISO_T, "+02:00", ZoneOffset.UTC);
    assertThat(read(codec, Row.ofText("2020-01-01T00:00:00+02:00"))).isEqualTo(EXPIRED);
    assertThat(codec.instant()).isEqualTo(Instant.parse("2019-12-31T22:00:00Z"));
    for (String offset : List.of("", "Z", "+0200", "+02", "+01:00", "-02:00", " +02:00")) {
      assertThat(read(codec, Row.ofText("2020-01-01T00:00:00" + offset)))
          .as(offset)
          .isEqualTo(UNREADABLE);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // Berlin skips 02:00 to 03:00 on 2026-03-29 and has it twice on 2026-10-25.
    "Europe/Berlin, 2026-03-29 01:59:59, 2026-03-29T00:59:59Z",
    "Europe/Berlin, 2026-03-29 02:00:00,",
    "Europe/Berlin, 2026-03-29 02:59:59.999,",
    "Europe/Berlin, 2026-03-29 03:00:00, 2026-03-29T01:00:00Z",
    "Europe/Berlin, 2026-10-25 01:59:59, 2026-10-24T23:59:59Z",
    "Europe/Berlin, 2026-10-25 02:00:00, 2026-10-25T01:00:00Z",
    "Europe/Berlin, 2026-10-25 02:59:59, 2026-10-25T01:59:59Z",
    "Europe/Berlin, 2026-10-25 03:00:00, 2026-10-25T02:00:00Z",
    "America/New_York, 2026-03-08 02:30:00,",
    "America/New_York, 2026-11-01 01:30:00, 2026-11-01T06:30:00Z",
    "America/New_York, 2026-11-01 02:00:00, 2026-11-01T07:00:00Z",
    // Lord Howe Island moves by half an hour.
    "Australia/Lord_Howe, 2026-10-04 02:15:00,",
    "Australia/Lord_Howe, 2026-10-04 02:30:00, 2026-10-03T15:30:00Z",
    "Australia/Lord_Howe, 2026-04-05 01:45:00, 2026-04-04T15:15:00Z",
    "Australia/Lord_Howe, 2026-04-05 01:29:59, 2026-04-04T14:29:59Z",
  })
  void localTimesFollowTheirZone(String zone, String text, Instant expected) {
    TimeCodec codec = codec(Shape.ISO_SPACE, "", ZoneId.of(zone));
    Instant far = Instant.parse("2030-01-01T00:00:00Z");
    TimeVerdict verdict = codec.read(Row.ofText(text), 0, far, far);
    assertThat(verdict).isEqualTo(expected == null ? UNREADABLE : EXPIRED);
    if (expected != null) {
      assertThat(codec.instant()).isEqualTo(expected);
    }
  }

  @Test
  void aDateIsItsFirstInstantEvenWhereMidnightIsSkipped() {
    TimeCodec codec = codec(Shape.ISO_DATE, "", ZoneId.of("America/Sao_Paulo"));
    read(codec, Row.ofText("2018-11-04"));
    assertThat(codec.instant()).isEqualTo(Instant.parse("2018-11-04T03:00:00Z"));
  }

  @Test
  void theMachinesZoneDoesNotMatter() {
    TimeZone before = TimeZone.getDefault();
    try {
      for (String zone : List.of("UTC", "Pacific/Kiritimati", "America/Los_Angeles")) {
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        TimeCodec codec = codec(Shape.ISO_SPACE, "", ZoneOffset.UTC);
        assertThat(read(codec, Row.ofText("2026-05-02 00:00:00"))).isEqualTo(FRESH);
        assertThat(read(codec, Row.ofText("2026-05-01 23:59:59.999"))).isEqualTo(EXPIRED);
        assertThat(codec.bound(CUTOFF)).isEqualTo(Row.ofText("2026-05-02 00:00:00"));
      }
    } finally {
      TimeZone.setDefault(before);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "infinity, FUTURE",
    "-infinity, EXPIRED",
    "4713-01-01 00:00:00 BC, EXPIRED",
    "0044-03-15 BC, EXPIRED",
    "294276-12-31 23:59:59.999999, FUTURE",
    "294276-12-31 23:59:59.999999+00, FUTURE",
    "5874897-12-31, FUTURE",
    "2020-02-30 00:00:00, UNREADABLE",
    "0000-01-01 00:00:00, UNREADABLE",
    "2020-01-01 00:00:00+02, UNREADABLE",
    "now, UNREADABLE",
  })
  void nativeTimesBeyondTheirNumbersComeAsText(String text, TimeVerdict expected) {
    for (Shape shape : List.of(Shape.NATIVE_DATE, Shape.NATIVE_TIMESTAMP, Shape.NATIVE_INSTANT)) {
      assertThat(read(codec(shape, "", ZoneOffset.UTC), Row.ofText(text))).isEqualTo(expected);
    }
  }

  @Test
  void infinitiesAreTheEndsOfTime() {
    TimeCodec codec = codec(Shape.NATIVE_INSTANT, "", ZoneOffset.UTC);
    read(codec, Row.ofText("infinity"));
    assertThat(codec.instant()).isEqualTo(Instant.MAX);
    read(codec, Row.ofText("-infinity"));
    assertThat(codec.instant()).isEqualTo(Instant.MIN);
    read(codec, Row.ofText("0044-03-15 10:00:00.5 BC"));
    assertThat(codec.instant()).isEqualTo(Instant.parse("-0043-03-15T10:00:00.5Z"));
  }

  @ParameterizedTest
  @CsvSource({
    "EPOCH_S, 0, EXPIRED",
    "EPOCH_S, -1, EXPIRED",
    "EPOCH_S, 1777679999, EXPIRED",
    "EPOCH_S, 1777680000, FRESH",
    "EPOCH_S, 1780317297, FUTURE",
    "EPOCH_MS, 1777680000, OTHER_UNIT",
    "EPOCH_US, 1777680000000, OTHER_UNIT",
    "EPOCH_NS, 1780317295, OTHER_UNIT",
    "EPOCH_MS, 1777679999, EXPIRED",
    "EPOCH_MS, 1777679999999, EXPIRED",
    "EPOCH_S, 1777680000000, FUTURE",
    "EPOCH_S, 2461165, OTHER_UNIT",
    "JULIAN_DAY, 1777680000, FUTURE",
    "EPOCH_NS, 9223372036854775807, FUTURE",
    "EPOCH_S, -9223372036854775807, EXPIRED",
  })
  void numbersHaveUnits(Shape shape, long number, TimeVerdict expected) {
    TimeCodec codec = codec(shape, "", ZoneOffset.UTC);
    assertThat(read(codec, Row.ofInteger(number))).isEqualTo(expected);
    if (shape != Shape.JULIAN_DAY) {
      assertThat(read(codec, Row.ofText(Long.toString(number)))).isEqualTo(expected);
      TimeCodec text = codec(Shape.valueOf("TEXT_" + shape), "", ZoneOffset.UTC);
      assertThat(read(text, Row.ofText(Long.toString(number)))).isEqualTo(expected);
      assertThat(read(text, Row.ofInteger(number))).isEqualTo(UNREADABLE);
    }
  }

  @Test
  void realsAreComparedExactly() {
    TimeCodec codec = codec(Shape.EPOCH_S, "", ZoneOffset.UTC);
    double at = CUTOFF.getEpochSecond();
    assertThat(read(codec, Row.ofReal(at))).isEqualTo(FRESH);
    assertThat(read(codec, Row.ofReal(Math.nextDown(at)))).isEqualTo(EXPIRED);
    assertThat(OTHER_UNIT)
        .isEqualTo(read(codec(Shape.EPOCH_MS, "", ZoneOffset.UTC), Row.ofReal(at)));
    read(codec, Row.ofReal(-0.25));
    assertThat(codec.instant()).isEqualTo(Instant.ofEpochSecond(-1, 750_000_000));
    assertThat(read(codec, Row.ofReal(1e300))).isEqualTo(UNREADABLE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e9", "0x10", "12.", ".5", "-", "+1", "1 ", "99999999999999999999"})
  void whatIsNoDecimalIsUnreadable(String text) {
    TimeCodec codec = codec(Shape.TEXT_EPOCH_S, "", ZoneOffset.UTC);
    assertThat(read(codec, Row.ofText(text))).isEqualTo(UNREADABLE);
  }

  @Test
  void boundsAreTheShortestPrefix() {
    Instant odd = CUTOFF.plusMillis(1500);
    assertThat(codec(Shape.ISO_T, "Z", ZoneOffset.UTC).bound(CUTOFF))
        .isEqualTo(Row.ofText("2026-05-02T00:00:00"));
    assertThat(codec(Shape.ISO_T, "Z", ZoneOffset.UTC).bound(odd))
        .isEqualTo(Row.ofText("2026-05-02T00:01:00"));
    assertThat(codec(Shape.ISO_T, "", ZoneOffset.UTC).bound(odd))
        .isEqualTo(Row.ofText("2026-05-02T00:00:02"));
    assertThat(codec(Shape.ISO_T, "", ZoneOffset.UTC).encode(odd))
        .isEqualTo(Row.ofText("2026-05-02T00:00:01"));
    assertThat(codec(Shape.ISO_SPACE, "-05:30", ZoneOffset.UTC).bound(CUTOFF))
        .isEqualTo(Row.ofText("2026-05-01 18:30:00"));
    assertThat(codec(Shape.ISO_DATE, "", ZoneOffset.UTC).bound(CUTOFF))
        .isEqualTo(Row.ofText("2026-05-02"));
    assertThat(codec(Shape.ISO_DATE, "", ZoneOffset.UTC).bound(odd))
        .isEqualTo(Row.ofText("2026-05-03"));
    assertThat(codec(Shape.EPOCH_MS, "", ZoneOffset.UTC).bound(odd))
        .isEqualTo(Row.ofInteger(1777680002000L));
    assertThat(codec(Shape.EPOCH_MS, "", ZoneOffset.UTC).encode(odd))
        .isEqualTo(Row.ofInteger(1777680001500L));
    assertThat(codec(Shape.TEXT_EPOCH_S, "", ZoneOffset.UTC).bound(odd))
        .isEqualTo(Row.ofText("NaN"));
    assertThat(codec(Shape.TEXT_EPOCH_S, "", ZoneOffset.UTC).encode(odd))
        .isEqualTo(Row.ofText("1777680001"));
    assertThat(codec(Shape.NATIVE_INSTANT, "", ZoneOffset.UTC).bound(odd))
        .isEqualTo(Row.ofInteger(1777680001500000L));
    assertThat(codec(Shape.NATIVE_INSTANT, "", ZoneOffset.UTC).bound(odd.plusNanos(1)))
        .isEqualTo(Row.ofInteger(1777680001500001L));
    assertThat(codec(Shape.NATIVE_DATE, "", ZoneOffset.UTC).bound(odd))
        .isEqualTo(Row.ofInteger(20576));
    assertThat(codec(Shape.ISO_T, "", ZoneOffset.UTC).bound(Instant.parse("-0001-01-01T00:00:00Z")))
        .isEqualTo(Row.ofText(""));
  }
}
