package io.tideline.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** An application in a JVM of its own that stores traces as before the migration. */
final class OldTraceWriter implements AutoCloseable {
  /** What its ids begin with. */
  static final String PREFIX = "w-";

  private static final int SESSIONS = 400;

  private final Process process;

  OldTraceWriter(Path database) throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                OldTraceWriter.class.getName(),
                database.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
  }

  /** Waits until it has written. */
  void awaitFirst() throws IOException {
    process.getInputStream().read();
  }

  /** Ends it. @return its exit code, 0 unless a statement failed */
  int end() throws IOException, InterruptedException {
    process.getOutputStream().close();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("The writer does not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** The other JVM: writes until its input ends. */
  public static void main(String[] arguments) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + arguments[0]);
        Statement settings = connection.createStatement()) {
      settings.execute("PRAGMA foreign_keys = ON");
      settings.execute("PRAGMA busy_timeout = 30000");
      connection.setAutoCommit(false);
      try (PreparedStatement trace =
              connection.prepareStatement(
                  "INSERT INTO traces VALUES (?, 'tool_call', 'prod', '{}', NULL, ?, ?)");
          PreparedStatement place =
              connection.prepareStatement(
                  "INSERT INTO trace_sessions (trace_id, session_uid) VALUES (?, ?)")) {
        write(connection, trace, place);
      }
    }
  }

  private static void write(Connection connection, PreparedStatement trace, PreparedStatement place)
      throws SQLException, IOException, InterruptedException {
    double now = Instant.now().getEpochSecond();
    Thread ending = new Thread(OldTraceWriter::awaitEnd);
    ending.start();
    for (int i = 0; ending.isAlive(); i++) {
      trace.setString(1, PREFIX + i);
      trace.setDouble(2, now + i * 0.25);
      trace.setDouble(3, now + i * 0.25);
      trace.executeUpdate();
      place.setString(1, PREFIX + i);
      place.setString(2, "session-" + i * 7 % SESSIONS);
      place.executeUpdate();
      connection.commit();
      if (i == 0) {
        System.out.write('.');
        System.out.flush();
      }
      Thread.sleep(10);
    }
  }

  private static void awaitEnd() {
    try {
      while (System.in.read() >= 0) {}
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
