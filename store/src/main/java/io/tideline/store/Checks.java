package io.tideline.store;

import java.time.Duration;

/** Settings are right, or an exception says what would be. */
final class Checks {
  private static final Duration MOST = Duration.ofDays(3650);

  private Checks() {}

  static String name(String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("The name is empty: meters and messages need one");
    }
    return name;
  }

  static int within(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          what + " is " + value + ": it must be from " + least + " to " + most);
    }
    return value;
  }

  static long positive(String what, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(what + " is " + value + ": it must be above zero");
    }
    return value;
  }

  static Duration positive(String what, Duration value) {
    if (value.isZero() || value.isNegative() || value.compareTo(MOST) > 0) {
      throw new IllegalArgumentException(
          what + " is " + value + ": it must be above zero and at most ten years");
    }
    return value;
  }

  static Duration notNegative(String what, Duration value) {
    if (value.isNegative() || value.compareTo(MOST) > 0) {
      throw new IllegalArgumentException(
          what + " is " + value + ": it must be from zero to ten years");
    }
    return value;
  }
}
