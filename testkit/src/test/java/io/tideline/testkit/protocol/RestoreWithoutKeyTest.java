package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.error.ExitCode;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RestoreReport;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunListener;
import io.tideline.run.Step;
import io.tideline.testkit.FailingAt;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restores of tables whose rows only SQLite's hidden rowid names. */
class RestoreWithoutKeyTest {
  private static final String OLD = "('a', '2026-01-01 00:00:00')";

  @TempDir Path folder;

  private static Settings settings(Events events) {
    Policy policy =
        Policy.of("old", "loose").time("created_at").retain(Duration.ofDays(30)).build();
    return events.settings(policy);
  }

  private Events events(String ddl, String... sql) {
    Events events = new Events(Product.SQLITE, folder);
    events.database.execute("DELETE FROM events", ddl);
    events.database.execute(sql);
    return events;
  }

  private static RestoreRequest everything(boolean overwrite) {
    return new RestoreRequest(
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        overwrite,
        false,
        false,
        Duration.ZERO,
        Map.of());
  }

  @Test
  void equalRowsOfTwoSegmentsAllComeBack() {
    String plain = "CREATE TABLE loose (name text, created_at text)";
    try (Events events = events(plain, "INSERT INTO loose VALUES " + OLD + ", " + OLD)) {
      events.run(settings(events), RunListener.NONE);
      events.database.execute("INSERT INTO loose VALUES " + OLD);
      events.run(settings(events), RunListener.NONE);
      events.database.execute("VACUUM", "INSERT INTO loose VALUES " + OLD);
      RestoreReport report =
          RestoreTest.restore(settings(events), everything(false), RunListener.NONE);

      assertThat(report.tables().get(0).inserted()).as("%s", report).isEqualTo(2);
      assertThat(report.tables().get(0).identical()).isEqualTo(1);
      assertThat(events.database.count("loose")).isEqualTo(3);
    }
  }

  @Test
  void equalRowsOfAKilledRestoreAreMarkedOnceEach() {
    String plain = "CREATE TABLE loose (name text, created_at text)";
    try (Events events = events(plain, "INSERT INTO loose VALUES " + OLD)) {
      events.run(settings(events), RunListener.NONE);
      events.database.execute("INSERT INTO loose VALUES " + OLD);
      events.run(settings(events), RunListener.NONE);
      FailingAt failing = new FailingAt(Step.RESTORE_COMMITTED, 1);
      assertThatThrownBy(() -> RestoreTest.restore(settings(events), everything(false), failing))
          .isInstanceOf(FailingAt.Failure.class);
      RestoreTest.restore(settings(events), everything(false), RunListener.NONE);

      assertThat(events.database.count("loose")).isEqualTo(2);
    }
  }

  @Test
  void aRowidThatAnotherRowGotSinceIsLeftToIt() {
    String plain = "CREATE TABLE loose (name text, created_at text)";
    try (Events events = events(plain, "INSERT INTO loose VALUES " + OLD)) {
      events.run(settings(events), RunListener.NONE);
      events.database.execute(
          "INSERT INTO loose (rowid, name, created_at) VALUES (1, 'other', '2026-09-30')");
      RestoreReport report =
          RestoreTest.restore(settings(events), everything(true), RunListener.NONE);

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(report.tables().get(0).inserted()).isEqualTo(1);
      assertThat(events.database.query("SELECT name FROM loose ORDER BY rowid"))
          .containsExactly("other", "a");
    }
  }

  @Test
  void aDeclaredKeyTellsWhichRowAnArchivedOneIs() {
    String keyed = "CREATE TABLE loose (name text PRIMARY KEY, created_at text)";
    try (Events events =
        events(
            keyed,
            "INSERT INTO loose VALUES ('a', '2026-01-01 00:00:00'), ('b', '2026-01-01 00:00:00'),"
                + " (NULL, '2026-01-01 00:00:00'), ('c', '2026-01-01 00:00:00')")) {
      events.run(settings(events), RunListener.NONE);
      events.database.execute(
          "INSERT INTO loose (rowid, name, created_at) VALUES (1, 'x', '2026-09-30 00:00:00'),"
              + " (7, 'b', '2026-01-01 00:00:00'), (8, 'c', '2026-09-30 00:00:00')");
      RestoreReport skip =
          RestoreTest.restore(settings(events), everything(false), RunListener.NONE);
      assertThat(skip.tables().get(0).inserted()).as("%s", skip).isEqualTo(2);
      assertThat(skip.tables().get(0).identical()).isEqualTo(1);
      assertThat(skip.tables().get(0).examples()).containsExactly("c: another row is there");

      RestoreReport over =
          RestoreTest.restore(settings(events), everything(true), RunListener.NONE);
      assertThat(over.tables().get(0).overwritten()).isEqualTo(1);
      assertThat(events.database.query("SELECT coalesce(name, '-') FROM loose ORDER BY 1"))
          .containsExactly("-", "a", "b", "c", "x");
      try (Tideline tideline = Tideline.open(settings(events), new SettableClock(Events.NOW))) {
        assertThat(tideline.status().inDoubt()).isEmpty();
        assertThat(tideline.status().archivedRows()).isEqualTo(1);
      }
    }
  }

  @Test
  void aRowWithoutAReadableTimeLiesInNoRange() {
    String plain = "CREATE TABLE loose (id integer PRIMARY KEY, created_at text)";
    try (Events events =
        events(
            plain,
            "INSERT INTO loose VALUES (1, '2026-01-01 00:00:00'), (2, '2026-01-02 00:00:00'),"
                + " (3, 'never'), (4, '2026-09-30 00:00:00')")) {
      events.run(settings(events), RunListener.NONE);
      try (Tideline tideline = Tideline.open(settings(events), new SettableClock(Events.NOW))) {
        Selection three =
            new Selection(List.of("old"), List.of(), Optional.empty(), Optional.of("3"));
        assertThat(tideline.run(tideline.plan(three, RunListener.NONE), RunListener.NONE).removed())
            .isEqualTo(1);
      }
      RestoreRequest first =
          everything(false)
              .between(
                  Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-01-02T00:00:00Z"));
      assertThat(RestoreTest.restore(settings(events), first, RunListener.NONE).restored())
          .isEqualTo(1);
      assertThat(events.database.query("SELECT id FROM loose")).containsExactly("1", "4");
    }
  }
}
