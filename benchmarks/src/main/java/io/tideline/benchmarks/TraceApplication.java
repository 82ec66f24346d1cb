package io.tideline.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;

/**
 * An application in a process of its own that stores a trace every ten milliseconds, as before the
 * migration. See {@link Lags}.
 */
public final class TraceApplication {
  /** Far above the numbers of the store. */
  private static final int FIRST = 500_000_000;

  private static final long EVERY = 10_000_000;

  private TraceApplication() {}

  /** Runs beside others until its input ends. */
  public static void main(String[] arguments) throws IOException {
    Lags lags = new Lags();
    Lags.start("writer", () -> write(Path.of(arguments[0]), lags));
    lags.listen();
  }

  private static void write(Path file, Lags lags) throws SQLException {
    try (TraceStore.Inserts inserts = new TraceStore.Inserts(file, "session-live", false, FIRST)) {
      long due = System.nanoTime();
      while (true) {
        LockSupport.parkNanos(due - System.nanoTime());
        try {
          inserts.insert(1);
        } catch (SQLException e) {
          lags.failed();
        }
        lags.done(System.nanoTime() - due);
        due += EVERY;
      }
    }
  }
}
