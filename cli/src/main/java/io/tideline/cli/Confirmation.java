package io.tideline.cli;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Asks before rows leave the database. */
final class Confirmation {
  private final Terminal terminal;

  Confirmation(Terminal terminal) {
    this.terminal = terminal;
  }

  /**
   * Returns only if the answer is yes.
   *
   * @throws TidelineException {@code NOT_CONFIRMED} if it is another, or nobody can answer
   */
  void ask(String question) {
    if (!terminal.inTerminal()) {
      throw refused("nobody confirmed it, because there is no terminal");
    }
    terminal.out().flush();
    terminal.err().print(question + " [y/N] ");
    terminal.err().flush();
    String answer = answer().strip().toLowerCase(Locale.ROOT);
    if (!answer.equals("y") && !answer.equals("yes")) {
      throw refused("it was not confirmed");
    }
  }

  private String answer() {
    try {
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
      String line = reader.readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TidelineException refused(String why) {
    return new TidelineException(
        ErrorCode.NOT_CONFIRMED,
        "Cannot run: " + why + ".",
        "Nothing was changed.",
        "Answer 'y' at the terminal, or give --yes.");
  }
}
