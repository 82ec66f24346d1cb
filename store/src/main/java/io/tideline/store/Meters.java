package io.tideline.store;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;

/** What a database counts, whether or not there is a registry that asks. */
final class Meters {
  private final LongAdder busyReads = new LongAdder();
  private final LongAdder busyWrites = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final LongAdder unknown = new LongAdder();

  Meters(MeterRegistry registry, String name) {
    busy(registry, name, "read", busyReads);
    busy(registry, name, "write", busyWrites);
    counter(registry, "tideline.store.lost", name, "Connections that were lost", lost);
    counter(registry, "tideline.store.retries", name, "Works that were tried again", retries);
    counter(registry, "tideline.store.unknown", name, "COMMITs whose answer was lost", unknown);
  }

  private static void busy(MeterRegistry registry, String name, String operation, LongAdder count) {
    FunctionCounter.builder("tideline.store.busy", count, LongAdder::sum)
        .description("Times that others held a lock for longer than the timeout")
        .tag("name", name)
        .tag("operation", operation)
        .register(registry);
  }

  static void counter(
      MeterRegistry registry, String meter, String name, String description, LongAdder count) {
    FunctionCounter.builder(meter, count, LongAdder::sum)
        .description(description)
        .tag("name", name)
        .register(registry);
  }

  void failed(Trouble trouble, boolean writing) {
    if (trouble == Trouble.BUSY) {
      (writing ? busyWrites : busyReads).increment();
    } else if (trouble == Trouble.LOST) {
      lost.increment();
    }
  }

  void retried() {
    retries.increment();
  }

  void unknown() {
    unknown.increment();
  }

  Contention contention() {
    return new Contention(busyReads.sum(), busyWrites.sum(), retries.sum(), unknown.sum());
  }
}
