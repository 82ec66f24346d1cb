package io.tideline.core.work;

import io.tideline.error.TidelineException;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import io.tideline.run.Running;
import io.tideline.run.Step;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/**
 * Hears a run for another listener, and tells in the state's folder how far it is, twice a second
 * at most. Thread-safe. That it cannot be told stops nothing.
 */
public final class Telling implements RunListener, AutoCloseable {
  private static final long BETWEEN = 500_000_000;

  /** A rest that is no news. */
  private static final long SHORT_MILLIS = 200;

  private final Orders orders;
  private final RunListener listener;
  private final Clock clock;
  private Running told;
  private String pace = "";
  private long last;
  private boolean failed;

  /**
   * @param kind {@code run} or {@code restore}
   * @param listener hears everything, too
   */
  public Telling(Orders orders, String run, String kind, Clock clock, RunListener listener) {
    this.orders = orders;
    this.listener = listener;
    this.clock = clock;
    Instant now = Instant.now(clock);
    this.told =
        new Running(
            run,
            kind,
            ProcessHandle.current().pid(),
            host(),
            now,
            now,
            "",
            0,
            0,
            0,
            "",
            "",
            Optional.empty());
    tell();
  }

  /** The name of this machine. */
  static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "";
    }
  }

  @Override
  public void on(RunEvent event) {
    listener.on(event);
    hear(event);
  }

  @Override
  public void stepped(Step step) {
    listener.stepped(step);
    hear(new RunEvent.Stepped(step));
  }

  private synchronized void hear(RunEvent event) {
    if (event instanceof RunEvent.Began began) {
      told = with(began.name(), began.rows(), 0, 0, "");
    } else if (event instanceof RunEvent.Progressed went) {
      told =
          with(
              told.work(),
              told.expected(),
              told.archived() + went.archived(),
              told.removed() + went.removed(),
              "");
    } else if (event instanceof RunEvent.Paced paced) {
      pace = "batches of " + paced.batch() + " rows: " + paced.reason();
    } else if (event instanceof RunEvent.Waited waited
        && waited.pause().toMillis() >= SHORT_MILLIS) {
      told =
          with(told.work(), told.expected(), told.archived(), told.removed(), waited.why().what());
    }
    if (System.nanoTime() - last > BETWEEN) {
      tell();
    }
  }

  private Running with(String work, long expected, long archived, long removed, String waiting) {
    return new Running(
        told.run(),
        told.kind(),
        told.pid(),
        told.host(),
        told.startedAt(),
        Instant.now(clock),
        work,
        expected,
        archived,
        removed,
        pace,
        waiting,
        orders.waiting(told.run(), Instant.now(clock)));
  }

  private synchronized void tell() {
    last = System.nanoTime();
    quietly(() -> orders.tell(told));
  }

  private void quietly(Runnable work) {
    try {
      work.run();
    } catch (TidelineException e) {
      if (!failed) {
        failed = true;
        listener.on(new RunEvent.Noted(e.what() + " Others cannot see how far the run is."));
      }
    }
  }

  /** The run has ended. */
  @Override
  public synchronized void close() {
    quietly(orders::ended);
    quietly(() -> orders.forget(told.run()));
  }
}
