package io.tideline.testkit.maintenance;

import io.tideline.testkit.SqliteTestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/** Changes two databases in the same way, all the time, from a thread of its own. */
final class Changes implements AutoCloseable {
  private final AtomicBoolean ended = new AtomicBoolean();
  private final Random random;
  private final Thread thread;
  private volatile int done;
  private volatile String failure = "";

  Changes(long seed, SqliteTestDatabase... databases) {
    this.random = new Random(seed);
    this.thread = new Thread(() -> change(databases), "changes");
    thread.start();
  }

  private void change(SqliteTestDatabase... databases) {
    try (Connection one = databases[0].connect();
        Connection other = databases[1].connect()) {
      while (!ended.get()) {
        List<String> statements = statements();
        apply(one, statements);
        apply(other, statements);
        done++;
        Thread.sleep(2);
      }
    } catch (SQLException | InterruptedException e) {
      failure = e.toString();
    }
  }

  private static void apply(Connection connection, List<String> statements) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
    connection.commit();
  }

  /** One transaction: new rows, changed rows and keys, deleted rows, upserts, over all tables. */
  private List<String> statements() {
    int i = random.nextInt(700);
    int j = random.nextInt(700);
    return switch (random.nextInt(8)) {
      case 0 -> List.of("REPLACE INTO ids VALUES (" + i + ", 'new', zeroblob(" + j + "))");
      case 1 -> List.of("DELETE FROM ids WHERE id BETWEEN " + i + " AND " + (i + 3));
      case 2 -> List.of("UPDATE OR REPLACE ids SET id = " + j + " WHERE id = " + i);
      case 3 ->
          List.of(
              "INSERT INTO texts (k, v) VALUES ('k"
                  + i
                  + "', 1) ON CONFLICT (k) DO UPDATE SET v = v + 1",
              "INSERT OR IGNORE INTO shown VALUES ('s" + j + "', 1.0)");
      case 4 ->
          List.of(
              "UPDATE OR IGNORE pairs SET a = a + 1 WHERE b = 'b" + i + "'",
              "DELETE FROM pairs WHERE b = 'b" + j + "'");
      case 5 ->
          List.of(
              "INSERT INTO counted (v) VALUES ('c')",
              "DELETE FROM counted WHERE id = (SELECT max(id) FROM counted)");
      case 6 ->
          List.of(
              "UPDATE folded SET k = upper(k) WHERE k = 'key" + i + "'",
              "UPDATE folded SET v = " + j + " WHERE k = 'key" + j + "'");
      default ->
          List.of(
              "UPDATE exact SET v = v || 'x' WHERE id = " + i,
              "UPDATE derived SET v = v + 1 WHERE id = " + j);
    };
  }

  /** How many transactions there were. */
  int done() {
    return done;
  }

  /** Ends it; fails if a change failed. */
  @Override
  public void close() {
    ended.set(true);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!failure.isEmpty()) {
      throw new AssertionError(failure);
    }
  }
}
