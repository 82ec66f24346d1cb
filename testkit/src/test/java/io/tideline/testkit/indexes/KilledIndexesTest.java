package io.tideline.testkit.indexes;

import static io.tideline.testkit.indexes.IndexDesk.over;
import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.testkit.Product;
import io.tideline.testkit.TestDatabase;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.IndexState;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The process that builds is killed at each step and at any moment, beside a live writer. */
@Tag("exhaustive")
class KilledIndexesTest {
  private static final int ROWS = 150_000;
  private static final IndexSpec DECLARED = over("ix_v", "t", "v", "id");
  private static final IndexSpec UNWANTED = IndexSpec.absent("ix_old", "t");

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Product.class)
  void theNextCallTidiesAndFinishes(Product product) throws Exception {
    List<String> steps =
        product == Product.SQLITE
            ? List.of("index-begun", "index-built", "index-analyzed", "index-committed")
            : List.of("index-begun", "index-built", "index-swapped", "index-dropped");
    long seed = 4711;
    Random random = new Random(seed);
    try (TestDatabase database = product.create(folder);
        LiveWriter writer = new LiveWriter(database)) {
      IndexDesk desk = new IndexDesk(database, folder);
      for (int round = 0; round < steps.size() + 4; round++) {
        // Every other time there is a different index, which is to be replaced.
        database.execute(
            "DROP INDEX IF EXISTS ix_v",
            "DROP INDEX IF EXISTS ix_old",
            "CREATE INDEX ix_old ON t (v)");
        if (round % 2 == 0) {
          database.execute("CREATE INDEX ix_v ON t (id, v)");
        }
        ForkedIndexes forked = ForkedIndexes.begin(database.url(), folder);
        if (round < steps.size()) {
          forked.killAt(steps.get(round));
        } else {
          forked.killAfter(random.nextInt(400));
        }
        boolean both = desk.state(DECLARED) == IndexState.PRESENT;
        assertThat(both || desk.state(UNWANTED) == IndexState.UNWANTED)
            .as("round %d, seed %d: queries have an index", round, seed)
            .isTrue();
        var done = desk.apply(IndexDesk.REPLACE, (w, d, t) -> {}, DECLARED, UNWANTED);
        assertThat(done.asDeclared()).as("round %d, seed %d: %s", round, seed, done).isTrue();
        assertThat(desk.names("t")).containsExactly("ix_v");
      }
      writer.end();
      assertThat(database.count("t")).isEqualTo(ROWS + writer.written());
      if (product == Product.SQLITE) {
        assertThat(database.query("PRAGMA integrity_check")).containsExactly("ok");
      } else {
        database.execute("SET enable_seqscan = off");
        assertThat(database.query("SELECT count(*) FROM t WHERE v >= ''"))
            .containsExactly(Long.toString(database.count("t")));
      }
    }
  }

  /** Inserts a row every few milliseconds, and counts what it committed. */
  private static final class LiveWriter implements AutoCloseable {
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicInteger written = new AtomicInteger();
    private final StringBuffer failure = new StringBuffer();
    private final Thread thread;

    LiveWriter(TestDatabase database) {
      boolean sqlite = database.product() == Product.SQLITE;
      String series =
          sqlite
              ? "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < "
                  + ROWS
                  + ") SELECT n FROM s)"
              : "generate_series(1, " + ROWS + ") AS s(n)";
      database.execute(
          "CREATE TABLE t (id integer PRIMARY KEY, v text)",
          "INSERT INTO t SELECT n, "
              + (sqlite ? "hex(randomblob(16))" : "md5(n::text)")
              + " FROM "
              + series);
      thread = new Thread(() -> work(database), "writer");
      thread.start();
    }

    private void work(TestDatabase database) {
      try (Connection connection = database.connect();
          Statement statement = connection.createStatement()) {
        while (!stopped.get()) {
          int id = ROWS + 1 + written.get();
          statement.execute("INSERT INTO t VALUES (" + id + ", 'live " + id + "')");
          written.incrementAndGet();
          Thread.sleep(5);
        }
      } catch (SQLException | InterruptedException e) {
        failure.append(e);
      }
    }

    void end() throws InterruptedException {
      stopped.set(true);
      thread.join();
      assertThat(failure).isEmpty();
      assertThat(written).hasPositiveValue();
    }

    int written() {
      return written.get();
    }

    @Override
    public void close() throws InterruptedException {
      stopped.set(true);
      thread.join();
    }
  }
}
