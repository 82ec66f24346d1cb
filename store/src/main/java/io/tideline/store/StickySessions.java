package io.tideline.store;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which target serves a key: a session stays with its account. Requests of one key that come first
 * at the same time agree on a target. Safe for any number of threads.
 *
 * @param <K> the key of a session
 */
public interface StickySessions<K> {
  /**
   * The target of a key. If it has none, or one outside the pool, that is dropped and a target of
   * the pool is chosen and kept.
   *
   * @param pool the targets that may serve now; if it is empty nothing is chosen or dropped
   * @param choose picks one of the pool; it may be called and its choice not taken
   * @return a target of the pool; empty only if the pool is
   */
  Optional<String> target(
      K key, Collection<String> pool, Function<? super Collection<String>, String> choose);

  /** The target that a key has now, whatever the pool; nothing changes. */
  Optional<String> current(K key);

  /** Forgets the target of a key. */
  void forget(K key);

  /** Forgets a target everywhere: it was paused, deleted or has failed. How many keys it had. */
  int forgetTarget(String target);

  /**
   * In this process alone: no database work, nothing survives a restart.
   *
   * @param mostKeys the most keys; beyond it those go that are used least
   * @param unused for how long a key is kept without use
   */
  static <K> StickySessions<K> inMemory(int mostKeys, Duration unused) {
    return new MemoryStickySessions<>(mostKeys, unused);
  }

  /**
   * In the table {@code sticky_sessions} of the database, which is made if it is not there: shared
   * between processes, and there after a restart. A policy prunes it, by {@code updated_at}.
   *
   * @param unused for how long a key is kept without use; its use is written down each tenth of
   *     this, so that most requests only read
   */
  static StickySessions<String> inDatabase(Database database, Duration unused, Clock clock) {
    return DatabaseStickySessions.open(database, unused, clock);
  }
}
