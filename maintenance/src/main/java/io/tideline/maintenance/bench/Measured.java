package io.tideline.maintenance.bench;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/** What was measured in one stretch or several, with the histograms themselves. */
record Measured(
    Duration took,
    Counts counts,
    Histogram response,
    Histogram service,
    Histogram lag,
    List<Slot> slots) {
  /** Both, one after the other. */
  Measured plus(Measured other) {
    Histogram responses = response.copy();
    Histogram services = service.copy();
    Histogram lags = lag.copy();
    responses.add(other.response);
    services.add(other.service);
    lags.add(other.lag);
    List<Slot> all = new ArrayList<>(slots);
    other.slots.forEach(slot -> all.add(slot.later(took)));
    return new Measured(
        took.plus(other.took), counts.plus(other.counts), responses, services, lags, all);
  }

  Round round() {
    double seconds = Math.max(1e-9, took.toNanos() / 1e9);
    return new Round(
        took,
        counts,
        counts.ok() / seconds,
        Latencies.of(response),
        Latencies.of(service),
        Latencies.of(lag),
        encoded());
  }

  /** In the form that the tools of HdrHistogram read. */
  private String encoded() {
    ByteBuffer buffer = ByteBuffer.allocate(response.getNeededByteBufferCapacity());
    int length = response.encodeIntoCompressedByteBuffer(buffer);
    return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
  }

  static Histogram decoded(String text) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      return Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(bytes), 0);
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("Cannot read a histogram", e);
    }
  }
}
