package io.tideline.testkit;

import static io.tideline.testkit.TestDatabase.quote;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An application at work: a thread that inserts fresh rows, changes rows and deletes rows of a
 * random table with plain JDBC, and remembers what it committed.
 */
public final class Traffic implements AutoCloseable {
  private final TestDatabase database;
  private final RandomTable table;
  private final RandomRows rows;
  private final Random random;
  private final List<String> tags;
  private final Map<String, String> last = new TreeMap<>();
  private final Set<String> deleted = new HashSet<>();
  private final Thread thread;
  private final String rowText;
  private volatile boolean stopped;
  private volatile @Nullable Throwable failure;
  private long commits;

  private Traffic(
      TestDatabase database, RandomTable table, RandomRows rows, List<String> tags, long seed) {
    this.database = database;
    this.table = table;
    this.rows = rows;
    this.tags = new ArrayList<>(tags);
    this.random = new Random(seed);
    this.rowText = database.rowText(database.columns(table.name()));
    this.thread = new Thread(this::work, "traffic");
  }

  /**
   * Starts traffic.
   *
   * @param rows makes the rows it inserts; no one else may use it meanwhile
   * @param tags the tags of the rows that are there
   */
  public static Traffic start(
      TestDatabase database, RandomTable table, RandomRows rows, List<String> tags, long seed) {
    Traffic traffic = new Traffic(database, table, rows, tags, seed);
    traffic.thread.start();
    return traffic;
  }

  /** Ends it; afterwards the other methods may be called. */
  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw new IllegalStateException("The traffic failed: " + failure.getMessage(), failure);
    }
  }

  /**
   * Rows it inserted or changed last, as exact text, by tag; those it deleted are not among them.
   */
  public Map<String, String> last() {
    return last;
  }

  /** The tags of rows that it deleted. */
  public Set<String> deleted() {
    return deleted;
  }

  /** How many transactions it committed. */
  public long commits() {
    return commits;
  }

  private void work() {
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      while (!stopped) {
        step(connection);
        Thread.sleep(2);
      }
    } catch (SQLException | RuntimeException e) {
      failure = e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void step(Connection connection) throws SQLException {
    int kind = random.nextInt(4);
    try {
      if (kind == 0) {
        insert(connection);
      } else if (kind == 1) {
        delete(connection);
      } else {
        update(connection);
      }
      commits++;
    } catch (SQLException e) {
      connection.rollback();
      // Another's lock is part of an application's life: SQLITE_BUSY, deadlock, serialization.
      boolean busy = e.getErrorCode() == 5 || "40P01".equals(e.getSQLState());
      if (!busy) {
        throw e;
      }
    }
  }

  private void insert(Connection connection) throws SQLException {
    RandomRow row = rows.fresh();
    run(connection, table.insert(List.of(row)), "");
    String now = text(connection, row.tag()).orElseThrow();
    connection.commit();
    tags.add(row.tag());
    last.put(row.tag(), now);
  }

  private void delete(Connection connection) throws SQLException {
    String tag = ValuePool.pick(tags, random);
    int gone = run(connection, "DELETE FROM " + quote(table.name()) + " WHERE tag = ?", tag);
    connection.commit();
    if (gone > 0) {
      deleted.add(tag);
      last.remove(tag);
    }
  }

  private void update(Connection connection) throws SQLException {
    String tag = ValuePool.pick(tags, random);
    String sql =
        "UPDATE %s SET grp = %d WHERE tag = ?"
            .formatted(quote(table.name()), 10 + random.nextInt(1_000_000));
    int changed = run(connection, sql, tag);
    Optional<String> now = text(connection, tag);
    connection.commit();
    if (changed > 0) {
      last.put(tag, now.orElseThrow());
    }
  }

  private static int run(Connection connection, String sql, String tag) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      if (!tag.isEmpty()) {
        statement.setString(1, tag);
      }
      return statement.executeUpdate();
    }
  }

  private Optional<String> text(Connection connection, String tag) throws SQLException {
    String sql = "SELECT %s FROM %s WHERE tag = '%s'".formatted(rowText, quote(table.name()), tag);
    return TestDatabase.query(connection, sql).stream().findFirst();
  }
}
