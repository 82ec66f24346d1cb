package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.Tideline;
import io.tideline.error.ExitCode;
import io.tideline.plan.Plan;
import io.tideline.policy.Action;
import io.tideline.policy.Pace;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.policy.TimeColumn;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.run.Step;
import io.tideline.testkit.FailingAt;
import io.tideline.testkit.ForkedRun;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several policies on a table, and what an interrupted run left to the next. */
class PoliciesTest {
  private static final Duration MONTH = Duration.ofDays(30);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Product.class)
  void theFirstPolicyInTheFileActsAndWhatItKeepsALaterOneMayNotTake(Product product) {
    try (Events events = new Events(product, folder)) {
      events.database.execute(
          "UPDATE events SET payload = 'a payload that is too large' WHERE id = 3");
      Policy small =
          Policy.of("first", "events")
              .time("created_at")
              .retain(MONTH)
              .where("account = 'acc-0'")
              .maxValue(19)
              .build();
      Policy deletes =
          Policy.of("second", "events")
              .time("created_at")
              .retain(MONTH)
              .action(Action.DELETE)
              .build();
      Settings settings =
          Settings.of(events.database.url(), folder.resolve("archive"), List.of(small, deletes))
              .withPace(Pace.OFFLINE);
      Plan plan;
      try (Tideline tideline = Tideline.open(settings, new SettableClock(Events.NOW))) {
        plan = tideline.plan(Selection.all(), RunListener.NONE);
      }
      RunReport report = events.run(settings, RunListener.NONE);

      assertThat(events.live()).contains(3);
      assertThat(report.removed()).isEqualTo(plan.rows());
      assertThat(report.exit()).isEqualTo(ExitCode.ROWS_LEFT);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aLargeValueInTheMiddleStaysAndItsNeighboursGo(Product product) {
    try (Events events = new Events(product, folder)) {
      String large = "x".repeat(65_537);
      events.database.execute(
          "UPDATE events SET payload = '%s' WHERE id IN (5, 6, 17)".formatted(large),
          "UPDATE events SET payload = '%s' WHERE id = 18".formatted(large.substring(1)));
      RunReport report =
          events.run(events.settings(events.policy().maxValue(65_536).build()), RunListener.NONE);

      assertThat(report.exit()).isEqualTo(ExitCode.ROWS_LEFT);
      assertThat(report.removed()).isEqualTo(27);
      assertThat(events.live())
          .containsExactlyInAnyOrder(5, 6, 17, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40);
      assertThat(events.view(false)).hasSize(27);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aTimeGivenBySqlIsReadAgainBeforeARowIsDeleted(Product product) {
    try (Events events = new Events(product, folder)) {
      TimeColumn sql =
          new TimeColumn(
              Optional.empty(),
              Optional.of("CAST(created_at AS text)"),
              TimeColumn.Format.ISO,
              ZoneOffset.UTC);
      Policy policy =
          Policy.of("old", "events").time(sql).retain(MONTH).action(Action.DELETE).build();
      String later = "UPDATE events SET created_at = '2026-08-31 23:59:59' WHERE id = 7";
      String fresh = "UPDATE events SET created_at = '2026-09-02 00:00:00' WHERE id = 8";
      events.run(
          events.settings(policy),
          FailingAt.doing(Step.LEASED, 1, () -> events.database.execute(later, fresh)));

      assertThat(events.live()).hasSize(11).contains(8);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aRowThatCameInThePlaceOfOneWeDeletedDoesNotHideIt(Product product) {
    try (Events events = new Events(product, folder)) {
      Settings settings = events.settings();
      ForkedRun.Result killed =
          ForkedRun.run(settings).at(Events.NOW).killedAt(Step.BATCH_COMMITTED, 1).start();
      assertThat(killed.killed()).as("%s", killed).isTrue();
      events.database.execute(
          "INSERT INTO events VALUES (7, 'acc-1', '2026-09-30 00:00:00', 'another')");
      events.run();

      assertThat(events.live()).hasSize(11).contains(7);
      assertThat(events.view(false)).hasSize(30).contains("7 payload 7");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aFlagBindsWhatAnInterruptedRunLeft(Product product) {
    try (Events events = new Events(product, folder)) {
      Settings settings = events.settings();
      ForkedRun.Result killed =
          ForkedRun.run(settings).at(Events.NOW).killedAt(Step.SEALED, 1).start();
      assertThat(killed.killed()).as("%s", killed).isTrue();
      Selection longer =
          new Selection(List.of(), List.of(), Optional.of(Duration.ofDays(3000)), Optional.empty());
      try (Tideline tideline = Tideline.open(settings, new SettableClock(Events.NOW))) {
        RunReport report = tideline.run(tideline.plan(longer, RunListener.NONE), RunListener.NONE);
        assertThat(report.removed()).isZero();
      }
      assertThat(events.live()).hasSize(40);
      assertThat(events.view(false)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aReportCountsWhatWasRemovedBeforeAStopAndByAResume(Product product) {
    try (Events events = new Events(product, folder)) {
      RunReport stopped;
      try (Tideline tideline = Tideline.open(events.settings(), new SettableClock(Events.NOW))) {
        Plan plan = tideline.plan(Selection.all(), RunListener.NONE);
        stopped = tideline.run(plan, FailingAt.doing(Step.SEALED, 1, tideline::stop));
      }
      assertThat(stopped.exit()).isEqualTo(ExitCode.STOPPED);
      RunReport next = events.run();

      assertThat(next.resumedRows() + stopped.removed()).isEqualTo(30);
      assertThat(events.live()).hasSize(10);
      assertThat(events.view(false)).hasSize(30);
    }
  }
}
