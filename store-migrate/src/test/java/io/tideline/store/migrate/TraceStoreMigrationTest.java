package io.tideline.store.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.tideline.store.Database;
import io.tideline.store.SessionSummary;
import io.tideline.store.Trace;
import io.tideline.store.TraceStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TraceStoreMigrationTest {
  private static final Duration WAIT = Duration.ofSeconds(20);

  @TempDir Path folder;

  private static List<String> ids(List<Trace> traces) {
    return traces.stream().map(Trace::id).toList();
  }

  @ParameterizedTest
  @CsvSource({"1, ''", "2, ', created_at REAL'"})
  void answersAsBefore(long seed, String mappingColumn) {
    OldStore old =
        OldStore.make(folder, "created_at REAL NOT NULL, updated_at REAL NOT NULL", mappingColumn)
            .filled(300, seed);
    List<String> everything = old.everything();
    List<List<String>> sessions = new ArrayList<>();
    for (int s = 0; s < OldStore.SESSIONS; s++) {
      sessions.add(old.rows(window("session-" + s)));
    }
    List<String> kinds = old.rows(kind());
    List<String> summaries = old.rows(summaries());

    MigrationPlan plan = old.migration().run();

    assertThat(plan.stage()).isEqualTo(Stage.SWITCHED);
    assertThat(plan.traces()).isEqualTo(302);
    assertThat(old.everything()).isEqualTo(everything);
    assertThat(old.rows("PRAGMA foreign_key_check")).isEmpty();
    assertThat(old.rows("PRAGMA integrity_check")).containsExactly("ok");
    try (Database database = Database.sqlite(old.file()).busyTimeout(WAIT).open()) {
      TraceStore store = TraceStore.open(database);
      for (int s = 0; s < OldStore.SESSIONS; s++) {
        String session = "session-" + s;
        assertThat(ids(store.bySession(session, Instant.ofEpochSecond(1_700_000_020), 50)))
            .as("seed %s, %s", seed, session)
            .isEqualTo(sessions.get(s));
        assertThat(old.rows(window(session))).as("old readers").isEqualTo(sessions.get(s));
      }
      assertThat(ids(store.query("type-1", "räume-2", null, 50))).isEqualTo(kinds);
      assertThat(store.sessions(null, 100).stream().map(SessionSummary::session).toList())
          .isEqualTo(summaries);
      Trace one = store.get("same").orElseThrow();
      assertThat(one.createdAt()).isEqualTo(Instant.parse("2023-11-14T22:13:20.250Z"));
      store.store("session-new", Trace.of("new", "type-1", "räume-2", "{}", one.createdAt()));
      assertThat(store.bySession("session-new", null, 9)).hasSize(1);
    }
    assertThat(
            old.rows(
                "SELECT seq > (SELECT max(rowid) FROM traces_before) FROM traces"
                    + " WHERE id = 'new'"))
        .containsExactly("1");
  }

  private static String window(String session) {
    return "SELECT t.id FROM trace_sessions s JOIN traces t ON t.id = s.trace_id WHERE"
        + " s.session_uid = '"
        + session
        + "' AND t.created_at >= 1700000020 ORDER BY t.created_at DESC, t.rowid DESC LIMIT 50";
  }

  private static String kind() {
    return "SELECT id FROM traces WHERE context_type = 'type-1' AND namespace = 'räume-2'"
        + " ORDER BY created_at DESC, rowid DESC LIMIT 50";
  }

  private static String summaries() {
    return "SELECT s.session_uid FROM trace_sessions s JOIN traces t ON t.id = s.trace_id"
        + " GROUP BY s.session_uid ORDER BY max(t.created_at) DESC, s.session_uid";
  }

  @Test
  void makesWhatTheStoreItselfMakes() {
    OldStore old = OldStore.make(folder).filled(10, 1);
    old.execute("DROP INDEX traces_created");
    old.migration().run();
    old.migration().finish();
    old.migration().endOldCalls();
    Path fresh = folder.resolve("fresh.db");
    try (Database database = Database.sqlite(fresh).open()) {
      TraceStore.open(database);
    }
    String schema =
        "SELECT type, name, tbl_name, replace(replace(sql, '\"', ''), 'IF NOT EXISTS ', '')"
            + " FROM sqlite_schema ORDER BY type, name";
    assertThat(normal(old.rows(schema))).isEqualTo(normal(new OldStore(fresh).rows(schema)));
  }

  /** The columns may stand in another order. */
  private static List<String> normal(List<String> lines) {
    return lines.stream()
        .map(line -> line.replaceAll("\\s+", " ").replaceFirst("\\( ?(.*)\\)", ", $1"))
        .map(line -> Arrays.stream(line.split(", ")).sorted().toList().toString())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void followsWhatIsChangedMeanwhile(boolean foreignKeys) {
    OldStore old = OldStore.make(folder).filled(200, 3);
    AtomicInteger moment = new AtomicInteger();
    TraceStoreMigration migration =
        old.migration()
            .steps(
                name -> {
                  if (List.of("begun", "filled", "compared", "comparing").contains(name)) {
                    change(old, foreignKeys, moment.incrementAndGet());
                  }
                });
    MigrationPlan plan = migration.run();
    assertThat(plan.stage()).isEqualTo(Stage.SWITCHED);
    assertThat(moment.get()).isGreaterThan(10);
    assertThat(old.everything()).isEqualTo(old.frozen());
    assertThat(old.rows("SELECT count(*) FROM traces WHERE id LIKE 'meanwhile-%'"))
        .isNotEqualTo(List.of("0"));
  }

  /** Each a change that a naive copy would miss, in its own transaction. */
  private static void change(OldStore old, boolean foreignKeys, int n) {
    if (n > 60) {
      return;
    }
    String row = "'type-1', 'main', '{}', NULL, 1700000001, 1700000002)";
    old.executeWith(
        foreignKeys,
        "INSERT INTO traces VALUES ('meanwhile-" + n + "', " + row,
        "INSERT INTO trace_sessions (trace_id, session_uid) VALUES ('meanwhile-" + n + "', 's')",
        "REPLACE INTO traces SELECT id, 'replaced', namespace, data, metadata, created_at + 1,"
            + " updated_at FROM traces WHERE rowid % 41 = "
            + n,
        "DELETE FROM trace_sessions WHERE trace_id IN (SELECT id FROM traces WHERE rowid % 37 = "
            + n
            + ")",
        "DELETE FROM traces WHERE rowid % 37 = " + n,
        "UPDATE traces SET created_at = created_at + 0.5, data = '{\"u\":1}' WHERE rowid % 29 = "
            + n,
        "UPDATE trace_sessions SET session_uid = 'moved-" + n + "' WHERE rowid % 31 = " + n,
        // Frees the highest number, and gives it to another.
        "INSERT INTO traces VALUES ('high-" + n + "', " + row,
        "DELETE FROM traces WHERE id = 'high-" + n + "'",
        "INSERT INTO traces VALUES ('again-" + n + "', " + row,
        "UPDATE traces SET id = 'renamed-" + n + "' WHERE id = 'again-" + n + "'");
  }

  /** REPLACE by number removes another trace, and no trigger hears of it. */
  @Test
  void findsWhatTheTriggersDoNotSee() {
    OldStore old = OldStore.make(folder).filled(100, 4);
    AtomicInteger once = new AtomicInteger();
    old.migration()
        .steps(
            name -> {
              if (name.equals("comparing") && once.getAndIncrement() == 0) {
                old.execute(
                    "DELETE FROM trace_sessions WHERE trace_id = (SELECT id FROM traces WHERE"
                        + " rowid = 5)",
                    "REPLACE INTO traces (rowid, id, context_type, namespace, data, created_at,"
                        + " updated_at) VALUES (5, 'other', 't', 'n', '{}', 1, 1)");
              }
            })
        .run();
    assertThat(old.rows("SELECT id FROM traces WHERE seq = 5")).containsExactly("other");
    assertThat(old.everything()).isEqualTo(old.frozen());
  }

  /** A backfill that copied it knows nothing of what was changed since. */
  @Test
  void theTimeOfAMappingIsThatOfItsTrace() {
    OldStore old =
        OldStore.make(folder, "created_at REAL, updated_at REAL", ", created_at REAL")
            .filled(30, 35);
    old.execute("UPDATE trace_sessions SET created_at = 1");
    old.migration().run();
    assertThat(
            old.rows(
                "SELECT count(*), sum(m.created_at = t.created_at) = count(*), sum(s.created_at ="
                    + " t.created_at) = count(*) FROM session_traces AS m JOIN traces AS t ON t.seq"
                    + " = m.seq JOIN trace_sessions AS s ON s.trace_id = t.id AND s.session_uid ="
                    + " m.session_uid"))
        .first()
        .asString()
        .endsWith("|1|1")
        .doesNotStartWith("0|");
  }

  /** Each transaction looks first where it is: both do the same work, in turns. */
  @Test
  void severalMayCallAtOnce() throws Exception {
    OldStore old = OldStore.make(folder).filled(400, 36);
    List<String> before = old.everything();
    List<Future<MigrationPlan>> calls = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      for (int i = 0; i < 3; i++) {
        calls.add(threads.submit(() -> old.migration().pace(20, 0.1).run()));
      }
      for (Future<MigrationPlan> each : calls) {
        try {
          assertThat(each.get().stage()).isEqualTo(Stage.SWITCHED);
        } catch (ExecutionException e) {
          assertThat(e.getCause())
              .asInstanceOf(type(MigrationException.class))
              .extracting(MigrationException::reason)
              .isIn(MigrationException.Reason.CHANGED, MigrationException.Reason.REFUSED);
        }
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(old.migration().run().stage()).isEqualTo(Stage.SWITCHED);
    assertThat(old.everything()).isEqualTo(before).isEqualTo(old.frozen());
  }

  @Test
  void takesWholeNumbersOfSeconds() {
    OldStore old =
        OldStore.make(folder, "created_at NUMERIC, updated_at NUMERIC", "").filled(50, 5);
    assertThat(old.rows("SELECT DISTINCT typeof(updated_at) FROM traces")).contains("integer");
    List<String> before = old.everything();
    old.migration().run();
    assertThat(old.everything()).isEqualTo(before);
    old.migration().undo();
    assertThat(old.everything()).isEqualTo(before);
    assertThat(old.rows("SELECT DISTINCT typeof(updated_at) FROM traces")).contains("integer");
  }

  @Test
  void everyReasonAndStageIsExplained() throws Exception {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("mvnw"))) {
      at = at.getParent();
    }
    String document = Files.readString(at.resolve("docs/store-migrate.md"));
    for (MigrationException.Reason reason : MigrationException.Reason.values()) {
      assertThat(document).contains("| `" + reason + "` | ");
    }
    for (Stage stage : Stage.values()) {
      assertThat(document).contains("| `" + stage + "` | ");
    }
  }
}
