package io.tideline.sqlite;

import io.tideline.dialect.UnseenException;
import java.sql.SQLException;
import java.time.Duration;

/** Asks questions over a connection, and interrupts them when they take too long. */
final class Watched {
  /** How long a question may take that nobody asked for by name. */
  static final Duration USUAL = Duration.ofSeconds(5);

  /** What was asked for by name may read the whole file. */
  static final Duration LONG = Duration.ofHours(6);

  private final Session session;
  private final Duration limit;

  Watched(Session session, Duration limit) {
    this.session = session;
    this.limit = limit;
  }

  /** A question. */
  interface Question<T> {
    T ask(Session session) throws SQLException;
  }

  /**
   * Asks.
   *
   * @throws UnseenException if there is no answer in time, or none that can be had
   */
  <T> T ask(Question<T> question) {
    try (Alarm alarm = new Alarm(session.db(), limit)) {
      return question.ask(session);
    } catch (SQLException e) {
      throw told(e);
    }
  }

  private RuntimeException told(SQLException e) {
    return switch (Failures.primary(e)) {
      case SQLITE_INTERRUPT ->
          new UnseenException("it took longer than " + limit.toSeconds() + " s", e);
      case SQLITE_BUSY, SQLITE_LOCKED ->
          new UnseenException("another process held the file locked for longer than 50 ms", e);
      case SQLITE_CORRUPT, SQLITE_NOTADB ->
          new UnseenException("the file is damaged there; look with --integrity", e);
      case SQLITE_ERROR -> new UnseenException("SQLite says: " + Failures.reason(e), e);
      default -> Failures.reading("Cannot inspect " + session.file().path(), e);
    };
  }
}
