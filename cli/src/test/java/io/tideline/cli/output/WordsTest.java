package io.tideline.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class WordsTest {
  @Test
  void countsWithSeparators() {
    assertThat(Words.count(1234567)).isEqualTo("1,234,567");
    assertThat(Words.count(1, "row")).isEqualTo("1 row");
    assertThat(Words.count(0, "row")).isEqualTo("0 rows");
  }

  @Test
  void showsSizes() {
    assertThat(Words.bytes(0)).isEqualTo("0 B");
    assertThat(Words.bytes(1023)).isEqualTo("1023 B");
    assertThat(Words.bytes(1024)).isEqualTo("1.0 KB");
    assertThat(Words.bytes(-1536)).isEqualTo("-1.5 KB");
    assertThat(Words.bytes(32L << 20)).isEqualTo("32.0 MB");
    assertThat(Words.bytes(700L << 30)).isEqualTo("700 GB");
    assertThat(Words.bytes(Long.MAX_VALUE)).isEqualTo("8.0 EB");
  }

  @Test
  void showsTimes() {
    assertThat(Words.time(Instant.parse("2026-05-02T10:00:00.999Z")))
        .isEqualTo("2026-05-02 10:00:00Z");
    assertThat(Words.duration(Duration.ofMillis(340))).isEqualTo("0.3 s");
    assertThat(Words.duration(Duration.ofSeconds(59))).isEqualTo("59 s");
    assertThat(Words.duration(Duration.ofSeconds(192))).isEqualTo("3 min 12 s");
    assertThat(Words.duration(Duration.ofMinutes(120))).isEqualTo("2 h");
    assertThat(Words.duration(Duration.ofHours(47))).isEqualTo("47 h");
    assertThat(Words.duration(Duration.ofDays(29))).isEqualTo("29 d");
  }
}
