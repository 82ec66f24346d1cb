package io.tideline.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.plan.TimeEncoding.Shape;
import io.tideline.row.Row;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class TimeCodecPropertyTest {
  static final List<Writing> ALL = Writing.all();
  private static final int CASES = 3_000;

  @ParameterizedTest
  @FieldSource("ALL")
  void noExpiredRowIsMissedAndNoOtherExpires(Writing writing) {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    TimeCodec codec = new TimeCodec(writing.encoding());
    for (int i = 0; i < CASES; i++) {
      Instant cutoff = cutoff(random, writing.encoding().zone());
      Instant now = cutoff.plus(Duration.ofDays(1 + random.nextInt(400)));
      Instant at = floor(near(random, cutoff), writing);
      Row value = writing.write().apply(at);
      Instant meant = meant(writing, at);
      String where =
          "seed %d, case %d: %s cutoff %s value %s"
              .formatted(seed, i, writing, cutoff, value.display(0));

      TimeVerdict verdict = codec.read(value, 0, cutoff, now);
      assertThat(verdict).as(where).isEqualTo(expected(meant, cutoff, now));
      assertThat(codec.instant()).as(where).isEqualTo(meant);
      if (verdict == TimeVerdict.EXPIRED) {
        assertThat(Writing.less(value, codec.bound(cutoff))).as(where).isTrue();
      }
    }
  }

  private static TimeVerdict expected(Instant at, Instant cutoff, Instant now) {
    if (at.isBefore(cutoff)) {
      return TimeVerdict.EXPIRED;
    }
    return at.isAfter(now) ? TimeVerdict.FUTURE : TimeVerdict.FRESH;
  }

  /** Whole seconds of 2005 to 2035, often near a change of the zone's offset. */
  private static Instant cutoff(Random random, ZoneId zone) {
    Instant any = Instant.ofEpochSecond(1_100_000_000L + random.nextInt(950_000_000));
    ZoneOffsetTransition change = zone.getRules().nextTransition(any);
    if (change == null || random.nextInt(3) == 0) {
      return any;
    }
    return change.getInstant().plusSeconds(random.nextInt(4 * 3600) - 2 * 3600);
  }

  private static Instant near(Random random, Instant cutoff) {
    return switch (random.nextInt(5)) {
      case 0 -> cutoff;
      case 1 -> cutoff.plusNanos(random.nextInt(2_000_000_000) - 1_000_000_000);
      case 2 -> cutoff.plusSeconds(random.nextInt(14_400) - 7200).plusNanos(random.nextInt(1000));
      case 3 -> cutoff.plusSeconds(random.nextInt(200_000) - 100_000);
      default -> cutoff.minusSeconds(random.nextInt(600_000_000));
    };
  }

  private static Instant floor(Instant at, Writing writing) {
    return writing.step() == ChronoUnit.DAYS ? at : at.truncatedTo(writing.step());
  }

  /** What the written value means: days begin at midnight, doubtful local times are the later. */
  private static Instant meant(Writing writing, Instant at) {
    ZoneId zone = writing.encoding().zone();
    Shape shape = writing.encoding().shape();
    if (writing.step() == ChronoUnit.DAYS) {
      return LocalDate.ofInstant(at, zone).atStartOfDay(zone).toInstant();
    }
    if (writing.name().endsWith(" real")) {
      return real(writing, at);
    }
    boolean naive = writing.encoding().offset().isEmpty() && shape != Shape.NATIVE_INSTANT;
    return naive
        ? ZonedDateTime.of(LocalDateTime.ofInstant(at, zone), zone)
            .withLaterOffsetAtOverlap()
            .toInstant()
        : at;
  }

  /** A real holds what is nearest; its exact value counts, to the nanosecond below. */
  private static Instant real(Writing writing, Instant at) {
    BigDecimal number =
        new BigDecimal(writing.write().apply(at).real(0))
            .divide(
                BigDecimal.valueOf(
                    EpochUnit.valueOf(writing.name().substring(0, writing.name().indexOf(' ')))
                        .perSecond));
    BigDecimal seconds = number.setScale(0, RoundingMode.FLOOR);
    BigDecimal nanos = number.subtract(seconds).movePointRight(9).setScale(0, RoundingMode.FLOOR);
    return Instant.ofEpochSecond(seconds.longValueExact(), nanos.longValueExact());
  }
}
