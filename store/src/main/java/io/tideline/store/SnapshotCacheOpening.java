package io.tideline.store;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link SnapshotCache} keeps its value. Each method changes this opening and returns it.
 * Used by one thread.
 */
public final class SnapshotCacheOpening<T> {
  private final String name;
  private final Duration ttl;
  private final Supplier<T> loader;
  private Duration stale = Duration.ZERO;
  private Executor background = ForkJoinPool.commonPool();
  private Ticker ticker = Ticker.systemTicker();
  private @Nullable MeterRegistry registry;

  SnapshotCacheOpening(String name, Duration ttl, Supplier<T> loader) {
    this.name = Checks.name(name);
    this.ttl = Checks.notNegative("ttl", ttl);
    this.loader = Objects.requireNonNull(loader);
  }

  /**
   * For how long after its freshness the value is still given out, while one thread loads it anew
   * in the background; not at all unless set.
   */
  public SnapshotCacheOpening<T> staleFor(Duration stale) {
    this.stale = Checks.notNegative("staleFor", stale);
    return this;
  }

  /** Where refreshes behind a stale value run; in the common pool unless set. */
  public SnapshotCacheOpening<T> refreshedOn(Executor background) {
    this.background = Objects.requireNonNull(background);
    return this;
  }

  /** Where its meters go, under Micrometer's names for caches; nowhere unless set. */
  public SnapshotCacheOpening<T> meters(MeterRegistry registry) {
    this.registry = Objects.requireNonNull(registry);
    return this;
  }

  SnapshotCacheOpening<T> ticker(Ticker ticker) {
    this.ticker = ticker;
    return this;
  }

  /** Makes it, empty. */
  public SnapshotCache<T> make() {
    AsyncCache<Long, Object> cache =
        Caffeine.newBuilder()
            .expireAfterWrite(ttl.isZero() ? Duration.ofNanos(1) : ttl.plus(stale))
            .maximumSize(8)
            .recordStats()
            .ticker(ticker)
            .buildAsync();
    if (registry != null) {
      CaffeineCacheMetrics.monitor(registry, cache, name, List.of());
      // Which the binder leaves out where Caffeine does not call the loader itself.
      TimeGauge.builder(
              "cache.load.duration",
              cache,
              TimeUnit.NANOSECONDS,
              of -> of.synchronous().stats().totalLoadTime())
          .tag("cache", name)
          .description("The time cache spent loading new values")
          .register(registry);
    }
    Duration fresh = ttl.isZero() ? null : ttl;
    return new SnapshotCache<>(name, loader, fresh, !stale.isZero(), cache, ticker, background);
  }
}
