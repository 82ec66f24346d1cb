package io.tideline.testkit.chaos;

import io.tideline.testkit.EmbeddedPostgresServer;
import io.tideline.testkit.PostgresTestDatabase;
import io.tideline.testkit.TestDatabase;

/** The embedded server of this JVM: with fsync off, and others may use it too. */
final class SharedServer implements Server {
  private final EmbeddedPostgresServer server = EmbeddedPostgresServer.shared();

  @Override
  public int port() {
    return server.port();
  }

  @Override
  public TestDatabase freshDatabase() {
    return server.freshDatabase();
  }

  @Override
  public String url(TestDatabase database, int port) {
    return ((PostgresTestDatabase) database).url(port);
  }

  @Override
  public boolean crashes() {
    return false;
  }

  @Override
  public void crash() {
    throw new UnsupportedOperationException();
  }

  @Override
  public String description() {
    return "the embedded PostgreSQL, fsync off: it is never crashed";
  }

  @Override
  public void close() {}
}
