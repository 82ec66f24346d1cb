package io.tideline.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a PostgreSQL database is opened: through a HikariCP pool whose connections rewrite batched
 * inserts and use UTC. Each method changes this opening and returns it. Used by one thread.
 */
public final class PostgresOpening {
  private final String url;
  private String name = "store";
  private MeterRegistry registry = new CompositeMeterRegistry();
  private @Nullable String user;
  private @Nullable String password;
  private boolean synchronousCommit = true;
  private Duration lockTimeout = Duration.ofSeconds(5);
  private Duration acquireTimeout = Duration.ofSeconds(30);
  private int connections = 10;
  private int attempts = 3;

  PostgresOpening(String url) {
    if (!url.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException("The address must begin with jdbc:postgresql:");
    }
    this.url = url;
  }

  /** Its name in meters and messages; {@code store} unless set. */
  public PostgresOpening named(String name) {
    this.name = Checks.name(name);
    return this;
  }

  /** Where its meters go, those of HikariCP too; nowhere unless set. */
  public PostgresOpening meters(MeterRegistry registry) {
    this.registry = Objects.requireNonNull(registry);
    return this;
  }

  /** The role; that of the address unless set. */
  public PostgresOpening user(String user) {
    this.user = Objects.requireNonNull(user);
    return this;
  }

  /** Its password; that of the address unless set. */
  public PostgresOpening password(String password) {
    this.password = Objects.requireNonNull(password);
    return this;
  }

  /**
   * Whether a COMMIT waits for the server's disk; it does unless set. If not, a server that crashes
   * may lose the last commits (https://www.postgresql.org/docs/current/wal-async-commit.html).
   */
  public PostgresOpening synchronousCommit(boolean synchronousCommit) {
    this.synchronousCommit = synchronousCommit;
    return this;
  }

  /** How long one attempt waits for a lock; 5 s unless set, zero to wait for ever. */
  public PostgresOpening lockTimeout(Duration lockTimeout) {
    this.lockTimeout = Checks.notNegative("lock timeout", lockTimeout);
    return this;
  }

  /** How long a thread waits for a connection; 30 s unless set, at least 250 ms. */
  public PostgresOpening acquireTimeout(Duration acquireTimeout) {
    if (acquireTimeout.compareTo(Duration.ofMillis(250)) < 0) {
      throw new IllegalArgumentException(
          "acquire timeout is " + acquireTimeout + ": at least 250 ms");
    }
    this.acquireTimeout = Checks.positive("acquire timeout", acquireTimeout);
    return this;
  }

  /** The most connections; 10 unless set. */
  public PostgresOpening connections(int connections) {
    this.connections = Checks.within("connections", connections, 1, 1_000);
    return this;
  }

  /** How often a work is tried while others hold its locks; 3 times unless set. */
  public PostgresOpening attempts(int attempts) {
    this.attempts = Checks.within("attempts", attempts, 1, 1_000);
    return this;
  }

  /**
   * Opens it.
   *
   * @throws StoreException if no connection can be made; nothing was changed
   */
  public Database open() {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setPoolName(name);
    config.setMaximumPoolSize(connections);
    config.setConnectionTimeout(acquireTimeout.toMillis());
    config.setMetricRegistry(registry);
    if (user != null) {
      config.setUsername(user);
    }
    if (password != null) {
      config.setPassword(password);
    }
    config.addDataSourceProperty("reWriteBatchedInserts", "true");
    // The server's details hold values of rows, and end up in logs.
    config.addDataSourceProperty("logServerErrorDetail", "false");
    config.setConnectionInitSql(settings());
    try {
      Connections pool = new PostgresConnections(new HikariDataSource(config));
      return new Database(name, new PostgresProduct(), pool, registry, attempts);
    } catch (HikariPool.PoolInitializationException e) {
      throw new StoreException(
          StoreException.Reason.CANNOT_OPEN,
          "Cannot open "
              + name
              + ": no connection to PostgreSQL. Nothing was changed. Look at address, role and"
              + " password; the cause says what the server answered.",
          e.getCause());
    }
  }

  private String settings() {
    return String.format(
        Locale.ROOT,
        "SET TimeZone = 'UTC'; SET lock_timeout = %d; SET synchronous_commit = %s",
        lockTimeout.toMillis(),
        synchronousCommit ? "on" : "off");
  }
}
