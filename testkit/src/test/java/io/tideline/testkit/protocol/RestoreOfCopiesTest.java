package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.archive.QueryEngine;
import io.tideline.error.ExitCode;
import io.tideline.policy.Action;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RestoreReport;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.run.Step;
import io.tideline.testkit.FailingAt;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Restores where one key was archived more than once. */
class RestoreOfCopiesTest {
  private static final String OLD = "2026-01-01 00:00:00";
  private static final String FRESH = "2026-09-30 00:00:00";

  @TempDir Path folder;

  private static RestoreRequest request(boolean overwrite) {
    return where(Optional.empty(), overwrite);
  }

  private static RestoreRequest where(Optional<String> where, boolean overwrite) {
    return new RestoreRequest(
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        where,
        Optional.empty(),
        overwrite,
        false,
        false,
        RestoreRequest.DEFAULT_HOLD,
        Map.of());
  }

  private static RestoreRequest ofRun(String run) {
    return new RestoreRequest(
        List.of(run),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        false,
        false,
        RestoreRequest.DEFAULT_HOLD,
        Map.of());
  }

  private static Settings moving(Events events) {
    return events.settings(events.policy().action(Action.MOVE).build());
  }

  /** Puts rows 1 to 3 in, with payloads of a letter. */
  private static void fill(Events events, String letter, String time) {
    for (int id = 1; id <= 3; id++) {
      events.database.execute(
          "INSERT INTO events VALUES (%d, 'acc', '%s', '%s%d')".formatted(id, time, letter, id));
    }
  }

  /** Runs at different times, so that one is later. */
  private static void run(Events events, Settings settings, int seconds) {
    SettableClock clock = new SettableClock(Events.NOW.plusSeconds(seconds));
    try (Tideline tideline = Tideline.open(settings, clock)) {
      tideline.run(tideline.plan(Selection.all(), RunListener.NONE), RunListener.NONE);
    }
  }

  private static Events copies(Product product, Path folder, boolean moved) {
    Events events = new Events(product, folder);
    events.database.execute("DELETE FROM events");
    fill(events, "A", OLD);
    run(events, events.settings(), -120);
    fill(events, "B", OLD);
    run(events, moved ? moving(events) : events.settings(), -60);
    return events;
  }

  private static List<String> shown(Events events, String table) {
    List<String> shown = new ArrayList<>();
    try (Tideline tideline = Tideline.open(events.settings(), new SettableClock(Events.NOW))) {
      tideline.query(
          "SELECT payload FROM " + table,
          false,
          new QueryEngine.Result() {
            @Override
            public void columns(List<String> names, List<String> types) {}

            @Override
            public boolean row(@Nullable Object[] values) {
              shown.add(String.valueOf(values[0]));
              return true;
            }
          });
    }
    Collections.sort(shown);
    return shown;
  }

