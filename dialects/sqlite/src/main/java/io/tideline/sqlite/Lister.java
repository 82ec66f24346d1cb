package io.tideline.sqlite;

import io.tideline.row.RowSink;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Lists the rows that a transaction is about to delete, on a connection and a thread of its own,
 * while they are deleted. With a write-ahead log a reader that begins while the write lock is held
 * sees exactly what the writer saw when it took the lock, for nobody else can commit in between,
 * and nothing of what the writer does before it commits.
 *
 * @see <a href="https://sqlite.org/isolation.html">Isolation in SQLite</a>
 */
final class Lister implements AutoCloseable {
  private final DatabaseFile file;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread made = new Thread(work, "tideline-list");
            made.setDaemon(true);
            return made;
          });
  private final LargeValues large = new LargeValues();
  private @Nullable Session session;

  Lister(DatabaseFile file) {
    this.file = file;
  }

  /** A listing under way; it must be ended before the transaction is. */
  final class Listing {
    private final Future<Long> rows;

    private Listing(Future<Long> rows) {
      this.rows = rows;
    }

    /** Waits for its end after the transaction failed. */
    void endAfter(Throwable failure) {
      try {
        rows();
      } catch (RuntimeException e) {
        failure.addSuppressed(e);
      }
    }

    /** Waits for its end: the number of rows given to the sink; negative if one was too large. */
    long rows() {
      boolean interrupted = false;
      try {
        while (true) {
          try {
            return rows.get();
          } catch (InterruptedException e) {
            interrupted = true;
          } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
              throw error;
            }
            throw (RuntimeException) e.getCause();
          }
        }
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  /** What is known of large values; belongs to the transaction's thread. */
  LargeValues large() {
    return large;
  }

  /** Begins to give the rows of queries to a sink, on the other thread. */
  Listing list(String what, List<Sql> queries, OptionalInt largest, RowSink sink) {
    return new Listing(thread.submit(() -> read(what, queries, largest, sink)));
  }

  private long read(String what, List<Sql> queries, OptionalInt largest, RowSink sink) {
    boolean[] more = {true};
    RowSink until = row -> more[0] = sink.accept(row);
    long rows = 0;
    for (Sql sql : queries) {
      long read =
          largest.isPresent()
              ? LargeValues.read(session(what), what, sql, largest.getAsInt(), until)
              : session(what).query(what, sql, until);
      if (read < 0) {
        return read - rows;
      }
      rows += read;
      if (!more[0]) {
        return rows;
      }
    }
    return rows;
  }

  private Session session(String what) {
    try {
      Session open = session == null ? Session.openReading(file) : session;
      session = open;
      return open;
    } catch (SQLException e) {
      throw Failures.reading(what, e);
    }
  }

  @Override
  public void close() {
    thread.submit(
        () -> {
          if (session != null) {
            session.close();
          }
        });
    thread.shutdown();
  }
}
