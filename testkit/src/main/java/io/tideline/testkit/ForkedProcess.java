package io.tideline.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The JVM of a {@link ForkedRun} while it works. */
public final class ForkedProcess {
  private static final int SECONDS = 120;

  private final Process process;
  private final Path orders;
  private final Path output;

  private ForkedProcess(Process process, Path orders, Path output) {
    this.process = process;
    this.orders = orders;
    this.output = output;
  }

  static ForkedProcess begin(List<String> command, Path orders) throws IOException {
    Path output = Files.createTempFile("forked", ".log");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    return new ForkedProcess(process, orders, output);
  }

  /** Waits until it has announced that it holds the lease; false if it ended before. */
  public boolean awaitLease() {
    try {
      while (process.isAlive()) {
        if (Files.readString(output, StandardCharsets.UTF_8).contains(ForkedRun.LEASED)) {
          return true;
        }
        Thread.sleep(2);
      }
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Whether it works still. */
  public boolean alive() {
    return process.isAlive();
  }

  /** Ends it at once, by SIGKILL. */
  public void kill() {
    process.destroyForcibly();
  }

  /** Waits for its end. */
  public ForkedRun.Result end() {
    try {
      boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly().waitFor();
      }
      String text = Files.readString(output, StandardCharsets.UTF_8);
      Files.delete(orders);
      Files.delete(output);
      if (!ended) {
        throw new IllegalStateException("The run did not end in " + SECONDS + " s: " + text);
      }
      return new ForkedRun.Result(process.exitValue(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
