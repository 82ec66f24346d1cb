package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.plan.Kept;
import io.tideline.plan.PolicyPlan;
import io.tideline.plan.Reason;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.run.Step;
import io.tideline.testkit.FailingAt;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds by key: every form of key, and what cannot be held so. */
class HoldsTest {
  private static final String OLD = "'2026-01-01 00:00:00'";

  @TempDir Path folder;

  private static Policy policy(String table) {
    return Policy.of("old", table).time("at").retain(Duration.ofDays(30)).build();
  }

  private static Tideline open(Events events, String table) {
    return Tideline.open(events.settings(policy(table)), new SettableClock(Events.NOW));
  }

  private static void hold(Tideline tideline, String table, String... keys) {
    tideline.hold(table, List.of(keys), Optional.empty(), "dispute", Optional.empty());
  }

  private static AbstractThrowableAssert<?, ?> assertRefused(
      ErrorCode code, ThrowingCallable call) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TidelineException.class, e -> assertThat(e.code()).as("%s", e).isEqualTo(code));
  }

  private static List<String> heldKeys(Tideline tideline) {
    PolicyPlan plan = tideline.plan(Selection.all(), RunListener.NONE).policies().get(0);
    return plan.kept().stream()
        .filter(kept -> kept.reason() == Reason.HOLD)
        .map(Kept::examples)
        .flatMap(List::stream)
        .toList();
  }

  private static void run(Tideline tideline) {
    tideline.run(tideline.plan(Selection.all(), RunListener.NONE), RunListener.NONE);
  }

  /** The key's column, the key's value in SQL, the key as a report shows it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "SQLITE | k PRIMARY KEY NOT NULL | 42 | 42",
        "SQLITE | k PRIMARY KEY NOT NULL | '42' | [\"42\"]",
        "SQLITE | k PRIMARY KEY NOT NULL | 1.5 | 1.5",
        "SQLITE | k BLOB PRIMARY KEY NOT NULL | x'00ff' | [{\"hex\":\"00ff\"}]",
        "SQLITE | k BLOB PRIMARY KEY NOT NULL | 'plain' | plain",
        "SQLITE | k NUMERIC PRIMARY KEY NOT NULL | 12.25 | 12.25",
        "SQLITE | k text PRIMARY KEY NOT NULL | '[it''s, \"x\"]' | [\"[it's, \\\"x\\\"]\"]",
        "SQLITE | k text PRIMARY KEY NOT NULL | '042' | 042",
        "POSTGRESQL | k bytea PRIMARY KEY | '\\x00ff' | [{\"hex\":\"00ff\"}]",
        "POSTGRESQL | k text PRIMARY KEY | 'a, b' | a, b",
        "POSTGRESQL | k numeric PRIMARY KEY | 12.250 | 12.250",
        "POSTGRESQL | k date PRIMARY KEY | '2026-01-05' | 2026-01-05",
        "POSTGRESQL | k timestamptz PRIMARY KEY | '2026-01-05 01:02:03.5+00' |"
            + " 2026-01-05 01:02:03.500000+00",
        "POSTGRESQL | k uuid PRIMARY KEY | '0b0e3cf6-2a52-4b1c-9e2b-6c1d5a6f7a01' |"
            + " 0b0e3cf6-2a52-4b1c-9e2b-6c1d5a6f7a01"
      })
  void aKeyIsHeldInTheFormThatReportsShow(Product product, String column, String sql, String key) {
    try (Events events = new Events(product, folder)) {
      String time = product == Product.POSTGRESQL ? "timestamp" : "text";
      events.database.execute(
          "CREATE TABLE t (" + column + ", at " + time + ")",
          "INSERT INTO t VALUES (" + sql + ", " + OLD + ")");
      try (Tideline tideline = open(events, "t")) {
        hold(tideline, "t", key);
        assertThat(heldKeys(tideline)).containsExactly(key);
        run(tideline);
      }
      assertThat(events.database.count("t")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aKeyOfSeveralColumnsIsAnArray(Product product) {
    try (Events events = new Events(product, folder)) {
      String time = product == Product.POSTGRESQL ? "timestamp" : "text";
      events.database.execute(
          "CREATE TABLE t (a varchar(9) NOT NULL, n int NOT NULL, at "
              + time
              + ", PRIMARY KEY (a, n))",
          "INSERT INTO t VALUES ('x, y', 1, %1$s), ('x', 2, %1$s), ('z', 3, %1$s)".formatted(OLD));
      try (Tideline tideline = open(events, "t")) {
        assertRefused(ErrorCode.ARGUMENT_INVALID, () -> hold(tideline, "t", "x"))
            .hasMessageContaining("it has 1 value.")
            .hasMessageContaining("The key is (a, n).")
            .hasMessageContaining("[\"…\",\"…\"]");
        hold(tideline, "t", "[\"x, y\",1]", "x, 2");
        assertThat(heldKeys(tideline)).containsExactlyInAnyOrder("[\"x\",2]", "[\"x, y\",1]");
        run(tideline);
      }
      assertThat(events.database.query("SELECT n FROM t ORDER BY n")).containsExactly("1", "2");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void theReportOfARunShowsKeysInTheSameForm(Product product) {
    try (Events events = new Events(product, folder)) {
      String time = product == Product.POSTGRESQL ? "timestamp" : "text";
      events.database.execute(
          "CREATE TABLE t (a varchar(9) NOT NULL, d date NOT NULL, at "
              + time
              + ", PRIMARY KEY (a, d))",
          "INSERT INTO t VALUES ('x, y', '2026-01-05', " + OLD + ")");
      try (Tideline tideline = open(events, "t")) {
        RunListener holding =
            FailingAt.doing(Step.SEALED, 1, () -> hold(tideline, "t", "[\"x, y\",\"2026-01-05\"]"));
        RunReport report = tideline.run(tideline.plan(Selection.all(), RunListener.NONE), holding);

        assertThat(report.policies().get(0).kept())
            .singleElement()
            .satisfies(
                kept -> {
                  assertThat(kept.reason()).isEqualTo(Reason.HOLD);
                  assertThat(kept.examples()).containsExactly("[\"x, y\",\"2026-01-05\"]");
                });
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aKeyWithoutARowIsRefused(Product product) {
    try (Events events = new Events(product, folder);
        Tideline tideline = open(events, "events")) {
      assertRefused(ErrorCode.ARGUMENT_INVALID, () -> hold(tideline, "events", "1", "4711"))
          .hasMessageContaining("Cannot find the key '4711' in table")
          .hasMessageContaining("no row has it. Nothing was changed. The key is (id).");
      assertRefused(ErrorCode.ARGUMENT_INVALID, () -> hold(tideline, "events"))
          .hasMessageContaining("it names neither a key nor a condition");
      assertThat(tideline.holds()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aRunByKeyNeedsItsRow(Product product) {
    try (Events events = new Events(product, folder);
        Tideline tideline = Tideline.open(events.settings(), new SettableClock(Events.NOW))) {
      assertRefused(
              ErrorCode.ARGUMENT_INVALID, () -> tideline.plan(byKey("4711"), RunListener.NONE))
          .hasMessageContaining("no row has it");
      assertThat(tideline.plan(byKey("40"), RunListener.NONE).rows()).isEqualTo(1);
    }
  }

  private static Selection byKey(String key) {
    return new Selection(List.of("old"), List.of(), Optional.empty(), Optional.of(key));
  }

  @Test
  void aRunByKeyRefusesToGuessWhichRow() {
    try (Events events = new Events(Product.SQLITE, folder)) {
      events.database.execute(
          "CREATE TABLE t (k PRIMARY KEY NOT NULL, at text)",
          "INSERT INTO t VALUES (42, %1$s), ('42', %1$s)".formatted(OLD));
      try (Tideline tideline = open(events, "t")) {
        assertRefused(
                ErrorCode.ARGUMENT_INVALID, () -> tideline.plan(byKey("42"), RunListener.NONE))
            .hasMessageContaining("2 rows answer to it");
        assertThat(tideline.plan(byKey("[42]"), RunListener.NONE).rows()).isEqualTo(1);
        assertThat(tideline.plan(byKey("[\"42\"]"), RunListener.NONE).rows()).isEqualTo(1);
      }
    }
  }

  @Test
  void rowsWithoutAKeyAreHeldByConditionOnly() {
    try (Events events = new Events(Product.SQLITE, folder)) {
      events.database.execute(
          "CREATE TABLE t (v, at text)", "INSERT INTO t VALUES (1, " + OLD + ")");
      try (Tideline tideline = open(events, "t")) {
        assertRefused(ErrorCode.ARGUMENT_INVALID, () -> hold(tideline, "t", "1"))
            .hasMessageContaining("has no key of its own that would name a row for good")
            .hasMessageContaining("--where");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aHoldOnADroppedTableIsNamed(Product product) {
    try (Events events = new Events(product, folder)) {
      events.database.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
      try (Tideline tideline = open(events, "t")) {
        hold(tideline, "t", "1");
      }
      events.database.execute("DROP TABLE t");
      try (Tideline tideline = Tideline.open(events.settings(), new SettableClock(Events.NOW))) {
        String hold = tideline.holds().get(0).id();
        assertRefused(
                ErrorCode.HOLD_UNREADABLE, () -> tideline.plan(Selection.all(), RunListener.NONE))
            .hasMessageContaining("Cannot tell which rows of table t the hold " + hold)
            .hasMessageContaining("tideline hold remove " + hold);
        tideline.release(hold, "the table is gone");
        assertThat(tideline.plan(Selection.all(), RunListener.NONE).rows()).isEqualTo(30);
      }
    }
  }

  @Test
  void aLineThatSaysNothingIsUnreadable() throws IOException {
    try (Events events = new Events(Product.SQLITE, folder)) {
      Settings settings = events.settings();
      Files.createDirectories(settings.archive());
      for (String line : List.of("{}", "{\"hold\":null}", "null", "{\"hold\":{\"id\":\"x\"}}")) {
        Files.writeString(settings.archive().resolve("holds.jsonl"), line + "\n");
        try (Tideline tideline = Tideline.open(settings, new SettableClock(Events.NOW))) {
          assertRefused(
                  ErrorCode.HOLD_UNREADABLE, () -> tideline.plan(Selection.all(), RunListener.NONE))
              .as(line)
              .hasMessageContaining("a line of it is damaged");
        }
      }
    }
  }

  @Test
  void restoredRowsAreHeldFromARunByKeyAndByAnotherTime() {
    try (Events events = new Events(Product.SQLITE, folder)) {
      events.database.execute(
          "CREATE TABLE t (v, at text, seen text)",
          "INSERT INTO t VALUES (1, %1$s, %1$s), (2, %1$s, '2025-01-01 00:00:00')".formatted(OLD));
      try (Tideline tideline = open(events, "t")) {
        run(tideline);
        tideline.restore(RestoreRequest.everything(), RunListener.NONE);
        assertThat(events.database.count("t")).isEqualTo(2);
        assertThat(tideline.plan(Selection.all(), RunListener.NONE).rows()).isZero();
        assertThat(tideline.plan(byKey("1"), RunListener.NONE).rows()).isZero();
      }
      Policy other = Policy.of("old", "t").time("seen").retain(Duration.ofDays(30)).build();
      try (Tideline tideline =
          Tideline.open(events.settings(other), new SettableClock(Events.NOW))) {
        assertThat(tideline.plan(Selection.all(), RunListener.NONE).rows()).isZero();
        run(tideline);
      }
      assertThat(events.database.count("t")).isEqualTo(2);
    }
  }
}
