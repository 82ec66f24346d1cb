package io.tideline.postgresql;

import io.tideline.dialect.IndexTask;
import io.tideline.health.Figures;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs a long statement of an index, tells how far it is by the server's own view of builds, and
 * cancels it when somebody wants it to end.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/progress-reporting.html#CREATE-INDEX-PROGRESS-REPORTING">Progress
 *     of CREATE INDEX</a>
 */
final class WatchedBuild {
  private static final long LOOK_NANOS = 100_000_000;

  /** The server is asked at every so manieth look. */
  private static final int ASKED = 5;

  private final Session session;
  private final Session watching;
  private final IndexTask task;
  private final String name;
  private volatile boolean working;
  private volatile String blocker = "";
  private String phase = "";
  private long phaseBegan;
  private double phaseBegun;

  /**
   * @param session works
   * @param watching another session, idle meanwhile
   */
  WatchedBuild(Session session, Session watching, IndexTask task, String name) {
    this.session = session;
    this.watching = watching;
    this.task = task;
    this.name = name;
  }

  /** Who was waited for last; empty if nobody was. */
  String blocker() {
    return blocker;
  }

  void execute(String sql) throws SQLException {
    String pid = session.text("SELECT pg_catalog.pg_backend_pid()");
    try (Statement statement = session.statement()) {
      Thread watch = new Thread(() -> watch(statement, pid), "tideline-index");
      watch.setDaemon(true);
      working = true;
      watch.start();
      try {
        statement.execute(sql);
      } finally {
        working = false;
        LockSupport.unpark(watch);
        join(watch);
      }
    }
  }

  private static void join(Thread watch) {
    try {
      watch.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch(Statement statement, String pid) {
    for (int look = 1; working; look++) {
      try {
        if (task.stopping().getAsBoolean()) {
          statement.cancel();
        } else if (look % ASKED == 0) {
          tell(pid);
        }
      } catch (SQLException e) {
        return; // the statement ends by itself, or says what is wrong
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private void tell(String pid) throws SQLException {
    String told = "";
    try (Statement statement = watching.statement();
        ResultSet row = statement.executeQuery(IndexSql.PROGRESS.formatted(pid))) {
      if (row.next()) {
        told = progress(row);
      }
    }
    if (blocker.isEmpty() || !told.contains(blocker)) {
      try (Statement statement = watching.statement();
          ResultSet row = statement.executeQuery(IndexSql.WAITING.formatted(pid))) {
        if (row.next()) {
          blocker = who(row, "pid");
          told = told.isEmpty() ? name + ": waiting for " + blocker : told + ", for " + blocker;
        }
      }
    }
    if (!told.isEmpty()) {
      task.listener().at(told, 0, 0);
    }
  }

  private String progress(ResultSet row) throws SQLException {
    String now = String.valueOf(row.getString("phase"));
    double share = share(row);
    if (!now.equals(phase)) {
      phase = now;
      phaseBegan = System.nanoTime();
      phaseBegun = Math.max(0, share);
    }
    StringBuilder told = new StringBuilder(name).append(": ").append(now);
    if (share >= 0) {
      told.append(' ').append(Math.round(share * 100)).append(" %").append(left(share));
    }
    if (row.getLong("locker") > 0) {
      blocker = who(row, "locker");
      told.append(", for ").append(blocker);
    }
    return told.toString();
  }

  /** How much of the phase is done; negative if nobody counts. */
  private static double share(ResultSet row) throws SQLException {
    for (String what : new String[] {"tuples", "blocks", "lockers"}) {
      long total = row.getLong(what + "_total");
      if (total > 0) {
        return Math.min(1, (double) row.getLong(what + "_done") / total);
      }
    }
    return -1;
  }

  private String left(double share) {
    double done = share - phaseBegun;
    if (done <= 0.01 || share >= 1) {
      return "";
    }
    double seconds = (System.nanoTime() - phaseBegan) / 1e9 * (1 - share) / done;
    return ", about " + Figures.duration(Duration.ofSeconds((long) Math.ceil(seconds))) + " left";
  }

  private static String who(ResultSet row, String pid) throws SQLException {
    long number = row.getLong(pid);
    if (number == 0) {
      return "a prepared transaction";
    }
    String who = row.getString("who");
    String state = row.getString("state");
    double open = row.getDouble("open");
    return "session "
        + number
        + (who == null || who.isEmpty() ? "" : " (" + who + ")")
        + (state == null || state.isEmpty() ? "" : ", " + state)
        + (open >= 1 ? " for " + Figures.duration(Duration.ofSeconds((long) open)) : "");
  }
}
