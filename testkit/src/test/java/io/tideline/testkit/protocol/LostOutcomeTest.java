package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.Tideline;
import io.tideline.archive.QueryEngine;
import io.tideline.policy.Settings;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import io.tideline.run.Step;
import io.tideline.testkit.FailingAt;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What became of rows is not found out anew where an outcome is lost, for much may have happened
 * since: it is written again from the record.
 */
class LostOutcomeTest {
  private static final String CHANGE = "UPDATE events SET payload = 'second' WHERE id = 5";

  @TempDir Path folder;

  private record Answer(List<String> rows) implements QueryEngine.Result {
    @Override
    public void columns(List<String> names, List<String> types) {}

    @Override
    public boolean row(@Nullable Object[] values) {
      rows.add(values[0] + " " + values[1]);
      return true;
    }
  }

  /** What the archive shows: the payloads and outcomes of the row 5. */
  private static List<String> shown(Events events) {
    List<String> rows = new ArrayList<>();
    try (Tideline tideline = Tideline.open(events.settings(), new SettableClock(Events.NOW))) {
      tideline.query(
          "SELECT payload, _outcome FROM events WHERE id = 5 ORDER BY 1", false, new Answer(rows));
    }
    return rows;
  }

  /** Takes all outcomes away; gives what they held. */
  private static Map<Path, String> lose(Settings settings) throws IOException {
    Map<Path, String> lost = new TreeMap<>();
    try (Stream<Path> files = Files.walk(settings.archive().resolve("runs"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".outcome.json")).toList()) {
        lost.put(file, Files.readString(file));
        Files.delete(file);
      }
    }
    assertThat(lost).isNotEmpty();
    return lost;
  }

  private static void areThereAgain(Map<Path, String> lost) {
    assertThat(lost)
        .allSatisfy((file, content) -> assertThat(file).exists().content().isEqualTo(content));
  }

  /** The first run finds the row 5 changed; it stays live. */
  private static void changedMeanwhile(Events events) {
    events.run(FailingAt.doing(Step.SEALED, 1, () -> events.database.execute(CHANGE)));
    assertThat(events.live()).contains(5);
    assertThat(shown(events)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aRowThatALaterRunTookIsShownOnce(Product product) throws IOException {
    try (Events events = new Events(product, folder)) {
      changedMeanwhile(events);
      events.run();
      assertThat(shown(events)).hasSize(1).allMatch(row -> row.startsWith("second "));
      List<String> before = shown(events);
      Map<Path, String> lost = lose(events.settings());

      List<String> told = new ArrayList<>();
      events.run(
          event -> {
            if (event instanceof RunEvent.Noted noted) {
              told.add(noted.message());
            }
          });

      assertThat(shown(events)).isEqualTo(before);
      areThereAgain(lost);
      assertThat(told)
          .filteredOn(each -> each.contains("written again"))
          .hasSize(2)
          .allMatch(each -> each.contains("/0001"));
      assertThat(events.checked(Optional.empty()).problems()).isEmpty();
      assertThat(events.live()).hasSize(Events.ALL - Events.EXPIRED);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aRowThatStayedAndThatTheApplicationDeletedIsNotShown(Product product) throws IOException {
    try (Events events = new Events(product, folder)) {
      changedMeanwhile(events);
      events.database.execute("DELETE FROM events WHERE id = 5");
      lose(events.settings());

      events.run();

      assertThat(shown(events)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aKeyUsedAgainIsTwoRows(Product product) throws IOException {
    try (Events events = new Events(product, folder)) {
      events.run();
      String again = "INSERT INTO events VALUES (5, 'acc-2', '2026-01-01 00:00:15', 'payload 5')";
      events.database.execute(again);
      events.run();
      assertThat(shown(events)).hasSize(2);
      Map<Path, String> lost = lose(events.settings());

      events.run();

      assertThat(shown(events)).hasSize(2);
      areThereAgain(lost);
    }
  }

  @Test
  void recoverWritesItAgain() throws IOException {
    try (Events events = new Events(Product.SQLITE, folder)) {
      changedMeanwhile(events);
      Map<Path, String> lost = lose(events.settings());
      Path file = lost.keySet().iterator().next();
      assertThat(events.checked(Optional.empty()).problems())
          .singleElement()
          .asString()
          .startsWith("Cannot find " + file)
          .endsWith(" The next run writes it again.");

      try (Tideline tideline = Tideline.open(events.settings(), new SettableClock(Events.NOW))) {
        assertThat(tideline.recover().record()).isEmpty();
      }

      areThereAgain(lost);
      assertThat(events.recorded()).containsExactly("begun", "sealed", "closed");
    }
  }

  @Test
  void anOutcomeWhoseManifestIsLostToStaysAway() throws IOException {
    try (Events events = new Events(Product.SQLITE, folder)) {
      events.run();
      Path outcome = lose(events.settings()).keySet().iterator().next();
      try (Stream<Path> files = Files.list(outcome.getParent())) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }

      events.run(events.settings(), RunListener.NONE);

      assertThat(outcome).doesNotExist();
    }
  }
}
