package io.tideline.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/** Sticky sessions in the memory of this process. */
final class MemoryStickySessions<K> implements StickySessions<K> {
  private final Cache<K, String> targets;

  MemoryStickySessions(int mostKeys, Duration unused) {
    this(mostKeys, unused, Ticker.systemTicker());
  }

  /** By a ticker, which no step of the clock moves. */
  MemoryStickySessions(int mostKeys, Duration unused, Ticker ticker) {
    targets =
        Caffeine.newBuilder()
            .maximumSize(Checks.within("mostKeys", mostKeys, 1, 100_000_000))
            .expireAfterAccess(Checks.positive("unused", unused))
            .ticker(ticker)
            .build();
  }

  @Override
  public Optional<String> target(
      K key, Collection<String> pool, Function<? super Collection<String>, String> choose) {
    if (pool.isEmpty()) {
      return Optional.empty();
    }
    String known = targets.getIfPresent(key);
    if (known != null && pool.contains(known)) {
      return Optional.of(known);
    }
    return Optional.of(
        targets
            .asMap()
            .compute(
                key,
                (same, now) -> now != null && pool.contains(now) ? now : Choice.of(pool, choose)));
  }

  @Override
  public Optional<String> current(K key) {
    return Optional.ofNullable(targets.policy().getIfPresentQuietly(key));
  }

  @Override
  public void forget(K key) {
    targets.invalidate(key);
  }

  @Override
  public int forgetTarget(String target) {
    ConcurrentMap<K, String> all = targets.asMap();
    int forgotten = 0;
    for (K key : all.keySet()) {
      // Only if it still is that target.
      if (all.remove(key, target)) {
        forgotten++;
      }
    }
    return forgotten;
  }

  /** How many keys it holds, once what is over is gone. */
  long size() {
    targets.cleanUp();
    return targets.estimatedSize();
  }
}
