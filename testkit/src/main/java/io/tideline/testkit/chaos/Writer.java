package io.tideline.testkit.chaos;

import static io.tideline.testkit.TestDatabase.quote;

import io.tideline.testkit.TestDatabase;
import io.tideline.testkit.chaos.audit.Book;
import io.tideline.testkit.chaos.audit.LiveRows;
import io.tideline.testkit.chaos.audit.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * An application at work: it inserts, changes and deletes rows in trees of its own, and notes in
 * the book what it knows of them.
 */
final class Writer implements AutoCloseable {
  private static final long DAY = Duration.ofDays(1).toMillis();

  private final TestDatabase database;
  private final Shape shape;
  private final Book book;
  private final Random random;
  private final Values values;
  private final LiveRows reader;
  private final int number;
  private final List<Row> rows = new ArrayList<>();
  private final Thread thread;
  private volatile boolean stopped;
  private volatile @Nullable Throwable failure;
  private long made;
  private long commits;

  /** A row that it wrote once. */
  private record Row(Table table, Object key, String root) {}

  /** A transaction: what it did, for the book. */
  private record Done(List<Book.Change> changes, List<Row> inserted) {
    Done() {
      this(new ArrayList<>(), new ArrayList<>());
    }
  }

  Writer(TestDatabase database, Shape shape, Book book, int number, long seed) {
    this.database = database;
    this.shape = shape;
    this.book = book;
    this.number = number;
    this.random = new Random(seed);
    this.values = new Values(shape.product(), random);
    this.reader = new LiveRows(shape.product());
    this.thread = new Thread(this::work, "writer-" + number);
  }

  /** Writes the first trees, in one transaction. */
  void fill(int trees) {
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      Done done = new Done();
      for (int i = 0; i < trees; i++) {
        tree(connection, done);
      }
      commit(connection, done);
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot fill: " + e.getMessage(), e);
    }
  }

  void start() {
    thread.start();
  }

  /** How many transactions were answered. */
  long commits() {
    return commits;
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw new IllegalStateException("A writer failed: " + failure, failure);
    }
  }

  private void work() {
    try {
      while (!stopped) {
        try (Connection connection = database.connect()) {
          connection.setAutoCommit(false);
          while (!stopped) {
            step(connection);
            Thread.sleep(4);
          }
        } catch (SQLException e) {
          // Its connection broke, or the server is away: it connects again, as applications do.
          Thread.sleep(50);
        }
      }
    } catch (RuntimeException e) {
      failure = e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void step(Connection connection) throws SQLException {
    Done done = new Done();
    try {
      int kind = random.nextInt(10);
      if (kind < 3 || rows.isEmpty()) {
        tree(connection, done);
      } else {
        Row row = rows.get(random.nextInt(rows.size()));
        if (kind < 8) {
          update(connection, row, done);
        } else if (kind < 9) {
          delete(connection, row.table(), row.key(), row.root(), done);
        } else {
          children(connection, row, done);
        }
      }
    } catch (SQLException e) {
      connection.rollback(); // not answered to if the connection is lost: then it is undone too
      if (!everyday(e)) {
        throw e;
      }
      return;
    }
    commit(connection, done);
  }

  private void commit(Connection connection, Done done) throws SQLException {
    boolean certain = false;
    boolean undone = false;
    try {
      connection.commit();
      certain = true;
      commits++;
    } catch (SQLException e) {
      undone = everyday(e);
      connection.rollback();
      if (!undone) {
        throw e;
      }
    } finally {
      if (!undone) {
        book.note(done.changes(), certain);
        rows.addAll(done.inserted());
      }
    }
  }

  /** Another's lock, a parent that went: the transaction did nothing. */
  private static boolean everyday(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    boolean sqlite = e.getErrorCode() == 5 || e.getErrorCode() == 19;
    return sqlite || state.startsWith("23") || state.startsWith("40") || state.equals("55P03");
  }

  private void tree(Connection connection, Done done) throws SQLException {
    Table root = shape.tables().get(0);
    Row row = insert(connection, root, null, "", done);
    if (random.nextInt(3) > 0) {
      children(connection, row, done);
    }
  }

  private void children(Connection connection, Row row, Done done) throws SQLException {
    for (Table table : shape.children(row.table())) {
      for (int i = random.nextInt(3); i > 0; i--) {
        Row child = insert(connection, table, row.key(), row.root(), done);
        if (random.nextBoolean()) {
          children(connection, child, done);
        }
      }
    }
  }

  private Row insert(
      Connection connection, Table table, @Nullable Object parent, String root, Done done)
      throws SQLException {
    long id = ++made * 8 + number;
    Object key = shape.textKeys() ? "k-" + Long.toString(id * 7_919, 36) + "-" + id : (Object) id;
    long at = at();
    try (PreparedStatement statement = connection.prepareStatement(values.insert(table))) {
      statement.setObject(1, key);
      if (parent != null) {
        statement.setObject(2, parent);
      }
      values.bind(statement, parent == null ? 2 : 3, table, at);
      statement.executeUpdate();
    }
    Row row = new Row(table, key, parent == null ? LiveRows.keyText(key) : root);
    done.inserted().add(row);
    note(connection, row, at, done);
    return row;
  }

  /** Half of the rows are expired when they come: each run finds work. */
  private long at() {
    int days = random.nextBoolean() ? 31 + random.nextInt(60) : random.nextInt(29);
    return (System.currentTimeMillis() - days * DAY - random.nextInt(1 << 26)) / 1000 * 1000;
  }

  private void update(Connection connection, Row row, Done done) throws SQLException {
    long at = at();
    try (PreparedStatement statement = connection.prepareStatement(values.update(row.table()))) {
      int next = values.bind(statement, 1, row.table(), at);
      statement.setObject(next, row.key());
      if (statement.executeUpdate() == 0) {
        return;
      }
    }
    note(connection, row, at, done);
  }

  private void note(Connection connection, Row row, long at, Done done) throws SQLException {
    String text = reader.one(connection, row.table(), row.key()).orElseThrow();
    String key = LiveRows.keyText(row.key());
    Optional<Book.Version> version = Optional.of(new Book.Version(text, at));
    done.changes().add(new Book.Change(row.table().name(), key, row.root(), version));
  }

  /** A row with all that refers to it, the last first. */
  private void delete(Connection connection, Table table, Object key, String root, Done done)
      throws SQLException {
    for (Table child : shape.children(table)) {
      for (Object each : keys(connection, child, key)) {
        delete(connection, child, each, root, done);
      }
    }
    String sql = "DELETE FROM " + quote(table.name()) + " WHERE id = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, key);
      if (statement.executeUpdate() == 0) {
        return;
      }
    }
    String name = LiveRows.keyText(key);
    done.changes().add(new Book.Change(table.name(), name, root, Optional.empty()));
  }

  private List<Object> keys(Connection connection, Table table, Object parent) throws SQLException {
    String sql = "SELECT id FROM " + quote(table.name()) + " WHERE up = ?";
    List<Object> keys = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, parent);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          keys.add(shape.textKeys() ? result.getString(1) : (Object) result.getLong(1));
        }
      }
    }
    return keys;
  }
}
