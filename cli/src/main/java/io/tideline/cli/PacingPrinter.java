package io.tideline.cli;

import io.tideline.cli.output.Style;
import io.tideline.cli.output.Words;
import io.tideline.policy.Strain;
import io.tideline.run.Pacing;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Prints how a run paced itself. */
final class PacingPrinter {
  private final PrintStream out;
  private final Style style;

  PacingPrinter(PrintStream out, Style style) {
    this.out = out;
    this.style = style;
  }

  /** Prints it; nothing where no batch was removed. */
  void print(Pacing pacing, Duration took) {
    if (pacing.batches() > 0) {
      double mean = pacing.locked().toNanos() / 1e6 / pacing.batches();
      out.println(
          (pacing.batches() == 1 ? "1 batch" : Words.count(pacing.batches()) + " batches")
              + " of up to "
              + Words.count(pacing.largest(), "row")
              + "; locks were held "
              + String.format(
                  Locale.ROOT,
                  "%.1f ms each, %.1f ms at most, %.0f %% of the time.",
                  mean,
                  pacing.longest().toNanos() / 1e6,
                  100.0 * pacing.locked().toNanos() / Math.max(1, took.toNanos())));
    }
    for (Pacing.Wait each : pacing.waits()) {
      String line =
          "Waited "
              + Words.duration(each.time())
              + (each.times() > 1 ? ", " + Words.count(each.times(), "time") : "")
              + ": "
              + each.last()
              + ".";
      out.println(each.cause() == Strain.Cause.PAUSED ? style.dim(line) : style.warn(line));
    }
  }
}
