package io.tideline.cli.output;

import io.tideline.run.WorkListener;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Tells how work goes that is measured in bytes: on a terminal a bar, repainted; elsewhere a plain
 * line every few seconds.
 */
public final class WorkProgress implements WorkListener, AutoCloseable {
  private static final int CELLS = 24;
  private static final long REPAINT = Duration.ofMillis(100).toNanos();
  private static final long PLAIN = Duration.ofSeconds(5).toNanos();

  private final PrintStream err;
  private final boolean terminal;
  private final LongSupplier nanos;
  private long shown;
  private boolean painted;

  /**
   * @param err where it is told
   * @param terminal whether that is a terminal
   * @param nanos a clock that only runs forward
   */
  public WorkProgress(PrintStream err, boolean terminal, LongSupplier nanos) {
    this.err = err;
    this.terminal = terminal;
    this.nanos = nanos;
    this.shown = nanos.getAsLong();
  }

  @Override
  public void at(String what, long done, long total) {
    long now = nanos.getAsLong();
    if (now - shown < (terminal ? REPAINT : PLAIN)) {
      return;
    }
    shown = now;
    if (terminal) {
      err.print("\r\u001B[K" + line(what, done, total, true));
      err.flush();
      painted = true;
    } else {
      err.println(line(what, done, total, false));
    }
  }

  private static String line(String what, long done, long total, boolean bar) {
    StringBuilder line = new StringBuilder(Width.printable(what));
    if (total <= 0 && done == 0) {
      return line.toString();
    }
    if (total <= 0) {
      return line.append("  ").append(Words.bytes(done)).toString();
    }
    double share = Math.max(0, Math.min(1, (double) done / total));
    if (bar) {
      int full = (int) (share * CELLS);
      line.append("  [").append("#".repeat(full)).append(".".repeat(CELLS - full)).append(']');
    }
    return line.append(String.format(Locale.ROOT, " %3.0f %%  ", share * 100))
        .append(Words.bytes(done))
        .append('/')
        .append(Words.bytes(total))
        .toString();
  }

  /** Takes the bar away. */
  @Override
  public void close() {
    if (painted) {
      err.print("\r\u001B[K");
      err.flush();
      painted = false;
    }
  }
}
