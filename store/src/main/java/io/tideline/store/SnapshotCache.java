package io.tideline.store;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Ticker;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One value that takes work to load, kept for a while. Reads that miss at the same time share one
 * load; a load that fails is not kept. Once {@link #invalidate} has returned no read gives a value
 * whose load began before it, not even of a load under way. Safe for any number of threads.
 */
public final class SnapshotCache<T> {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotCache.class);

  private final String name;
  private final Supplier<T> loader;
  private final boolean on;
  private final boolean servesStale;
  private final long freshNanos;
  private final Ticker ticker;
  private final Executor background;
  private final AsyncCache<Long, Loaded<T>> cache;

  /** Raised by each invalidation: what was loaded for an older one is never looked up again. */
  private final AtomicLong generation = new AtomicLong();

  /** The generation that is being loaded anew in the background, or -1. */
  private final AtomicLong refreshing = new AtomicLong(-1);

  private record Loaded<T>(T value, long at) {}

  SnapshotCache(
      String name,
      Supplier<T> loader,
      @Nullable Duration fresh,
      boolean servesStale,
      AsyncCache<Long, ?> cache,
      Ticker ticker,
      Executor background) {
    this.name = name;
    this.loader = loader;
    this.on = fresh != null;
    this.servesStale = servesStale;
    this.freshNanos = fresh == null ? 0 : fresh.toNanos();
    @SuppressWarnings("unchecked")
    AsyncCache<Long, Loaded<T>> mine = (AsyncCache<Long, Loaded<T>>) cache;
    this.cache = mine;
    this.ticker = ticker;
    this.background = background;
  }

  /**
   * Begins to say how a value is kept.
   *
   * @param ttl for how long it is fresh; zero turns the cache off, and each read loads
   * @param loader loads it, never null; it must not read this cache
   */
  public static <T> SnapshotCacheOpening<T> of(String name, Duration ttl, Supplier<T> loader) {
    return new SnapshotCacheOpening<>(name, ttl, loader);
  }

  /** The value. Throws what the loader throws. */
  public T get() {
    if (!on) {
      return loader.get();
    }
    long now = generation.get();
    CompletableFuture<Loaded<T>> known = cache.getIfPresent(now);
    if (known == null) {
      CompletableFuture<Loaded<T>> mine = new CompletableFuture<>();
      known = cache.asMap().putIfAbsent(now, mine);
      if (known == null) {
        return load(mine);
      }
    }
    Loaded<T> loaded = await(known);
    if (servesStale && ticker.read() - loaded.at() >= freshNanos) {
      refresh(now);
    }
    return loaded.value();
  }

  private T load(CompletableFuture<Loaded<T>> mine) {
    try {
      T value = loader.get();
      mine.complete(new Loaded<>(value, ticker.read()));
      return value;
    } catch (RuntimeException | Error e) {
      mine.completeExceptionally(e);
      throw e;
    }
  }

  private Loaded<T> await(CompletableFuture<Loaded<T>> load) {
    try {
      return load.get();
    } catch (InterruptedException e) {
      throw Pool.interrupted(name);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("The load of " + name + " failed", e.getCause());
    }
  }

  /** Loads anew behind the stale value, which is given out meanwhile. */
  private void refresh(long of) {
    if (!refreshing.compareAndSet(-1, of)) {
      return;
    }
    try {
      background.execute(() -> loadAnew(of));
    } catch (RejectedExecutionException e) {
      LOG.warn("Cannot refresh {} in the background: its executor takes no work", name, e);
      refreshing.set(-1);
    }
  }

  private void loadAnew(long of) {
    try {
      Loaded<T> anew = new Loaded<>(loader.get(), ticker.read());
      if (generation.get() == of) {
        // Under its own generation: an invalidation in this very moment is safe all the same.
        cache.put(of, CompletableFuture.completedFuture(anew));
      }
    } catch (RuntimeException e) {
      // The stale value serves until it expires; from then on the reader hears of it.
      LOG.warn("Cannot refresh {} in the background", name, e);
    } finally {
      refreshing.set(-1);
    }
  }

  /** Forgets the value, and voids a load under way: who reads from now on loads anew. */
  public void invalidate() {
    long before = generation.getAndIncrement();
    cache.asMap().remove(before);
  }

  /** How many of the reads found a value, or a load to share; 1 if there was no read. */
  public double hitRate() {
    return stats().hitRate();
  }

  CacheStats stats() {
    Cache<Long, ?> values = cache.synchronous();
    return values.stats();
  }
}
