package io.tideline.store;

import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that empties a buffer. */
final class Flusher<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Flusher.class);
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  private final Thread thread;
  private final Buffer<T> buffer;
  private final Batches<T> batches;
  private final BufferMeters meters;
  private final CountDownLatch abandoned = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable StoreException trouble;

  private Flusher(String name, Buffer<T> buffer, Batches<T> batches, BufferMeters meters) {
    this.thread = new Thread(this::run, "tideline-store-" + name);
    this.buffer = buffer;
    this.batches = batches;
    this.meters = meters;
  }

  static <T> Flusher<T> start(
      String name, Buffer<T> buffer, Batches<T> batches, BufferMeters meters) {
    Flusher<T> flusher = new Flusher<>(name, buffer, batches, meters);
    flusher.thread.setDaemon(true);
    flusher.thread.start();
    return flusher;
  }

  private void run() {
    try {
      for (List<T> batch = buffer.take(); !batch.isEmpty(); batch = buffer.take()) {
        write(batch);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended.countDown();
    }
  }

  private void write(List<T> batch) throws InterruptedException {
    List<T> left = batch;
    long pause = FIRST_PAUSE_MILLIS;
    while (!left.isEmpty()) {
      if (abandoned.await(0, TimeUnit.MILLISECONDS)) {
        giveUp(left);
        return;
      }
      left = tried(left);
      if (!left.isEmpty()) {
        meters.retries.increment();
        abandoned.await(pause, TimeUnit.MILLISECONDS);
        pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
      }
    }
  }

  /** No error ends the thread on which every row waits. */
  private List<T> tried(List<T> rows) {
    try {
      return some(rows);
    } catch (Error e) {
      LOG.error(
          "Rows of {} wait: an error that is not theirs", Thread.currentThread().getName(), e);
      return rows;
    }
  }

  /** Writes what it can, and gives back the rest. */
  private List<T> some(List<T> rows) {
    Timer.Sample sample = Timer.start();
    Batches.Outcome<T> outcome = batches.write(rows);
    sample.stop(meters.flush);
    meters.written.add(outcome.written());
    meters.aside.add(outcome.aside());
    trouble = outcome.why();
    buffer.settle(outcome.written() + outcome.aside(), outcome.left().size());
    return outcome.left();
  }

  private void giveUp(List<T> rows) {
    StoreException reason =
        new StoreException(
            StoreException.Reason.CLOSED,
            "Cannot write a row: the writer was closed before it could. The row is the listener's.",
            trouble);
    rows.forEach(row -> batches.setAside(row, reason));
    meters.aside.add(rows.size());
    buffer.settle(rows.size(), 0);
  }

  Optional<StoreException> trouble() {
    return Optional.ofNullable(trouble);
  }

  /** Waits so long for the rest to be written, then for the rest to be set aside. */
  void finish(Duration most) {
    if (Thread.currentThread() == thread) {
      // The listener closes: what is left is written once it has returned.
      return;
    }
    try {
      if (!ended.await(most.toMillis(), TimeUnit.MILLISECONDS)) {
        abandoned.countDown();
        ended.await();
      }
    } catch (InterruptedException e) {
      abandoned.countDown();
      Thread.currentThread().interrupt();
    }
  }
}
