package io.tideline.sqlite;

import io.tideline.dialect.ReclaimTask;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.sqlite.SQLiteErrorCode;

/**
 * Cuts a write-ahead log off in short steps. Cutting hundreds of megabytes at once keeps writers
 * out for half a second. So all is copied into the database first, which keeps nobody out; then the
 * log is begun anew by commits that change nothing, each of which cuts it to a lower limit.
 *
 * @see <a href="https://sqlite.org/pragma.html#pragma_journal_size_limit">journal_size_limit</a>
 */
final class LogCut {
  private static final Duration TARGET = Duration.ofMillis(10);
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final int MOMENT_MILLIS = 20;

  /** As often a gap is looked for that a writer leaves by itself. */
  private static final int ASKED = 3;

  private static final long FIRST = 32L << 20;
  private static final long LEAST = 4L << 20;
  private static final long MOST = 256L << 20;

  /** What writers may have added to a log that was cut. */
  private static final long SLACK = 1L << 20;

  private final Session session;
  private final ReclaimTask task;
  private long since = System.nanoTime();
  private long lastHeld;

  LogCut(Session session, ReclaimTask task) {
    this.session = session;
    this.task = task;
  }

  /**
   * Cuts the log.
   *
   * @return what could not be done; empty if all is well
   */
  List<String> cut() {
    long first = session.file().logBytes();
    try {
      checkpoint(session, "PASSIVE");
      long step = FIRST;
      for (long left = first; left > step; left = session.file().logBytes()) {
        if (!cutTo(left - step) || session.file().logBytes() >= left) {
          return held();
        }
        since = System.nanoTime();
        step = Rests.sized(step, lastHeld, TARGET, LEAST, MOST);
        task.listener().at("cutting the log", first - left, first);
      }
      session.execute("PRAGMA main.journal_size_limit=-1");
      return cutWhole() ? List.of() : held();
    } catch (SQLException e) {
      throw Failures.reading("Cannot cut the log of " + session.file().path(), e);
    }
  }

  private boolean cutWhole() throws SQLException {
    while (new Checkpoints(session).cut().isPresent()) {
      if (!patient()) {
        return false;
      }
      Rests.sleep(Duration.ofMillis(MOMENT_MILLIS));
      checkpoint(session, "PASSIVE");
    }
    return true;
  }

  /**
   * Begins the log anew, cut to a length. That takes a moment in which all of it is copied and
   * nobody reads an old state; where writers leave none, they are made to wait for it briefly.
   */
  private boolean cutTo(long bytes) throws SQLException {
    session.execute("PRAGMA main.journal_size_limit=" + Math.max(1, bytes));
    for (int tries = 0; session.file().logBytes() > bytes + SLACK; tries++) {
      if (tries > 0 && !patient()) {
        return false;
      }
      checkpoint(session, "PASSIVE");
      if (tries >= ASKED) {
        session.execute("PRAGMA busy_timeout=" + MOMENT_MILLIS);
        checkpoint(session, "RESTART");
        session.execute("PRAGMA busy_timeout=" + Session.BUSY_SECONDS * 1000);
      }
      long began = System.nanoTime();
      touch();
      lastHeld = System.nanoTime() - began;
      Rests.after(lastHeld, task);
    }
    return true;
  }

  /** Another process's checkpoint answers 1|-1|-1, readers leave some to copy: tried again. */
  static void checkpoint(Session session, String kind) throws SQLException {
    try {
      session.strings("PRAGMA main.wal_checkpoint(" + kind + ")");
    } catch (SQLException e) {
      requireBusy(e);
    }
  }

  /** A commit that writes the header's page as it is. */
  private void touch() throws SQLException {
    try {
      session.execute("BEGIN IMMEDIATE");
      session.execute("PRAGMA main.user_version=" + session.pragma("user_version"));
      session.execute("COMMIT");
    } catch (SQLException e) {
      requireBusy(e);
    }
  }

  private static void requireBusy(SQLException e) throws SQLException {
    if (Failures.primary(e) != SQLiteErrorCode.SQLITE_BUSY
        && Failures.primary(e) != SQLiteErrorCode.SQLITE_LOCKED) {
      throw e;
    }
  }

  private boolean patient() {
    return System.nanoTime() - since < PATIENCE.toNanos() && !task.stopping().getAsBoolean();
  }

  private List<String> held() {
    long bytes = session.file().logBytes();
    return Optional.of(bytes).filter(left -> left > 0).stream()
        .map(
            left ->
                String.format(
                    Locale.ROOT,
                    "The write-ahead log keeps its %.1f MB until nobody reads an old state; then"
                        + " `tideline reclaim --way checkpoint` cuts it.",
                    left / 1e6))
        .toList();
  }
}
