package io.tideline.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuerySpecTest {
  private static final Instant NOW = Instant.parse("2026-05-02T10:00:00.25Z");

  @Test
  void valuesStandInTheOrderOfThePlaceholders() {
    QuerySpec query =
        new QuerySpec(
            "q",
            QueryText.of("SELECT :a, :b, :a"),
            List.of(
                QueryParameter.of("b", new QueryValue.Nothing()),
                QueryParameter.of("a", new QueryValue.Whole(7))),
            Expectations.NONE);

    assertThat(query.values(NOW)).containsExactly(7L, null, 7L);
  }

  @Test
  void samplesComeRoundAgain() {
    QuerySpec query =
        new QuerySpec(
            "q",
            QueryText.of("SELECT :a"),
            List.of(
                new QueryParameter(
                    "a", List.of(new QueryValue.Text("x"), new QueryValue.Text("y")))),
            Expectations.NONE);

    assertThat(query.values(NOW)).containsExactly("x");
    assertThat(query.values(NOW, 1)).containsExactly("y");
    assertThat(query.values(NOW, 2)).containsExactly("x");
  }

  @Test
  void everyParameterIsGivenAndNoOther() {
    assertThatThrownBy(
            () ->
                new QuerySpec(
                    "q",
                    QueryText.of("SELECT :a"),
                    List.of(QueryParameter.of("b", new QueryValue.Truth(true))),
                    Expectations.NONE))
        .hasMessage("Cannot ask query q: it has the parameters [a], given [b]");
  }

  @ParameterizedTest
  @CsvSource({
    "TEXT, 2026-05-02 10:00:00.25",
    "ISO, 2026-05-02T10:00:00.25",
    "ISO_Z, 2026-05-02T10:00:00.25Z",
    "DATE, 2026-05-02",
    "EPOCH_S, 1777716000",
    "EPOCH_MS, 1777716000250",
    "EPOCH_US, 1777716000250000",
    "EPOCH_NS, 1777716000250000000",
    "EPOCH_REAL, 1.77771600025E9",
    "JULIAN_DAY, 2461162.91666956",
    "TIMESTAMP, 2026-05-02T10:00:00.250Z",
  })
  void aTimeIsGivenAsTheColumnWritesIt(TimeForm form, String text) {
    QueryValue value = new QueryValue.Ago(Duration.ofMinutes(10), form);

    assertThat(value.at(NOW.plusSeconds(600))).hasToString(text);
    assertThat(new QueryValue.At(NOW, form).at(Instant.EPOCH)).hasToString(text);
  }
}
