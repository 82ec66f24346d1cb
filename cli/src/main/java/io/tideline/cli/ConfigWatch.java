package io.tideline.cli;

import io.tideline.config.ConfigFile;
import io.tideline.error.TidelineException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;

/**
 * Looks at the configuration while a run goes: a run must not go on by rules that hold no more. One
 * that says something else ends it after its batch; one that cannot be read, as while somebody
 * writes it, does not.
 */
final class ConfigWatch implements AutoCloseable {
  private static final long BETWEEN_MILLIS = 500;

  private final ConfigFile config;
  private final Map<String, String> env;
  private final Runnable stop;
  private final PrintStream err;
  private final Thread thread;
  private byte[] seen = {};
  private volatile boolean changed;

  ConfigWatch(ConfigFile config, Map<String, String> env, Runnable stop, PrintStream err) {
    this.config = config;
    this.env = env;
    this.stop = stop;
    this.err = err;
    look(); // it may have changed since it was read, while somebody thought about the question
    this.thread = new Thread(this::watch, "tideline-config");
    thread.setDaemon(true);
    thread.start();
  }

  /** The file; empty if it cannot be read. */
  private byte[] text() {
    try {
      return Files.readAllBytes(config.path());
    } catch (IOException e) {
      return new byte[0];
    }
  }

  private void watch() {
    try {
      while (!changed) {
        Thread.sleep(BETWEEN_MILLIS);
        look();
      }
    } catch (InterruptedException e) {
      return; // the run has ended
    }
  }

  private void look() {
    byte[] now = text();
    if (Arrays.equals(now, seen) || now.length == 0) {
      return;
    }
    try {
      boolean same = ConfigFile.load(config.path(), env).settings().equals(config.settings());
      seen = now;
      if (!same) {
        changed = true;
        err.println(
            config.path().getFileName()
                + " says something else now: the run ends after its batch, and the next one goes by"
                + " it.");
        stop.run();
      }
    } catch (TidelineException e) {
      return; // not whole yet, or wrong: what the run began with stands until there is another
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
