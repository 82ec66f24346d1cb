package io.tideline.postgresql;

import io.tideline.dialect.Lease;
import io.tideline.dialect.SourceIdentity;
import io.tideline.dialect.Writer;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Pace;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * An advisory lock of the very session that writes. Advisory locks are a database's own, so that
 * the key need not name it; they end with the session, however it ends.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS">Advisory
 *     locks</a>
 */
final class PostgresLease implements Lease {
  /** "tide" and "line" in ASCII. */
  private static final String KEY = "1953064037, 1818848869";

  private static final String IS_OURS =
      """
      l.locktype = 'advisory' AND l.classid = 1953064037 AND l.objid = 1818848869
        AND l.objsubid = 2 AND l.granted
        AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d
                          WHERE d.datname = pg_catalog.current_database())""";

  private static final String TAKE = "SELECT pg_catalog.pg_try_advisory_lock(" + KEY + ")";
  private static final String GIVE = "SELECT pg_catalog.pg_advisory_unlock(" + KEY + ")";

  private static final String HOLDER =
      """
      SELECT l.pid, a.application_name, a.usename
      FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
      WHERE """
          + " "
          + IS_OURS;

  private static final String PID = "SELECT pg_catalog.pg_backend_pid()";

  /** The session's process, empty unless it holds the lock. */
  private static final String HOLDING =
      "SELECT l.pid FROM pg_catalog.pg_locks l WHERE l.pid = pg_catalog.pg_backend_pid() AND "
          + IS_OURS;

  private final Session session;
  private final Shapes shapes;
  private final SourceIdentity identity;
  private final String pid;

  private PostgresLease(Session session, Shapes shapes, SourceIdentity identity, String pid) {
    this.session = session;
    this.shapes = shapes;
    this.identity = identity;
    this.pid = pid;
  }

  static PostgresLease acquire(ConnectionUrl url, ServerFacts facts, Shapes shapes) {
    if (!facts.info().readOnly().isEmpty()) {
      throw new TidelineException(
          ErrorCode.DATABASE_READ_ONLY,
          "Cannot write to " + url.place() + ": " + facts.info().readOnly() + ".",
          "Nothing was changed.",
          "Connect to the primary server, as a role that may write.");
    }
    Session session = Sessions.writing(url);
    try {
      String pid = session.text(PID);
      if (!session.text(TAKE).equals("t")) {
        throw held(session, url);
      }
      if (pooled(session, url, pid)) {
        throw refusePooler(session, url);
      }
      return new PostgresLease(session, shapes, facts.identity(), pid);
    } catch (SQLException e) {
      session.close();
      throw Failures.reading(
          e, session.attempt("Cannot take the lease of " + url.place(), null, ""));
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** Whether any session holds the lease. */
  static boolean held(Session session) throws SQLException {
    try (Statement statement = session.statement();
        ResultSet row = statement.executeQuery(HOLDER)) {
      return row.next();
    }
  }

  /**
   * Whether our connection is not one server session: a pooler that lends sessions by transaction
   * gives the one we had to whoever begins next. So another connection begins one, and both are
   * looked at while it lasts.
   */
  private static boolean pooled(Session session, ConnectionUrl url, String pid)
      throws SQLException {
    try (Session other = Sessions.reading(url)) {
      other.connection().setAutoCommit(false);
      String second = other.text(PID);
      boolean moved = false;
      for (int probe = 0; probe < 3; probe++) {
        moved |= !session.text(HOLDING).equals(pid);
      }
      if (second.equals(pid)) {
        other.text(GIVE);
      }
      other.connection().rollback();
      return moved || second.equals(pid);
    }
  }

  private static TidelineException refusePooler(Session session, ConnectionUrl url)
      throws SQLException {
    // The lock may lie in a session of the pooler's that outlives our connection.
    session.text("SELECT pg_catalog.pg_advisory_unlock_all()");
    return new TidelineException(
        ErrorCode.DATABASE_POOLED,
        "Cannot take the lease of "
            + url.place()
            + ": a connection pooler gives each transaction another server session.",
        "Nothing was changed.",
        "Name the server itself, or a port of the pooler in session mode.");
  }

  private static TidelineException held(Session session, ConnectionUrl url) throws SQLException {
    String holder = "another session";
    try (Statement statement = session.statement();
        ResultSet row = statement.executeQuery(HOLDER)) {
      if (row.next()) {
        holder =
            "process %s of the server (%s, role %s)"
                .formatted(row.getInt(1), row.getString(2), row.getString(3));
      }
    }
    return new TidelineException(
        ErrorCode.LEASE_HELD,
        "Cannot take the lease of " + url.place() + ": " + holder + " holds it.",
        "Nothing was changed.",
        "Wait until the other run has ended; a lease ends with its session.");
  }

  @Override
  public SourceIdentity identity() {
    return identity;
  }

  @Override
  public Writer openWriter(Pace pace) {
    return new PostgresWriter(session, shapes, pid);
  }

  @Override
  public void confirm() {
    String holder;
    try {
      holder = session.text(HOLDING);
    } catch (SQLException e) {
      throw Failures.reading(e, session.attempt("Cannot confirm the lease", null, ""));
    }
    if (!holder.equals(pid)) {
      throw new TidelineException(
          ErrorCode.LEASE_LOST,
          "Lost the lease: the session no longer holds its advisory lock.",
          "Nothing was changed since; what was sealed is safe.",
          "Find out what released it, then run again.");
    }
  }

  @Override
  public void close() {
    try {
      if (!session.closed() && session.connection().getAutoCommit()) {
        session.text(GIVE);
      }
    } catch (SQLException e) {
      // The lock ends with the session, which is lost or closed below.
      return;
    } finally {
      session.close();
    }
  }
}
