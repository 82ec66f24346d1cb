package io.tideline.testkit.indexes;

import static io.tideline.testkit.indexes.IndexDesk.over;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.health.Check;
import io.tideline.health.Finding;
import io.tideline.maintenance.indexes.IndexRequest;
import io.tideline.maintenance.indexes.Indexes;
import io.tideline.maintenance.indexes.IndexesDone;
import io.tideline.policy.Settings;
import io.tideline.run.WorkListener;
import io.tideline.testkit.EmbeddedPostgresServer;
import io.tideline.testkit.PostgresTestDatabase;
import io.tideline.tuning.IndexColumn;
import io.tideline.tuning.IndexColumn.Nulls;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.IndexState;
import io.tideline.tuning.Tuning;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Indexes that are made CONCURRENTLY, and what is in their way. */
class PostgresIndexesTest {
  private static final IndexSpec BY_USER = over("ix_user", "tasks", "user_id", "at desc");
  private static final String INVALIDATE =
      "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_user'::regclass";

  @TempDir Path folder;

  private final PostgresTestDatabase database = EmbeddedPostgresServer.shared().freshDatabase();
  private IndexDesk desk;

  PostgresIndexesTest() {
    database.execute(
        "CREATE TABLE tasks (id integer PRIMARY KEY, user_id integer, at timestamptz, email text)",
        "INSERT INTO tasks SELECT i, i % 7, now(), 'e' || i FROM generate_series(1, 200) AS i");
  }

  private IndexDesk desk() {
    IndexDesk known = desk;
    if (known == null) {
      known = new IndexDesk(database, folder);
      desk = known;
    }
    return known;
  }

  @AfterEach
  void drop() {
    database.close();
  }

  @Test
  void whatAFailureLeftInvalidIsDroppedAndBuiltAgain() {
    database.execute("CREATE INDEX ix_user ON tasks (user_id, at DESC)", INVALIDATE);
    assertThat(desk().look(BY_USER).state()).isEqualTo(IndexState.INVALID);
    List<String> steps = Collections.synchronizedList(new ArrayList<>());
    IndexesDone done = desk().apply(IndexDesk.NOW, new Steps(steps::add), BY_USER);
    assertThat(steps).containsExactly("index-remnant-dropped", "index-begun", "index-built");
    assertThat(done.asDeclared()).isTrue();
  }

  @Test
  void anInvalidIndexOfAnotherDefinitionIsNotOurs() {
    database.execute("CREATE INDEX ix_user ON tasks (at)", INVALIDATE);
    IndexesDone done = desk().apply(BY_USER);
    assertThat(done.done().get(0).what())
        .isEqualTo("It differs (is over (at), not (user_id, at desc)); left as it is.");
    assertThat(database.query("SELECT indkey FROM pg_index WHERE NOT indisvalid"))
        .containsExactly("3");
  }

  @Test
  void everythingThatAnIndexMayHaveIsComparedAndMade() {
    IndexColumn email = IndexColumn.of("email");
    IndexSpec[] specs = {
      IndexSpec.of("a", "tasks", List.of(email.withCollation("C"))),
      IndexSpec.of("b", "tasks", List.of(email.withOperators("text_pattern_ops"))),
      IndexSpec.of("c", "tasks", List.of(IndexColumn.of("at").desc().withNulls(Nulls.LAST))),
      over("d", "tasks", "user_id").withInclude(List.of("at", "email")),
      over("e", "tasks", "at").withMethod("brin"),
      IndexSpec.of(
          "f",
          "tasks",
          List.of(IndexColumn.ofExpression("email || 'x'").withCollation("pg_catalog.\"C\""))),
      over("g", "tasks", "user_id").withWhere("user_id IN (1, 2) AND email LIKE 'a%'")
    };
    assertThat(desk().apply(specs).asDeclared()).isTrue();
    IndexSpec[] plain = {
      over("a", "tasks", "email"),
      over("b", "tasks", "email"),
      over("c", "tasks", "at desc"),
      over("d", "tasks", "user_id"),
      over("e", "tasks", "at"),
      IndexSpec.of("f", "tasks", List.of(IndexColumn.ofExpression("email || 'x'"))),
      over("g", "tasks", "user_id").withWhere("user_id IN (1, 3) AND email LIKE 'a%'")
    };
    List<String> told = new ArrayList<>();
    for (IndexSpec each : plain) {
      told.add(String.join("; ", desk().look(each).details()));
    }
    assertThat(told.subList(0, 6))
        .containsExactly(
            "is over (email collate \"C\"), not (email)",
            "is over (email text_pattern_ops), not (email)",
            "is over (at desc nulls last), not (at desc)",
            "includes (at, email), not no column",
            "is a brin, not a btree",
            "is over ((email || 'x') collate \"C\"), not ((email || 'x'))");
    assertThat(told.get(6)).startsWith("holds the rows where ").contains(", not the rows where ");
  }

