package io.tideline.testkit.partitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.plan.PayloadPlan;
import io.tideline.policy.Payloads;
import io.tideline.run.PayloadSweep;
import io.tideline.run.RunListener;
import io.tideline.run.Step;
import io.tideline.testkit.FailingAt;
import io.tideline.testkit.SettableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files to which only rows of a partition refer that an interrupted run left detached. */
class DetachedPayloadsTest {
  private static final String HASH = "ab" + "0".repeat(62);

  @TempDir Path folder;
  private Path store;
  private Path file;

  @BeforeEach
  void aFile() throws Exception {
    store = Files.createDirectory(folder.resolve("payloads")).toRealPath();
    file = Files.createDirectory(store.resolve("ab")).resolve(HASH);
    Files.writeString(file, "content");
    Files.setLastModifiedTime(file, FileTime.from(Parted.NOW.minus(Duration.ofDays(300))));
  }

  private Tideline open(Parted parted) {
    Payloads payloads = Payloads.of(store, List.of("events.payload")).withOrphans(true);
    return Tideline.open(parted.settings().withPayloads(payloads), new SettableClock(Parted.NOW));
  }

  private static void stopAt(Parted parted, Step step) {
    parted.database.execute("UPDATE events SET payload = '" + HASH + "' WHERE id = 105");
    assertThatThrownBy(() -> parted.run(new FailingAt(step, 1)))
        .isInstanceOf(FailingAt.Failure.class);
  }

  @Test
  void nothingIsSweptUntilItIsSettled() {
    try (Parted parted = new Parted(folder)) {
      stopAt(parted, Step.PARTITION_DETACHED);
      parted.database.execute("INSERT INTO events_01 VALUES (777, 'acc-0', '2026-01-31', 'late')");
      try (Tideline tideline = open(parted)) {
        PayloadPlan plan = tideline.payloads().plan(PayloadPlan.Listing.NONE);
        assertThat(plan.findings())
            .anySatisfy(
                finding -> {
                  assertThat(finding.code()).isEqualTo("payloads-in-doubt");
                  assertThat(finding.what()).endsWith(": a sweep is refused until that is settled");
                });
        assertThatThrownBy(() -> tideline.payloads().sweep(RunListener.NONE))
            .isInstanceOfSatisfying(
                TidelineException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.PAYLOADS_IN_DOUBT))
            .hasMessageMatching(
                "Cannot sweep payloads: the run \\S+ was interrupted while it took away the partition"
                    + " events_01, whose rows may refer to files\\. No file was moved or removed\\."
                    + " Let `tideline run` settle it, then sweep again\\.");
        assertThat(file).exists();
        parted.run(parted.policy().keepIf("id = 105").build());
        assertThat(parted.live()).contains("105 " + HASH);
        PayloadSweep sweep = tideline.payloads().sweep(RunListener.NONE);
        assertThat(sweep.trashed().files()).isZero();
        assertThat(file).exists();
      }
    }
  }

  @Test
  void onceItIsDroppedTheFileMayGo() {
    try (Parted parted = new Parted(folder)) {
      stopAt(parted, Step.PARTITION_COMMITTED);
      try (Tideline tideline = open(parted)) {
        assertThatThrownBy(() -> tideline.payloads().sweep(RunListener.NONE))
            .hasMessageContaining("Cannot sweep payloads");
        parted.run();
        assertThat(tideline.payloads().sweep(RunListener.NONE).trashed().files()).isOne();
      }
    }
  }
}
