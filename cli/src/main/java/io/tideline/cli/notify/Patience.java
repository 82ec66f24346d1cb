package io.tideline.cli.notify;

import java.time.Duration;

/**
 * How long and how often telling is tried.
 *
 * @param timeout how long one try may take
 * @param tries how often it is tried
 * @param pause how long is waited after the first try; four times as long after each further one
 */
public record Patience(Duration timeout, int tries, Duration pause) {
  /** Three tries of ten seconds, after one and four seconds. */
  public static final Patience USUAL =
      new Patience(Duration.ofSeconds(10), 3, Duration.ofSeconds(1));

  /** How long all the tries of one notice may take. */
  public Duration most() {
    Duration all = timeout.multipliedBy(tries);
    Duration each = pause;
    for (int i = 1; i < tries; i++) {
      all = all.plus(each);
      each = each.multipliedBy(4);
    }
    return all;
  }
}
