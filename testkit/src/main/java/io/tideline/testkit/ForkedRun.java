package io.tideline.testkit;

import io.tideline.policy.Settings;
import io.tideline.run.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** Runs or restores in a JVM of its own, which may be killed at a step. */
public final class ForkedRun {
  /** What it prints when it holds the lease. */
  static final String LEASED = "the lease is held";

  private final Properties orders = new Properties();
  private final List<String> options = new ArrayList<>();

  private ForkedRun(Settings settings, String mode) {
    SettingsText.write(settings, orders);
    orders.setProperty("mode", mode);
  }

  /** Plans and runs. */
  public static ForkedRun run(Settings settings) {
    return new ForkedRun(settings, "run");
  }

  /** Restores everything into the source, without a hold. */
  public static ForkedRun restore(Settings settings) {
    return new ForkedRun(settings, "restore");
  }

  /** Reads the whole archive again, and its deletion record; its exit code is that of verify. */
  public static ForkedRun verify(Settings settings) {
    return new ForkedRun(settings, "verify");
  }

  /** Ends the JVM as {@code kill -9} would when the step is done for the nth time. */
  public ForkedRun killedAt(Step step, int nth) {
    orders.setProperty("kill", step.name());
    orders.setProperty("nth", Integer.toString(nth));
    return this;
  }

  /** Sets its clock; it stands still. */
  public ForkedRun at(Instant now) {
    orders.setProperty("now", now.toString());
    return this;
  }

  /** Adds an option for the JVM, such as {@code -Duser.timezone=…}. */
  public ForkedRun option(String option) {
    options.add(option);
    return this;
  }

  /**
   * How it ended.
   *
   * @param exit {@link KillAt#EXIT} if killed, else the exit code of the report or failure
   * @param output what it printed
   */
  public record Result(int exit, String output) {
    /** Whether it was killed. */
    public boolean killed() {
      return exit == KillAt.EXIT;
    }
  }

  /** Starts it and waits for its end. */
  public Result start() {
    return begin().end();
  }

  /** Starts it. */
  public ForkedProcess begin() {
    try {
      Path file = Files.createTempFile("forked", ".properties");
      try (Writer out = Files.newBufferedWriter(file)) {
        orders.store(out, null);
      }
      return ForkedProcess.begin(command(file), file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> command(Path file) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ForkedRunMain.class.getName());
    command.add(file.toString());
    return command;
  }
}
