package io.tideline.cli;

import io.tideline.cli.output.Style;
import io.tideline.cli.output.Words;
import java.io.PrintStream;

/** What every command says while segments are not closed. */
final class InDoubt {
  private InDoubt() {}

  static void print(PrintStream out, Style style, int count) {
    if (count > 0) {
      out.println(
          style.warn(
              Words.count(count, "segment")
                  + (count == 1 ? " is" : " are")
                  + " in doubt: an earlier run or restore was interrupted. The next 'tideline run' finds out"
                  + " what became of the rows; none is lost."));
    }
  }
}
