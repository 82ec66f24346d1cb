package io.tideline.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.error.TidelineException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CronLineTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static List<String> next(CronLine line, String after, int count) {
    List<String> found = new ArrayList<>();
    Instant at = Instant.parse(after);
    for (int i = 0; i < count; i++) {
      at = line.next(at).orElseThrow();
      found.add(at.toString());
    }
    return found;
  }

  @Test
  void namesMinutesOfItsZone() {
    CronLine line = CronLine.parse("30 3 * * MON-FRI", BERLIN);

    assertThat(next(line, "2026-07-03T01:29:59.999Z", 2))
        .containsExactly("2026-07-03T01:30:00Z", "2026-07-06T01:30:00Z");
    assertThat(line.last(Instant.parse("2026-07-06T01:30:00Z")))
        .contains(Instant.parse("2026-07-06T01:30:00Z"));
    assertThat(line.last(Instant.parse("2026-07-06T01:29:59.999Z")))
        .contains(Instant.parse("2026-07-03T01:30:00Z"));
  }

  @Test
  void meansEitherKindOfDay() {
    assertThat(next(CronLine.parse("0 0 13 * 5", ZoneOffset.UTC), "2026-11-07T00:00:00Z", 3))
        .containsExactly("2026-11-13T00:00:00Z", "2026-11-20T00:00:00Z", "2026-11-27T00:00:00Z");
    assertThat(next(CronLine.parse("0 0 14 * 5", ZoneOffset.UTC), "2026-11-07T00:00:00Z", 3))
        .containsExactly("2026-11-13T00:00:00Z", "2026-11-14T00:00:00Z", "2026-11-20T00:00:00Z");
  }

  @Test
  void putsASkippedMinuteAtTheEndOfTheSkip() {
    CronLine line = CronLine.parse("30 2 * * *", BERLIN);

    assertThat(next(line, "2026-03-28T00:00:00Z", 3))
        .containsExactly("2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
    assertThat(next(CronLine.parse("*/20 2 * * *", BERLIN), "2026-03-28T02:00:00Z", 2))
        .containsExactly("2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z");
  }

  @Test
  void takesTheFirstOfTwoEqualMinutes() {
    CronLine line = CronLine.parse("30 2 * * *", BERLIN);

    assertThat(next(line, "2026-10-24T12:00:00Z", 2))
        .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
    assertThat(line.last(Instant.parse("2026-10-25T01:10:00Z")))
        .contains(Instant.parse("2026-10-25T00:30:00Z"));
  }

  @ParameterizedTest
  @CsvSource({
    "Europe/Berlin",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "UTC",
    "Africa/Casablanca"
  })
  void countsTheSameForwardsAndBackwards(String zone) {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (String text : List.of("*/7 * * * *", "30 1,2 * * *", "0 3 1 * *", "0 */5 * * 0")) {
      CronLine line = CronLine.parse(text, ZoneId.of(zone));
      Instant at = Instant.parse("2026-03-20T00:00:00Z");
      for (int i = 0; i < 300; i++) {
        Instant next = line.next(at).orElseThrow();
        String where = text + " " + zone + " after " + at + ", seed " + seed;
        assertThat(next).as(where).isAfter(at);
        assertThat(line.last(next)).as(where).contains(next);
        assertThat(line.last(next.minusMillis(1)).orElseThrow()).as(where).isBefore(next);
        at = i % 3 == 0 ? next.plusSeconds(random.nextInt(4 * 86_400)) : next;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"61 * * * *", "0 3 * *", "0 0 3 * * *", "0 0 30 2 *", "daily", "@daily"})
  void refusesWhatIsNoLine(String line) {
    assertThatThrownBy(() -> CronLine.parse(line, ZoneOffset.UTC))
        .isInstanceOf(TidelineException.class)
        .hasMessageContaining("Cannot use '" + line + "' as a cron line: ")
        .hasMessageContaining("as in '0 3 * * *'.");
  }
}
