package io.tideline.store;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * An open database: readers that work side by side, and writers in transactions of their own (on
 * SQLite one after another). Safe for any number of threads.
 */
public final class Database implements AutoCloseable {
  private final String name;
  private final Product product;
  private final Connections connections;
  private final MeterRegistry registry;
  private final Meters meters;
  private final int attempts;
  private final ThreadLocal<Boolean> writing = ThreadLocal.withInitial(() -> false);
  private final AtomicBoolean closed = new AtomicBoolean();

  Database(
      String name, Product product, Connections connections, MeterRegistry registry, int attempts) {
    this.name = name;
    this.product = product;
    this.connections = connections;
    this.registry = registry;
    this.meters = new Meters(registry, name);
    this.attempts = attempts;
  }

  /** How to open a file of SQLite. Nothing happens until {@link SqliteOpening#open}. */
  public static SqliteOpening sqlite(Path file) {
    return new SqliteOpening(file);
  }

  /**
   * How to open a database of PostgreSQL by its address ({@code
   * jdbc:postgresql://host:port/database}). Nothing happens until {@link PostgresOpening#open}.
   */
  public static PostgresOpening postgresql(String url) {
    return new PostgresOpening(url);
  }

  /**
   * Reads. Each statement sees what is committed when it begins. A read that finds the database
   * locked is tried again.
   *
   * @throws StoreException if it fails, or stays locked; nothing was changed
   */
  public <T> T read(Work<T> work) {
    return tried(work, false);
  }

  /**
   * Writes, in one transaction, committed when this returns. If others hold the lock, or the
   * connection is lost before the COMMIT, it is rolled back and tried again: the work may run
   * several times, and must not write from within.
   *
   * @throws StoreException if it fails: rolled back, unless the reason is {@link
   *     StoreException.Reason#OUTCOME_UNKNOWN}
   */
  public <T> T write(Work<T> work) {
    if (writing.get()) {
      throw new IllegalStateException(
          "Cannot write within a write: use the session that the outer one was given");
    }
    writing.set(true);
    try {
      return tried(work, true);
    } finally {
      writing.remove();
    }
  }

  private <T> T tried(Work<T> work, boolean write) {
    for (int attempt = 1; ; attempt++) {
      if (closed.get()) {
        throw new StoreException(
            StoreException.Reason.CLOSED, "Cannot use " + name + ": it was closed", null);
      }
      try {
        return write ? connections.write(work) : connections.read(work);
      } catch (CommitUnknownException e) {
        meters.unknown();
        throw Failures.unknown(name, e);
      } catch (SQLException e) {
        Trouble trouble = product.trouble(e);
        meters.failed(trouble, write);
        if (!trouble.passes() || attempt >= attempts) {
          throw Failures.of(name, write, trouble, attempt, e);
        }
        meters.retried();
        pause(attempt);
      }
    }
  }

  /** Different for each: those that met once should not meet again. */
  private static void pause(int attempt) {
    long most = Math.min(100_000_000L, 2_000_000L << attempt);
    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(most / 2, most));
  }

  /** What it is called in meters and messages. */
  public String name() {
    return name;
  }

  /** How often others stood in the way. */
  public Contention contention() {
    return meters.contention();
  }

  Product product() {
    return product;
  }

  MeterRegistry registry() {
    return registry;
  }

  /** Waits for what is under way and closes every connection. Again does nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      connections.close();
    }
  }
}
