package io.tideline.postgresql;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Another program, run to its end, which never outlives the call. */
final class Program {
  /** Of what it complains the end tells why it ended. */
  private static final int LINES = 50;

  private static final int LONGEST_LINE = 2_000;
  private static final long LOOK_MILLIS = 100;
  private static final long MERCY_MILLIS = 2_000;

  private final ProcessBuilder builder;

  Program(ProcessBuilder builder) {
    this.builder = builder;
  }

  /**
   * How a program ended.
   *
   * @param code its exit code
   * @param words the end of its complaints
   */
  record Ended(int code, String words) {
    /** The last line that says anything. */
    String reason() {
      List<String> lines = words.lines().filter(line -> !line.isBlank()).toList();
      return lines.isEmpty()
          ? "it ended with code " + code
          : lines.get(lines.size() - 1).strip().replaceFirst("\\.$", "");
    }
  }

  /**
   * Runs it.
   *
   * @param lines is given each line of its output, by a thread that has ended when this returns
   * @param watch is given the process again and again while it works
   */
  Ended run(Consumer<String> lines, Consumer<Process> watch) {
    String name = builder.command().get(0);
    try {
      return watched(builder.start(), lines, watch);
    } catch (IOException e) {
      throw PgTools.impossible(
          "Cannot run " + name + ": " + e.getMessage() + ".", "Mend its installation.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TidelineException(
          ErrorCode.INTERRUPTED,
          "Cannot wait for " + name + ": interrupted.",
          "Nothing was changed.",
          "Run the same command again.",
          e);
    }
  }

  private static Ended watched(Process process, Consumer<String> lines, Consumer<Process> watch)
      throws IOException, InterruptedException {
    try {
      process.getOutputStream().close();
      Deque<String> words = new ArrayDeque<>();
      Thread answers = reader(process.getInputStream(), lines);
      Thread complaints = reader(process.getErrorStream(), line -> keep(words, line));
      while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        watch.accept(process);
      }
      answers.join();
      complaints.join();
      return new Ended(process.exitValue(), String.join("\n", words));
    } finally {
      end(process);
    }
  }

  private static void keep(Deque<String> words, String line) {
    words.addLast(line.substring(0, Math.min(line.length(), LONGEST_LINE)));
    if (words.size() > LINES) {
      words.removeFirst();
    }
  }

  /** Reads to the end, or the program would wait. */
  private static Thread reader(InputStream in, Consumer<String> lines) {
    Thread thread = new Thread(() -> read(in, lines), "tideline-pg-tool");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void read(InputStream in, Consumer<String> lines) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.accept(line);
      }
    } catch (IOException e) {
      return; // it was ended; its exit code tells
    }
  }

  private static void end(Process process) {
    if (!process.isAlive()) {
      return;
    }
    process.destroy();
    try {
      if (!process.waitFor(MERCY_MILLIS, TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
