package io.tideline.store;

import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a {@link Refresher} goes about it. Each method changes this opening and returns it. Used by
 * one thread.
 */
public final class RefresherOpening<K, V> {
  private static final Logger LOG = LoggerFactory.getLogger(Refresher.class);

  /** Fetches what is new for a key. */
  @FunctionalInterface
  public interface Fetch<K, V> {
    /** Fetches it, never null; runs without a transaction, and may be interrupted. */
    V of(K key) throws Exception;
  }

  final String name;
  final Supplier<? extends Collection<K>> keys;
  final Fetch<K, V> fetch;
  final BatchWork<V> store;
  Duration every = Duration.ofSeconds(60);
  Duration jitter = Duration.ofSeconds(6);
  Duration within = Duration.ofSeconds(30);
  int atOnce = 4;
  Runnable afterwards = () -> {};
  BiConsumer<K, Throwable> onFailure;

  RefresherOpening(
      String name, Supplier<? extends Collection<K>> keys, Fetch<K, V> fetch, BatchWork<V> store) {
    this.name = Checks.name(name);
    this.keys = Objects.requireNonNull(keys);
    this.fetch = Objects.requireNonNull(fetch);
    this.store = Objects.requireNonNull(store);
    this.onFailure = (key, why) -> LOG.warn("Cannot refresh one of {}", name, why);
  }

  /** The pause between two rounds, and how much it varies; 60 s, give or take 6 s. */
  public RefresherOpening<K, V> every(Duration every, Duration jitter) {
    this.every = Checks.positive("every", every);
    this.jitter = Checks.notNegative("jitter", jitter);
    if (jitter.compareTo(every) >= 0) {
      throw new IllegalArgumentException("The jitter must be below the pause that it varies");
    }
    return this;
  }

  /** How long the fetches of a round may take together; those that take longer fail. 30 s. */
  public RefresherOpening<K, V> within(Duration within) {
    this.within = Checks.positive("within", within);
    return this;
  }

  /** How many keys are fetched at once; 4. */
  public RefresherOpening<K, V> atOnce(int atOnce) {
    this.atOnce = Checks.within("atOnce", atOnce, 1, 1_000);
    return this;
  }

  /** What is done after a round was committed, such as to invalidate a cache. */
  public RefresherOpening<K, V> afterwards(Runnable afterwards) {
    this.afterwards = Objects.requireNonNull(afterwards);
    return this;
  }

  /** Who hears of keys that failed; a warning is logged unless set. */
  public RefresherOpening<K, V> onFailure(BiConsumer<K, Throwable> listener) {
    this.onFailure = Objects.requireNonNull(listener);
    return this;
  }

  /** Begins; the first round comes after one pause. */
  public Refresher<K, V> start(Database database) {
    Refresher<K, V> refresher = new Refresher<>(this, database);
    refresher.start();
    return refresher;
  }
}
