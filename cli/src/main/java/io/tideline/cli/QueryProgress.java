package io.tideline.cli;

import io.tideline.run.WorkListener;
import java.io.PrintStream;
import java.time.Duration;

/** Tells how many queries are done: on a terminal in one line, elsewhere now and then. */
final class QueryProgress implements WorkListener, AutoCloseable {
  private static final long REPAINT = Duration.ofMillis(100).toNanos();
  private static final long PLAIN = Duration.ofSeconds(5).toNanos();

  private final PrintStream err;
  private final boolean terminal;
  private long shown = System.nanoTime();
  private boolean painted;

  QueryProgress(Terminal terminal) {
    this.err = terminal.err();
    this.terminal = terminal.errTerminal();
  }

  @Override
  public void at(String what, long done, long total) {
    long now = System.nanoTime();
    if (now - shown < (terminal ? REPAINT : PLAIN)) {
      return;
    }
    shown = now;
    String line = what + "  " + done + "/" + total;
    if (terminal) {
      err.print("\r\u001B[K" + line);
      err.flush();
      painted = true;
    } else {
      err.println(line);
    }
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
