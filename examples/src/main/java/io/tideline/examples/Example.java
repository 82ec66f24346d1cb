package io.tideline.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;

/** One of the examples. */
interface Example {
  /** The seed by which every run of an example makes the same rows. */
  long SEED = 20_260_501;

  /** Fills a store that has the example's schema. */
  void fill(Store store, Order order) throws SQLException, IOException;

  /** Whether it has a schema for SQLite. */
  default boolean onSqlite() {
    return true;
  }

  /** Whether it has a schema for PostgreSQL. */
  default boolean onPostgres() {
    return true;
  }

  /**
   * What is to be made.
   *
   * @param now the youngest rows are just older
   * @param seed where the random numbers begin
   * @param scale how many times the usual size
   * @param payloads the folder of payload files, of the example that has some
   */
  record Order(Instant now, long seed, int scale, Path payloads) {}
}
