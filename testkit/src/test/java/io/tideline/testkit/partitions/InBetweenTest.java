package io.tideline.testkit.partitions;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.core.archive.HoldBook;
import io.tideline.core.archive.Storage;
import io.tideline.error.ExitCode;
import io.tideline.policy.Action;
import io.tideline.policy.KeepLatest;
import io.tideline.policy.Policy;
import io.tideline.run.Hold;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.run.Step;
import io.tideline.testkit.FailingAt;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What others do to a partition between archive and drop. */
@Tag("exhaustive")
class InBetweenTest {
  private static final String LATE =
      "INSERT INTO events VALUES (777, 'acc-0', '2026-01-31', 'late')";

  @TempDir Path folder;

  private static RunListener at(Step step, Parted parted, String... sql) {
    return FailingAt.doing(step, 1, () -> parted.database.execute(sql));
  }

  /** With and without a default partition: detached first, or dropped where it is. */
  private static void withDefault(boolean wanted, Parted parted) {
    if (wanted) {
      parted.database.execute("CREATE TABLE events_rest PARTITION OF events DEFAULT");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLateRowIsArchivedAndDeletedToo(boolean rest) {
    try (Parted parted = new Parted(folder)) {
      withDefault(rest, parted);
      RunReport report = parted.run(at(Step.SEALED, parted, LATE));

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(parted.attached()).contains("events_01", "events_09").doesNotContain("events_08");
      assertThat(report.removed()).isEqualTo(21);
      assertThat(parted.live()).hasSize(10);
      assertThat(parted.view(false)).hasSize(21).contains("777 late");
      assertThat(parted.inDoubt()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aChangedRowIsArchivedAsItIsNow(boolean rest) {
    try (Parted parted = new Parted(folder)) {
      withDefault(rest, parted);
      RunReport report =
          parted.run(at(Step.SEALED, parted, "UPDATE events SET payload = 'new' WHERE id = 103"));

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(parted.live()).hasSize(10);
      assertThat(parted.view(false)).hasSize(20).contains("103 new").doesNotContain("103 p3");
    }
  }

  @Test
  void aRowThatTheApplicationDeletedIsGone() {
    try (Parted parted = new Parted(folder)) {
      parted.run(at(Step.SEALED, parted, "DELETE FROM events WHERE id = 103"));
      assertThat(parted.live()).hasSize(10);
      assertThat(parted.view(false)).hasSize(19).doesNotContain("103 p3");
      assertThat(parted.view(true)).hasSize(20);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SEALED, false",
    "SEALED, true",
    "PARTITION_DETACHED, false",
    "PARTITION_DROPPED, false",
    "PARTITION_DROPPED, true"
  })
  void aHoldPlacedInBetweenKeepsItsRow(Step step, boolean rest) {
    try (Parted parted = new Parted(folder)) {
      withDefault(rest, parted);
      RunReport report =
          parted.run(
              FailingAt.doing(
                  step,
                  1,
                  () -> new HoldBook(folder.resolve("archive"), new Storage()).place(hold())));

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(parted.attached()).contains("events_01").doesNotContain("events_08");
      assertThat(parted.live()).hasSize(11).contains("103 p3");
      assertThat(parted.view(false)).hasSize(19).doesNotContain("103 p3");
    }
  }

  private static Hold hold() {
    return new Hold(
        "20260930-h1",
        "events",
        List.of(),
        Optional.of("id = 103"),
        Optional.empty(),
        "dispute",
        Parted.NOW,
        Optional.empty());
  }

  @Test
  void aRowChangedWhileItIsDetachedIsNotLost() {
    try (Parted parted = new Parted(folder)) {
      parted.run(
          at(
              Step.PARTITION_DETACHED,
              parted,
              "UPDATE events_01 SET payload = 'new' WHERE id = 103",
              LATE.replace("events", "events_01")));
      assertThat(parted.attached()).containsExactly("events_01", "events_09");
      assertThat(parted.live()).hasSize(10);
      assertThat(parted.view(false)).hasSize(21).contains("103 new", "777 late");
    }
  }

  @Test
  void aRowThatBecameTheNewestOfItsGroupStays() {
    try (Parted parted = new Parted(folder)) {
      KeepLatest keep = new KeepLatest(List.of(new KeepLatest.Part("account", false)), 3);
      Policy policy = parted.policy().keepLatest(keep).build();
      assertThat(parted.plan(policy).policies().get(0).partitions()).hasSize(2);
      parted.run(
          at(
              Step.PARTITION_DETACHED,
              parted,
              "DELETE FROM events WHERE account = 'acc-1' AND id > 200"),
          policy);
      // In January, acc-1 had 101, 104 and 107; nothing newer is left.
      assertThat(parted.live()).hasSize(10).contains("101 p1", "104 p4", "107 p7");
    }
  }

  @Test
  void rowsToBeDeletedAreJudgedOnceMore() {
    try (Parted parted = new Parted(folder)) {
      Policy policy = parted.policy().action(Action.DELETE).keepIf("payload = 'keep'").build();
      parted.run(
          at(Step.LEASED, parted, "UPDATE events SET payload = 'keep' WHERE id = 103"), policy);
      assertThat(parted.live()).hasSize(11).contains("103 keep");
      assertThat(parted.attached()).containsExactly("events_01", "events_09");
    }
  }

  @Test
  void aViewMadeInBetweenKeepsThePartition() {
    try (Parted parted = new Parted(folder)) {
      RunReport report =
          parted.run(
              at(Step.PARTITION_DETACHED, parted, "CREATE VIEW v AS SELECT * FROM events_01"));
      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(parted.attached()).containsExactly("events_01", "events_09");
      assertThat(parted.live()).hasSize(10);
      assertThat(parted.view(false)).hasSize(20);
    }
  }

  @Test
  void aForeignKeyOfThePartitionsSurvivesAttachingAgain() {
    try (Parted parted = new Parted(folder)) {
      parted.database.execute(
          "CREATE TABLE accounts (name text PRIMARY KEY)",
          "INSERT INTO accounts VALUES ('acc-0'), ('acc-1'), ('acc-2')",
          "ALTER TABLE events ADD FOREIGN KEY (account) REFERENCES accounts");
      RunReport report =
          parted.run(at(Step.PARTITION_DETACHED, parted, LATE.replace("events", "events_01")));
      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(parted.attached()).containsExactly("events_01", "events_09");
      assertThat(parted.live()).hasSize(10);
      assertThat(
              parted.database.query(
                  "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conrelid = 'events_01'::regclass AND conparentid <> 0"))
          .containsExactly("1");
    }
  }

  @Test
  void aTransactionThatUsesThePartitionIsWaitedFor() throws Exception {
    try (Parted parted = new Parted(folder);
        Connection other = parted.database.connect()) {
      other.setAutoCommit(false);
      other.createStatement().execute("SELECT * FROM events");
      Thread end =
          new Thread(
              () -> {
                try {
                  Thread.sleep(1_500);
                  other.commit();
                } catch (InterruptedException | SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      end.start();
      RunReport report = parted.run();
      end.join();
      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(parted.tables()).containsExactly("events_09");
    }
  }
}
