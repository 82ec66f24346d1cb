package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.Tideline;
import io.tideline.error.ExitCode;
import io.tideline.plan.Kept;
import io.tideline.plan.Reason;
import io.tideline.policy.Pace;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.ArchivedSegment;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.run.Step;
import io.tideline.testkit.FailingAt;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import io.tideline.testkit.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys that are equal to the database and not the same: case, trailing zeros. */
class EqualKeysTest {
  @TempDir Path folder;

  private static final Policy POLICY =
      Policy.of("old", "spelt").time("created_at").retain(Duration.ofDays(30)).build();

  private Settings settings(TestDatabase database) {
    return Settings.of(database.url(), folder.resolve("archive"), List.of(POLICY))
        .withPace(Pace.OFFLINE);
  }

  private static String[] table(Product product) {
    return product == Product.POSTGRESQL
        ? new String[] {
          "CREATE TABLE spelt (id numeric PRIMARY KEY, created_at timestamp, v text)",
          "INSERT INTO spelt VALUES (1, '2026-01-01', 'a'), (2, '2026-01-01', 'b'),"
              + " (3, '2026-01-01', 'c')"
        }
        : new String[] {
          "CREATE TABLE spelt (id text COLLATE NOCASE PRIMARY KEY NOT NULL, created_at text,"
              + " v text) WITHOUT ROWID",
          "INSERT INTO spelt VALUES ('k1', '2026-01-01', 'a'), ('k2', '2026-01-01', 'b'),"
              + " ('k3', '2026-01-01', 'c')"
        };
  }

  private static String[] respelt(Product product) {
    return product == Product.POSTGRESQL
        ? new String[] {"UPDATE spelt SET id = 1.00 WHERE id = 1", "DELETE FROM spelt WHERE id = 2"}
        : new String[] {
          "UPDATE spelt SET id = 'K1' WHERE id = 'k1'", "DELETE FROM spelt WHERE id = 'k2'"
        };
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aRowWhoseKeyIsSpeltOtherwiseMeanwhileIsChangedAndNotGone(Product product) {
    try (TestDatabase database = product.create(folder)) {
      database.execute(table(product));
      try (Tideline tideline = Tideline.open(settings(database), new SettableClock(Events.NOW))) {
        RunListener respelling =
            FailingAt.doing(Step.SEALED, 1, () -> database.execute(respelt(product)));
        RunReport report =
            tideline.run(tideline.plan(Selection.all(), RunListener.NONE), respelling);

        assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.ROWS_LEFT);
        assertThat(report.policies().get(0).kept())
            .filteredOn(kept -> kept.rows() > 0)
            .extracting(Kept::reason)
            .containsExactly(Reason.CHANGED);
        assertThat(report.policies().get(0).gone()).isEqualTo(1);
        ArchivedSegment segment = tideline.archives().get(0);
        assertThat(segment.changed()).isEqualTo(1);
        assertThat(segment.gone()).isEqualTo(1);
        assertThat(segment.deleted()).isEqualTo(1);

        report = tideline.run(tideline.plan(Selection.all(), RunListener.NONE), RunListener.NONE);
        assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
        assertThat(database.count("spelt")).isZero();
      }
    }
  }
}
