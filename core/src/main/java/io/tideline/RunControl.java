package io.tideline;

import io.tideline.core.work.Orders;
import io.tideline.policy.Settings;
import io.tideline.run.Running;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Watches and steers the run that another process carries out, over the files of the state's
 * folder: neither database nor archive is touched. A run obeys within a second, once its batch is
 * done.
 */
public final class RunControl {
  private final Orders orders;
  private final Clock clock;

  private RunControl(Orders orders, Clock clock) {
    this.orders = orders;
    this.clock = clock;
  }

  /** The control of the runs with some settings. */
  public static RunControl of(Settings settings) {
    return new RunControl(new Orders(settings.state()), Clock.systemUTC());
  }

  /** How far the run or restore is that goes on now; empty if none does. */
  public Optional<Running> running() {
    return orders.running();
  }

  /**
   * Asks the run to end after its batch, as Ctrl-C does: the next run goes on.
   *
   * @return the run; empty if none goes on, and nothing is asked then
   * @throws io.tideline.error.TidelineException if the state's folder cannot be written
   */
  public Optional<Running> stop() {
    Optional<Running> running = running();
    running.ifPresent(each -> orders.stop(each.run()));
    return running;
  }

  /**
   * Asks the run to wait between two batches, without a transaction, for a time at most. It keeps
   * the lease of its database.
   *
   * @return the run; empty if none goes on, and nothing is asked then
   * @throws io.tideline.error.TidelineException if the state's folder cannot be written
   */
  public Optional<Running> pause(Duration most) {
    Optional<Running> running = running();
    running.ifPresent(each -> orders.pause(each.run(), Instant.now(clock).plus(most)));
    return running;
  }

  /**
   * Lets a run that waits go on.
   *
   * @return whether it was asked to wait
   */
  public boolean resume() {
    return orders.resume();
  }
}
