package io.tideline.maintenance.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * Counts what comes of requests; thread-safe. Its memory does not grow with their number.
 *
 * <p>Response times count from when a request was due, service times from when it was sent. Those
 * given up and those shed count with the time that they had waited: to leave them out would
 * flatter. Errors and refusals come quickly and would flatter too, so they are only counted.
 */
final class Tally {
  private static final long LONGEST = Duration.ofHours(1).toNanos();
  private static final int SLOTS = 60;

  private final long start;
  private final long slotLength;
  private final Histogram response = histogram(3);
  private final Histogram service = histogram(3);
  private final Histogram lag = histogram(3);
  private final Histogram[] slots = new Histogram[SLOTS];
  private final long[] dueBySlot = new long[SLOTS];
  private final long[] failedBySlot = new long[SLOTS];
  private final Map<Answer.Kind, Long> kinds = new EnumMap<>(Answer.Kind.class);
  private final Map<String, Long> details = new TreeMap<>();
  private long due;
  private long shed;
  private long amount;

  Tally(long start, long length) {
    this.start = start;
    this.slotLength = Math.max(1, (length + SLOTS - 1) / SLOTS);
  }

  private static Histogram histogram(int digits) {
    return new Histogram(1, LONGEST, digits);
  }

  private static void record(Histogram histogram, long nanos) {
    histogram.recordValue(Math.max(0, Math.min(nanos, LONGEST)));
  }

  synchronized void answered(long scheduled, long sent, long done, Answer answer) {
    record(lag, sent - scheduled);
    boolean ok = answer.kind() == Answer.Kind.OK;
    if (ok || answer.kind() == Answer.Kind.TIMEOUT) {
      record(service, done - sent);
      responded(scheduled, done);
    }
    slot(scheduled, !ok);
    details.merge(answer.detail(), 1L, Long::sum);
    due++;
    kinds.merge(answer.kind(), 1L, Long::sum);
    amount += answer.amount();
  }

  /** A request that is not sent, because too many wait. */
  synchronized void shed(long scheduled, long now) {
    responded(scheduled, now);
    slot(scheduled, true);
    details.merge("shed", 1L, Long::sum);
    due++;
    shed++;
  }

  private void responded(long scheduled, long done) {
    record(response, done - scheduled);
    int slot = slotOf(scheduled);
    if (slots[slot] == null) {
      slots[slot] = histogram(2);
    }
    record(slots[slot], done - scheduled);
  }

  private void slot(long scheduled, boolean bad) {
    dueBySlot[slotOf(scheduled)]++;
    failedBySlot[slotOf(scheduled)] += bad ? 1 : 0;
  }

  private int slotOf(long scheduled) {
    return (int) Math.max(0, Math.min(SLOTS - 1, (scheduled - start) / slotLength));
  }

  synchronized long asked() {
    return due;
  }

  synchronized long failed() {
    return due - count(Answer.Kind.OK);
  }

  /** All of it, once nobody asks any more. */
  synchronized Measured measured(Duration took) {
    Counts all =
        new Counts(
            due,
            count(Answer.Kind.OK),
            count(Answer.Kind.ERROR),
            count(Answer.Kind.TIMEOUT),
            count(Answer.Kind.BUSY),
            shed,
            amount,
            details);
    return new Measured(took, all, response.copy(), service.copy(), lag.copy(), slots());
  }

  private long count(Answer.Kind kind) {
    return kinds.getOrDefault(kind, 0L);
  }

  private List<Slot> slots() {
    List<Slot> all = new ArrayList<>();
    for (int i = 0; i < SLOTS; i++) {
      Latencies latencies = Latencies.of(slots[i] == null ? histogram(2) : slots[i]);
      if (dueBySlot[i] > 0) {
        all.add(
            new Slot(
                Duration.ofNanos(i * slotLength),
                dueBySlot[i],
                failedBySlot[i],
                latencies.p50(),
                latencies.p99(),
                latencies.max()));
      }
    }
    return all;
  }
}
