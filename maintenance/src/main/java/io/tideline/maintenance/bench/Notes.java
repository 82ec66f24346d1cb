package io.tideline.maintenance.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What to know before one believes figures. */
final class Notes {
  private static final Duration LATE = Duration.ofMillis(5);
  private static final double KEPT = 0.98;

  private Notes() {}

  static List<String> of(Load load, List<TargetReport> targets) {
    List<String> notes = new ArrayList<>();
    if (load.rate().isEmpty()) {
      notes.add(
          "Closed model: each worker waits for its answer before it asks again, so that while the"
              + " target stalls nobody asks, and the stall counts once for each worker. Users do"
              + " not wait for each other: give --rate to see what they meet.");
    }
    if (load.cold()) {
      notes.add(
          "Cold: each request opens a connection of its own, and that counts. What the operating"
              + " system or the server keeps in memory stays there.");
    }
    for (TargetReport target : targets) {
      target.whole().ifPresent(whole -> of(load, target, whole, notes));
    }
    return notes;
  }

  private static void of(Load load, TargetReport target, Round whole, List<String> notes) {
    Counts counts = whole.counts();
    if (counts.shed() > 0) {
      notes.add(
          String.format(
              Locale.ROOT,
              "%s: the rate was not kept: %,d of %,d requests were never sent, because more than"
                  + " %,d waited for a worker, or the round was over. They count with the time that"
                  + " they had waited. Lower --rate, or raise --concurrency.",
              target.title(),
              counts.shed(),
              counts.due(),
              load.queue()));
    } else if (load.rate().isPresent() && isLate(whole)) {
      notes.add(
          String.format(
              Locale.ROOT,
              "%s: 1 %% of the requests were sent %.1f ms late or later: all %d workers waited for"
                  + " answers, or this machine was busy. Response times contain that; service times"
                  + " hide it.",
              target.title(),
              whole.lag().p99().toNanos() / 1e6,
              load.concurrency()));
    }
    if (load.rate().isPresent() && whole.throughput() < KEPT * load.rate().get()) {
      notes.add(
          String.format(
              Locale.ROOT,
              "%s: %.1f good answers a second of the %s that were wanted.",
              target.title(),
              whole.throughput(),
              Load.plain(load.rate().get())));
    }
    long answered = whole.response().count();
    if (answered > 0 && answered < 1_000) {
      notes.add(
          String.format(
              Locale.ROOT,
              "%s: of %,d requests, p99.9 is the longest%s.",
              target.title(),
              answered,
              answered < 100 ? ", and so is p99" : ""));
    }
  }

  private static boolean isLate(Round whole) {
    return whole.lag().p99().compareTo(LATE) > 0;
  }
}