  @Test
  void whatAnotherSessionBuildsIsNeverTouched() throws Exception {
    IndexRequest brief = new IndexRequest(true, true, Duration.ofMillis(300));
    CompletableFuture<Void> build;
    try (Connection writer = database.connect();
        Statement statement = writer.createStatement()) {
      writer.setAutoCommit(false);
      statement.execute("UPDATE tasks SET user_id = 1 WHERE id = 1");
      build =
          CompletableFuture.runAsync(
              () ->
                  database.execute(
                      "CREATE INDEX CONCURRENTLY ix_user ON tasks (user_id, at DESC)"));
      while (desk().state(BY_USER) == IndexState.MISSING) {
        Thread.sleep(10);
      }
      assertThat(desk().look(BY_USER).details())
          .singleElement()
          .asString()
          .matches("session \\d+ \\(.*\\) builds it, now waiting for .*");
      assertThat(desk().apply(brief, WorkListener.NONE, BY_USER).done().get(0).what())
          .isEqualTo("Another session still builds it.");
      assertThat(
              desk()
                  .apply(brief, WorkListener.NONE, IndexSpec.absent("ix_user", "tasks"))
                  .done()
                  .get(0)
                  .what())
          .startsWith("It is not dropped: session ");
      writer.commit();
    }
    IndexesDone awaited = desk().apply(BY_USER);
    build.join();
    assertThat(awaited.done()).isEmpty();
    assertThat(awaited.asDeclared()).isTrue();
  }

  @Test
  void aLockThatIsHeldIsToldAndTheRemnantMended() throws Exception {
    List<String> heard = Collections.synchronizedList(new ArrayList<>());
    IndexRequest brief = new IndexRequest(false, true, Duration.ofMillis(1500));
    try (Connection writer = database.connect();
        Statement statement = writer.createStatement()) {
      writer.setAutoCommit(false);
      statement.execute("UPDATE tasks SET user_id = 1 WHERE id = 1");
      IndexesDone done = desk().apply(brief, (what, now, all) -> heard.add(what), BY_USER);
      assertThat(done.done().get(0).what())
          .startsWith(
              "Cannot make the index ix_user on tasks: it waited longer than it may for session ")
          .contains("idle in transaction", "--wait");
      assertThat(done.asDeclared()).isFalse();
      assertThat(heard)
          .anyMatch(what -> what.matches("ix_user: waiting for .*, for session \\d+ .*"));
      assertThat(desk().report(BY_USER).obstacles())
          .extracting(Finding::check)
          .contains(Check.IDLE_TRANSACTION);
      writer.commit();
    }
    assertThat(desk().apply(BY_USER).asDeclared()).isTrue();
    assertThat(desk().names("tasks")).containsExactly("ix_user");
  }

  @Test
  void stoppingEndsItSoonAndTheNextCallGoesOn() throws Exception {
    try (Connection writer = database.connect();
        Statement statement = writer.createStatement();
        Indexes indexes =
            Indexes.open(desk().settings(BY_USER, over("b", "tasks", "at")), Clock.systemUTC())) {
      writer.setAutoCommit(false);
      statement.execute("UPDATE tasks SET user_id = 1 WHERE id = 1");
      IndexesDone done = indexes.apply(IndexDesk.NOW, (what, now, all) -> indexes.stop());
      assertThat(done.stopped()).isTrue();
      assertThat(done.done()).hasSize(1);
      assertThat(done.done().get(0).what()).contains("Cannot make the index ix_user", "stopped");
      writer.commit();
    }
    assertThat(desk().apply(BY_USER).asDeclared()).isTrue();
  }

