package io.tideline.core.work;

import io.tideline.error.TidelineException;
import io.tideline.policy.Strain;
import io.tideline.policy.Window;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import io.tideline.run.RunOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a run shall end after its batch, or wait: because it was asked to, here or over the
 * state's folder, or because its limits are reached. Thread-safe.
 */
public final class Control {
  private static final long LOOK = 100_000_000;
  private static final Duration NAP = Duration.ofMillis(500);

  /** So long a guard's answer holds within a chunk. */
  private static final Duration ASK = Duration.ofSeconds(5);

  private final AtomicBoolean asked;
  private final Orders orders;
  private final String run;
  private final RunOptions options;
  private final Clock clock;
  private final long began = System.nanoTime();
  private final AtomicLong taken = new AtomicLong();
  private volatile String why = "";
  private volatile Optional<Window> window = Optional.empty();
  private Supplier<Optional<TidelineException>> guard = Optional::empty;
  private Instant guarded = Instant.MIN;
  private volatile @Nullable TidelineException forbidden;
  private volatile boolean cut;
  private volatile boolean gaveUp;
  private volatile boolean failed;
  private volatile long looked = began - LOOK;

  /**
   * @param asked becomes true when the process is asked to stop
   */
  public Control(AtomicBoolean asked, Orders orders, String run, RunOptions options, Clock clock) {
    this.asked = asked;
    this.orders = orders;
    this.run = run;
    this.options = options;
    this.clock = clock;
  }

  /** Whether the run shall end after its batch. */
  public boolean stopping() {
    if (why.isEmpty() && asked.get()) {
      why = "as asked";
    }
    long now = System.nanoTime();
    if (why.isEmpty() && now - looked >= LOOK) {
      looked = now;
      look(now);
    }
    return !why.isEmpty();
  }

  /**
   * Begins a part of the run. The run ends when a window closes in which it works: what it has in
   * doubt by then must be settled before anything else is taken on.
   *
   * @return whether the window is open
   */
  public boolean begin(Optional<Window> hours) {
    Instant now = Instant.now(clock);
    window = hours.filter(each -> !options.anyTime() && each.open(now));
    return options.anyTime() || hours.isEmpty() || window.isPresent();
  }

  private void look(long now) {
    Instant instant = Instant.now(clock);
    Optional<Path> order = orders.stopping(run, instant);
    if (order.isPresent()) {
      why = "as " + order.get() + " asks";
    } else if (options.maxTime().filter(most -> now - began >= most.toNanos()).isPresent()) {
      why = "after the time it may take";
    } else if (window.filter(each -> !each.open(instant)).isPresent()) {
      why = "at the end of the window " + window.get();
    }
  }

  /**
   * From now on something may forbid to go on; the thread of the lease's session asks it.
   *
   * @param asked why it does; empty if it does not
   */
  public void guard(Supplier<Optional<TidelineException>> asked) {
    guard = asked;
    guarded = Instant.MIN;
  }

  /**
   * Asks whether anything forbids to go on; the run ends after its batch then. No transaction may
   * be open.
   *
   * @param always whether it is asked even if it was a moment ago
   */
  public void askGuard(boolean always) {
    Instant now = Instant.now(clock);
    boolean due =
        always
            || guarded == Instant.MIN
            || Duration.between(guarded, now).abs().compareTo(ASK) >= 0;
    if (due && why.isEmpty()) {
      guarded = now;
      guard
          .get()
          .ifPresent(
              refused -> {
                forbidden = refused;
                end("because a guard forbids to go on");
              });
    }
  }

  /** Why a guard forbade to go on; empty if none did. */
  public Optional<TidelineException> forbidden() {
    return Optional.ofNullable(forbidden);
  }

  /** Lets the run go on with what the guard does not bind. */
  public void allow() {
    forbidden = null;
    why = "";
    cut = left() == 0;
  }

  /** How many more rows may be taken on: archived, or sought to be deleted. */
  public long left() {
    return Math.max(0, options.maxRows().orElse(Long.MAX_VALUE) - taken.get());
  }

  /** Counts rows that are taken on. */
  public void took(long rows) {
    taken.addAndGet(rows);
  }

  /** Whether more rows may be taken on where there may be some; the run ended early if not. */
  public boolean more() {
    if (left() > 0 && !stopping()) {
      return true;
    }
    cut = true;
    return false;
  }

  /** Ends the run after its batch: it has waited long enough. */
  public void giveUp(String because) {
    gaveUp |= why.isEmpty();
    end(because);
  }

  /** How the run ended early: somebody or a limit asked it to, or it gave up. */
  public String ending() {
    return gaveUp ? "Gave up " : "Stopped ";
  }

  /** Why the run ended early, to follow {@link #ending}; empty if it did not. */
  public String why() {
    return why.isEmpty() && cut ? "at the rows it may take" : why;
  }

  /** Lets no thread wait any longer: the run has failed. */
  public void fail() {
    failed = true;
  }

  /** Ends the run after its batch. */
  public void end(String because) {
    if (why.isEmpty()) {
      why = because;
    }
  }

  /** What is done while a run waits. */
  public interface Waiting {
    /**
     * Waits a little.
     *
     * @param begun whether it begins to wait
     */
    void rest(Strain why, Duration pause, boolean begun);
  }

  /** Waits while the run is asked to wait, and not to end; no transaction may be open. */
  public void waitWhilePaused(RunListener listener) {
    waitWhilePaused(
        (why, pause, begun) -> {
          listener.on(new RunEvent.Waited(why, pause));
          Pacer.rest(pause);
        });
  }

  /** As the other. */
  void waitWhilePaused(Waiting waiting) {
    boolean begun = true;
    Optional<Instant> until = orders.waiting(run, Instant.now(clock));
    while (until.isPresent() && !failed && !stopping()) {
      String reason =
          "paused"
              + (until.get().equals(Instant.MAX) ? "" : " until " + until.get())
              + ", as asked";
      waiting.rest(new Strain(Strain.Cause.PAUSED, reason), NAP, begun);
      begun = false;
      until = orders.waiting(run, Instant.now(clock));
    }
  }
}
