package io.tideline.testkit.indexes;

import static io.tideline.testkit.indexes.IndexDesk.over;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.core.Databases;
import io.tideline.core.archive.Storage;
import io.tideline.dialect.Database;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.dialect.IndexBuilder;
import io.tideline.dialect.IndexTask;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.maintenance.indexes.IndexRequest;
import io.tideline.maintenance.indexes.Indexes;
import io.tideline.maintenance.indexes.IndexesDone;
import io.tideline.policy.Pace;
import io.tideline.policy.Terms;
import io.tideline.policy.Window;
import io.tideline.run.WorkListener;
import io.tideline.testkit.FullDisk;
import io.tideline.testkit.SqliteTestDatabase;
import io.tideline.tuning.IndexColumn;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.IndexState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Indexes that hold the write lock while they are made. */
class SqliteIndexesTest {
  private static final IndexSpec BY_V = over("ix_v", "t", "v", "id");

  @TempDir Path folder;

  private static SqliteTestDatabase filled(Path folder, int rows) {
    SqliteTestDatabase database = SqliteTestDatabase.create(folder);
    database.execute(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)",
        "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
            + rows
            + ") INSERT INTO t SELECT i, hex(randomblob(20)) FROM n");
    return database;
  }

  private static void code(TidelineException e, ErrorCode code, String what) {
    assertThat(e.code()).isEqualTo(code);
    assertThat(e.what()).contains(what);
    assertThat(e.state()).isEqualTo("Nothing was changed.");
  }

  private static Consumer<TidelineException> is(ErrorCode code, String what) {
    return e -> code(e, code, what);
  }

  @Test
  void isMadeInAWindowOrWhenTold() {
    SqliteTestDatabase database = filled(folder, 100);
    IndexDesk desk = new IndexDesk(database, folder);
    IndexRequest quiet = new IndexRequest(false, false, Duration.ofSeconds(5));
    assertThatThrownBy(() -> desk.apply(quiet, WorkListener.NONE, BY_V))
        .isInstanceOfSatisfying(
            TidelineException.class,
            is(ErrorCode.WINDOW_CLOSED, "writers would wait for about 0.0 s in all"))
        .hasMessageContaining("--blocking");
    assertThat(desk.names("t")).isEmpty();
    Terms terms =
        new Terms(Pace.GENTLE, Optional.of(Window.parse("01:00-05:00 UTC")), Optional.empty());
    Clock night = Clock.fixed(Instant.parse("2026-05-02T03:00:00Z"), ZoneOffset.UTC);
    try (Indexes indexes = Indexes.open(desk.settings(BY_V).withTerms(terms, Map.of()), night)) {
      assertThat(indexes.apply(quiet, WorkListener.NONE).asDeclared()).isTrue();
    }
    assertThatThrownBy(() -> desk.apply(quiet, WorkListener.NONE, IndexSpec.absent("ix_v", "t")))
        .isInstanceOfSatisfying(
            TidelineException.class, is(ErrorCode.WINDOW_CLOSED, "Cannot change 1 index now"));
  }

  @Test
  void theForecastSaysItsBasisAndTheRoomIsLookedAt() {
    SqliteTestDatabase database = filled(folder, 1000);
    IndexDesk desk = new IndexDesk(database, folder);
    var cost = desk.report(BY_V).declared().get(0).cost().orElseThrow();
    assertThat(cost.basis()).startsWith("1,000 rows (exact), 0 MB of table, ");
    assertThat(cost.bytes()).isBetween(40_000L, 80_000L);
    assertThat(cost.blocks()).startsWith("Writers for all of that time");
    Storage full =
        new Storage() {
          @Override
          public long usableBytes(Path file) {
            return 1000;
          }
        };
    try (Indexes indexes = Indexes.open(desk.settings(BY_V), Clock.systemUTC(), full)) {
      assertThatThrownBy(() -> indexes.apply(IndexDesk.NOW, WorkListener.NONE))
          .isInstanceOfSatisfying(
              TidelineException.class,
              is(ErrorCode.DISK_FULL, "Cannot make the index ix_v on t: about "));
    }
    assertThat(desk.names("t")).isEmpty();
  }

  @Test
  void aDiskThatFillsUpLeavesNothing() throws IOException {
    Path small = Files.createDirectory(folder.resolve("small"));
    try (FullDisk disk = FullDisk.mount(small, 12_000)) {
      SqliteTestDatabase database = filled(small, 50_000);
      disk.fillBut(600_000);
      try (Database opened = Databases.open(new DatabaseUrl(database.url()));
          IndexBuilder builder = opened.indexBuilder()) {
        assertThatThrownBy(() -> builder.make(BY_V, IndexTask.USUAL))
            .isInstanceOfSatisfying(
                TidelineException.class,
                is(ErrorCode.DISK_FULL, "Cannot make the index ix_v on t"));
        disk.empty();
        assertThat(builder.look(BY_V).state()).isEqualTo(IndexState.MISSING);
        assertThat(builder.make(BY_V, IndexTask.USUAL)).isEqualTo("Made the index ix_v on t.");
      }
      assertThat(database.query("PRAGMA integrity_check")).containsExactly("ok");
    }
  }

  @Test
  void whoHoldsTheWriteLockIsWaitedForAndTold() throws Exception {
    SqliteTestDatabase database = filled(folder, 10);
    IndexDesk desk = new IndexDesk(database, folder);
    try (Connection writer = database.connect();
        Statement statement = writer.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      IndexesDone done =
          desk.apply(
              new IndexRequest(false, true, Duration.ofMillis(300)), WorkListener.NONE, BY_V);
      assertThat(done.done().get(0).what())
          .contains("Cannot make the index ix_v on t: ", " holds the write lock.");
      statement.execute("ROLLBACK");
    }
    assertThat(desk.apply(BY_V).asDeclared()).isTrue();
  }

  @Test
  void stoppingRollsItBack() {
    SqliteTestDatabase database = filled(folder, 400_000);
    IndexDesk desk = new IndexDesk(database, folder);
    try (Indexes indexes = Indexes.open(desk.settings(BY_V), Clock.systemUTC())) {
      IndexesDone done = indexes.apply(IndexDesk.NOW, (what, now, all) -> indexes.stop());
      assertThat(done.stopped()).isTrue();
      assertThat(done.asDeclared()).isFalse();
    }
    assertThat(desk.state(BY_V)).isEqualTo(IndexState.MISSING);
    assertThat(database.query("PRAGMA integrity_check(1)")).containsExactly("ok");
  }

  @Test
  void whatViewsAndTriggersNameStays() {
    SqliteTestDatabase database = filled(folder, 10);
    database.execute(
        "CREATE INDEX ix_v ON t (v)", "CREATE VIEW w AS SELECT * FROM t INDEXED BY ix_v");
    IndexDesk desk = new IndexDesk(database, folder);
    assertThat(desk.apply(IndexSpec.absent("ix_v", "t")).done().get(0).what())
        .isEqualTo("It cannot go: a view or trigger names it by INDEXED BY.");
    assertThat(desk.apply(IndexDesk.REPLACE, WorkListener.NONE, BY_V).done().get(0).what())
        .startsWith("Cannot replace the index ix_v on t: a view or trigger names it");
    assertThat(desk.names("t")).containsExactly("ix_v");
  }

  @Test
  void whatSqliteHasNotIsRefusedBeforeAnythingIsDone() {
    IndexDesk desk = new IndexDesk(filled(folder, 10), folder);
    assertThatThrownBy(() -> desk.apply(over("a", "t", "v"), BY_V.withInclude(List.of("x"))))
        .isInstanceOfSatisfying(
            TidelineException.class,
            is(
                ErrorCode.INDEX_REFUSED,
                "Cannot make the index ix_v: SQLite's indexes have no 'include'."))
        .hasMessageContaining("only: postgresql");
    assertThat(desk.names("t")).isEmpty();
  }

  @Test
  void collationsOfColumnsAreTheUsualOnes() {
    SqliteTestDatabase database = SqliteTestDatabase.create(folder);
    database.execute("CREATE TABLE n (a TEXT COLLATE NOCASE, b TEXT)");
    IndexDesk desk = new IndexDesk(database, folder);
    IndexSpec plain = over("p", "n", "a", "b");
    IndexSpec turned =
        IndexSpec.of(
            "q",
            "n",
            List.of(
                IndexColumn.of("a").withCollation("binary"),
                IndexColumn.of("b").withCollation("nocase")));
    assertThat(desk.apply(plain, turned).asDeclared()).isTrue();
    assertThat(desk.look(over("q", "n", "a", "b")).details())
        .containsExactly("is over (a collate BINARY, b collate NOCASE), not (a, b)");
  }

  @Test
  void statisticsAreGatheredForTheWholeTableIfItHasNone() {
    SqliteTestDatabase database = filled(folder, 1000);
    database.execute("CREATE INDEX other ON t (id, v)");
    IndexDesk desk = new IndexDesk(database, folder);
    desk.apply(BY_V);
    assertThat(database.query("SELECT idx FROM sqlite_stat1 WHERE tbl = 't' ORDER BY 1"))
        .containsExactly("ix_v", "other");
  }

  @Test
  void whatAForeignKeyRefersByStays() {
    SqliteTestDatabase database = filled(folder, 10);
    database.execute(
        "CREATE UNIQUE INDEX sole_v ON t (v)",
        "CREATE TABLE child (id INTEGER PRIMARY KEY, v TEXT REFERENCES t (v))");
    IndexDesk desk = new IndexDesk(database, folder);
    assertThat(desk.apply(IndexSpec.absent("sole_v", "t")).done().get(0).what())
        .isEqualTo("It cannot go: a foreign key of child refers by it.");
    assertThat(desk.names("t")).containsExactly("sole_v");
    database.execute("CREATE UNIQUE INDEX other_v ON t (v)");
    assertThat(desk.apply(IndexSpec.absent("sole_v", "t")).asDeclared()).isTrue();
    assertThat(desk.names("t")).containsExactly("other_v");
  }
}
