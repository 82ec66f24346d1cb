package io.tideline.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How late an application was. Told {@code begin} it counts anew, told {@code end} it says how late
 * its inserts were done.
 */
final class Lags {
  private static final int MOST = 1_000_000;

  private final long[] lags = new long[MOST];
  private final AtomicLong busy = new AtomicLong();
  private final AtomicLong reads = new AtomicLong();
  private int writes;

  /** Answers until the process's input ends. */
  void listen() throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(line.equals("begin") ? begin() : end());
    }
  }

  /** Does work in a thread that ends the process if it fails. */
  static void start(String name, Times.Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (Exception e) {
                e.printStackTrace();
                System.exit(1);
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  private synchronized String begin() {
    writes = 0;
    busy.set(0);
    reads.set(0);
    return "begun";
  }

  /** The write under way counts, however long it waits: what ended may have held it up. */
  private synchronized String end() {
    int done = writes;
    while (done == writes && writes < MOST) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    long[] sorted = Arrays.copyOf(lags, writes);
    Arrays.sort(sorted);
    return String.format(
        Locale.ROOT,
        "%d %.2f %.2f %.2f %d %d",
        writes,
        at(sorted, 0.5),
        at(sorted, 0.99),
        at(sorted, 1),
        busy.get(),
        reads.get());
  }

  /** Milliseconds that a share of sorted nanoseconds does not exceed; 0 if there are none. */
  static double at(long[] sorted, double share) {
    return sorted.length == 0
        ? 0
        : sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)] / 1e6;
  }

  /** An insert was done, so many nanoseconds after it was due. */
  synchronized void done(long lag) {
    if (writes < MOST) {
      lags[writes++] = lag;
      notifyAll();
    }
  }

  /** A statement failed. */
  void failed() {
    busy.incrementAndGet();
  }

  /** A query was answered. */
  void read() {
    reads.incrementAndGet();
  }
}
