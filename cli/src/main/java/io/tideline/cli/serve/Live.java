package io.tideline.cli.serve;

import io.tideline.policy.Strain;
import io.tideline.run.RunEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** How far a round is, told by the thread that works and read by others. */
final class Live {
  private static final Duration NEWS = Duration.ofMillis(500);
  private static final Runnable NOTHING = () -> {};

  private final Instant began;
  private volatile Optional<Strain> waiting = Optional.empty();
  private volatile Map<String, Long> planned = Map.of();
  private volatile boolean removed;
  private volatile boolean stopping;
  private volatile Runnable stop = NOTHING;

  Live(Instant began) {
    this.began = began;
  }

  Instant began() {
    return began;
  }

  /** Why it waits; empty if it does not. */
  Optional<Strain> waiting() {
    return waiting;
  }

  /** The expired rows of each policy, as the plan saw them. */
  Map<String, Long> planned() {
    return planned;
  }

  void plan(Map<String, Long> rows) {
    planned = Map.copyOf(rows);
  }

  /** Whether it has removed anything. */
  boolean removed() {
    return removed;
  }

  void hear(RunEvent event) {
    if (event instanceof RunEvent.Waited waited && waited.pause().compareTo(NEWS) >= 0) {
      waiting = Optional.of(waited.why());
    } else if (event instanceof RunEvent.Progressed went) {
      waiting = Optional.empty();
      removed |= went.removed() > 0;
    }
  }

  /** Whether it was asked to end. */
  boolean stopping() {
    return stopping;
  }

  /** Asks it to end after its batch. */
  void stop() {
    stopping = true;
    stop.run();
  }

  /** Ends the work that begins now, where it was asked for before or is asked for later. */
  void stopBy(Runnable how) {
    stop = how;
    if (stopping) {
      how.run();
    }
  }

  void ended() {
    stop = NOTHING;
  }
}
