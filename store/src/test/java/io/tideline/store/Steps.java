package io.tideline.store;

import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.sqlite.ProgressHandler;

/** Counts the steps of SQLite's programs: work without a clock. */
final class Steps {
  private final AtomicLong steps = new AtomicLong();

  <T> T counted(Session session, Callable<T> work) throws SQLException {
    ProgressHandler.setHandler(
        session.connection(),
        1,
        new ProgressHandler() {
          @Override
          protected int progress() {
            steps.incrementAndGet();
            return 0;
          }
        });
    try {
      return work.call();
    } catch (SQLException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    } finally {
      ProgressHandler.clearHandler(session.connection());
    }
  }

  long count() {
    return steps.get();
  }
}
