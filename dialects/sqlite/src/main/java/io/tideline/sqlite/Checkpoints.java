package io.tideline.sqlite;

import io.tideline.policy.Pace;
import io.tideline.policy.Strain;
import java.io.File;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import org.sqlite.SQLiteErrorCode;

/**
 * Keeps the write-ahead log short. A PASSIVE checkpoint waits for nobody; the log is used from its
 * beginning again once all of it is copied and nobody reads an old state. Where readers follow each
 * other without a gap that never happens by itself: then one is asked to wait a moment.
 *
 * @see <a href="https://sqlite.org/pragma.html#pragma_wal_checkpoint">PRAGMA wal_checkpoint</a>
 */
final class Checkpoints {
  /** How long writers may be kept out while the last reader of an old state ends. */
  private static final int MOMENT_MILLIS = 20;

  /** How often the log is looked at by the clock, whatever is written. */
  private static final long BETWEEN = 250_000_000;

  /** Offline a log may grow for longer: what is written to a page twice is then copied once. */
  private static final long BETWEEN_OFFLINE = 5_000_000_000L;

  private final Session session;
  private long pageSize;
  private long pages;
  private long last = System.nanoTime();
  private Optional<Strain> known = Optional.empty();

  Checkpoints(Session session) {
    this.session = session;
  }

  /**
   * What a checkpoint found.
   *
   * @param pages pages in the log
   * @param copied how many of them are in the database
   */
  private record Found(long pages, long copied) {}

  /**
   * Copies what can be copied, before a transaction that follows at once. Other connections
   * checkpoint within a commit of theirs as soon as the log has 1,000 pages: it never should. And
   * whoever writes first after a checkpoint begins the log anew, which syncs its header: better we.
   */
  void beforeTransaction() {
    checkpoint("PASSIVE");
  }

  /**
   * Copies what can be copied, if it is time to.
   *
   * @return that the log is over its limit and somebody holds it
   */
  Optional<Strain> relax(Pace pace) {
    long between = pace.offline() ? BETWEEN_OFFLINE : BETWEEN;
    boolean over = bytes(pages) > pace.log();
    if (known.isPresent() || over || System.nanoTime() - last > between) {
      known = look(pace);
      last = System.nanoTime();
    }
    return known;
  }

  private Optional<Strain> look(Pace pace) {
    Optional<Found> found = checkpoint("PASSIVE");
    if (found.isEmpty() || bytes(found.get().pages()) <= pace.log()) {
      return Optional.empty();
    }
    Optional<Found> again = briefly("RESTART");
    boolean restarted = again.filter(each -> each.pages() == each.copied()).isPresent();
    if (restarted) {
      return Optional.empty(); // the next commit begins at the log's beginning
    }
    return Optional.of(
        new Strain(
            Strain.Cause.LOG,
            String.format(
                Locale.ROOT,
                "the write-ahead log has %.1f MB, over %.1f MB, and a reader of an old state holds"
                    + " it",
                bytes(found.get().pages()) / 1e6,
                pace.log() / 1e6)));
  }

  /** Cuts the log to nothing. @return why it is not cut; empty if it is */
  Optional<String> cut() {
    Optional<Found> found = briefly("TRUNCATE");
    if (found.isPresent()) {
      return Optional.empty();
    }
    // Where another checkpoint is under way, only the length of the file tells.
    long left =
        checkpoint("PASSIVE")
            .map(each -> bytes(each.pages()))
            .orElseGet(new File(place() + "-wal")::length);
    return Optional.of(left)
        .filter(bytes -> bytes > 0)
        .map(
            bytes ->
                String.format(
                    Locale.ROOT,
                    "The write-ahead log keeps its %.1f MB until nobody reads an old state.",
                    bytes / 1e6));
  }

  /** As {@link #checkpoint}, but waits for others for a moment only. */
  private Optional<Found> briefly(String kind) {
    try {
      String usual = session.pragma("busy_timeout");
      session.execute("PRAGMA busy_timeout=" + MOMENT_MILLIS);
      try {
        return checkpoint(kind);
      } finally {
        session.execute("PRAGMA busy_timeout=" + usual);
      }
    } catch (SQLException e) {
      throw Failures.reading("Cannot set how long to wait for " + place(), e);
    }
  }

  /** Empty if another one was under way, or others held it up: the next call goes on. */
  private Optional<Found> checkpoint(String kind) {
    try {
      String[] row = session.strings("PRAGMA main.wal_checkpoint(" + kind + ")").get(0);
      boolean busy = !row[0].equals("0");
      if (busy || Long.parseLong(row[1]) < 0) {
        return Optional.empty();
      }
      pages = Long.parseLong(row[1]);
      return Optional.of(new Found(pages, Long.parseLong(row[2])));
    } catch (SQLException e) {
      if (Failures.primary(e) != SQLiteErrorCode.SQLITE_BUSY
          && Failures.primary(e) != SQLiteErrorCode.SQLITE_LOCKED) {
        throw Failures.reading("Cannot checkpoint the log of " + place(), e);
      }
      return Optional.empty();
    }
  }

  private long bytes(long pages) {
    if (pageSize == 0) {
      try {
        pageSize = Long.parseLong(session.pragma("page_size"));
      } catch (SQLException e) {
        throw Failures.reading("Cannot read the page size of " + place(), e);
      }
    }
    return pages * pageSize;
  }

  private String place() {
    return session.file().path().toString();
  }
}
