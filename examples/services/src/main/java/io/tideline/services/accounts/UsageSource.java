package io.tideline.services.accounts;

import java.time.Clock;
import java.util.Random;

/**
 * Asks how much an account has used. This one only plays: what it answers depends on account and
 * minute alone.
 */
record UsageSource(Clock clock) {
  private static final int FIVE_HOURS = 300;
  private static final int WEEK = 10_080;

  UsageHistory.Fetched of(String account) {
    long seconds = clock.instant().getEpochSecond();
    Random random = new Random(account.hashCode() * 31L + seconds / 60);
    return new UsageHistory.Fetched(
        account,
        clock.instant(),
        window(random, seconds, FIVE_HOURS),
        window(random, seconds, WEEK));
  }

  private static UsageHistory.Fetched.Window window(Random random, long now, int minutes) {
    return new UsageHistory.Fetched.Window(
        Math.round(random.nextDouble() * 1_000) / 10.0, now + minutes * 60L, minutes);
  }
}
