package io.tideline.core.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.catalogue.NaturalType;
import io.tideline.catalogue.NaturalType.Family;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.plan.TimeEncoding;
import io.tideline.plan.TimeEncoding.Shape;
import io.tideline.policy.TimeColumn;
import io.tideline.policy.TimeColumn.Format;
import io.tideline.row.Row;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class TimeShapesTest {
  static final List<Writing> ALL = Writing.all();
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static TimeShapes shapes(Format format, ZoneId zone, Family family, Object... values) {
    TimeShapes shapes =
        new TimeShapes(
            new TimeColumn(Optional.of("at"), Optional.empty(), format, zone),
            family == Family.DECIMAL ? new NaturalType(family, 20, 6) : NaturalType.of(family),
            "events.at");
    for (Object value : values) {
      shapes.add(row(value), 0);
    }
    return shapes;
  }

  private static TimeShapes shapes(Object... values) {
    return shapes(Format.AUTO, ZoneOffset.UTC, Family.ANY, values);
  }

  private static Row row(Object value) {
    if (value instanceof Row row) {
      return row;
    }
    if (value instanceof String text) {
      return Row.ofText(text);
    }
    return value instanceof Double real
        ? Row.ofReal(real)
        : Row.ofInteger(((Number) value).longValue());
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void everyEncodingIsFoundFromItsValues(Writing writing) {
    Shape shape = writing.encoding().shape();
    Family family =
        switch (shape) {
          case NATIVE_DATE -> Family.DATE;
          case NATIVE_TIMESTAMP -> Family.TIMESTAMP;
          case NATIVE_INSTANT -> Family.TIMESTAMP_UTC;
          default -> writing.name().endsWith("decimal") ? Family.DECIMAL : Family.ANY;
        };
    TimeShapes shapes = shapes(Format.AUTO, zone(writing.encoding()), family);
    for (int day = 0; day < 400; day += 7) {
      Instant at = Instant.parse("2024-05-02T10:11:12Z").plusSeconds(day * 86_400L);
      shapes.add(writing.write().apply(at), 0);
    }
    assertThat(shapes.detect()).contains(expected(writing.encoding()));
    assertThat(shapes.sameOrder(expected(writing.encoding()))).isTrue();
  }

  private static ZoneId zone(TimeEncoding encoding) {
    return encoding.offset().isEmpty() ? encoding.zone() : BERLIN;
  }

  private static TimeEncoding expected(TimeEncoding encoding) {
    return encoding.offset().isEmpty()
        ? encoding
        : new TimeEncoding(encoding.shape(), encoding.offset(), ZoneOffset.UTC);
  }

  @Test
  void fractionsOfAnyLengthAreOneEncoding() {
    TimeShapes shapes =
        shapes(
            "2026-05-02 00:00:00",
            "2026-05-02 00:00:00.123",
            "2026-05-02 00:00:00.123456",
            "2026-05-02 00:00:00.123456789",
            "2026-05-02 00:00");
    assertThat(shapes.detect()).contains(new TimeEncoding(Shape.ISO_SPACE, "", ZoneOffset.UTC));
  }

  @Test
  void aFewValuesThatAreNoTimesDoNotMatter() {
    TimeShapes shapes =
        shapes("2026-05-02 00:00:00", "never", "2026-02-30 00:00:00", 0, "", new Row(1));
    assertThat(shapes.total()).isEqualTo(5);
    assertThat(shapes.detect()).contains(new TimeEncoding(Shape.ISO_SPACE, "", ZoneOffset.UTC));
  }

  @Test
  void separatorsMixedAreRefusedWithCountsAndExamples() {
    TimeShapes shapes = shapes("2026-05-02 00:00:00", "2026-05-03 00:00:00", "2026-05-02T00:00:00");
    assertThatThrownBy(shapes::detect)
        .isInstanceOf(TidelineException.class)
        .hasMessage(
            "Cannot tell by order which rows of events.at are old: its times are written in 2 ways:"
                + " 2 iso-space without offset (2026-05-02 00:00:00, 2026-05-03 00:00:00);"
                + " 1 iso-t without offset (2026-05-02T00:00:00). Nothing was changed."
                + " Write all of them in one form, or give the policy an exact expression that"
                + " does: time: {sql: \"…\"}.")
        .extracting(e -> ((TidelineException) e).code())
        .isEqualTo(ErrorCode.TIME_MIXED);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-05-02T00:00:00Z, 2026-05-02T00:00:00+00:00",
    "2026-05-02T00:00:00Z, 2026-05-02T00:00:00z",
    "2026-05-02T00:00:00Z, 2026-05-02T00:00:00",
    "2026-05-02T00:00:00+02:00, 2026-05-02T00:00:00+01:00",
    "2026-05-02T00:00:00+0200, 2026-05-02T00:00:00+02:00",
    "2026-05-02, 2026-05-02 00:00:00",
    "20260502T000000, 2026-05-02T00:00:00",
    "1777680000, 2026-05-02 00:00:00",
    "1777680000, 1777680000000",
  })
  void mixedTextIsRefused(String one, String other) {
    assertThatThrownBy(shapes(one, other)::detect).hasMessageContaining("written in 2 ways");
  }

  @Test
  void mixedStorageIsRefused() {
    assertThatThrownBy(shapes(1777680000, "1777680000")::detect)
        .hasMessageContaining("1 epoch-s (1777680000); 1 text-epoch-s (1777680000)");
  }

  @Test
  void mixedUnitsAreRefusedUnlessOneIsDeclared() {
    Object[] values = {1777680000, 1777680000, 1777680000000L};
    assertThatThrownBy(shapes(values)::detect)
        .hasMessageContaining("2 epoch-s (1777680000); 1 epoch-ms (1777680000000)")
        .hasMessageContaining("Declare the unit (format: epoch-s)");
    TimeShapes declared = shapes(Format.EPOCH_S, ZoneOffset.UTC, Family.ANY, values);
    assertThat(declared.detect()).contains(new TimeEncoding(Shape.EPOCH_S, "", ZoneOffset.UTC));
  }

  @Test
  void integersAndRealsAreOneEncoding() {
    assertThat(shapes(1777680000, 1777680000.5, 0, -1).detect())
        .contains(new TimeEncoding(Shape.EPOCH_S, "", ZoneOffset.UTC));
  }

  @Test
  void numbersOfNoUsualUnitAreUnreadableUntilDeclared() {
    assertThatThrownBy(shapes(5, 6, "soon")::detect)
        .hasMessageStartingWith(
            "Cannot read the times of events.at: none of 3 values is a time; they are 2 numbers of"
                + " no usual unit (5, 6); 1 of no known form (soon). Nothing was changed.")
        .extracting(e -> ((TidelineException) e).code())
        .isEqualTo(ErrorCode.TIME_UNREADABLE);
    assertThat(shapes(Format.EPOCH_S, ZoneOffset.UTC, Family.ANY, 5, 6).detect())
        .contains(new TimeEncoding(Shape.EPOCH_S, "", ZoneOffset.UTC));
  }

  @Test
  void longValuesAreCutInExamples() {
    assertThatThrownBy(shapes("x".repeat(100))::detect)
        .hasMessageContaining("(" + "x".repeat(40) + "…)");
  }

  @Test
  void aTimeOfDayIsNoTime() {
    TimeShapes shapes = shapes(Format.AUTO, ZoneOffset.UTC, Family.TIME, 1777680000);
    assertThatThrownBy(shapes::detect).hasMessageContaining("none of 1 values is a time");
  }

  @Test
  void withoutValuesTheTypeTells() {
    assertThat(shapes().detect()).isEmpty();
    assertThat(shapes(Format.AUTO, BERLIN, Family.INT64).detect())
        .contains(new TimeEncoding(Shape.EPOCH_S, "", ZoneOffset.UTC));
    assertThat(shapes(Format.EPOCH_MS, BERLIN, Family.DECIMAL).detect())
        .contains(new TimeEncoding(Shape.EPOCH_MS, "", ZoneOffset.UTC));
    assertThat(shapes(Format.ISO, BERLIN, Family.TEXT).detect()).isEmpty();
    assertThat(shapes(new Row(1)).detect()).isEmpty();
    assertThat(shapes(Format.AUTO, BERLIN, Family.TIMESTAMP).detect())
        .contains(new TimeEncoding(Shape.NATIVE_TIMESTAMP, "", BERLIN));
    assertThat(shapes(Format.AUTO, BERLIN, Family.TIMESTAMP_UTC).detect())
        .contains(new TimeEncoding(Shape.NATIVE_INSTANT, "", ZoneOffset.UTC));
  }

  @Test
  void aFormatThatTheTypeContradictsIsRefused() {
    assertThatThrownBy(shapes(Format.EPOCH_S, ZoneOffset.UTC, Family.TIMESTAMP_UTC)::detect)
        .hasMessage(
            "Cannot read the times of events.at as 'epoch-s': the type of the column is a time type"
                + " of the database. Nothing was changed. Leave 'format' out, or write 'format:"
                + " auto'.");
    assertThatThrownBy(shapes(Format.NATIVE, ZoneOffset.UTC, Family.TEXT, "x")::detect)
        .hasMessageContaining("the type of the column is not a time type of the database");
  }

  @Test
  void aDeclaredFormatLeavesOthersOut() {
    TimeShapes shapes = shapes(Format.ISO, BERLIN, Family.ANY, "2026-05-02 00:00:00", 1777680000);
    assertThat(shapes.detect()).contains(new TimeEncoding(Shape.ISO_SPACE, "", BERLIN));
    TimeShapes none = shapes(Format.ISO, BERLIN, Family.ANY, 1777680000);
    assertThatThrownBy(none::detect)
        .hasMessageContaining("Cannot read the times of events.at as 'iso': none of 1 values");
  }

  @Test
  void theSurveyRefusesTimesOfAnotherOrder() {
    TimeEncoding encoding = new TimeEncoding(Shape.ISO_SPACE, "", ZoneOffset.UTC);
    TimeShapes strangers = shapes("2026-05-02T00:00:00Z", "never", "2026-02-30 00:00:00");
    assertThat(strangers.sameOrder(encoding)).isFalse();
    assertThatThrownBy(() -> strangers.requireSameOrder(encoding))
        .hasMessageContaining(
            "beside iso-space, UTC it has times written otherwise: 1 iso-t Z (2026-05-02T00:00:00Z)");
    shapes("never").requireSameOrder(encoding);
    TimeEncoding seconds = new TimeEncoding(Shape.EPOCH_S, "", ZoneOffset.UTC);
    shapes(1777680000000L, 2.46e6).requireSameOrder(seconds);
    assertThatThrownBy(() -> shapes("1777680000").requireSameOrder(seconds))
        .hasMessageContaining("1 text-epoch-s (1777680000)");
  }
}
