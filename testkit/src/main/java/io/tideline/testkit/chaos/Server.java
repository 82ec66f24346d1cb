package io.tideline.testkit.chaos;

import io.tideline.testkit.TestDatabase;

/** A PostgreSQL server for episodes. */
interface Server extends AutoCloseable {
  /** The port it listens on. */
  int port();

  /** A new, empty database. */
  TestDatabase freshDatabase();

  /** The URL of a database over another port, for a proxy. */
  String url(TestDatabase database, int port);

  /** Whether {@link #crash} may be called. */
  boolean crashes();

  /** Stops at once without writing anything back, as a crash would, and starts again. */
  void crash();

  /** What it is, for the report. */
  String description();

  @Override
  void close();
}
