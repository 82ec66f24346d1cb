package io.tideline.testkit.partitions;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.dialect.DatabaseUrl;
import io.tideline.error.ExitCode;
import io.tideline.run.RestoreReport;
import io.tideline.run.RestoreRequest;
import io.tideline.testkit.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of dropped partitions come back. */
class RestoreTest {
  @TempDir Path folder;

  @Test
  void theirPartitionsAreMadeAgain() {
    try (Parted parted = new Parted(folder)) {
      List<String> before = parted.live();
      parted.run();
      RestoreReport report = parted.restore(RestoreRequest.everything());

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(report.notes())
          .containsExactly(
              "The partition events_01 was made again.", "The partition events_08 was made again.");
      assertThat(parted.live()).isEqualTo(before);
      assertThat(parted.attached()).containsExactly("events_01", "events_08", "events_09");
      assertThat(parted.view(false)).isEmpty();
      assertThat(parted.plan().policies().get(0).partitions()).isEmpty();
      assertThat(parted.run().removed()).isZero();
    }
  }

  @Test
  void whereNoPartitionTakesThemTheStatementIsTold() {
    try (Parted parted = new Parted(folder)) {
      parted.run();
      parted.database.execute(
          "CREATE TABLE events_mine PARTITION OF events FOR VALUES FROM ('2026-01-10') TO ('2026-01-10 04:30')");
      RestoreReport report = parted.restore(RestoreRequest.everything());

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.ROWS_LEFT);
      assertThat(report.restored()).isEqualTo(15);
      assertThat(report.notes())
          .contains(
              "The partition events_01 was not made again: partition \"events_01\" would overlap"
                  + " partition \"events_mine\". By hand: CREATE TABLE \"public\".\"events_01\""
                  + " PARTITION OF \"public\".\"events\" FOR VALUES FROM ('2026-01-01 00:00:00') TO"
                  + " ('2026-02-01 00:00:00')");
      assertThat(parted.live()).hasSize(25);
    }
  }

  @Test
  void intoAnotherDatabaseToo() {
    try (Parted parted = new Parted(folder);
        TestDatabase other = parted.database.sibling()) {
      parted.run();
      other.execute(Parted.TABLE);
      RestoreReport report =
          parted.restore(RestoreRequest.everything().into(new DatabaseUrl(other.url())));
      assertThat(report.restored()).as("%s", report).isEqualTo(20);
      assertThat(other.count("events_01")).isEqualTo(10);
    }
  }
}
