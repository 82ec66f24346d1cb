package io.tideline.testkit.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Programs of the operating system. */
final class Commands {
  private Commands() {}

  /** Runs one. @throws IllegalStateException if it fails, with what it said */
  static void run(List<String> command) {
    String answer = attempt(command);
    if (!answer.isEmpty()) {
      throw new IllegalStateException(command + ": " + answer);
    }
  }

  /** Runs one. @return what it said if it failed, else nothing */
  static String attempt(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? "" : "failed. " + answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
