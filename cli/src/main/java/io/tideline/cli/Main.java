package io.tideline.cli;

import io.tideline.error.ExitCode;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The {@code tideline} command. */
public final class Main {
  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    Terminal terminal = Terminal.system();
    int code = run(args, terminal);
    terminal.flush();
    System.exit(code);
  }

  /**
   * Runs a command.
   *
   * @return its exit code
   */
  public static int run(String[] args, Terminal terminal) {
    if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
      // Before anything is loaded: scripts ask often.
      terminal.out().println(Version.text());
      return ExitCode.DONE.number();
    }
    Failures failures = new Failures(terminal, args);
    try {
      CommandLine line = commandLine(args, terminal);
      line.setParameterExceptionHandler((e, rest) -> failures.badArguments(e));
      line.setExecutionExceptionHandler((e, command, result) -> failures.failed(e));
      return line.execute(args);
    } catch (RuntimeException | Error e) {
      return failures.failed(e);
    } finally {
      terminal.flush();
    }
  }

  /** The command line for some arguments: only the command that they name is loaded. */
  static CommandLine commandLine(String[] args, Terminal terminal) {
    CommandLine line = Commands.commandLine(args, terminal);
    line.setOut(writer(terminal.out()));
    line.setErr(writer(terminal.err()));
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(terminal.style().on() ? Ansi.ON : Ansi.OFF));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpWidth(100);
    line.setUsageHelpLongOptionsMaxWidth(28);
    return line;
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }
}
