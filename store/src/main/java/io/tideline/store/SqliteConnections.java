package io.tideline.store;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** One writer and a pool of readers on a file in WAL mode. */
final class SqliteConnections implements Connections {
  private final String name;
  private final SqliteSettings settings;
  private final SqliteConnection writer;
  private final ReentrantLock writing = new ReentrantLock(true);
  private final BlockingDeque<SqliteConnection> idle = new LinkedBlockingDeque<>();

  private SqliteConnections(String name, SqliteSettings settings, SqliteConnection writer) {
    this.name = name;
    this.settings = settings;
    this.writer = writer;
  }

  static SqliteConnections open(
      Path file, String name, SqliteSettings settings, MeterRegistry registry) throws SQLException {
    List<SqliteConnection> opened = new ArrayList<>();
    try {
      SqliteConnection writer = SqliteConnection.writer(file, settings);
      opened.add(writer);
      SqliteConnections all = new SqliteConnections(name, settings, writer);
      for (int i = 0; i < settings.readers(); i++) {
        SqliteConnection reader = SqliteConnection.reader(file, settings);
        opened.add(reader);
        all.idle.add(reader);
      }
      all.register(registry);
      return all;
    } catch (SQLException | RuntimeException e) {
      opened.forEach(SqliteConnection::close);
      throw e;
    }
  }

  /** Under the names that pools of connections have in Micrometer. */
  private void register(MeterRegistry registry) {
    registry.gauge(
        "jdbc.connections.max", List.of(Pool.tag(name)), settings, SqliteSettings::readers);
    registry.gauge("jdbc.connections.idle", List.of(Pool.tag(name)), idle, BlockingDeque::size);
    registry.gauge(
        "jdbc.connections.active",
        List.of(Pool.tag(name)),
        idle,
        deque -> settings.readers() - deque.size());
    registry.gauge(
        "tideline.store.writers.waiting",
        List.of(Pool.tag(name)),
        writing,
        ReentrantLock::getQueueLength);
  }

  @Override
  public <T> T read(Work<T> work) throws SQLException {
    SqliteConnection reader = acquire();
    try {
      return work.on(reader.session());
    } finally {
      idle.addFirst(reader);
    }
  }

  private SqliteConnection acquire() {
    try {
      SqliteConnection reader =
          idle.pollFirst(settings.acquireTimeout().toMillis(), TimeUnit.MILLISECONDS);
      if (reader == null) {
        throw Failures.busy(
            "Cannot read "
                + name
                + ": all "
                + settings.readers()
                + " readers are in use. Allow more readers, or shorten what they read.");
      }
      return reader;
    } catch (InterruptedException e) {
      throw Pool.interrupted(name);
    }
  }

  @Override
  public <T> T write(Work<T> work) throws SQLException {
    lock();
    try {
      return writer.transaction(work);
    } finally {
      writing.unlock();
    }
  }

  private void lock() {
    try {
      if (!writing.tryLock(settings.acquireTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
        throw Failures.busy(
            "Cannot write to "
                + name
                + ": other threads of this process have been writing for too long. Nothing was"
                + " written. Write in shorter transactions, or in batches.");
      }
    } catch (InterruptedException e) {
      throw Pool.interrupted(name);
    }
  }

  @Override
  public void close() {
    writing.lock();
    try {
      for (int i = 0; i < settings.readers(); i++) {
        idle.takeFirst().close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      // Last, for it may write: the last to leave copies the log into the file.
      writer.close();
      writing.unlock();
    }
  }
}
