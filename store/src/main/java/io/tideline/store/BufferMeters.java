package io.tideline.store;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.atomic.LongAdder;

/** What a {@link BufferedWriter} counts. */
final class BufferMeters {
  final LongAdder written = new LongAdder();
  final LongAdder dropped = new LongAdder();
  final LongAdder aside = new LongAdder();
  final LongAdder retries = new LongAdder();
  final Timer flush;

  BufferMeters(MeterRegistry registry, String name) {
    counter(registry, name, "written", "Rows that were committed", written);
    counter(registry, name, "dropped", "Rows that were dropped, for lack of room", dropped);
    counter(registry, name, "aside", "Rows that were set aside", aside);
    counter(registry, name, "retries", "Flushes that failed and were tried again", retries);
    flush =
        Timer.builder("tideline.store.buffer.flush")
            .description("Transactions that wrote rows")
            .tag("name", name)
            .register(registry);
  }

  private static void counter(
      MeterRegistry registry, String name, String what, String description, LongAdder count) {
    Meters.counter(registry, "tideline.store.buffer." + what, name, description, count);
  }

  void watch(MeterRegistry registry, String name, BufferedWriter<?> writer) {
    Gauge.builder("tideline.store.buffer.rows", writer, of -> of.atRisk().rows())
        .description("Rows that are accepted and not committed")
        .tag("name", name)
        .register(registry);
    Gauge.builder("tideline.store.buffer.bytes", writer, of -> of.atRisk().bytes())
        .description("What these rows weigh")
        .tag("name", name)
        .register(registry);
  }
}
