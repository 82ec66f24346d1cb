package io.tideline.testkit.indexes;

import java.util.function.Consumer;

/** Ends the work by a failure that nobody expects, at the nth of a step. */
final class Dying extends Steps {
  Dying(String step, int nth) {
    super(
        new Consumer<>() {
          private int left = nth;

          @Override
          public void accept(String now) {
            if (now.equals(step) && --left == 0) {
              throw new Death();
            }
          }
        });
  }

  /** What nobody expects. */
  static final class Death extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
