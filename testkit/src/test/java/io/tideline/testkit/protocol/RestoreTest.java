package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Settings;
import io.tideline.run.RestoreReport;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.run.Step;
import io.tideline.testkit.FailingAt;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import io.tideline.testkit.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Restores into a source that went on living. */
class RestoreTest {
  @TempDir Path folder;

  private static RestoreRequest plain() {
    return request(false, Map.of());
  }

  private static RestoreRequest overwriting() {
    return request(true, Map.of());
  }

  static RestoreRequest request(boolean overwrite, Map<String, String> map) {
    return new RestoreRequest(
        List.of(),
        List.of("EVENTS"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        overwrite,
        false,
        false,
        Duration.ZERO,
        map);
  }

  static RestoreReport restore(Settings settings, RestoreRequest request, RunListener listener) {
    try (Tideline tideline = Tideline.open(settings, new SettableClock(Events.NOW))) {
      return tideline.restore(request, listener);
    }
  }

  private static RestoreReport restore(Events events, RestoreRequest request) {
    return restore(events.settings(), request, RunListener.NONE);
  }

  private static List<String> eventSeven(Events events) {
    return events.database.query("SELECT payload FROM events WHERE id = 7");
  }

  static void sevenIsAnotherNow(Events events) {
    events.database.execute(
        "INSERT INTO events VALUES (7, 'acc-1', '2026-09-30 00:00:00', 'another')");
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void overwriteLeavesARowThatOthersReferTo(Product product) {
    for (String action : List.of("CASCADE", "SET NULL")) {
      try (Events events = new Events(product, folder.resolve(action))) {
        events.run();
        sevenIsAnotherNow(events);
        events.database.execute(
            "CREATE TABLE notes (id int PRIMARY KEY, event bigint REFERENCES events ON DELETE "
                + action
                + ")",
            "CREATE INDEX notes_event ON notes (event)",
            "INSERT INTO notes VALUES (1, 7), (2, 7)");
        if (product == Product.SQLITE) {
          events.database.execute(
              "CREATE TABLE audit (what text)",
              "CREATE TRIGGER t AFTER DELETE ON events BEGIN INSERT INTO audit VALUES ('x'); END",
              "CREATE TRIGGER n AFTER DELETE ON notes BEGIN INSERT INTO audit VALUES ('n'); END");
        }
        RestoreReport report = restore(events, overwriting());

        assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.ROWS_LEFT);
        assertThat(report.tables().get(0).examples())
            .containsExactly("7: another row is there, and rows of notes(event) refer to it");
        assertThat(report.tables().get(0).inserted()).isEqualTo(29);
        assertThat(eventSeven(events)).containsExactly("another");
        assertThat(events.database.query("SELECT event FROM notes")).containsExactly("7", "7");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void overwriteReplacesAndTheReplacedRowIsInTheView(Product product) {
    try (Events events = new Events(product, folder)) {
      events.run();
      sevenIsAnotherNow(events);
      RestoreReport report = restore(events, overwriting());

      assertThat(report.tables().get(0).overwritten()).isEqualTo(1);
      assertThat(eventSeven(events)).containsExactly("payload 7");
      assertThat(events.view(false)).containsExactly("7 another");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void overwriteLeavesAHeldRow(Product product) {
    try (Events events = new Events(product, folder)) {
      events.run();
      sevenIsAnotherNow(events);
      try (Tideline tideline = Tideline.open(events.settings(), new SettableClock(Events.NOW))) {
        tideline.hold(
            "events", List.of(), Optional.of("payload = 'another'"), "dispute", Optional.empty());
      }
      RestoreReport report = restore(events, overwriting());

      assertThat(report.tables().get(0).examples())
          .containsExactly("7: another row is there, and a hold protects it");
      assertThat(eventSeven(events)).containsExactly("another");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aTriggerThatDeletesLiveRowsIsNotLetThrough(Product product) {
    try (Events events = new Events(product, folder)) {
      events.run();
      String delete = "DELETE FROM events WHERE id = 40;";
      events.database.execute(
          product == Product.SQLITE
              ? List.of("CREATE TRIGGER r AFTER INSERT ON events BEGIN " + delete + " END")
              : List.of(
                  "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS"
                      + " $$ BEGIN "
                      + delete
                      + " RETURN NEW; END $$",
                  "CREATE TRIGGER r AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION g()"));
      RestoreReport report = restore(events, plain());

      assertThat(report.exit()).isEqualTo(ExitCode.ROWS_LEFT);
      assertThat(report.tables().get(0).refused()).isEqualTo(30);
      assertThat(report.tables().get(0).examples().get(0))
          .isEqualTo("1: a trigger or cascade deleted other rows: of [events]");
      assertThat(events.live()).hasSize(10).contains(40);
      assertThat(events.view(false)).hasSize(30);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aKilledOverwriteLosesNeitherRow(Product product) {
    for (Step step : List.of(Step.RESTORE_INSERTED, Step.RESTORE_COMMITTED)) {
      try (Events events = new Events(product, folder.resolve(step.word()))) {
        events.run();
        sevenIsAnotherNow(events);
        FailingAt failing = new FailingAt(step, 1);
        assertThatThrownBy(() -> restore(events.settings(), overwriting(), failing))
            .isInstanceOf(FailingAt.Failure.class);
        boolean committed = step == Step.RESTORE_COMMITTED;
        assertThat(eventSeven(events)).containsExactly(committed ? "payload 7" : "another");
        Settings off = events.settings(events.policy().retain(Duration.ofDays(3000)).build());
        events.run(off, RunListener.NONE);

        assertThat(eventSeven(events)).containsExactly(committed ? "payload 7" : "another");
        assertThat(events.view(false)).hasSize(committed ? 1 : 30);
        assertThat(events.view(false)).contains(committed ? "7 another" : "7 payload 7");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aReplacementThatWasRolledBackIsNotShownAsDeleted(Product product) {
    try (Events events = new Events(product, folder)) {
      events.run();
      events.database.execute(
          "INSERT INTO events VALUES (7, 'acc-1', '2026-09-30 00:00:00', 'another'),"
              + " (8, 'acc-1', '2026-09-30 00:00:00', 'another')",
          "CREATE UNIQUE INDEX one ON events (account, created_at) WHERE id = 8",
          "INSERT INTO events VALUES (108, 'acc-2', '2026-01-01 00:00:18', 'in the way')");
      events.database.execute(
          "CREATE UNIQUE INDEX two ON events (created_at) WHERE account = 'acc-2'");
      RestoreReport report = restore(events, overwriting());

      assertThat(report.tables().get(0).refused()).as("%s", report).isEqualTo(1);
      assertThat(report.tables().get(0).overwritten()).isEqualTo(1);
      assertThat(events.database.query("SELECT payload FROM events WHERE id = 8"))
          .containsExactly("another");
      assertThat(events.view(false)).containsExactlyInAnyOrder("7 another", "8 payload 8");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aRefusedRestoreLeavesNothingBehind(Product product) {
    try (Events events = new Events(product, folder)) {
      events.run();
      events.database.execute("ALTER TABLE events RENAME COLUMN id TO number");
      assertThatThrownBy(() -> restore(events, RestoreRequest.everything()))
          .isInstanceOfSatisfying(
              TidelineException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.RESTORE_IMPOSSIBLE))
          .hasMessageContaining("--map id=");
      try (Tideline tideline = Tideline.open(events.settings(), new SettableClock(Events.NOW))) {
        assertThat(tideline.holds()).isEmpty();
      }
      assertThat(events.run().exit()).isEqualTo(ExitCode.DONE);

      FailingAt failing = new FailingAt(Step.RESTORE_COMMITTED, 1);
      RestoreRequest mapped = request(false, Map.of("id", "number"));
      assertThatThrownBy(() -> restore(events.settings(), mapped, failing))
          .isInstanceOf(FailingAt.Failure.class);
      RestoreReport again = restore(events, mapped);
      assertThat(again.exit()).isEqualTo(ExitCode.DONE);
      assertThat(events.database.count("events")).isEqualTo(40);
      assertThat(events.view(false)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void valuesOfAVanishedColumnAreLeftOutOnlyByName(Product product) {
    try (Events events = new Events(product, folder)) {
      events.run();
      events.database.execute("ALTER TABLE events DROP COLUMN payload");
      assertThatThrownBy(() -> restore(events, plain()))
          .hasMessageContaining("a column payload")
          .hasMessageContaining("--map payload=");
      assertThat(events.view(false)).hasSize(30);

      assertThat(restore(events, request(false, Map.of("payload", ""))).restored()).isEqualTo(30);
      assertThat(events.view(false)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void historyTellsWhatCameBackAndAnEmptyChoiceIsSaid(Product product) {
    try (Events events = new Events(product, folder)) {
      events.run();
      RestoreReport none = restore(events, RestoreRequest.everything().ofTables(List.of("other")));
      assertThat(none.notes())
          .containsExactly("no row of the archive meets the request; it holds rows of events");
      RestoreReport some =
          restore(
              events,
              plain()
                  .between(
                      Instant.parse("2026-01-01T00:00:11Z"),
                      Instant.parse("2026-01-01T00:00:21Z")));
      assertThat(some.restored()).isEqualTo(10);
      try (Tideline tideline = Tideline.open(events.settings(), new SettableClock(Events.NOW))) {
        assertThat(tideline.history().stream().mapToLong(RunReport::restoredRows).sum())
            .isEqualTo(10);
        tideline.stop();
        assertThat(tideline.restore(plain(), RunListener.NONE).exit()).isEqualTo(ExitCode.STOPPED);
        assertThat(tideline.history().stream().map(RunReport::failure))
            .contains("Stopped as asked. Restore again to go on.");
      }
    }
  }

  @Test
  void aPredicateMeansTheSameTableWhateverTheCase() {
    try (Events events = new Events(Product.SQLITE, folder)) {
      events.run();
      RestoreRequest some =
          new RestoreRequest(
              List.of(),
              List.of("EVENTS"),
              Optional.empty(),
              Optional.empty(),
              Optional.of("id <= 3"),
              Optional.empty(),
              false,
              false,
              false,
              Duration.ZERO,
              Map.of());
      assertThat(restore(events, some).restored()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void overwriteLeavesARowThatAPolicyKeeps(Product product) {
    try (Events events = new Events(product, folder)) {
      events.run();
      sevenIsAnotherNow(events);
      Settings keeping = events.settings(events.policy().keepIf("payload = 'another'").build());
      RestoreReport report = restore(keeping, overwriting(), RunListener.NONE);

      assertThat(report.tables().get(0).examples())
          .containsExactly("7: another row is there, kept by keep_if of policy old");
      assertThat(eventSeven(events)).containsExactly("another");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aKilledRestoreThatCannotBeSettledStopsNoRun(Product product) {
    try (Events events = new Events(product, folder)) {
      events.run();
      FailingAt failing = new FailingAt(Step.RESTORE_INTENDED, 1);
      assertThatThrownBy(() -> restore(events.settings(), plain(), failing))
          .isInstanceOf(FailingAt.Failure.class);
      events.database.execute("ALTER TABLE events RENAME COLUMN id TO number");

      assertThat(events.run().exit()).isEqualTo(ExitCode.DONE);
      try (Tideline tideline = Tideline.open(events.settings(), new SettableClock(Events.NOW))) {
        assertThat(tideline.status().archivedRows()).isEqualTo(30);
      }
    }
  }

  @Test
  void rowsOfAnotherDatabaseAreNotOverwritten() {
    try (Events events = new Events(Product.SQLITE, folder);
        TestDatabase other = events.database.sibling()) {
      events.run();
      RestoreRequest request = overwriting().into(new DatabaseUrl(other.url()));
      assertThatThrownBy(() -> restore(events, request))
          .hasMessageContaining("Cannot overwrite rows of another database");
    }
  }
}