  private static List<String> live(Events events) {
    return events.database.query("SELECT payload FROM events ORDER BY payload");
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void theNewestComesBackAndTheOlderAreListed(Product product) {
    try (Events events = copies(product, folder, false)) {
      RestoreReport report =
          RestoreTest.restore(events.settings(), request(false), RunListener.NONE);

      assertThat(live(events)).containsExactly("B1", "B2", "B3");
      assertThat(shown(events, "events")).containsExactly("A1", "A2", "A3");
      assertThat(report.exit()).isEqualTo(ExitCode.ROWS_LEFT);
      assertThat(report.tables().get(0).inserted()).isEqualTo(3);
      assertThat(report.tables().get(0).different()).isEqualTo(3);
      assertThat(report.tables().get(0).examples())
          .containsExactlyInAnyOrder(
              "1: an older copy; the row was archived again later",
              "2: an older copy; the row was archived again later",
              "3: an older copy; the row was archived again later");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void theNewestOfMovedRowsComesBack(Product product) {
    try (Events events = new Events(product, folder)) {
      events.database.execute("DELETE FROM events");
      for (String letter : List.of("A", "B")) {
        fill(events, letter, OLD);
        run(events, moving(events), letter.equals("A") ? -120 : -60);
      }
      RestoreReport report = RestoreTest.restore(moving(events), request(false), RunListener.NONE);

      assertThat(live(events)).as("%s", report).containsExactly("B1", "B2", "B3");
      assertThat(events.database.query("SELECT payload FROM events_archive ORDER BY payload"))
          .containsExactly("A1", "A2", "A3");
      assertThat(report.exit()).isEqualTo(ExitCode.ROWS_LEFT);
      assertThat(report.tables().get(0).examples())
          .contains("1: an older copy; the row was moved again later");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void laterCallsNeverBringAnOlderCopyInItsPlace(Product product) {
    try (Events events = copies(product, folder, false)) {
      RestoreTest.restore(events.settings(), request(false), RunListener.NONE);
      for (int call = 0; call < 2; call++) {
        RestoreReport again =
            RestoreTest.restore(events.settings(), request(true), RunListener.NONE);
        assertThat(again.exit()).as("%s", again).isEqualTo(ExitCode.ROWS_LEFT);
        assertThat(again.restored()).isZero();
        assertThat(again.tables().get(0).examples())
            .contains("1: an older copy; the row was archived again later");
        assertThat(live(events)).containsExactly("B1", "B2", "B3");
        assertThat(shown(events, "events")).containsExactly("A1", "A2", "A3");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aNewerCopyOfARunThatIsNotChosenCounts(Product product) {
    try (Events events = copies(product, folder, false)) {
      try (Tideline tideline = Tideline.open(events.settings(), new SettableClock(Events.NOW))) {
        List<String> runs = tideline.history().stream().map(RunReport::run).sorted().toList();
        RestoreReport report =
            RestoreTest.restore(events.settings(), ofRun(runs.get(0)), RunListener.NONE);
        assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.ROWS_LEFT);
        assertThat(live(events)).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void whatOverwriteReplacedStaysInTheArchiveUntilItsRestoreIsNamed(Product product) {
    for (boolean moved : List.of(false, true)) {
      try (Events events = copies(product, folder.resolve("moved-" + moved), moved)) {
        fill(events, "C", FRESH);
        Settings settings = moved ? moving(events) : events.settings();
        String restore = RestoreTest.restore(settings, request(true), RunListener.NONE).restore();
        assertThat(live(events)).containsExactly("B1", "B2", "B3");

        RestoreReport again = RestoreTest.restore(settings, request(true), RunListener.NONE);
        assertThat(again.exit()).as("%s", again).isEqualTo(ExitCode.ROWS_LEFT);
        assertThat(again.restored()).isZero();
        assertThat(again.tables().get(0).examples())
            .contains(
                "1: the restore that replaced it meant so; --run " + restore + " brings it back");
        assertThat(live(events)).containsExactly("B1", "B2", "B3");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void laterCallsNeverBringAnOlderMovedRowInItsPlace(Product product) {
    for (Optional<String> where : List.of(Optional.<String>empty(), Optional.of("payload > 'B'"))) {
      try (Events events = new Events(product, folder.resolve("where-" + where.isPresent()))) {
        events.database.execute("DELETE FROM events");
        for (String letter : List.of("A", "B")) {
          fill(events, letter, OLD);
          run(events, moving(events), letter.equals("A") ? -120 : -60);
        }
        RestoreTest.restore(moving(events), where(where, false), RunListener.NONE);
        assertThat(live(events)).containsExactly("B1", "B2", "B3");

        RestoreReport again = RestoreTest.restore(moving(events), request(true), RunListener.NONE);
        assertThat(live(events)).as("%s", again).containsExactly("B1", "B2", "B3");
        assertThat(again.exit()).isEqualTo(ExitCode.ROWS_LEFT);
        assertThat(again.tables().get(0).examples())
            .contains("1: an older copy; the row was moved again later");
        assertThat(events.database.query("SELECT payload FROM events_archive ORDER BY payload"))
            .containsExactly("A1", "A2", "A3");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aNewerMovedRowThatIsNotChosenCounts(Product product) {
    try (Events events = new Events(product, folder)) {
      events.database.execute("DELETE FROM events");
      for (String letter : List.of("A", "B")) {
        fill(events, letter, OLD);
        run(events, moving(events), letter.equals("A") ? -120 : -60);
      }
      RestoreReport report =
          RestoreTest.restore(
              moving(events), where(Optional.of("payload < 'B'"), true), RunListener.NONE);
      assertThat(live(events)).as("%s", report).isEmpty();
      assertThat(report.exit()).isEqualTo(ExitCode.ROWS_LEFT);
      assertThat(report.heldUntil()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void overwriteKilledAnywhereShowsEachCopyOnce(Product product) {
    overwriteKilled(product, false, Step.RESTORE_INSERTED, 2);
    overwriteKilled(product, false, Step.RESTORE_COMMITTED, 2);
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void overwriteByMovedRowsKilledAnywhereShowsEachCopyOnce(Product product) {
    overwriteKilled(product, true, Step.RESTORE_INSERTED, 2);
    overwriteKilled(product, true, Step.RESTORE_COMMITTED, 2);
  }

  private void overwriteKilled(Product product, boolean moved, Step step, int most) {
    for (int nth = 1; nth <= most; nth++) {
      Path own = folder.resolve(step.word() + nth);
      try (Events events = copies(product, own, moved)) {
        fill(events, "C", FRESH);
        Settings settings = moved ? moving(events) : events.settings();
        FailingAt failing = new FailingAt(step, nth);
        if (nth == 1 || moved) {
          assertThatThrownBy(() -> RestoreTest.restore(settings, request(true), failing))
              .isInstanceOf(FailingAt.Failure.class);
        } else {
          RestoreTest.restore(settings, request(true), failing);
        }
        events.run(settings, RunListener.NONE);

        List<String> all = new ArrayList<>(live(events));
        all.addAll(shown(events, "events"));
        if (moved) {
          all.addAll(events.database.query("SELECT payload FROM events_archive"));
        }
        assertThat(all)
            .as("%s %d", step, nth)
            .containsExactlyInAnyOrder("A1", "A2", "A3", "B1", "B2", "B3", "C1", "C2", "C3");
      }
    }
  }
}
