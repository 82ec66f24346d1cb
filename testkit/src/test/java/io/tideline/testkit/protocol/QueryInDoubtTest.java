package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.archive.QueryEngine;
import io.tideline.run.Step;
import io.tideline.testkit.FailingAt;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueryInDoubtTest {
  @TempDir Path folder;

  private record Answer(List<String> rows) implements QueryEngine.Result {
    @Override
    public void columns(List<String> names, List<String> types) {}

    @Override
    public boolean row(@Nullable Object[] values) {
      rows.add(String.valueOf(values[0]));
      return true;
    }
  }

  private static List<String> count(Tideline tideline, boolean inDoubt) {
    List<String> rows = new ArrayList<>();
    tideline.query("SELECT count(payload) FROM events", inDoubt, new Answer(rows));
    return rows;
  }

  @Test
  void aTableAllOfWhichIsInDoubtIsThereAndEmpty() {
    try (Events events = new Events(Product.SQLITE, folder)) {
      assertThatThrownBy(() -> events.run(new FailingAt(Step.SEALED, 1)))
          .isInstanceOf(FailingAt.Failure.class);
      try (Tideline tideline = Tideline.open(events.settings(), new SettableClock(Events.NOW))) {
        assertThat(count(tideline, false)).containsExactly("0");
        assertThat(count(tideline, true)).containsExactly("30");
      }
      events.run();
      try (Tideline tideline = Tideline.open(events.settings(), new SettableClock(Events.NOW))) {
        assertThat(count(tideline, false)).containsExactly("30");
      }
    }
  }
}
