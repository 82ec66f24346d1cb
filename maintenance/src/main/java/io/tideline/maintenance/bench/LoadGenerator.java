package io.tideline.maintenance.bench;

import io.tideline.error.TidelineException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks one target, by as many workers as requests may be in flight. Its askers stay open from one
 * stretch to the next, unless the load is cold. Belongs to one thread, which waits for its workers.
 */
final class LoadGenerator implements AutoCloseable {
  private static final long LOOK = Duration.ofMillis(50).toNanos();
  private static final long TELL_MILLIS = 200;

  private final Target target;
  private final Load load;
  private final Ticker ticker;
  private final AtomicLong number = new AtomicLong();
  private final List<Worker> workers = new CopyOnWriteArrayList<>();
  private volatile boolean givenUp;

  LoadGenerator(Target target, Load load, Ticker ticker) {
    this.target = target;
    this.load = load;
    this.ticker = ticker;
  }

  Target target() {
    return target;
  }

  /**
   * Asks once, alone, over a connection of its own: what the first user meets. Afterwards every
   * worker is ready.
   */
  Measured first() {
    long began = ticker.nanos();
    Tally tally = new Tally(began, 1);
    Worker alone = new Worker(target.open());
    workers.add(alone);
    try {
      tally.answered(began, began, ticker.nanos(), alone.answer());
    } finally {
      alone.close();
      workers.clear();
    }
    Measured measured = tally.measured(Duration.ofNanos(ticker.nanos() - began));
    for (int i = workers.size(); i < load.concurrency(); i++) {
      workers.add(new Worker(load.cold() ? null : target.open()));
    }
    return measured;
  }

  /**
   * Asks for a while, then waits for the answers that are due: at most the timeout.
   *
   * @param goOn whether to ask further; what is in flight is waited for
   */
  Measured measure(String what, Duration length, BooleanSupplier goOn, BenchListener listener) {
    long start = ticker.nanos();
    Stretch stretch = new Stretch(start, length.toNanos(), goOn);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (Worker worker : workers) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  worker.work(stretch);
                } catch (RuntimeException | Error e) {
                  failure.compareAndSet(null, e);
                  stretch.failed = true;
                }
              },
              "tideline-bench-" + threads.size());
      thread.setDaemon(true);
      threads.add(thread);
    }
    threads.forEach(Thread::start);
    boolean interrupted = false;
    for (Thread thread : threads) {
      interrupted |= join(thread, what, stretch, length, listener);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    rethrow(failure.get());
    return stretch.tally.measured(Duration.ofNanos(ticker.nanos() - start));
  }

  /**
   * Waits for a worker; an interrupt of the waiting thread ends the stretch, which is waited for.
   */
  private boolean join(
      Thread thread, String what, Stretch stretch, Duration length, BenchListener listener) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join(TELL_MILLIS);
      } catch (InterruptedException e) {
        interrupted = true;
        stretch.failed = true;
      }
      Duration done = Duration.ofNanos(ticker.nanos() - stretch.start);
      listener.at(
          what,
          done.compareTo(length) > 0 ? length : done,
          length,
          stretch.tally.asked(),
          stretch.tally.failed());
    }
    return interrupted;
  }

  private static void rethrow(@Nullable Throwable failure) {
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }

  /** Gives up what is in flight: it counts for nothing. Any thread may call it. */
  void giveUp() {
    givenUp = true;
    workers.forEach(Worker::giveUp);
  }

  @Override
  public void close() {
    workers.forEach(Worker::close);
    workers.clear();
  }

  /** One stretch of asking, which all workers share. */
  private final class Stretch {
    final long start;
    final long end;
    final Tally tally;
    final @Nullable Schedule schedule;
    final BooleanSupplier goOn;
    volatile boolean failed;

    Stretch(long start, long length, BooleanSupplier goOn) {
      this.start = start;
      this.end = start + length;
      this.tally = new Tally(start, length);
      this.goOn = goOn;
      this.schedule =
          load.rate().isEmpty()
              ? null
              : new Schedule(
                  load.arrivals(), load.rate().get(), start, length, load.seed() + number.get());
    }

    boolean ended() {
      return failed || !goOn.getAsBoolean();
    }

    /** Whether a request that was due then waits behind more than may wait, or beyond the end. */
    boolean isShed(long scheduled, long now) {
      double waiting = (now - scheduled) / 1e9 * load.rate().orElse(0.0);
      return waiting > load.queue() || now > end + load.timeout().toNanos();
    }
  }

  /** One request at a time. */
  private final class Worker implements AutoCloseable {
    private volatile Target.@Nullable Asker asker;

    Worker(Target.@Nullable Asker asker) {
      this.asker = asker;
    }

    void work(Stretch stretch) {
      Schedule schedule = stretch.schedule;
      if (schedule == null) {
        long now = ticker.nanos();
        while (now < stretch.end && !stretch.ended()) {
          now = ask(stretch, now, now);
        }
        return;
      }
      long due = schedule.next();
      while (due != Schedule.END && waited(stretch, due)) {
        long now = ticker.nanos();
        if (stretch.isShed(due, now)) {
          stretch.tally.shed(due, now);
        } else {
          ask(stretch, due, now);
        }
        due = schedule.next();
      }
    }

    /** Waits until a moment; false if the stretch ended before. */
    private boolean waited(Stretch stretch, long due) {
      for (long left = due - ticker.nanos(); left > 0; left = due - ticker.nanos()) {
        if (stretch.ended()) {
          return false;
        }
        ticker.sleep(Math.min(left, LOOK));
      }
      return !stretch.ended();
    }

    private long ask(Stretch stretch, long due, long sent) {
      Answer answer = answer();
      long done = ticker.nanos();
      if (givenUp && answer.isInterrupted()) {
        return done;
      }
      long answered = load.cold() ? done : answer.took().map(t -> sent + t.toNanos()).orElse(done);
      stretch.tally.answered(due, sent, Math.min(done, answered), answer);
      if (load.cold() || answer.broken()) {
        close();
      }
      return done;
    }

    private Answer answer() {
      try {
        Target.Asker mine = asker;
        if (mine == null) {
          mine = target.open();
          asker = mine;
        }
        return mine.ask(number.getAndIncrement());
      } catch (TidelineException e) {
        return Answer.of(e);
      }
    }

    void giveUp() {
      Target.Asker mine = asker;
      if (mine != null) {
        mine.giveUp();
      }
    }

    @Override
    public void close() {
      Target.Asker mine = asker;
      if (mine != null) {
        asker = null;
        mine.close();
      }
    }
  }
}
