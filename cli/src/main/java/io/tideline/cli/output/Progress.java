package io.tideline.cli.output;

import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Tells how work goes: on a terminal a bar with rate and time left, repainted; elsewhere a plain
 * line every few seconds. Thread-safe.
 */
public final class Progress implements RunListener, AutoCloseable {
  private static final int CELLS = 24;
  private static final long REPAINT = Duration.ofMillis(100).toNanos();
  private static final long PLAIN = Duration.ofSeconds(5).toNanos();

  private final PrintStream err;
  private final boolean terminal;
  private final LongSupplier nanos;
  private String name = "";
  private String waiting = "";
  private long expected;
  private long archived;
  private long removed;
  private long began;
  private long shown;
  private boolean painted;

  /**
   * @param err where it is told
   * @param terminal whether that is a terminal
   * @param nanos a clock that only runs forward
   */
  public Progress(PrintStream err, boolean terminal, LongSupplier nanos) {
    this.err = err;
    this.terminal = terminal;
    this.nanos = nanos;
  }

  @Override
  public synchronized void on(RunEvent event) {
    if (event instanceof RunEvent.Began begins) {
      begin(begins);
    } else if (event instanceof RunEvent.Progressed went) {
      archived += went.archived();
      removed += went.removed();
      waiting = "";
      show();
    } else if (event instanceof RunEvent.Waited waited) {
      // The usual rest between batches is no news; a wait that a person notices is.
      waiting = waited.pause().toMillis() >= 500 ? waited.why().what() : waiting;
      show();
    } else if (event instanceof RunEvent.Noted noted) {
      clear();
      err.println(Width.printable(noted.message()));
    }
  }

  private void begin(RunEvent.Began begins) {
    clear();
    name = begins.name();
    expected = begins.rows();
    archived = 0;
    removed = 0;
    waiting = "";
    began = nanos.getAsLong();
    shown = began;
  }

  private void show() {
    long now = nanos.getAsLong();
    if (now - shown < (terminal ? REPAINT : PLAIN)) {
      return;
    }
    shown = now;
    if (terminal) {
      err.print("\r\u001B[K" + line(now, true));
      err.flush();
      painted = true;
    } else {
      err.println(line(now, false));
    }
  }

  /** Rows count half when archived and half when removed, where both happen. */
  private double share() {
    double whole = archived > 0 ? 2.0 * expected : expected;
    return whole <= 0 ? 0 : Math.min(1, (archived + removed) / whole);
  }

  private String line(long now, boolean bar) {
    double seconds = Math.max(1e-3, (now - began) / 1e9);
    double share = share();
    long rows = archived > 0 ? (archived + removed) / 2 : removed;
    StringBuilder line = new StringBuilder(Width.printable(name));
    if (bar && expected > 0) {
      int full = (int) (share * CELLS);
      line.append("  [").append("#".repeat(full)).append(".".repeat(CELLS - full)).append(']');
    }
    if (expected > 0) {
      line.append(String.format(Locale.ROOT, " %3.0f %%", share * 100));
      line.append("  ").append(Words.count(rows)).append('/').append(Words.count(expected));
    } else {
      line.append("  ").append(Words.count(rows));
    }
    line.append(" rows  ").append(Words.count((long) (rows / seconds))).append("/s");
    if (share > 0.01 && share < 1) {
      Duration left = Duration.ofMillis((long) (seconds * 1000 * (1 - share) / share));
      line.append("  ETA ").append(Words.duration(left));
    }
    if (!waiting.isEmpty()) {
      line.append("  waiting: ").append(Width.printable(waiting));
    }
    return line.toString();
  }

  private void clear() {
    if (painted) {
      err.print("\r\u001B[K");
      err.flush();
      painted = false;
    }
  }

  /** Takes the bar away. */
  @Override
  public synchronized void close() {
    clear();
  }
}
