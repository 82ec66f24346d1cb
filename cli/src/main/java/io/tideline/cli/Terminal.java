package io.tideline.cli;

import io.tideline.cli.output.Style;
import java.io.BufferedOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a command runs.
 *
 * @param in what the user types
 * @param out results
 * @param err progress, questions and errors
 * @param inTerminal whether a person can answer
 * @param outTerminal whether results go to a terminal
 * @param errTerminal whether progress goes to a terminal
 * @param env the environment
 * @param folder the current folder
 * @param interrupts how a command hears that it shall end early
 */
public record Terminal(
    InputStream in,
    PrintStream out,
    PrintStream err,
    boolean inTerminal,
    boolean outTerminal,
    boolean errTerminal,
    Map<String, String> env,
    Path folder,
    Interrupts interrupts) {
  /** A terminal whose commands hear SIGINT and SIGTERM. */
  public Terminal(
      InputStream in,
      PrintStream out,
      PrintStream err,
      boolean inTerminal,
      boolean outTerminal,
      boolean errTerminal,
      Map<String, String> env,
      Path folder) {
    this(
        in,
        out,
        err,
        inTerminal,
        outTerminal,
        errTerminal,
        env,
        folder,
        stop -> new Signals(stop, err));
  }

  /** The process's own. */
  static Terminal system() {
    return new Terminal(
        System.in,
        stream(FileDescriptor.out, 1 << 16),
        stream(FileDescriptor.err, 1 << 10),
        isTerminal(0),
        isTerminal(1),
        isTerminal(2),
        System.getenv(),
        Path.of("").toAbsolutePath());
  }

  /** Colours for results. */
  Style style() {
    return new Style(outTerminal && coloursWelcome());
  }

  /** Colours for errors. */
  Style errorStyle() {
    return new Style(errTerminal && coloursWelcome());
  }

  /** See no-color.org. */
  private boolean coloursWelcome() {
    return env.getOrDefault("NO_COLOR", "").isEmpty() && !"dumb".equals(env.get("TERM"));
  }

  void flush() {
    out.flush();
    err.flush();
  }

  private static PrintStream stream(FileDescriptor descriptor, int buffer) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(descriptor), buffer),
        descriptor == FileDescriptor.err,
        StandardCharsets.UTF_8);
  }

  /** Java tells only of all streams together; Linux tells of each (proc(5), /proc/pid/fd). */
  private static boolean isTerminal(int descriptor) {
    try {
      Path target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor));
      return target.startsWith("/dev/pts")
          || target.toString().startsWith("/dev/tty")
          || target.equals(Path.of("/dev/console"));
    } catch (IOException | UnsupportedOperationException | InvalidPathException e) {
      return console();
    }
  }

  /** From JDK 22 there is a console without a terminal too, and {@code isTerminal} to tell. */
  private static boolean console() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }
}
