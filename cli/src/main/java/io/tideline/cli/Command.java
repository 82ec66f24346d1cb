package io.tideline.cli;

import io.tideline.Tideline;
import io.tideline.cli.output.Json;
import io.tideline.cli.output.Progress;
import io.tideline.cli.output.Style;
import io.tideline.cli.output.Table;
import io.tideline.cli.output.WorkProgress;
import io.tideline.config.ConfigFile;
import io.tideline.config.Locations;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Settings;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/** What every command shares: its options, its terminal, and the way to the database. */
abstract class Command implements Callable<Integer> {
  @Mixin final Common common = new Common();
  final Terminal terminal;

  private @Nullable ConfigFile given;

  Command(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Lets the command go by a configuration that was read before, whatever the file says now. */
  final void goBy(ConfigFile config) {
    given = config;
  }

  /** Does the work. */
  abstract ExitCode execute();

  @Override
  public final Integer call() {
    return execute().number();
  }

  /** The clock that the command goes by: the machine's. */
  Clock clock() {
    return Clock.systemUTC();
  }

  final PrintStream out() {
    return terminal.out();
  }

  final Style style() {
    return terminal.style();
  }

  final Table table() {
    return new Table(out(), style(), "");
  }

  final void printJson(Object value) {
    out().println(Json.text(value));
  }

  final Progress progress() {
    return new Progress(terminal.err(), terminal.errTerminal(), System::nanoTime);
  }

  final WorkProgress workProgress() {
    return new WorkProgress(terminal.err(), terminal.errTerminal(), System::nanoTime);
  }

  /** Paths as typed, relative to the current folder. */
  final Locations locations() {
    return new Locations(terminal.folder(), terminal.env());
  }

  final Path path(Path typed) {
    return locations().path(typed.toString());
  }

  /** The configuration that is asked for, or found. */
  final ConfigFile config() {
    ConfigFile known = given;
    if (known != null) {
      return known;
    }
    Path file = common.config;
    if (file == null) {
      file = ConfigFile.find(terminal.folder()).orElseThrow(this::noConfig);
    }
    return ConfigFile.load(path(file), terminal.env());
  }

  /** Opens the database of the configuration. */
  final Tideline open() {
    return open(config().settings());
  }

  final Tideline open(Settings settings) {
    return Tideline.open(settings, clock());
  }

  /**
   * Checks that all rows reached standard output.
   *
   * @throws TidelineException {@code INTERRUPTED} if it was closed early, or its disk is full
   */
  final void requireWritten() {
    if (out().checkError()) {
      throw new TidelineException(
          ErrorCode.INTERRUPTED,
          "Cannot write the rows to their end: standard output was closed, or its disk is full.",
          "Database and archive are unchanged.",
          "Ask again, and let the reader take every row.");
    }
  }

  /** Says on standard error how many segments are in doubt, if any. */
  final void sayInDoubt(Tideline tideline) {
    if (!common.json) {
      int open = (int) tideline.archives().stream().filter(s -> !s.closed()).count();
      InDoubt.print(terminal.err(), terminal.errorStyle(), open);
    }
  }

  private TidelineException noConfig() {
    return new TidelineException(
        ErrorCode.CONFIG_MISSING,
        "Cannot find " + ConfigFile.NAME + " in " + terminal.folder() + " or a folder above it.",
        "Nothing was changed.",
        "Make one with 'tideline init DATABASE', or name one with --config FILE.");
  }

  static TidelineException badArgument(String what, String mend) {
    return new TidelineException(ErrorCode.ARGUMENT_INVALID, what, "Nothing was changed.", mend);
  }
}
