package io.tideline.postgresql;

import io.tideline.dialect.DatabaseInfo;
import io.tideline.dialect.SourceIdentity;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.sql.SQLException;

/** What a server says of itself. */
record ServerFacts(DatabaseInfo info, SourceIdentity identity, int major) {
  /** Empty over a socket of the machine's own. */
  private static final String ADDRESS =
      """
      SELECT 'postgresql://' || pg_catalog.host(pg_catalog.inet_server_addr()) || ':'
        || pg_catalog.inet_server_port() || '/' || pg_catalog.current_database()""";

  /** PostgreSQL 14, the oldest version that is still maintained. */
  private static final int OLDEST = 140_000;

  /** The oid is unique in a server and survives a rename. */
  private static final String IDENTITY =
      """
      SELECT CASE WHEN pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')
          THEN (SELECT system_identifier::pg_catalog.text FROM pg_catalog.pg_control_system())
          ELSE d.datname END || ':' || d.oid
      FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
      """;

  /** Our own session sets default_transaction_read_only, so the value it was born with counts. */
  private static final String READ_ONLY =
      """
      SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN 'the server is a standby'
        WHEN s.reset_val = 'on' THEN 'the server sets default_transaction_read_only'
        ELSE '' END
      FROM pg_catalog.pg_settings s WHERE s.name = 'default_transaction_read_only'
      """;

  static ServerFacts read(Session session, ConnectionUrl url) throws SQLException {
    String product = session.text("SELECT pg_catalog.version()");
    int version = Integer.parseInt(session.text("SHOW server_version_num"));
    if (!product.startsWith("PostgreSQL ") || version < OLDEST) {
      throw new TidelineException(
          ErrorCode.DATABASE_UNKNOWN_PRODUCT,
          "Cannot use " + url.place() + ": it is " + product + ".",
          "Nothing was changed.",
          "Tideline needs PostgreSQL 14 or later.");
    }
    String number = session.text("SHOW server_version").split(" ", -1)[0];
    return new ServerFacts(
        new DatabaseInfo(
            PostgresDialect.NAME,
            "PostgreSQL " + number,
            url.place(),
            true,
            session.text(READ_ONLY),
            true),
        new SourceIdentity(PostgresDialect.NAME, session.text(IDENTITY), place(session, url)),
        version / 10_000);
  }

  /** By the server's own address: it is one place under every name and through every tunnel. */
  private static String place(Session session, ConnectionUrl url) throws SQLException {
    String address = session.text(ADDRESS);
    return address.isEmpty() ? url.place() : address;
  }
}
