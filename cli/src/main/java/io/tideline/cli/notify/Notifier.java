package io.tideline.cli.notify;

import io.tideline.cli.output.Json;
import io.tideline.schedule.Notice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Tells programs and web servers on a thread of its own, so that whoever tells never waits and
 * never fails. What cannot be told is reported. Thread-safe.
 */
public final class Notifier implements AutoCloseable {
  private static final int MOST_WAITING = 64;

  private final BlockingQueue<Delivery> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final AtomicLong open = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final Deliveries deliveries;
  private final Patience patience;
  private final Consumer<String> report;
  private final Thread thread = new Thread(this::work, "tideline-notify");

  private record Delivery(Notice.Target target, String document) {}

  /**
   * @param folder where programs run
   * @param report hears one sentence of each notice that could not be told
   */
  public Notifier(Path folder, Patience patience, Consumer<String> report) {
    this.deliveries = new Deliveries(folder, patience.timeout());
    this.patience = patience;
    this.report = report;
    thread.setDaemon(true);
    thread.start();
  }

  /** Tells those who want to hear of it; returns at once. */
  public void tell(List<Notice> notices, Announcement announcement) {
    for (Notice notice : notices) {
      if (announcement.occasions().stream().anyMatch(notice.on()::contains)) {
        open.incrementAndGet();
        String document = Json.text(announcement.document());
        if (!waiting.offer(new Delivery(notice.target(), document))) {
          open.decrementAndGet();
          fail(notice.target(), "too many others wait");
        }
      }
    }
  }

  /** How many notices could not be told. */
  public long failed() {
    return failed.get();
  }

  /** Waits until all is told, for a time at most. */
  public void drain(Duration most) {
    long end = System.nanoTime() + most.toNanos();
    try {
      while (open.get() > 0 && System.nanoTime() < end) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    try {
      while (true) {
        Delivery next = waiting.take();
        try {
          deliver(next);
        } finally {
          open.decrementAndGet();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private void deliver(Delivery delivery) throws InterruptedException {
    Duration pause = patience.pause();
    String why = "";
    for (int tried = 0; tried < patience.tries(); tried++) {
      if (tried > 0) {
        TimeUnit.MILLISECONDS.sleep(pause.toMillis());
        pause = pause.multipliedBy(4);
      }
      why = deliveries.deliver(delivery.target(), delivery.document());
      if (why.isEmpty()) {
        return;
      }
    }
    fail(delivery.target(), why + ", " + patience.tries() + " times");
  }

  private void fail(Notice.Target target, String why) {
    failed.incrementAndGet();
    report.accept("Cannot notify " + target + ": " + why + ". The run is not affected.");
  }

  /** Gives up what is not told yet. */
  @Override
  public void close() {
    thread.interrupt();
    long left = open.get();
    if (left > 0) {
      report.accept("Left " + left + " notices untold at the end.");
    }
  }
}
