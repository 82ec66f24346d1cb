package io.tideline.core.run;

import io.tideline.core.work.Pacer;
import io.tideline.dialect.RefusedException;
import io.tideline.dialect.SurpriseException;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.time.Duration;
import java.util.Optional;

/** Tries a transaction of one batch again while others are in its way, for a while. */
final class Tries {
  private static final int TRIES = 5;
  private static final Duration PATIENCE = Duration.ofMillis(200);

  /** How many times in all the rows of one batch that others hold are waited for. */
  private static final int WAITS = 10;

  private final Pacer pacer;
  private boolean hurried;
  private int waits = WAITS;

  Tries(Pacer pacer) {
    this.pacer = pacer;
  }

  /** One transaction. */
  interface Work {
    /**
     * Carries it out, or rolls it back.
     *
     * @param hurried whether others were in its way before: then it waits for locks but briefly
     */
    void run(boolean hurried);
  }

  /**
   * Runs a transaction until it is not refused.
   *
   * @param patient whether to wait for those who are in its way
   * @return why it was refused at last; empty if it was carried out
   */
  Optional<RuntimeException> run(boolean patient, Work work) {
    for (int attempt = 1; ; attempt++) {
      Optional<RuntimeException> refused = once(work);
      boolean passing =
          refused.filter(e -> e instanceof RefusedException r && r.passing()).isPresent();
      hurried = hurried || passing;
      if (!passing || !patient || attempt == TRIES || waits-- <= 0) {
        return refused;
      }
      pacer.wait(
          "the database asks to try again: " + refused.orElseThrow().getMessage(),
          PATIENCE.multipliedBy(attempt));
    }
  }

  private Optional<RuntimeException> once(Work work) {
    try {
      work.run(hurried);
      return Optional.empty();
    } catch (RefusedException | SurpriseException e) {
      return Optional.of(e);
    } catch (TidelineException e) {
      if (e.code() != ErrorCode.DATABASE_BUSY) {
        throw e;
      }
      return Optional.of(new RefusedException(e.what(), true, e));
    }
  }
}
