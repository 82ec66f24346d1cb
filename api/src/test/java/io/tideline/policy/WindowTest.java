package io.tideline.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.error.TidelineException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WindowTest {
  private static Instant at(String text) {
    return Instant.parse(text);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-20T00:59:59Z, false",
    "2026-11-20T01:00:00Z, true",
    "2026-11-20T04:59:59Z, true",
    "2026-11-20T05:00:00Z, false"
  })
  void theEndIsNoPartOfIt(String now, boolean open) {
    assertThat(Window.parse("01:00-05:00").open(at(now))).isEqualTo(open);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-20T21:59:00Z, false",
    "2026-11-20T22:00:00Z, true",
    "2026-11-21T00:00:00Z, true",
    "2026-11-21T03:59:00Z, true",
    "2026-11-21T04:00:00Z, false"
  })
  void itMayGoPastMidnight(String now, boolean open) {
    assertThat(Window.parse("22:00 - 04:00 UTC").open(at(now))).isEqualTo(open);
  }

  @Test
  void itEndsAtMidnight() {
    Window window = Window.parse("22:00-24:00 UTC");
    assertThat(window.open(at("2026-11-20T23:59:59Z"))).isTrue();
    assertThat(window.closes(at("2026-11-20T23:00:00Z"))).isEqualTo(at("2026-11-21T00:00:00Z"));
    assertThat(window.opens(at("2026-11-21T00:00:00Z"))).isEqualTo(at("2026-11-21T22:00:00Z"));
  }

  /** In Berlin clocks go from 02:00 to 03:00 on 2026-03-29, and from 03:00 to 02:00 on 10-25. */
  @Test
  void itIsShorterOrLongerWhereClocksArePut() {
    Window window = Window.parse("01:00-05:00 Europe/Berlin");
    assertThat(length(window, "2026-03-28T12:00:00Z")).isEqualTo(Duration.ofHours(3));
    assertThat(length(window, "2026-10-24T12:00:00Z")).isEqualTo(Duration.ofHours(5));
    assertThat(length(window, "2026-11-20T12:00:00Z")).isEqualTo(Duration.ofHours(4));
  }

  private static Duration length(Window window, String before) {
    Instant opens = window.opens(at(before));
    assertThat(window.open(opens)).isTrue();
    assertThat(window.open(opens.minusSeconds(1))).isFalse();
    Instant closes = window.closes(opens);
    assertThat(window.open(closes)).isFalse();
    assertThat(window.open(closes.minusSeconds(1))).isTrue();
    return Duration.between(opens, closes);
  }

  @Test
  void oneThatLiesInTheMissingHourIsNotThatDay() {
    Window window = Window.parse("02:15-02:45 Europe/Berlin");
    assertThat(window.opens(at("2026-03-28T12:00:00Z"))).isEqualTo(at("2026-03-30T00:15:00Z"));
  }

  @Test
  void oneThatLiesInTheHourThatComesTwiceIsTwice() {
    Window window = Window.parse("02:15-02:45 Europe/Berlin");
    Instant first = window.opens(at("2026-10-24T12:00:00Z"));
    assertThat(first).isEqualTo(at("2026-10-25T00:15:00Z"));
    assertThat(window.opens(window.closes(first))).isEqualTo(at("2026-10-25T01:15:00Z"));
  }

  @Test
  void everyMinuteOfAYearAgrees() {
    for (String text :
        new String[] {"01:00-05:00 Europe/Berlin", "22:30-02:30 America/New_York", "00:00-00:30"}) {
      Window window = Window.parse(text);
      Instant end = at("2027-01-01T00:00:00Z");
      boolean open = false;
      Instant next = at("2026-01-01T00:00:00Z");
      for (Instant now = next; now.isBefore(end); now = now.plusSeconds(900)) {
        if (now.equals(next)) {
          open = window.open(now);
          next = open ? window.closes(now) : window.opens(now);
        }
        assertThat(window.open(now)).as("%s at %s", text, now).isEqualTo(open);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1-5", "01:00-01:00 UTC", "25:00-26:00", "01:00-05:00 Nowhere/City", "01:00"})
  void whatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> Window.parse(text))
        .isInstanceOf(TidelineException.class)
        .hasMessageContaining("window");
  }

  @Test
  void itsTextIsReadAgain() {
    for (String text : new String[] {"01:00-05:00 Europe/Berlin", "22:00-00:00 UTC"}) {
      assertThat(Window.parse(text)).hasToString(text);
      assertThat(Window.parse(Window.parse(text).toString())).isEqualTo(Window.parse(text));
    }
  }
}
