package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.plan.Kept;
import io.tideline.plan.Reason;
import io.tideline.policy.Action;
import io.tideline.policy.KeepLatest;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.run.Step;
import io.tideline.testkit.FailingAt;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an application, a trigger or an administrator does between archive and delete. */
class InBetweenTest {
  @TempDir Path folder;

  private static RunListener whenSealed(Events events, String... sql) {
    return FailingAt.doing(Step.SEALED, 1, () -> events.database.execute(sql));
  }

  private static List<Reason> reasons(RunReport report) {
    return report.policies().get(0).kept().stream()
        .map(Kept::reason)
        .filter(reason -> reason != Reason.FRESH)
        .toList();
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aChangedRowStaysAndItsNewVersionIsArchivedNext(Product product) {
    try (Events events = new Events(product, folder)) {
      RunReport report =
          events.run(whenSealed(events, "UPDATE events SET payload = 'new' WHERE id = 7"));

      assertThat(report.exit()).isEqualTo(ExitCode.ROWS_LEFT);
      assertThat(reasons(report)).containsExactly(Reason.CHANGED);
      assertThat(events.live()).hasSize(11).contains(7);
      assertThat(events.view(false)).hasSize(29).doesNotContain("7 payload 7", "7 new");

      assertThat(events.run().exit()).isEqualTo(ExitCode.DONE);
      assertThat(events.live()).hasSize(10);
      assertThat(events.view(false)).hasSize(30).contains("7 new").doesNotContain("7 payload 7");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aRowThatTheApplicationDeletedIsGoneAndNotRestored(Product product) {
    try (Events events = new Events(product, folder)) {
      RunReport report = events.run(whenSealed(events, "DELETE FROM events WHERE id = 7"));

      assertThat(report.exit()).isEqualTo(ExitCode.DONE);
      assertThat(events.live()).hasSize(10);
      assertThat(events.view(false)).hasSize(29);
      assertThat(events.view(true)).hasSize(30).contains("7 payload 7");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aRowDeletedAndInsertedAnewIsJudgedByWhatItIsNow(Product product) {
    try (Events events = new Events(product, folder)) {
      events.run(
          whenSealed(
              events,
              "DELETE FROM events WHERE id IN (7, 8)",
              "INSERT INTO events VALUES (7, 'acc-1', '2026-01-01 00:00:17', 'payload 7'),"
                  + " (8, 'acc-2', '2026-09-30 00:00:00', 'payload 8')"));

      assertThat(events.live()).hasSize(11).contains(8).doesNotContain(7);
      assertThat(events.view(false)).hasSize(29).contains("7 payload 7");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aTriggerThatPutsARowBackKeepsOnlyThatRow(Product product) {
    try (Events events = new Events(product, folder)) {
      events.database.execute(
          Triggers.afterDelete(
              product,
              "INSERT INTO events VALUES (OLD.id, OLD.account, OLD.created_at, OLD.payload);"));
      assertOnlySevenStays(events, "of the rows back");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aTriggerThatIgnoresTheDeleteKeepsOnlyThatRow(Product product) {
    try (Events events = new Events(product, folder)) {
      events.database.execute(Triggers.ignoring(product));
      assertOnlySevenStays(events, "");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aTriggerThatAbortsKeepsOnlyThatRow(Product product) {
    try (Events events = new Events(product, folder)) {
      events.database.execute(Triggers.aborting(product));
      assertOnlySevenStays(events, "seven is sacred");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aTriggerThatDeletesOtherRowsIsNotLetThrough(Product product) {
    try (Events events = new Events(product, folder)) {
      events.database.execute("CREATE TABLE notes (id int)", "INSERT INTO notes VALUES (1), (2)");
      events.database.execute(Triggers.afterDelete(product, "DELETE FROM notes WHERE id > 0;"));
      assertOnlySevenStays(events, "2 more rows");
      assertThat(events.database.count("notes")).isEqualTo(2);
    }
  }

  private static void assertOnlySevenStays(Events events, String detail) {
    RunReport report = events.run();

    assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.ROWS_LEFT);
    assertThat(reasons(report)).containsExactly(Reason.REFUSED);
    assertThat(report.policies().get(0).kept())
        .anySatisfy(
            kept -> {
              assertThat(kept.detail()).contains(detail);
              assertThat(kept.rows()).isEqualTo(1);
              assertThat(kept.examples()).containsExactly("7");
            });
    assertThat(events.live()).hasSize(11).contains(7);
    assertThat(events.view(false)).hasSize(29).doesNotContain("7 payload 7");
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aTriggerMadeInBetweenStopsTheRunAndTheNextSettlesIt(Product product) {
    try (Events events = new Events(product, folder)) {
      RunReport report =
          events.run(whenSealed(events, Triggers.ignoring(product).toArray(String[]::new)));
      assertThat(report.exit()).isEqualTo(ExitCode.STOPPED);
      assertThat(events.live()).hasSize(40);

      assertOnlySevenStays(events, "");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aColumnAddedInBetweenStopsTheRunAndTheNextSettlesIt(Product product) {
    try (Events events = new Events(product, folder)) {
      RunReport report =
          events.run(whenSealed(events, "ALTER TABLE events ADD COLUMN note text DEFAULT 'x'"));
      assertThat(report.exit()).isEqualTo(ExitCode.STOPPED);
      assertThat(events.live()).hasSize(40);

      assertThat(events.run().exit()).isEqualTo(ExitCode.DONE);
      assertThat(events.live()).hasSize(10);
      assertThat(events.view(false)).hasSize(30);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aHoldPlacedInBetweenProtectsItsRows(Product product) {
    try (Events events = new Events(product, folder)) {
      RunListener listener =
          FailingAt.doing(
              Step.SEALED,
              1,
              () -> {
                try (Tideline other =
                    Tideline.open(events.settings(), new SettableClock(Events.NOW))) {
                  other.hold("events", List.of("7"), Optional.empty(), "dispute", Optional.empty());
                }
              });
      RunReport report = events.run(listener);

      assertThat(reasons(report)).containsExactly(Reason.HOLD);
      assertThat(events.live()).hasSize(11).contains(7);
      assertThat(events.view(false)).hasSize(29);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void theNewestRowOfAGroupStaysEvenIfItBecameTheNewestInBetween(Product product) {
    try (Events events = new Events(product, folder)) {
      events.database.execute("DELETE FROM events WHERE id > 30");
      KeepLatest keep = new KeepLatest(List.of(new KeepLatest.Part("account", false)), 1);
      Policy policy = events.policy().keepLatest(keep).build();
      RunReport report =
          events.run(
              events.settings(policy), whenSealed(events, "DELETE FROM events WHERE id = 30"));

      // 28, 29 and 30 were the newest of their accounts; without 30, 27 is.
      assertThat(events.live()).containsExactly(27, 28, 29);
      assertThat(events.view(false)).hasSize(26);
      assertThat(reasons(report)).contains(Reason.KEEP_LATEST);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void withoutItsLeaseARunSealsNothing(Product product) {
    try (Events events = new Events(product, folder)) {
      String released =
          product == Product.POSTGRESQL
              ? "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
              : "";
      RunListener taking =
          FailingAt.doing(
              Step.SEGMENT_VERIFIED,
              1,
              () -> {
                if (released.isEmpty()) {
                  events.removeLeaseFile();
                } else {
                  events.database.execute(released);
                }
              });
      RunReport report = events.run(taking);

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.STOPPED);
      assertThat(events.live()).hasSize(Events.ALL);
      assertThat(folder.resolve("archive/runs/" + report.run()))
          .isDirectoryNotContaining("glob:**.manifest.json");
    }
  }

  @ParameterizedTest
  @EnumSource(value = Product.class, names = "SQLITE")
  void aVacuumInBetweenRenumbersRowsAndTheyAreSoughtByTheirDigests(Product product) {
    try (Events events = new Events(product, folder)) {
      events.database.execute(
          "CREATE TABLE loose AS SELECT account, created_at, payload FROM events",
          "DELETE FROM events",
          "DELETE FROM loose WHERE rowid % 5 = 0");
      Policy policy =
          Policy.of("old", "loose").time("created_at").retain(Duration.ofDays(30)).build();
      RunReport report = events.run(events.settings(policy), whenSealed(events, "VACUUM"));
      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(report.removed()).isEqualTo(24);

      assertThat(events.database.query("SELECT payload FROM loose"))
          .containsExactlyInAnyOrder(
              "payload 31",
              "payload 32",
              "payload 33",
              "payload 34",
              "payload 36",
              "payload 37",
              "payload 38",
              "payload 39");
      try (Tideline tideline = Tideline.open(events.settings(policy))) {
        assertThat(tideline.archives().stream().mapToLong(s -> s.deleted()).sum()).isEqualTo(24);
        assertThat(tideline.status().inDoubt()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(value = Product.class, names = "SQLITE")
  void aVacuumWhileTheNextSegmentIsVerifiedShowsNoRowTwice(Product product) {
    try (Events events = new Events(product, folder)) {
      events.database.execute(
          "PRAGMA journal_mode = WAL",
          "CREATE TABLE loose AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
              + " WHERE i < 130000) SELECT i, '2026-01-01 00:00:00' AS created_at FROM n",
          "DELETE FROM loose WHERE i % 1000 = 0");
      Policy policy =
          Policy.of("old", "loose").time("created_at").retain(Duration.ofDays(30)).build();
      CountDownLatch twoVerified = new CountDownLatch(2);
      RunListener vacuum =
          FailingAt.doing(
              Step.BATCH_COMMITTED,
              1,
              () -> {
                await(twoVerified);
                events.database.execute("VACUUM");
              });
      RunReport report =
          events.run(
              events.settings(policy),
              event -> {
                if (event instanceof RunEvent.Stepped step
                    && step.step() == Step.SEGMENT_VERIFIED) {
                  twoVerified.countDown();
                }
                vacuum.on(event);
              });

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(report.removed()).isEqualTo(129_870);
      assertThat(events.database.count("loose")).isZero();
      try (Tideline tideline = Tideline.open(events.settings(policy))) {
        assertThat(tideline.status().inDoubt()).isEmpty();
        assertThat(tideline.status().archivedRows()).isEqualTo(129_870);
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void twoRunsAtOnceAreOne(Product product) {
    try (Events events = new Events(product, folder)) {
      AtomicReference<Throwable> refused = new AtomicReference<>();
      RunListener listener =
          FailingAt.doing(
              Step.SEALED,
              1,
              () -> {
                try {
                  events.run();
                } catch (TidelineException e) {
                  refused.set(e);
                }
              });
      assertThat(events.run(listener).exit()).isEqualTo(ExitCode.DONE);

      assertThat(refused.get())
          .isInstanceOfSatisfying(
              TidelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LEASE_HELD));
      assertThat(events.live()).hasSize(10);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void movedAndDeletedRowsAreJudgedAgainToo(Product product) {
    for (Action action : List.of(Action.MOVE, Action.DELETE)) {
      try (Events events = new Events(product, folder.resolve(action.word()))) {
        Policy policy = events.policy().action(action).build();
        RunListener listener =
            FailingAt.doing(
                Step.LEASED,
                1,
                () ->
                    events.database.execute(
                        "UPDATE events SET created_at = '2026-09-30 00:00:00' WHERE id = 7"));
        events.run(events.settings(policy), listener);

        assertThat(events.live()).hasSize(11).contains(7);
        if (action == Action.MOVE) {
          assertThat(events.database.count("events_archive")).isEqualTo(29);
        }
      }
    }
  }

  @Test
  void theArchiveOfAnotherDatabaseIsRefused() {
    try (Events one = new Events(Product.SQLITE, folder.resolve("one"));
        Events two = new Events(Product.SQLITE, folder.resolve("two"))) {
      one.run();
      var settings =
          io.tideline.policy.Settings.of(
              two.database.url(),
              folder.resolve("one").resolve("archive"),
              List.of(two.policy().build()));
      assertThatThrownBy(() -> two.run(settings, RunListener.NONE))
          .hasMessageContaining("it belongs to another database")
          .hasMessageContaining("--adopt");
      assertThat(two.live()).hasSize(40);
      try (Tideline tideline = Tideline.open(settings, new SettableClock(Events.NOW))) {
        tideline.adopt();
        assertThat(
                tideline
                    .run(tideline.plan(Selection.all(), RunListener.NONE), RunListener.NONE)
                    .removed())
            .isEqualTo(30);
      }
    }
  }
}
