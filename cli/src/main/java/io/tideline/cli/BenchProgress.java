package io.tideline.cli;

import io.tideline.cli.output.Words;
import io.tideline.maintenance.bench.BenchListener;
import java.io.PrintStream;
import java.time.Duration;

/** Tells how a bench goes: on a terminal one line, repainted; elsewhere a line for each round. */
final class BenchProgress implements BenchListener, AutoCloseable {
  private final PrintStream err;
  private final boolean terminal;
  private String told = "";
  private boolean painted;

  BenchProgress(PrintStream err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  @Override
  public void at(String what, Duration done, Duration whole, long asked, long failed) {
    if (!terminal) {
      if (!told.equals(what)) {
        told = what;
        err.println(what + ", " + Words.duration(whole));
      }
      return;
    }
    err.print("\r\u001B[K" + line(what, done, whole, asked, failed));
    err.flush();
    painted = true;
  }

  private static String line(String what, Duration done, Duration whole, long asked, long failed) {
    return what
        + "  "
        + done.toSeconds()
        + "/"
        + Math.max(1, whole.toSeconds())
        + " s  "
        + Words.count(asked)
        + " asked"
        + (failed == 0 ? "" : ", " + Words.count(failed) + " failed");
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
