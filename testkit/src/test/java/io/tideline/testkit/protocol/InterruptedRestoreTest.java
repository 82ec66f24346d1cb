package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.archive.QueryEngine;
import io.tideline.policy.Payloads;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RestoreReport;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import io.tideline.run.Step;
import io.tideline.testkit.FailingAt;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is said and shown between the death of a restore and the next run. */
class InterruptedRestoreTest {
  @TempDir Path folder;

  private static Tideline open(Events events) {
    return Tideline.open(events.settings(), new SettableClock(Events.NOW));
  }

  private static RestoreRequest request(Optional<String> where) {
    return new RestoreRequest(
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        where,
        Optional.empty(),
        false,
        false,
        false,
        Duration.ofDays(7),
        Map.of());
  }

  private static List<String> outcomes(Tideline tideline, boolean inDoubt) {
    List<String> outcomes = new ArrayList<>();
    tideline.query(
        "SELECT _outcome FROM events ORDER BY id",
        inDoubt,
        new QueryEngine.Result() {
          @Override
          public void columns(List<String> names, List<String> types) {}

          @Override
          public boolean row(@Nullable Object[] values) {
            outcomes.add(String.valueOf(values[0]));
            return true;
          }
        });
    return outcomes;
  }

  private static void kill(Events events, Step step, Optional<String> where) {
    assertThatThrownBy(
            () -> RestoreTest.restore(events.settings(), request(where), new FailingAt(step, 1)))
        .isInstanceOf(FailingAt.Failure.class);
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void everyCommandSaysThatItIsInDoubt(Product product) {
    try (Events events = new Events(product, folder)) {
      events.run();
      kill(events, Step.RESTORE_COMMITTED, Optional.of("id <= 20"));
      assertThat(events.live()).hasSize(30);

      try (Tideline tideline = open(events)) {
        assertThat(tideline.status().inDoubt()).hasSize(1);
        assertThat(tideline.archives()).allMatch(segment -> !segment.closed());
        assertThat(tideline.verify(Optional.empty(), RunListener.NONE).inDoubt()).hasSize(1);
        assertThat(tideline.recover().inDoubt()).hasSize(1);
        assertThat(tideline.plan(Selection.all(), RunListener.NONE).inDoubt()).isEqualTo(1);
        assertThat(tideline.plan(Selection.all(), RunListener.NONE).policies().get(0).rows())
            .as("rows that a restore may have brought back are held")
            .isZero();
        assertThat(outcomes(tideline, false)).hasSize(10).containsOnly("deleted");
        assertThat(outcomes(tideline, true)).hasSize(30);
        assertThat(outcomes(tideline, true).subList(0, 20)).containsOnly("in-doubt");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void theRunThatSettlesItSaysSo(Product product) {
    try (Events events = new Events(product, folder)) {
      events.run();
      kill(events, Step.RESTORE_COMMITTED, Optional.of("id <= 20"));
      List<String> said = new ArrayList<>();
      events.run(
          event -> {
            if (event instanceof RunEvent.Noted noted) {
              said.add(noted.message());
            }
          });

      assertThat(said)
          .anyMatch(
              text ->
                  text.endsWith(
                      " was interrupted after 20 rows had come back. The archive shows the others."));
      assertThat(events.live()).hasSize(30);
      try (Tideline tideline = open(events)) {
        assertThat(tideline.status().inDoubt()).isEmpty();
        assertThat(outcomes(tideline, true)).hasSize(10).containsOnly("deleted");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void theNextRestoreFindsTheRows(Product product) {
    try (Events events = new Events(product, folder)) {
      events.run();
      kill(events, Step.RESTORE_INTENDED, Optional.empty());
      RestoreReport report =
          RestoreTest.restore(
              events.settings(), request(Optional.of("id <= 20")), RunListener.NONE);

      assertThat(report.restored()).as("%s", report).isEqualTo(20);
      assertThat(events.view(false)).hasSize(10);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void noPayloadIsSweptUntilItIsSettled(Product product) throws Exception {
    Path store = Files.createDirectory(folder.resolve("payloads"));
    try (Events events = new Events(product, folder)) {
      events.run();
      kill(events, Step.RESTORE_COMMITTED, Optional.of("id <= 20"));
      Settings settings =
          events.settings().withPayloads(Payloads.of(store, List.of("events.payload")));
      try (Tideline tideline = Tideline.open(settings, new SettableClock(Events.NOW))) {
        assertThatThrownBy(() -> tideline.payloads().sweep(RunListener.NONE))
            .hasMessageMatching(
                "Cannot sweep payloads: the restore \\S+ was interrupted\\. No file was moved or"
                    + " removed\\. Let `tideline run` settle it, then sweep again\\.");
        events.run();
        assertThat(tideline.payloads().sweep(RunListener.NONE).problems()).isEmpty();
      }
    }
  }
}
