package io.tideline.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * An application in a process of its own: inserts a row every ten milliseconds, and reads the
 * newest rows of an account all the time. Told {@code begin} it counts anew, told {@code end} it
 * says how late its inserts were done.
 */
public final class Application {
  private static final long EVERY = 10_000_000;
  private static final int MOST = 1_000_000;

  /** Far above the keys of the table. */
  private static final int FIRST_KEY = 1_000_000_000;

  private final Path file;
  private final RequestTable table = new RequestTable(1, 0, Instant.now(), false);
  private final long[] lags = new long[MOST];
  private final AtomicLong busy = new AtomicLong();
  private final AtomicLong reads = new AtomicLong();
  private int writes;

  private Application(Path file) {
    this.file = file;
  }

  /** Runs beside others until its input ends. */
  public static void main(String[] arguments) throws IOException {
    new Application(Path.of(arguments[0])).listen();
  }

  private void listen() throws IOException {
    start("writer", this::write);
    start("reader", this::read);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(line.equals("begin") ? begin() : end());
    }
  }

  private static void start(String name, Times.Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (Exception e) {
                e.printStackTrace();
                System.exit(1);
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  private synchronized String begin() {
    writes = 0;
    busy.set(0);
    reads.set(0);
    return "begun";
  }

  private synchronized String end() {
    long[] sorted = Arrays.copyOf(lags, writes);
    Arrays.sort(sorted);
    return String.format(
        Locale.ROOT,
        "%d %.2f %.2f %.2f %d %d",
        writes,
        at(sorted, 0.5),
        at(sorted, 0.99),
        at(sorted, 1),
        busy.get(),
        reads.get());
  }

  private static double at(long[] sorted, double share) {
    return sorted.length == 0
        ? 0
        : sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)] / 1e6;
  }

  private synchronized void done(long lag) {
    if (writes < MOST) {
      lags[writes++] = lag;
    }
  }

  private Connection connect() throws SQLException {
    Connection connection = SqliteStore.connect(file);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 5000");
      statement.execute("PRAGMA synchronous = NORMAL");
    }
    return connection;
  }

  private void write() throws SQLException {
    try (Connection connection = connect();
        PreparedStatement insert = connection.prepareStatement(RequestTable.INSERT)) {
      long due = System.nanoTime();
      for (int key = FIRST_KEY; ; key++) {
        Object[] row = table.row(1);
        row[0] = (long) key;
        LockSupport.parkNanos(due - System.nanoTime());
        try {
          RequestTable.bind(insert, row);
          insert.executeUpdate();
        } catch (SQLException e) {
          busy.incrementAndGet();
        }
        done(System.nanoTime() - due);
        due += EVERY;
      }
    }
  }

  private void read() throws SQLException {
    String sql =
        "SELECT * FROM request_logs WHERE account_id = ? ORDER BY requested_at DESC LIMIT 50";
    try (Connection connection = connect();
        PreparedStatement select = connection.prepareStatement(sql)) {
      while (true) {
        select.setObject(1, table.row(1)[1]);
        try (ResultSet rows = select.executeQuery()) {
          while (rows.next()) {
            rows.getLong(1);
          }
          reads.incrementAndGet();
        } catch (SQLException e) {
          busy.incrementAndGet();
        }
        LockSupport.parkNanos(EVERY / 2);
      }
    }
  }
}
