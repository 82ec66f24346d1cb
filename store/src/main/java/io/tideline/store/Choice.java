package io.tideline.store;

import java.util.Collection;
import java.util.function.Function;

/** What was picked, if it may be. */
final class Choice {
  private Choice() {}

  static String of(Collection<String> pool, Function<? super Collection<String>, String> choose) {
    String choice = choose.apply(pool);
    if (!pool.contains(choice)) {
      throw new IllegalArgumentException("A target was chosen that is not in the pool");
    }
    return choice;
  }
}