  @Test
  void aPartitionedTableHasTheRowsOfItsPartitionsOnce() {
    database.execute(
        "CREATE TABLE logs (at date NOT NULL, n int) PARTITION BY RANGE (at)",
        "CREATE TABLE logs_a PARTITION OF logs FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')",
        "CREATE TABLE logs_b PARTITION OF logs FOR VALUES FROM ('2026-02-01') TO ('2026-03-01')",
        "INSERT INTO logs SELECT date '2026-01-01' + i % 50, i FROM generate_series(1, 500) AS i",
        "ANALYZE logs");
    assertThat(desk().cost(over("ix_logs", "logs", "n")).rows()).isEqualTo(500);
    assertThat(desk().cost(over("ix_logs_a", "logs_a", "n")).rows()).isEqualTo(310);
  }

  @ParameterizedTest
  @ValueSource(strings = {"index-part-made 1", "index-part-made 3", "index-built 1", "none 1"})
  void partitionedTablesGetTheirsPartByPart(String dying) {
    database.execute(
        "CREATE TABLE logs (at date NOT NULL, n int) PARTITION BY RANGE (at)",
        "CREATE TABLE logs_a PARTITION OF logs FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')",
        "CREATE TABLE logs_b PARTITION OF logs FOR VALUES FROM ('2026-02-01') TO ('2026-03-01')"
            + " PARTITION BY LIST (n)",
        "CREATE TABLE logs_b1 PARTITION OF logs_b FOR VALUES IN (1)",
        "CREATE TABLE logs_b2 PARTITION OF logs_b DEFAULT",
        "INSERT INTO logs VALUES ('2026-01-02', 1), ('2026-02-02', 1), ('2026-02-02', 2)");
    IndexSpec spec = over("ix_logs", "logs", "n", "at desc");
    String[] at = dying.split(" ");
    try {
      desk().apply(IndexDesk.NOW, new Dying(at[0], Integer.parseInt(at[1])), spec);
      assertThat(at[0]).isEqualTo("none");
    } catch (Dying.Death e) {
      assertThat(desk().state(spec)).isEqualTo(IndexState.INVALID);
    }
    IndexesDone done = desk().apply(spec);
    assertThat(done.asDeclared()).isTrue();
    assertThat(
            database.query(
                "SELECT c.relname FROM pg_partition_tree('ix_logs') t JOIN pg_class c ON c.oid ="
                    + " t.relid JOIN pg_index i ON i.indexrelid = c.oid WHERE i.indisvalid"
                    + " ORDER BY 1"))
        .containsExactly(
            "ix_logs", "ix_logs_logs_a", "ix_logs_logs_b", "ix_logs_logs_b1", "ix_logs_logs_b2");
    assertThat(desk().apply(IndexSpec.absent("ix_logs_logs_a", "logs_a")).done().get(0).what())
        .isEqualTo("It cannot go: it is a part of the index of a partitioned table.");
    assertThat(desk().apply(IndexSpec.absent("ix_logs", "logs")).asDeclared()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"index-begun", "index-built", "index-swapped", "index-dropped"})
  void aReplacementThatDiesIsFinishedOrTidied(String step) {
    for (IndexRequest next : List.of(IndexDesk.REPLACE, IndexDesk.NOW)) {
      database.execute("DROP INDEX IF EXISTS ix_user", "CREATE INDEX ix_user ON tasks (user_id)");
      assertThatThrownBy(() -> desk().apply(IndexDesk.REPLACE, new Dying(step, 1), BY_USER))
          .isInstanceOf(Dying.Death.class);
      assertThat(
              database.query(
                  "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_user'::regclass"))
          .containsExactly("t");
      IndexesDone done = desk().apply(next, WorkListener.NONE, BY_USER);
      assertThat(desk().names("tasks")).containsExactly("ix_user");
      boolean swapped = step.equals("index-swapped") || step.equals("index-dropped");
      assertThat(done.asDeclared()).isEqualTo(swapped || next.replace());
    }
  }

  @Test
  void anIndexThatTookTheNameWhileTheNewOneWasBuiltStays() {
    database.execute(
        "CREATE INDEX ix_user ON tasks (id)", "CREATE TABLE elsewhere (id int, precious int)");
    Steps taking =
        new Steps(
            now -> {
              if (now.equals("index-built")) {
                database.execute(
                    "DROP INDEX ix_user", "CREATE INDEX ix_user ON elsewhere (precious)");
              }
            });
    IndexesDone done = desk().apply(IndexDesk.REPLACE, taking, BY_USER);
    assertThat(done.done().get(0).what()).contains("another index has its name by now");
    assertThat(desk().names("elsewhere")).containsExactly("ix_user");
  }

