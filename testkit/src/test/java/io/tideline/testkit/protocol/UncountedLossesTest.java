package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.error.ExitCode;
import io.tideline.plan.Reason;
import io.tideline.run.RunReport;
import io.tideline.testkit.Product;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Triggers of PostgreSQL that lose rows which no counter of deleted rows tells of. */
class UncountedLossesTest {
  @TempDir Path folder;

  private Events events(String act) {
    Events events = new Events(Product.POSTGRESQL, folder);
    events.database.execute("CREATE TABLE cache (id int)", "INSERT INTO cache VALUES (1), (2)");
    events.database.execute(Triggers.afterDelete(Product.POSTGRESQL, act));
    return events;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TRUNCATE cache;",
        "DROP TABLE cache; CREATE TABLE cache (id int);",
        "ALTER TABLE cache ALTER COLUMN id TYPE text USING 'x';"
      })
  void aTriggerThatEmptiesOrMakesATableAnewIsNotLetThrough(String act) {
    try (Events events = events(act)) {
      RunReport report = events.run();

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.ROWS_LEFT);
      assertThat(report.policies().get(0).kept())
          .filteredOn(kept -> kept.reason() == Reason.REFUSED)
          .singleElement()
          .satisfies(
              kept -> {
                assertThat(kept.rows()).isEqualTo(1);
                assertThat(kept.detail()).contains("a trigger truncates, drops or alters");
              });
      assertThat(events.live()).hasSize(11).contains(7);
      assertThat(events.database.query("SELECT id FROM cache ORDER BY id"))
          .containsExactly("1", "2");
    }
  }

  @Test
  void aTriggerThatUsesATemporaryTableIsLetThrough() {
    try (Events events =
        events("CREATE TEMPORARY TABLE scratch (id int) ON COMMIT DROP; TRUNCATE scratch;")) {
      assertThat(events.run().exit()).isEqualTo(ExitCode.DONE);
      assertThat(events.live()).hasSize(10);
      assertThat(events.database.count("cache")).isEqualTo(2);
    }
  }
}
