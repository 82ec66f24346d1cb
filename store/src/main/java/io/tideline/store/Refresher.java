package io.tideline.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches something anew for every key, again and again, on threads of its own and never on that of
 * a request. A round fetches outside of any transaction and then writes all of it in one. A key
 * that fails is reported, and the others are written.
 *
 * @param <K> a key
 * @param <V> what is fetched for it, and written
 */
public final class Refresher<K, V> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Refresher.class);

  private final RefresherOpening<K, V> how;
  private final Batches<Fetched<K, V>> batches;
  private final ExecutorService fetchers;
  private final ScheduledExecutorService rounds;

  /** A key and what was fetched for it. */
  record Fetched<K, V>(K key, V value) {}

  /**
   * How a round went.
   *
   * @param written how many keys were fetched and committed
   * @param failed how many keys were not
   */
  public record Round(int written, int failed) {}

  Refresher(RefresherOpening<K, V> how, Database database) {
    this.how = how;
    this.fetchers = Executors.newFixedThreadPool(how.atOnce, task -> thread(task, "fetch"));
    this.rounds = Executors.newSingleThreadScheduledExecutor(task -> thread(task, "round"));
    this.batches =
        new Batches<>(
            database,
            (session, rows) -> how.store.write(session, rows.stream().map(Fetched::value).toList()),
            (row, why) -> report(row.key(), why));
  }

  private Thread thread(Runnable task, String of) {
    Thread thread = new Thread(task, "tideline-store-" + how.name + "-" + of);
    thread.setDaemon(true);
    return thread;
  }

  /** Begins to say what is refreshed. */
  public static <K, V> RefresherOpening<K, V> of(
      String name,
      Supplier<? extends Collection<K>> keys,
      RefresherOpening.Fetch<K, V> fetch,
      BatchWork<V> store) {
    return new RefresherOpening<>(name, keys, fetch, store);
  }

  void start() {
    schedule();
  }

  private void schedule() {
    long jitter = how.jitter.toMillis();
    long wait =
        how.every.toMillis()
            + (jitter == 0 ? 0 : ThreadLocalRandom.current().nextLong(-jitter, jitter + 1));
    try {
      rounds.schedule(this::roundAndOn, Math.max(1, wait), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("closed");
    }
  }

  private void roundAndOn() {
    try {
      round();
    } catch (RuntimeException e) {
      LOG.error("A round of {} failed; the next goes on", how.name, e);
    } finally {
      schedule();
    }
  }

  /**
   * Carries out one round now, on the caller's thread. Rounds take turns.
   *
   * @throws StoreException if the round cannot be written at all; nothing of it was written, and
   *     the next round fetches anew
   */
  public synchronized Round round() {
    List<K> keys = List.copyOf(how.keys.get());
    List<Fetched<K, V>> fetched = new ArrayList<>();
    List<Future<V>> futures = submitted(keys);
    long deadline = System.nanoTime() + how.within.toNanos();
    for (int i = 0; i < keys.size(); i++) {
      K key = keys.get(i);
      fetched(key, futures.get(i), deadline).ifPresent(value -> fetched.add(value));
    }
    if (fetched.isEmpty() || Thread.currentThread().isInterrupted()) {
      return new Round(0, keys.size());
    }
    Batches.Outcome<Fetched<K, V>> outcome = batches.write(fetched);
    if (outcome.written() > 0) {
      how.afterwards.run();
    }
    if (outcome.why() != null) {
      throw outcome.why();
    }
    return new Round(outcome.written(), keys.size() - outcome.written());
  }

  private List<Future<V>> submitted(List<K> keys) {
    List<Callable<V>> tasks = new ArrayList<>();
    keys.forEach(key -> tasks.add(() -> how.fetch.of(key)));
    return tasks.stream().map(fetchers::submit).toList();
  }

  private Optional<Fetched<K, V>> fetched(K key, Future<V> future, long deadline) {
    try {
      V value = future.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      return Optional.of(new Fetched<>(key, value));
    } catch (ExecutionException e) {
      report(key, Objects.requireNonNullElse(e.getCause(), e));
    } catch (TimeoutException | CancellationException e) {
      future.cancel(true);
      report(key, e);
    } catch (InterruptedException e) {
      future.cancel(true);
      Thread.currentThread().interrupt();
    }
    return Optional.empty();
  }

  private void report(K key, Throwable why) {
    BiConsumer<K, Throwable> listener = how.onFailure;
    try {
      listener.accept(key, why);
    } catch (RuntimeException e) {
      LOG.error("The listener of {} failed", how.name, e);
    }
  }

  /** No further round begins; one under way is broken off if it fetches, and ends if it writes. */
  @Override
  public void close() {
    rounds.shutdownNow();
    fetchers.shutdownNow();
    try {
      rounds.awaitTermination(how.within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
