package io.tideline.testkit.trees;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.Tideline;
import io.tideline.policy.Action;
import io.tideline.run.RecordedLine;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The record tells of trees as of rows. */
class RecordOfTreesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Product.class)
  void aTreeWithoutCopiesHasALineBeforeAndOneAfterItGoes(Product product) {
    try (Runs runs = new Runs(product, folder)) {
      var settings = runs.settings(runs.policy().action(Action.DELETE).build());
      RunReport report = runs.run(settings, RunListener.NONE);
      assertThat(report.removed()).isPositive();

      List<RecordedLine> lines = new ArrayList<>();
      try (Tideline tideline = Tideline.open(settings, new SettableClock(Runs.NOW))) {
        tideline.record(lines::add);
        assertThat(tideline.checkRecord(Optional.empty()).pending()).isEmpty();
      }
      assertThat(lines.stream().map(RecordedLine::kind)).startsWith("begun", "taking", "took");
      assertThat(lines.get(1).rows()).hasValue(report.removed());
      assertThat(lines.get(2).rows()).hasValue(report.removed());
    }
  }
}
