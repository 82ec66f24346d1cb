package io.tideline.postgresql;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Opens sessions and gives them our settings, whatever server, database and role say. */
final class Sessions {
  private static final String SETTINGS =
      """
      SET TimeZone = 'UTC';
      SET DateStyle = 'ISO, YMD';
      SET IntervalStyle = 'postgres';
      SET search_path = '';
      SET standard_conforming_strings = on;
      SET row_security = off;
      SET bytea_output = 'hex';
      SET extra_float_digits = 1;
      SET lc_monetary = 'C';
      SET xmloption = 'content';
      SET jit = off;
      SET max_parallel_workers_per_gather = 0;
      SET array_nulls = on;
      SET transform_null_equals = off;
      SET quote_all_identifiers = off;
      SET default_transaction_isolation = 'read committed';
      SET client_min_messages = 'error';
      SET idle_session_timeout = 0;
      SET idle_in_transaction_session_timeout = '60s'
      """;

  /** Comes first, lest a limit of the role's ends the rest; the second is since PostgreSQL 17. */
  private static final String NO_TIME_LIMIT =
      """
      SELECT pg_catalog.set_config(s.name, '0', false) FROM pg_catalog.pg_settings s
      WHERE s.name IN ('statement_timeout', 'transaction_timeout')
      """;

  private static final String READS =
      """
      SET default_transaction_read_only = on;
      SET lock_timeout = '5s';
      SET statement_timeout = 0
      """;

  /** How long a session that writes waits, and lets others wait. */
  static final String LIMITS = "SET lock_timeout = '2s'; SET statement_timeout = '60s'";

  private static final String WRITES = LIMITS + "; SET synchronous_commit = off";

  private Sessions() {}

  /** A session that cannot change anything. */
  static Session reading(ConnectionUrl url) {
    return open(url, READS);
  }

  /**
   * A session that cannot change anything, in which a user's own queries find and plan what they
   * usually do.
   */
  static Session guarded(ConnectionUrl url, Duration longest) {
    Session session =
        open(
            url,
            READS
                + "; RESET jit; RESET max_parallel_workers_per_gather; RESET row_security"
                + "; SET lock_timeout = '2s'; SET statement_timeout = "
                + longest.toMillis());
    try {
      session.useLoginPath(url.schema());
      return session;
    } catch (SQLException e) {
      session.close();
      throw LoginFailures.of(e, url);
    }
  }

  /** A session that writes. */
  static Session writing(ConnectionUrl url) {
    return open(url, WRITES);
  }

  private static Session open(ConnectionUrl url, String settings) {
    Connection connection = null;
    try {
      connection = DriverManager.getConnection(url.jdbc(), url.properties());
      return configured(connection, url, settings);
    } catch (SQLException e) {
      close(connection, e);
      throw LoginFailures.of(e, url);
    }
  }

  private static Session configured(Connection connection, ConnectionUrl url, String settings)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(NO_TIME_LIMIT);
      String path = Session.text(statement, "SHOW search_path");
      statement.execute(SETTINGS);
      statement.execute(settings);
      Charset charset = StandardCharsets.UTF_8;
      if (Session.text(statement, "SHOW server_encoding").equals("SQL_ASCII")) {
        charset = StandardCharsets.ISO_8859_1;
      }
      if (charset != StandardCharsets.UTF_8) {
        // Such a server converts nothing, but checks the client's encoding; in Latin-1 any byte is
        // valid, so that bytes stay as they are in both directions.
        statement.execute("SET client_encoding = 'LATIN1'");
      }
      return new Session(connection, charset, url.user(), path);
    }
  }

  private static void close(@Nullable Connection connection, SQLException reason) {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        reason.addSuppressed(e);
      }
    }
  }
}
