package io.tideline.core.work;

import io.tideline.dialect.Writer;
import io.tideline.policy.Pace;

/** Lets the engine keep its house now and then, between transactions. */
public final class Relaxation {
  private static final long BETWEEN = 250_000_000;

  /** Offline a log may grow for longer: what is written to a page twice is then copied once. */
  private static final long BETWEEN_OFFLINE = 5_000_000_000L;

  private final Writer writer;
  private final long between;
  private long last = System.nanoTime();

  /** The house-keeping of a writer. */
  public Relaxation(Writer writer, Pace pace) {
    this.writer = writer;
    this.between = pace.offline() ? BETWEEN_OFFLINE : BETWEEN;
  }

  /** Keeps house if it is time to; no transaction may be open. */
  public void maybe() {
    if (System.nanoTime() - last > between) {
      writer.relax();
      last = System.nanoTime();
    }
  }
}
