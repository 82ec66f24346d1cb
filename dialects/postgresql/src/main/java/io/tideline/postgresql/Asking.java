package io.tideline.postgresql;

import io.tideline.dialect.UnseenException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Asks the server's own views, within the session's limits of time. */
final class Asking {
  private final Session session;
  private final int version;

  /**
   * @param version the server's major version
   */
  Asking(Session session, int version) {
    this.session = session;
    this.version = version;
  }

  /** What a row of an answer is made into. */
  interface Reading<T> {
    T of(ResultSet row) throws SQLException;
  }

  Session session() {
    return session;
  }

  /** Whether the server is of a major version or later. */
  boolean since(int major) {
    return version >= major;
  }

  /**
   * The rows of an answer.
   *
   * @throws UnseenException if the server gives none to this role, or not in time
   */
  <T> List<T> rows(String sql, Reading<T> reading) {
    try (Statement statement = session.statement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<T> all = new ArrayList<>();
      while (rows.next()) {
        all.add(reading.of(rows));
      }
      return all;
    } catch (SQLException e) {
      throw told(e);
    }
  }

  /** The first value of the first row as text; empty if there is none. */
  String text(String sql) {
    try {
      return session.text(sql);
    } catch (SQLException e) {
      throw told(e);
    }
  }

  /** Why there was no answer. */
  RuntimeException told(SQLException e) {
    String state = Failures.state(e);
    if (state.equals("42501")) {
      return new UnseenException("not visible to this role: " + Failures.words(e), e);
    }
    if (state.equals("57014")) {
      return new UnseenException("it took longer than " + PostgresExaminer.SECONDS + " s", e);
    }
    if (state.equals("55P03")) {
      return new UnseenException("another session held a lock for longer than 50 ms", e);
    }
    if (state.startsWith("42") || state.equals("55000") || state.equals("0A000")) {
      return new UnseenException("the server says: " + Failures.words(e), e);
    }
    return Failures.reading(e, session.attempt("Cannot inspect the server", null, ""));
  }
}
