package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.run.RunReport;
import io.tideline.run.Step;
import io.tideline.testkit.FailingAt;
import io.tideline.testkit.Product;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResumedCountTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Product.class)
  void aResumeCountsOnlyTheRowsThatItRemovesItself(Product product) {
    try (Events events = new Events(product, folder)) {
      assertThatThrownBy(() -> events.run(new FailingAt(Step.SEALED, 1)))
          .isInstanceOf(FailingAt.Failure.class);
      events.database.execute("DELETE FROM events WHERE id <= 20");

      RunReport report = events.run();

      assertThat(report.resumed()).isEqualTo(1);
      assertThat(report.resumedRows()).isEqualTo(10);
      assertThat(events.live()).hasSize(10);
    }
  }
}
