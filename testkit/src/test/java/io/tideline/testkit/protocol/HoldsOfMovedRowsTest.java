package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.core.view.MovedTables;
import io.tideline.error.ExitCode;
import io.tideline.policy.Action;
import io.tideline.policy.Policy;
import io.tideline.policy.Settings;
import io.tideline.run.RestoreReport;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunListener;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The holds that a restore of moved rows places, and rows that it cannot name. */
class HoldsOfMovedRowsTest {
  @TempDir Path folder;

  private static Settings settings(Events events) {
    return events.settings(events.policy().action(Action.MOVE).build());
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aThousandKeysAreHeldBySeveralHolds(Product product) {
    try (Events events = new Events(product, folder)) {
      String more =
          IntStream.rangeClosed(1, 970)
              .mapToObj(i -> "(%d, 'x', '2026-01-01 00:00:00', 'p')".formatted(1_000 + i))
              .collect(Collectors.joining(", "));
      events.database.execute("INSERT INTO events VALUES " + more);
      events.run(settings(events), RunListener.NONE);
      RestoreTest.restore(settings(events), RestoreRequest.everything(), RunListener.NONE);

      assertThat(events.live()).hasSize(1_010);
      try (Tideline tideline = Tideline.open(settings(events), new SettableClock(Events.NOW))) {
        assertThat(tideline.holds()).hasSize(5);
      }
      assertThat(events.run(settings(events), RunListener.NONE).removed()).isZero();
      assertThat(events.live()).hasSize(1_010);
    }
  }

  @Test
  void aRowThatNothingNamesStaysAndIsReported() {
    try (Events events = new Events(Product.POSTGRESQL, folder)) {
      events.database.execute(
          "CREATE TABLE events_archive AS SELECT *, NULL::timestamptz AS archived_at FROM events"
              + " WHERE id = 31",
          "UPDATE events_archive SET id = 77");
      events.run(settings(events), RunListener.NONE);
      RestoreReport report =
          RestoreTest.restore(settings(events), RestoreRequest.everything(), RunListener.NONE);

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.ROWS_LEFT);
      assertThat(report.tables().get(0).inserted()).isEqualTo(30);
      assertThat(report.tables().get(0).examples())
          .isEqualTo(
              List.of(
                  "77: its archived_at in events_archive is NULL, so nothing names the row there;"
                      + " give it a value"));
      assertThat(events.database.query("SELECT id FROM events_archive")).containsExactly("77");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void nothingIsHeldWhereNothingCameBack(Product product) {
    try (Events events = new Events(product, folder)) {
      events.run(settings(events), RunListener.NONE);
      events.database.execute(
          "INSERT INTO events SELECT id, account, created_at, 'another' FROM events_archive");
      RestoreReport report =
          RestoreTest.restore(settings(events), RestoreRequest.everything(), RunListener.NONE);

      assertThat(report.restored()).as("%s", report).isZero();
      assertThat(report.exit()).isEqualTo(ExitCode.ROWS_LEFT);
      assertThat(report.heldUntil()).isEmpty();
      try (Tideline tideline = Tideline.open(settings(events), new SettableClock(Events.NOW))) {
        assertThat(tideline.holds()).isEmpty();
      }
    }
  }

  @Test
  void aHoldOfTheWholeTableIsTold() {
    try (Events events = new Events(Product.SQLITE, folder)) {
      events.database.execute(
          "CREATE TABLE plain (at TEXT, v)", "INSERT INTO plain VALUES ('2026-01-01', 1)");
      Settings moving =
          events.settings(
              Policy.of("plain", "plain")
                  .time("at")
                  .retain(Duration.ofDays(90))
                  .action(Action.MOVE)
                  .build());
      events.run(moving, RunListener.NONE);
      RestoreReport report =
          RestoreTest.restore(moving, RestoreRequest.everything(), RunListener.NONE);

      assertThat(report.restored()).as("%s", report).isEqualTo(1);
      assertThat(report.notes())
          .contains(
              "the hold is of all rows of plain: a hold cannot name those that came back by their"
                  + " keys");
    }
  }

  @Test
  void whatLooksIntoTheArchiveSaysWhereMovedRowsLie() {
    try (Events events = new Events(Product.SQLITE, folder)) {
      events.run(settings(events), RunListener.NONE);
      try (Tideline tideline = Tideline.open(settings(events), new SettableClock(Events.NOW))) {
        assertThatThrownBy(() -> tideline.tree("events/1", List.of(), false))
            .hasMessageContaining("those of events lie in events_archive");
      }
      assertThat(new MovedTables(settings(events)).notComing(table -> table.equals("events")))
          .containsExactly(
              "rows that were moved do not come along: those of events lie in events_archive of the"
                  + " source; bring them back there with `tideline restore --table`, or copy them"
                  + " with SQL");
      assertThat(new MovedTables(settings(events)).notComing(table -> false)).isEmpty();
    }
  }
}
