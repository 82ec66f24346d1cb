package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.policy.Action;
import io.tideline.policy.Pace;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunListener;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Archive tables that could not tell whose rows they hold. */
class ArchiveTablesTest {
  @TempDir Path folder;

  private static Policy.Builder policy(String name, String table) {
    return Policy.of(name, table).time("created_at").retain(Duration.ofDays(30));
  }

  private Settings settings(Events events, Policy.Builder first, Policy.Builder second) {
    return Settings.of(
            events.database.url(),
            folder.resolve("archive"),
            List.of(first.action(Action.MOVE).build(), second.build()))
        .withPace(Pace.OFFLINE);
  }

  private static void refused(Settings settings, String message) {
    try (Tideline tideline = Tideline.open(settings, new SettableClock(Events.NOW))) {
      List<ThrowingCallable> calls =
          List.of(
              () -> tideline.plan(Selection.all(), RunListener.NONE),
              tideline::createArchiveTables,
              () -> tideline.restore(RestoreRequest.everything(), RunListener.NONE));
      for (ThrowingCallable call : calls) {
        assertThatThrownBy(call).hasMessageContaining(message);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void twoTablesCannotShareOne(Product product) {
    try (Events events = new Events(product, folder)) {
      events.database.execute("CREATE TABLE others AS SELECT * FROM events");
      refused(
          settings(
              events,
              policy("a", "events").archiveTable("old"),
              policy("b", "others").archiveTable("OLD").action(Action.MOVE)),
          "Cannot move rows of policy 'b' to OLD: rows of events are moved there, too."
              + " Nothing was changed. Give the policy an 'archive_table' of its own.");
      assertThat(events.live()).hasSize(Events.ALL);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void noPolicyCleansOne(Product product) {
    try (Events events = new Events(product, folder)) {
      events.database.execute("CREATE TABLE events_archive AS SELECT * FROM events");
      refused(
          settings(events, policy("a", "events"), policy("b", "events_archive")),
          "Cannot move rows of policy 'a' to events_archive:"
              + " policy 'b' is about that table itself.");
      assertThat(events.live()).hasSize(Events.ALL);
    }
  }
}
