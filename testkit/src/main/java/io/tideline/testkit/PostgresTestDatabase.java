package io.tideline.testkit;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A database of the embedded server. */
public final class PostgresTestDatabase extends TestDatabase {
  private final EmbeddedPostgresServer server;
  private final String name;

  PostgresTestDatabase(EmbeddedPostgresServer server, String name) {
    this.server = server;
    this.name = name;
  }

  @Override
  public Product product() {
    return Product.POSTGRESQL;
  }

  @Override
  public String url() {
    return url(server.port());
  }

  /** The URL over another port, for a proxy. */
  public String url(int port) {
    return "postgresql://postgres:postgres@localhost:" + port + "/" + name;
  }

  /** The port of the server. */
  public int port() {
    return server.port();
  }

  @Override
  public Connection connect() throws SQLException {
    Connection connection = server.connect(name);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TIME ZONE 'UTC'");
    }
    return connection;
  }

  @Override
  protected Connection borrow() throws SQLException {
    Connection kept = server.kept(name);
    return kept == null ? connect() : kept;
  }

  @Override
  protected void giveBack(Connection connection) throws SQLException {
    server.keep(name, connection);
  }

  @Override
  public TestDatabase sibling() {
    return server.freshDatabase();
  }

  /** The type's own output; floats have the digits that tell them apart since version 12. */
  @Override
  protected String exactText(String column) {
    return "coalesce('=' || " + column + "::text, 'null')";
  }

  @Override
  public void close() {
    server.drop(name);
  }
}