  @Test
  void whatSomethingStandsOnStays() {
    database.execute(
        "CREATE UNIQUE INDEX ident ON tasks (user_id, id)",
        "ALTER TABLE tasks ALTER user_id SET NOT NULL",
        "ALTER TABLE tasks REPLICA IDENTITY USING INDEX ident");
    IndexesDone done =
        desk().apply(IndexSpec.absent("tasks_pkey", "tasks"), IndexSpec.absent("ident", "tasks"));
    assertThat(done.done())
        .extracting(IndexesDone.Done::what)
        .containsExactly(
            "It cannot go: the primary key stands on it.",
            "It cannot go: it is the replica identity of its table.");
    assertThat(
            desk()
                .apply(IndexDesk.REPLACE, WorkListener.NONE, over("ident", "tasks", "id"))
                .done()
                .get(0)
                .what())
        .contains("Cannot replace the index ident on tasks: it is the replica identity");
  }

  @Test
  void aLoginThatMayOnlyReadIsToldBeforeAnythingIsDone() {
    database.execute(
        "DROP ROLE IF EXISTS index_reader",
        "CREATE ROLE index_reader LOGIN PASSWORD 'x'",
        "GRANT SELECT ON tasks TO index_reader");
    Settings settings =
        Settings.of(
                database.url().replace("postgres:postgres@", "index_reader:x@"),
                folder.resolve("archive"),
                List.of())
            .withTuning(Tuning.NONE.withIndexes(List.of(BY_USER)));
    try (Indexes indexes = Indexes.open(settings, Clock.systemUTC())) {
      assertThat(indexes.report(List.of()).asDeclared()).isFalse();
      assertThatThrownBy(() -> indexes.apply(IndexDesk.NOW, WorkListener.NONE))
          .isInstanceOfSatisfying(
              TidelineException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.RIGHTS_MISSING);
                assertThat(e.what())
                    .isEqualTo(
                        "Cannot make the index ix_user on tasks: only the owner of the table may,"
                            + " and index_reader is not.");
                assertThat(e.mend()).contains("Log in as postgres", "TO \"index_reader\"");
              });
    } finally {
      database.execute("DROP OWNED BY index_reader", "DROP ROLE index_reader");
    }
  }

  @Test
  void aNameThatTheServerWouldCutIsRefused() {
    assertThatThrownBy(() -> desk().apply(over("x".repeat(64), "tasks", "at")))
        .hasMessageContaining("its name is longer than 63 bytes, and the server would cut it")
        .isInstanceOfSatisfying(
            TidelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INDEX_REFUSED));
    String longest = "y".repeat(63);
    database.execute("CREATE INDEX " + longest + " ON tasks (id)");
    assertThat(
            desk()
                .apply(IndexDesk.REPLACE, WorkListener.NONE, over(longest, "tasks", "at"))
                .asDeclared())
        .isTrue();
    assertThat(desk().names("tasks")).containsExactly(longest);
  }

  @Test
  void aSessionThatIsCutLeavesWhatTheNextCallMends() throws SQLException {
    IndexSpec slow =
        IndexSpec.of("ix_user", "tasks", List.of(IndexColumn.ofExpression("public.slow(id)")));
    database.execute(
        "CREATE FUNCTION slow(n int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS"
            + " $$ BEGIN PERFORM pg_sleep(0.02); RETURN n; END $$");
    Steps cut =
        new Steps(step -> {}) {
          @Override
          public void at(String what, long done, long total) {
            database.query(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_progress_create_index"
                    + " WHERE datname = current_database()");
          }
        };
    assertThatThrownBy(() -> desk().apply(IndexDesk.NOW, cut, slow))
        .isInstanceOfSatisfying(
            TidelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONNECTION_LOST))
        .hasMessageContaining("the next `tideline indexes --apply` removes it");
    assertThat(desk().state(slow)).isEqualTo(IndexState.INVALID);
    database.execute(
        "CREATE OR REPLACE FUNCTION slow(n int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT n'");
    assertThat(desk().apply(slow).asDeclared()).isTrue();
  }
}
