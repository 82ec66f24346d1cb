package io.tideline.store.migrate;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** What every part of a call needs: the store, the pace, and who is told. */
record Run(Store store, int rows, double rest, Consumer<Progress> listener, Steps steps) {
  /** After a transaction others have their turn, for as long as it took, times the rest. */
  void restAfter(long startedNanos) {
    long took = System.nanoTime() - startedNanos;
    long most = Duration.ofSeconds(2).toNanos();
    LockSupport.parkNanos(Math.min(most, (long) (took * rest)));
    store.checkInterrupt();
  }
}
