package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.error.ExitCode;
import io.tideline.policy.Action;
import io.tideline.policy.Settings;
import io.tideline.run.RestoreReport;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.run.Step;
import io.tideline.testkit.FailingAt;
import io.tideline.testkit.Product;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Restores of rows that a policy moved to an archive table. */
class RestoreOfMovedRowsTest {
  @TempDir Path folder;

  private static Settings settings(Events events) {
    return events.settings(events.policy().action(Action.MOVE).build());
  }

  private static RestoreRequest of(boolean overwrite, Optional<String> where) {
    return new RestoreRequest(
        List.of(),
        List.of("events"),
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

  private static RestoreReport restore(Events events, RestoreRequest request) {
    return RestoreTest.restore(settings(events), request, RunListener.NONE);
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void theyComeBackAndAreHeld(Product product) {
    try (Events events = new Events(product, folder)) {
      List<String> before = events.database.dump("events");
      events.run(settings(events), RunListener.NONE);
      RestoreReport report = restore(events, of(false, Optional.empty()));

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(report.tables().get(0).inserted()).isEqualTo(30);
      assertThat(events.database.dump("events")).isEqualTo(before);
      assertThat(events.database.count("events_archive")).isZero();
      RunReport next = events.run(settings(events), RunListener.NONE);
      assertThat(next.removed()).isZero();
      assertThat(events.live()).hasSize(40);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void onlyThoseAskedForComeBack(Product product) {
    try (Events events = new Events(product, folder)) {
      events.run(settings(events), RunListener.NONE);
      assertThat(restore(events, of(false, Optional.of("id <= 3"))).restored()).isEqualTo(3);
      RestoreRequest range =
          of(false, Optional.empty())
              .between(
                  Instant.parse("2026-01-01T00:00:15Z"), Instant.parse("2026-01-01T00:00:18Z"));
      assertThat(restore(events, range).restored()).isEqualTo(3);

      assertThat(events.live()).hasSize(16).contains(1, 2, 3, 5, 6, 7);
      assertThat(events.database.count("events_archive")).isEqualTo(24);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void rowsThatAreThereAreToldApart(Product product) {
    try (Events events = new Events(product, folder)) {
      events.run(settings(events), RunListener.NONE);
      events.database.execute(
          "INSERT INTO events VALUES (7, 'acc-1', '2026-01-01 00:00:17', 'payload 7'),"
              + " (8, 'acc-2', '2026-09-30 00:00:00', 'another')");
      RestoreReport skip = restore(events, of(false, Optional.empty()));

      assertThat(skip.tables().get(0).identical()).as("%s", skip).isEqualTo(1);
      assertThat(skip.tables().get(0).examples()).containsExactly("8: another row is there");
      assertThat(events.database.query("SELECT id FROM events_archive")).containsExactly("8");
      events.run(settings(events), RunListener.NONE);

      RestoreReport over = restore(events, of(true, Optional.empty()));
      assertThat(over.tables().get(0).overwritten()).as("%s", over).isEqualTo(1);
      assertThat(events.database.query("SELECT payload FROM events WHERE id = 8"))
          .containsExactly("payload 8");
      assertThat(events.database.count("events_archive")).isZero();
      assertThat(events.view(false)).containsExactly("8 another");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aKillLosesNone(Product product) {
    for (Step step : List.of(Step.RESTORE_INSERTED, Step.RESTORE_COMMITTED)) {
      try (Events events = new Events(product, folder.resolve(step.word()))) {
        events.run(settings(events), RunListener.NONE);
        FailingAt failing = new FailingAt(step, 1);
        assertThatThrownBy(
                () -> RestoreTest.restore(settings(events), of(false, Optional.empty()), failing))
            .isInstanceOf(FailingAt.Failure.class);
        assertThat(events.live().size() + events.database.count("events_archive")).isEqualTo(40);

        restore(events, of(false, Optional.empty()));
        assertThat(events.live()).hasSize(40);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void noValueIsLeftBehind(Product product) {
    try (Events events = new Events(product, folder)) {
      events.run(settings(events), RunListener.NONE);
      assertThatThrownBy(() -> restore(events, renaming(Map.of("payload", ""))))
          .hasMessageContaining(
              "the values of its column payload have no place in events, and would be lost")
          .hasMessageContaining("--map payload=PRESENT");
      events.database.execute("ALTER TABLE events RENAME COLUMN payload TO body");
      assertThatThrownBy(() -> restore(events, of(false, Optional.empty())))
          .hasMessageContaining("column payload have no place in events");
      assertThat(events.database.count("events_archive")).isEqualTo(30);

      assertThat(restore(events, renaming(Map.of("payload", "body"))).restored()).isEqualTo(30);
      assertThat(events.database.query("SELECT body FROM events WHERE id = 7"))
          .containsExactly("payload 7");
      assertThat(events.database.count("events_archive")).isZero();
    }
  }

  private static RestoreRequest renaming(Map<String, String> names) {
    return new RestoreRequest(
        List.of(),
        List.of("events"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        false,
        false,
        RestoreRequest.DEFAULT_HOLD,
        names);
  }
}
