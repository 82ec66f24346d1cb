package io.tideline.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonParser;
import io.tideline.config.ConfigFile;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.maintenance.bench.Beside;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * The command {@code run} beside a bench: it plans and asks at once, as it always does, and then
 * waits to be begun.
 */
final class BesideRun implements Beside, AutoCloseable {
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final CountDownLatch ready = new CountDownLatch(1);
  private final CountDownLatch gate = new CountDownLatch(1);
  private final RunCommand run;
  private final Thread thread;
  private final boolean json;
  private volatile Runnable stopper = () -> {};
  private volatile boolean cancelled;
  private volatile @Nullable RuntimeException failure;
  private volatile int exit = ExitCode.DEFECT.number();

  /**
   * @param words the command as typed: {@code run --policy logs}
   */
  BesideRun(List<String> words, ConfigFile config, boolean yes, boolean json, Terminal terminal) {
    this.json = json;
    PrintStream out = json ? new PrintStream(kept, true, StandardCharsets.UTF_8) : terminal.out();
    run =
        new RunCommand(
            new Terminal(
                terminal.in(),
                out,
                terminal.err(),
                terminal.inTerminal(),
                terminal.outTerminal(),
                false,
                terminal.env(),
                terminal.folder(),
                stop -> {
                  stopper = stop;
                  return () -> stopper = () -> {};
                }));
    if (words.isEmpty() || !words.get(0).equals("run")) {
      throw Command.badArgument(
          "Cannot go on beside '" + String.join(" ", words) + "'.",
          "Write --during run, or with its options --during 'run --policy NAME'.");
    }
    List<String> args = new ArrayList<>(words.subList(1, words.size()));
    try {
      new CommandLine(run).parseArgs(args.toArray(String[]::new));
    } catch (ParameterException e) {
      throw Command.badArgument(
          "Cannot run beside: " + e.getMessage() + ".", "See `tideline run --help`.");
    }
    run.goBy(config);
    run.yes |= yes;
    run.common.json = json;
    run.beforeRunning = this::await;
    thread = new Thread(this::work, "tideline-beside");
  }

  private void await() {
    ready.countDown();
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cancelled = true;
    }
    if (cancelled) {
      throw new TidelineException(
          ErrorCode.INTERRUPTED,
          "Cannot run: the bench was stopped before it began.",
          "Nothing was changed.",
          "Bench again.");
    }
  }

  private void work() {
    try {
      exit = run.call();
    } catch (RuntimeException e) {
      failure = e;
    } finally {
      ready.countDown();
    }
  }

  /**
   * Lets it plan and ask.
   *
   * @throws RuntimeException whatever it fails with, a plan that is not confirmed included
   */
  void prepare() {
    thread.start();
    wait(ready);
    rethrow();
  }

  private static void wait(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void begin() {
    gate.countDown();
  }

  @Override
  public boolean goesOn() {
    return thread.isAlive();
  }

  /** Ends it after its batch, or before it began; any thread may call it. */
  void stop() {
    if (gate.getCount() > 0) {
      cancelled = true;
      gate.countDown();
    }
    stopper.run();
  }

  /** What it told as a document; null if it told nothing. */
  JsonElement document() {
    String text = kept.toString(StandardCharsets.UTF_8);
    return json && !text.isBlank() ? JsonParser.parseString(text) : JsonNull.INSTANCE;
  }

  /**
   * How it ended; call it once it did.
   *
   * @throws RuntimeException whatever it failed with, but for a stop before it began
   */
  int end() {
    if (!cancelled) {
      rethrow();
    }
    return cancelled ? ExitCode.STOPPED.number() : exit;
  }

  private void rethrow() {
    RuntimeException known = failure;
    if (known != null) {
      throw known;
    }
  }

  /** Ends it, and waits until it did: it must not lose the database under its hands. */
  @Override
  public void close() {
    if (thread.isAlive()) {
      stop();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
