package io.tideline.tuning;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a whole number counts since 1970-01-01T00:00Z. */
public enum EpochUnit {
  SECONDS("s", 1_000_000),
  MILLISECONDS("ms", 1_000),
  MICROSECONDS("us", 1);

  private final String word;
  private final long micros;

  EpochUnit(String word, long micros) {
    this.word = word;
    this.micros = micros;
  }

  /** The word in the configuration. */
  public String word() {
    return word;
  }

  /** The microseconds of one. */
  public long micros() {
    return micros;
  }

  /** The unit of that word. */
  public static Optional<EpochUnit> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst();
  }

  /** All words. */
  public static List<String> words() {
    return Arrays.stream(values()).map(EpochUnit::word).toList();
  }
}
