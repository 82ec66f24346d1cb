package io.tideline.services.web;

import io.micrometer.core.instrument.MeterRegistry;
import io.tideline.store.Database;
import io.tideline.store.PostgresOpening;
import java.time.Duration;

/**
 * How a service opens its database.
 *
 * @param address where it is
 * @param connections how many work at once: readers on SQLite, connections on PostgreSQL
 * @param acquire how long a request waits for one of them
 * @param busy how long one attempt waits for another's lock
 */
public record Opening(DatabaseAddress address, int connections, Duration acquire, Duration busy) {
  /** The least that may be waited for a connection, in seconds. */
  public static final double LEAST_ACQUIRE = 0.25;

  /** Opens it. */
  public Database open(MeterRegistry registry) {
    if (address.isSqlite()) {
      return Database.sqlite(address.file().orElseThrow())
          .meters(registry)
          .readers(connections)
          .acquireTimeout(acquire)
          .busyTimeout(busy)
          .attempts(1)
          .open();
    }
    PostgresOpening opening =
        Database.postgresql(address.jdbc())
            .meters(registry)
            .connections(connections)
            .acquireTimeout(acquire)
            .lockTimeout(busy);
    String user = address.login().get("user");
    String password = address.login().get("password");
    if (user != null) {
      opening.user(user);
    }
    if (password != null) {
      opening.password(password);
    }
    return opening.open();
  }
}
