package io.tideline.core.work;

import io.tideline.dialect.Database;
import io.tideline.dialect.Writer;
import io.tideline.policy.Pace;
import io.tideline.policy.Probe;
import io.tideline.policy.Strain;
import io.tideline.policy.Terms;
import io.tideline.run.Pacing;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sizes batches by how long each held its locks, and rests between them in proportion; waits while
 * others strain under the run, and keeps the database's house meanwhile. Of one thread.
 */
public final class Pacer implements AutoCloseable {
  private static final int START = 200;
  private static final int START_OFFLINE = 5_000;

  /** A batch during which the machine did something else says little of the next. */
  private static final int RECENT = 7;

  private static final double GROWTH = 1.5;
  private static final long NEWS = 1_000_000_000;
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(2);

  private final Database database;
  private final RunListener listener;
  private final Control control;
  private final PacingTally tally = new PacingTally();
  private final Set<Strain.Cause> borne = EnumSet.noneOf(Strain.Cause.class);
  private Pace pace;
  private double target;
  private final double[] recent = new double[RECENT];
  private int measured;
  private int batch;
  private long told;
  private @Nullable Probe probed;
  private @Nullable ProbeWatch probe;
  private @Nullable Writer writer;

  private Pacer(Database database, RunListener listener, Control control, Pace pace) {
    this.database = database;
    this.listener = listener;
    this.control = control;
    this.pace = pace;
    this.batch = pace.offline() ? START_OFFLINE : START;
    this.target = target();
  }

  /** Paces the work of a context. */
  public static Pacer of(RunContext context) {
    return new Pacer(context.database(), context.listener(), context.control(), context.pace());
  }

  /** Paces work on a database that is no run, and keeps the house of its writer. */
  public static Pacer of(
      Database database, RunListener listener, Control control, Terms terms, Writer writer) {
    Pacer pacer = new Pacer(database, listener, control, terms.pace());
    pacer.writer = writer;
    pacer.use(terms);
    return pacer;
  }

  /** As the other, and keeps the house of a writer between its transactions. */
  public static Pacer of(RunContext context, Writer writer) {
    Pacer pacer = of(context);
    pacer.writer = writer;
    return pacer;
  }

  /** From now on works on other terms. */
  public void use(Terms terms) {
    pace = terms.pace();
    target = target();
    batch = Math.max(pace.smallest(), Math.min(largest(), batch));
    Probe wanted = terms.probe().orElse(null);
    if (wanted == null || !wanted.equals(probed)) {
      close();
      probed = wanted;
      probe = wanted == null ? null : new ProbeWatch(database, wanted);
    }
    if (probe != null) {
      probe.awaitFirst();
      unburden();
    }
  }

  private int largest() {
    return pace.offline()
        ? Math.min(pace.largest(), database.largestTransaction())
        : pace.largest();
  }

  private double target() {
    return pace.lock().orElseGet(database::lockTarget).toNanos();
  }

  /** How many rows the next batch should have. */
  public int batch() {
    return batch;
  }

  /** Whether the run shall end: nothing is worth waiting for. */
  boolean stopping() {
    return control.stopping();
  }

  /**
   * Rests after work that holds no lock, on whatever thread: it takes processors and disks from
   * others all the same.
   */
  public static void breathe(RunContext context, long nanos) {
    if (context.pace().work() < 1) {
      double rest = nanos * (1 / context.pace().work() - 1);
      rest(Duration.ofNanos(Math.min((long) rest, LONGEST.toNanos())));
    }
  }

  /** How long a wait may last. */
  Duration patience() {
    return pace.patience();
  }

  /** Learns how long a batch held its locks, and rests, or waits as long as others strain. */
  public void held(long nanos, int rows) {
    tally.batch(batch, nanos);
    recent[measured++ % recent.length] = (double) nanos / Math.max(1, rows);
    double wanted = Math.min(target / median(), batch * GROWTH);
    batch = (int) Math.max(pace.smallest(), Math.min(largest(), wanted));
    tell(nanos, rows);
    if (pace.work() < 1) {
      long rest = (long) (nanos * (1 / pace.work() - 1));
      Duration pause = Duration.ofNanos(Math.max(database.shortestRest().toNanos(), rest));
      tally.rested(pause);
      rest(pause);
    }
    control.waitWhilePaused(this::pausing);
    control.askGuard(false);
    unburden();
  }

  /** Nanoseconds that a row took lately. */
  private double median() {
    double[] sorted = Arrays.copyOf(recent, Math.min(measured, recent.length));
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private void tell(long nanos, int rows) {
    if (System.nanoTime() - told > NEWS) {
      told = System.nanoTime();
      listener.on(
          new RunEvent.Paced(
              batch,
              String.format(
                  Locale.ROOT,
                  "%,d rows held locks for %.1f ms, towards %.0f ms",
                  rows,
                  nanos / 1e6,
                  target / 1e6)));
    }
  }

  /** Waits until nothing strains, or waiting does not help. */
  private void unburden() {
    long began = System.nanoTime();
    Duration pause = FIRST;
    Optional<Strain> now = strain();
    boolean first = true;
    while (now.isPresent() && !control.stopping()) {
      if (System.nanoTime() - began > pace.patience().toNanos()) {
        giveUp(now.get());
        return;
      }
      batch = Math.max(pace.smallest(), batch / 2);
      wait(now.get(), pause, first);
      first = false;
      pause = pause.compareTo(LONGEST) < 0 ? pause.multipliedBy(2) : LONGEST;
      now = strain();
    }
  }

  /** What strains and is not borne; what was borne and is over would be waited for again. */
  private Optional<Strain> strain() {
    List<Strain> all = new ArrayList<>();
    if (probe != null) {
      probe.strain().ifPresent(all::add);
    }
    if (writer != null) {
      all.addAll(writer.relax(pace));
    }
    borne.retainAll(all.stream().map(Strain::cause).toList());
    return all.stream().filter(each -> !borne.contains(each.cause())).findFirst();
  }

  private void giveUp(Strain strain) {
    if (strain.cause().ends()) {
      control.giveUp(
          "after waiting " + pace.patience().toSeconds() + " s because " + strain.what());
    } else {
      borne.add(strain.cause());
      listener.on(
          new RunEvent.Noted(
              "Going on after "
                  + pace.patience().toSeconds()
                  + " s although "
                  + strain.what()
                  + "."));
    }
  }

  /** Waits because the database is busy. */
  public void wait(String reason, Duration pause) {
    batch = Math.max(pace.smallest(), batch / 2);
    wait(new Strain(Strain.Cause.BUSY, reason), pause, true);
  }

  private void wait(Strain why, Duration pause, boolean begun) {
    tally.waited(why, pause, begun);
    listener.on(new RunEvent.Waited(why, pause));
    rest(pause);
  }

  private void pausing(Strain why, Duration pause, boolean begun) {
    wait(why, pause, begun);
  }

  /** How the run paced itself so far. */
  public Pacing pacing() {
    return tally.pacing();
  }

  static void rest(Duration pause) {
    try {
      Thread.sleep(Math.max(1, pause.toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the probe. */
  @Override
  public void close() {
    if (probe != null) {
      probe.close();
      probe = null;
      probed = null;
    }
  }
}
