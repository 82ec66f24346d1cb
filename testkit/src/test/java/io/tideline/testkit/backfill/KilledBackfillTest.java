package io.tideline.testkit.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.testkit.EmbeddedPostgresServer;
import io.tideline.testkit.Product;
import io.tideline.testkit.SqliteTestDatabase;
import io.tideline.testkit.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Killed at every step beside an application that writes rows of the old and of the new kind: the
 * values are those that one UPDATE would have given, and nothing of ours is left.
 */
@Tag("exhaustive")
class KilledBackfillTest {
  private static final String ROWS =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60) ";

  @TempDir Path folder;

  private TestDatabase open(Product product) {
    return product == Product.SQLITE
        ? SqliteTestDatabase.create(folder, "store.db")
        : EmbeddedPostgresServer.shared().freshDatabase();
  }

  private static void make(TestDatabase database) {
    database.execute(
        "CREATE TABLE traces (id varchar(20) PRIMARY KEY NOT NULL, created_at double precision)",
        "CREATE TABLE places (trace_id varchar(20) NOT NULL, session_uid varchar(20) NOT NULL,"
            + " PRIMARY KEY (trace_id, session_uid))",
        "CREATE TABLE usage (id INTEGER PRIMARY KEY, kind varchar(20), n INTEGER)",
        ROWS + "INSERT INTO traces SELECT 't' || i, i * 1.5 FROM n",
        ROWS + "INSERT INTO places SELECT 't' || i, 's' || (i % 7) FROM n",
        ROWS + "INSERT INTO usage SELECT i, CASE WHEN i % 3 = 0 THEN 'secondary' END, i FROM n");
  }

  /** Does work while another thread writes rows, one statement at a time. */
  private static void beside(Consumer<Integer> write, Runnable work) throws InterruptedException {
    AtomicBoolean over = new AtomicBoolean();
    List<RuntimeException> failures = new ArrayList<>();
    Thread writer =
        new Thread(
            () -> {
              try {
                for (int i = 0; !over.get() && i < 2_000; i++) {
                  write.accept(i);
                  Thread.sleep(20);
                }
              } catch (RuntimeException e) {
                failures.add(e);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    writer.start();
    try {
      work.run();
    } finally {
      over.set(true);
      writer.join();
    }
    assertThat(failures).isEmpty();
  }

  private static List<String> ours(TestDatabase database) {
    return database.product() == Product.SQLITE
        ? database.query("SELECT name FROM sqlite_schema WHERE name LIKE 'tideline%'")
        : database.query(
            "SELECT relname FROM pg_class WHERE relname LIKE 'tideline%'"
                + " UNION ALL SELECT proname FROM pg_proc WHERE proname LIKE 'tideline%'"
                + " UNION ALL SELECT conname FROM pg_constraint WHERE conname LIKE 'tideline%'");
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aColumnIsFilledAndFinished(Product product) throws InterruptedException {
    try (TestDatabase database = open(product)) {
      make(database);
      Fills fills = new Fills(database, folder);
      boolean postgres = product != Product.SQLITE;
      beside(
          i ->
              database.execute(
                  "INSERT INTO traces VALUES ('w" + i + "', " + i + ".25)",
                  "INSERT INTO places (trace_id, session_uid) VALUES ('w" + i + "', 's')"),
          () -> {
            kill(database, "fill", true, "backfill-begun", 1);
            kill(database, "fill", true, "backfill-batch", 2);
            kill(database, "fill", true, "backfill-committed", 2);
            kill(database, "fill", true, "backfill-again", 1);
            kill(database, "fill", true, "backfill-filled", 1);
            fills.fill(ForkedBackfill.backfill(true));
            kill(database, "finish", true, "backfill-again", 1);
            if (postgres) {
              kill(database, "finish", true, "backfill-required", 1);
            }
            kill(database, "finish", true, "backfill-finishing", 1);
          });
      fills.finish(ForkedBackfill.backfill(true));
      assertThat(ours(database)).isEmpty();
      assertThat(
              database.query(
                  "SELECT trace_id FROM places p WHERE created_at IS NULL OR created_at <>"
                      + " (SELECT created_at FROM traces t WHERE t.id = p.trace_id)"))
          .isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void fixedValuesArePutBackButForThoseOfOthers(Product product) throws InterruptedException {
    try (TestDatabase database = open(product)) {
      make(database);
      Fills fills = new Fills(database, folder);
      String all = "SELECT id || ':' || coalesce(kind, '-') FROM usage WHERE id <= 60 ORDER BY id";
      List<String> before = database.query(all);
      beside(
          i -> database.execute("INSERT INTO usage (id, n) VALUES (" + (1000 + i) + ", 0)"),
          () -> {
            kill(database, "fill", false, "backfill-begun", 1);
            kill(database, "fill", false, "backfill-batch", 2);
            kill(database, "fill", false, "backfill-committed", 3);
          });
      fills.fill(ForkedBackfill.backfill(false));
      assertThat(database.query("SELECT id FROM usage WHERE kind IS NULL")).isEmpty();
      database.execute("UPDATE usage SET kind = 'mine' WHERE id = 7");
      kill(database, "undo", false, "backfill-undoing", 1);
      kill(database, "undo", false, "backfill-restoring", 2);
      kill(database, "undo", false, "backfill-restored", 1);
      fills.undo(ForkedBackfill.backfill(false), false);
      List<String> expected = new ArrayList<>(before);
      expected.set(6, "7:mine");
      assertThat(database.query(all)).isEqualTo(expected);
      assertThat(database.query("SELECT id FROM usage WHERE id >= 1000 AND kind IS NOT NULL"))
          .isEmpty();
      assertThat(ours(database)).isEmpty();
    }
  }

  private void kill(TestDatabase database, String work, boolean adds, String step, int nth) {
    assertThat(ForkedBackfill.killedAt(work, adds, step, nth, database.url(), folder))
        .as(work + " at " + step)
        .isTrue();
  }
}
