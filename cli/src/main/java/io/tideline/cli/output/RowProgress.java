package io.tideline.cli.output;

import io.tideline.run.WorkListener;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Tells how work goes that is measured in rows, and about how long it will take yet: on a terminal
 * one line, repainted; elsewhere a line every few seconds.
 */
public final class RowProgress implements WorkListener, AutoCloseable {
  private static final long REPAINT = Duration.ofMillis(200).toNanos();
  private static final long PLAIN = Duration.ofSeconds(5).toNanos();

  private final PrintStream err;
  private final boolean terminal;
  private final LongSupplier nanos;
  private long shown;
  private long began;
  private long first;
  private boolean painted;

  /**
   * @param err where it is told
   * @param terminal whether that is a terminal
   * @param nanos a clock that only runs forward
   */
  public RowProgress(PrintStream err, boolean terminal, LongSupplier nanos) {
    this.err = err;
    this.terminal = terminal;
    this.nanos = nanos;
    this.shown = nanos.getAsLong();
    this.began = shown;
  }

  @Override
  public void at(String what, long done, long total) {
    long now = nanos.getAsLong();
    if (done < first || first == 0) {
      first = done; // a walk begins
      began = now;
    }
    if (now - shown < (terminal ? REPAINT : PLAIN)) {
      return;
    }
    shown = now;
    String line = line(what, done, total, now);
    if (terminal) {
      err.print("\r\u001B[K" + line);
      err.flush();
      painted = true;
    } else {
      err.println(line);
    }
  }

  private String line(String what, long done, long total, long now) {
    String line =
        Width.printable(what)
            + "  "
            + Words.count(done)
            + " of about "
            + Words.count(total)
            + " rows";
    if (done <= first || done >= total) {
      return line;
    }
    double share = (double) done / total;
    long left = (long) ((double) (now - began) / (done - first) * (total - done));
    return line
        + String.format(Locale.ROOT, ", %.0f %%, ", share * 100)
        + Words.duration(Duration.ofNanos(left))
        + " to go";
  }

  /** Takes the line away. */
  @Override
  public void close() {
    if (painted) {
      err.print("\r\u001B[K");
      err.flush();
      painted = false;
    }
  }
}
