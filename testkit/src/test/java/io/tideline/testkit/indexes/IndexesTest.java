package io.tideline.testkit.indexes;

import static io.tideline.testkit.indexes.IndexDesk.over;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.health.Check;
import io.tideline.health.Finding;
import io.tideline.maintenance.indexes.IndexReport;
import io.tideline.maintenance.indexes.IndexesDone;
import io.tideline.run.WorkListener;
import io.tideline.testkit.Product;
import io.tideline.testkit.TestDatabase;
import io.tideline.tuning.IndexColumn;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.IndexState;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Declared indexes on both databases. */
class IndexesTest {
  private static final IndexSpec BY_USER = over("ix_user", "tasks", "user_id", "at desc");

  @TempDir Path folder;

  private TestDatabase database(Product product) {
    TestDatabase database = product.create(folder);
    database.execute(
        "CREATE TABLE tasks (id integer PRIMARY KEY, user_id integer, at text, email text,"
            + " status text, UNIQUE (email))",
        "CREATE TABLE goals (id integer PRIMARY KEY, user_id integer)",
        "INSERT INTO tasks VALUES (1, 1, '2026-01-01', 'a', 'done'),"
            + " (2, 1, '2026-01-02', 'b', 'open'), (3, 2, NULL, NULL, 'done')");
    return database;
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void makesWhatIsMissingAndThenAllIsAsDeclared(Product product) {
    IndexSpec done =
        over("ix_done", "tasks", "user_id").withWhere("status = 'done' AND at IS NOT NULL");
    IndexSpec lower =
        IndexSpec.of("ix_lower", "tasks", List.of(IndexColumn.ofExpression("lower(email)")));
    IndexSpec unique = over("ix_unique", "tasks", "id", "user_id").withUnique(true);
    try (TestDatabase database = database(product)) {
      IndexDesk desk = new IndexDesk(database, folder);
      IndexReport before = desk.report(BY_USER, done, lower, unique);
      assertThat(before.asDeclared()).isFalse();
      assertThat(before.declared())
          .allMatch(each -> each.standing().state() == IndexState.MISSING)
          .allMatch(each -> each.cost().isPresent())
          .allMatch(each -> each.statement().startsWith("CREATE "));

      IndexesDone made = desk.apply(BY_USER, done, lower, unique);
      assertThat(made.done())
          .extracting(IndexesDone.Done::what)
          .containsExactly(
              "Made the index ix_user on tasks.",
              "Made the index ix_done on tasks.",
              "Made the index ix_lower on tasks.",
              "Made the index ix_unique on tasks.");
      assertThat(made.asDeclared()).isTrue();
      assertThat(desk.report(BY_USER, done, lower, unique).asDeclared()).isTrue();
      assertThat(desk.apply(BY_USER, done, lower, unique).done()).isEmpty();
      String gathered =
          product == Product.SQLITE
              ? "SELECT count(*) FROM sqlite_stat1 WHERE idx = 'ix_lower'"
              : "SELECT count(*) FROM pg_stats WHERE tablename = 'ix_lower'";
      assertThat(database.query(gathered)).containsExactly("1");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void tellsInWhatTheyDiffer(Product product) {
    try (TestDatabase database = database(product)) {
      IndexDesk desk = new IndexDesk(database, folder);
      database.execute(
          "CREATE INDEX a ON tasks (user_id)",
          "CREATE INDEX b ON tasks (user_id, at)",
          "CREATE UNIQUE INDEX c ON tasks (id, at)",
          "CREATE INDEX d ON tasks (at) WHERE status = 'open'",
          "CREATE INDEX e ON tasks (at)",
          "CREATE INDEX f ON tasks (at COLLATE "
              + (product == Product.SQLITE ? "NOCASE" : "\"C\"")
              + ")",
          "CREATE INDEX g ON tasks (lower(email))");
      assertThat(desk.look(over("a", "tasks", "user_id", "at")).details())
          .containsExactly("is over (user_id), not (user_id, at)");
      assertThat(desk.look(over("b", "tasks", "user_id", "at desc")).details())
          .containsExactly("is over (user_id, at), not (user_id, at desc)");
      assertThat(desk.look(over("c", "tasks", "id", "at")).details())
          .containsExactly("forbids repeats");
      assertThat(desk.look(over("e", "tasks", "at").withUnique(true)).details())
          .containsExactly("does not forbid repeats");
      assertThat(desk.look(over("d", "tasks", "at")).details())
          .singleElement()
          .asString()
          .startsWith("holds the rows where ")
          .endsWith(", not all rows");
      assertThat(desk.look(over("e", "tasks", "at").withWhere("status = 'open'")).details())
          .containsExactly("holds all rows, not the rows where status = 'open'");
      assertThat(desk.look(over("f", "tasks", "at")).details())
          .singleElement()
          .asString()
          .startsWith("is over (at collate ");
      IndexSpec upper =
          IndexSpec.of("g", "tasks", List.of(IndexColumn.ofExpression("upper(email)")));
      assertThat(desk.look(upper).details())
          .containsExactly("is over ((lower(email))), not ((upper(email)))");
      assertThat(desk.state(over("d", "tasks", "at").withWhere("(status='open')")))
          .isEqualTo(IndexState.PRESENT);
      assertThat(desk.state(over("A", "tasks", "user_id")))
          .isEqualTo(product == Product.SQLITE ? IndexState.PRESENT : IndexState.MISSING);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aTakenNameIsRefusedBeforeAnythingIsDone(Product product) {
    try (TestDatabase database = database(product)) {
      IndexDesk desk = new IndexDesk(database, folder);
      database.execute("CREATE INDEX ix_user ON goals (user_id)");
      IndexSpec other = over("ix_at", "tasks", "at");
      IndexSpec tableName = over("goals", "tasks", "at");
      assertThat(desk.state(tableName)).isEqualTo(IndexState.TAKEN);
      assertThatThrownBy(() -> desk.apply(other, BY_USER))
          .isInstanceOfSatisfying(
              TidelineException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.INDEX_REFUSED);
                assertThat(e.what())
                    .isEqualTo(
                        "Cannot make the index ix_user on tasks: an index of goals has its name.");
                assertThat(e.state()).isEqualTo("Nothing was changed.");
              });
      assertThat(desk.names("tasks")).doesNotContain("ix_at");
      assertThat(desk.names("goals")).containsExactly("ix_user");

      // Declared absent on another table it is as declared, and stays.
      IndexesDone absent = desk.apply(IndexSpec.absent("ix_user", "tasks"));
      assertThat(absent.asDeclared()).isTrue();
      assertThat(desk.names("goals")).containsExactly("ix_user");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void dropsOnlyWhatIsDeclaredAbsentAndFree(Product product) {
    try (TestDatabase database = database(product)) {
      IndexDesk desk = new IndexDesk(database, folder);
      database.execute(
          "CREATE INDEX old ON tasks (user_id)",
          "CREATE INDEX other ON tasks (at)",
          "CREATE INDEX kept ON tasks (status)");
      String constraint =
          product == Product.SQLITE ? "sqlite_autoindex_tasks_1" : "tasks_email_key";
      IndexSpec needed = IndexSpec.absent(constraint, "tasks");
      IndexSpec notThatOne =
          new IndexSpec(
              "kept", "tasks", List.of(IndexColumn.of("at")), false, "", List.of(), "", true);
      IndexesDone done = desk.apply(IndexSpec.absent("old", "tasks"), needed, notThatOne);
      assertThat(done.done())
          .extracting(IndexesDone.Done::what)
          .containsExactly(
              "Dropped the index old of tasks.",
              product == Product.SQLITE
                  ? "It cannot go: a UNIQUE constraint stands on it."
                  : "It cannot go: a constraint stands on it.");
      assertThat(done.asDeclared()).isFalse();
      assertThat(desk.names("tasks")).contains("kept", "other").doesNotContain("old");
      assertThat(desk.look(notThatOne).details())
          .containsExactly("the one of this name is another: it is over (status), not (at)");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void dropsNothingWhileADeclaredIndexOfTheTableIsNotThere(Product product) {
    try (TestDatabase database = database(product)) {
      IndexDesk desk = new IndexDesk(database, folder);
      database.execute(
          "CREATE INDEX old ON tasks (user_id)", "CREATE INDEX ix_user ON tasks (user_id, id)");
      IndexSpec absent = IndexSpec.absent("old", "tasks");
      IndexesDone done = desk.apply(absent, BY_USER);
      assertThat(done.done())
          .extracting(IndexesDone.Done::what)
          .containsExactly(
              "It differs (is over (user_id, id), not (user_id, at desc)); left as it is.",
              "It is kept: of the declared indexes on tasks ix_user is not there as declared, and"
                  + " queries may need this one until then.");
      assertThat(desk.names("tasks")).contains("ix_user", "old");

      IndexesDone replaced = desk.apply(IndexDesk.REPLACE, WorkListener.NONE, absent, BY_USER);
      assertThat(replaced.done())
          .extracting(IndexesDone.Done::what)
          .containsExactly(
              "Replaced the index ix_user on tasks.", "Dropped the index old of tasks.");
      assertThat(replaced.asDeclared()).isTrue();
      assertThat(desk.names("tasks")).contains("ix_user").doesNotContain("old");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void repeatsAreToldWithTheColumnsAndNothingIsLeft(Product product) {
    try (TestDatabase database = database(product)) {
      IndexDesk desk = new IndexDesk(database, folder);
      List<String> before = desk.names("tasks");
      IndexSpec unique = over("ix_u", "tasks", "user_id").withUnique(true);
      IndexesDone done = desk.apply(unique, over("ix_at", "tasks", "at"));
      assertThat(done.done().get(0).failed()).isTrue();
      assertThat(done.done().get(0).what())
          .contains("user_id", "repeat", "GROUP BY")
          .doesNotContain("=(1)");
      assertThat(done.done().get(1).what()).isEqualTo("Made the index ix_at on tasks.");
      assertThat(desk.state(unique)).isEqualTo(IndexState.MISSING);
      assertThat(desk.names("tasks")).hasSize(before.size() + 1);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void namesMayHoldAnything(Product product) {
    String table = "a \"\"; b (";
    String column = "na\"me desc";
    String name = "é".repeat(25) + "\"(x) -- '"; // 60 bytes
    try (TestDatabase database = product.create(folder)) {
      database.execute(
          "CREATE TABLE "
              + TestDatabase.quote(table)
              + " (id integer PRIMARY KEY, "
              + TestDatabase.quote(column)
              + " text)");
      IndexDesk desk = new IndexDesk(database, folder);
      String quoted = TestDatabase.quote(table);
      IndexSpec spec = IndexSpec.of(name, quoted, List.of(IndexColumn.of(column).desc()));
      IndexSpec upper = IndexSpec.of("IX", quoted, List.of(IndexColumn.of(column)));
      assertThat(desk.apply(spec, upper).asDeclared()).isTrue();
      assertThat(desk.names(table)).containsExactlyInAnyOrder(name, "IX");
      assertThat(desk.apply(IndexSpec.absent(name, quoted)).asDeclared()).isTrue();
      assertThat(desk.names(table)).containsExactly("IX");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void whatIsNotThereIsToldByName(Product product) {
    try (TestDatabase database = database(product)) {
      IndexDesk desk = new IndexDesk(database, folder);
      assertThatThrownBy(() -> desk.report(over("i", "task", "id")))
          .hasMessageContaining("Cannot find the table ")
          .hasMessageContaining("tasks");
      assertThatThrownBy(() -> desk.report(over("i", "tasks", "user")))
          .hasMessageContaining("user_id");
      assertThatThrownBy(() -> desk.apply(over("i", "tasks", "id").withWhere("no_such > 1")))
          .isInstanceOfSatisfying(
              TidelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SQL_FAILED))
          .hasMessageContaining("Cannot make the index i");
      assertThat(desk.names("tasks")).doesNotContain("i");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void needlessRealOnesAreTold(Product product) {
    try (TestDatabase database = database(product)) {
      database.execute(
          "CREATE INDEX one ON tasks (user_id)", "CREATE INDEX same ON tasks (user_id)");
      assertThat(new IndexDesk(database, folder).report().findings())
          .extracting(Finding::check)
          .containsExactly(Check.DUPLICATE_INDEX);
    }
  }
}
