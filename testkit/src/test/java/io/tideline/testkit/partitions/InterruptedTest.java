package io.tideline.testkit.partitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.error.ExitCode;
import io.tideline.policy.Action;
import io.tideline.policy.Policy;
import io.tideline.run.RunReport;
import io.tideline.run.Step;
import io.tideline.testkit.FailingAt;
import io.tideline.testkit.ForkedRun;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A run dies at a step of a whole partition's way, and the next finishes. */
@Tag("exhaustive")
class InterruptedTest {
  private static final String TERMINATE =
      "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'";

  @TempDir Path folder;

  private static List<String> everything(Parted parted) {
    List<String> all = new ArrayList<>(parted.live());
    List<String> away = parted.view(false);
    assertThat(all).doesNotContainAnyElementsOf(away);
    all.addAll(away);
    return all;
  }

  private static void isFinished(Parted parted, List<String> before) {
    RunReport report = parted.run();
    assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
    assertThat(parted.live()).hasSize(10);
    assertThat(everything(parted)).containsExactlyInAnyOrderElementsOf(before);
    assertThat(new HashSet<>(parted.tables())).isEqualTo(new HashSet<>(parted.attached()));
    assertThat(parted.inDoubt()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = Step.class,
      names = {"SEALED", "PARTITION_DETACHED", "PARTITION_DROPPED", "PARTITION_COMMITTED"})
  void aKilledProcess(Step step) {
    try (Parted parted = new Parted(folder)) {
      List<String> before = parted.live();
      ForkedRun.Result killed =
          ForkedRun.run(parted.settings()).at(Parted.NOW).killedAt(step, 1).start();
      assertThat(killed.killed()).as("%s", killed).isTrue();
      isFinished(parted, before);
      boolean attached = step == Step.SEALED;
      assertThat(parted.tables().contains("events_01")).isEqualTo(attached);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Step.class,
      names = {"DELETES_DURABLE", "PARTITION_DROPPED"})
  void anException(Step step) {
    try (Parted parted = new Parted(folder)) {
      List<String> before = parted.live();
      assertThatThrownBy(() -> parted.run(new FailingAt(step, 1)))
          .isInstanceOf(FailingAt.Failure.class);
      isFinished(parted, before);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Step.class,
      names = {"SEALED", "PARTITION_DETACHED", "PARTITION_DROPPED", "PARTITION_COMMITTED"})
  void aTerminatedBackend(Step step) {
    try (Parted parted = new Parted(folder)) {
      List<String> before = parted.live();
      RunReport report =
          parted.run(FailingAt.doing(step, 1, () -> parted.database.execute(TERMINATE)));
      assertThat(report.exit()).isIn(ExitCode.STOPPED, ExitCode.OUTCOME_UNKNOWN);
      isFinished(parted, before);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Step.class,
      names = {"PARTITION_DROPPED", "PARTITION_COMMITTED"})
  void besideADefaultPartition(Step step) {
    try (Parted parted = new Parted(folder)) {
      parted.database.execute("CREATE TABLE events_rest PARTITION OF events DEFAULT");
      List<String> before = parted.live();
      assertThatThrownBy(() -> parted.run(new FailingAt(step, 1)))
          .isInstanceOf(FailingAt.Failure.class);
      isFinished(parted, before);
    }
  }

  @Test
  void aPartitionLeftDetachedWithALateRowIsAttachedAgain() {
    try (Parted parted = new Parted(folder)) {
      stopDetached(parted);
      parted.database.execute("INSERT INTO events_01 VALUES (777, 'acc-0', '2026-01-31', 'late')");
      RunReport report = parted.run();
      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(parted.attached()).containsExactly("events_01", "events_09");
      assertThat(parted.live()).hasSize(10);
      assertThat(parted.view(false)).hasSize(21).contains("777 late");
    }
  }

  private static void stopDetached(Parted parted) {
    assertThatThrownBy(() -> parted.run(new FailingAt(Step.PARTITION_DETACHED, 1)))
        .isInstanceOf(FailingAt.Failure.class);
    assertThat(parted.attached()).containsExactly("events_08", "events_09");
    assertThat(parted.tables()).contains("events_01");
    assertThat(parted.live()).hasSize(20);
  }

  @Test
  void aPolicyThatIsOffDropsNothingAndAttachesAgain() {
    for (Action action : List.of(Action.ARCHIVE, Action.MOVE)) {
      try (Parted parted = new Parted(folder.resolve(action.word()))) {
        stopDetached(parted);
        Policy.Builder policy = Policy.of("old", "events").time("at").action(action);
        RunReport report =
            parted.run(
                action == Action.MOVE
                    ? policy.retain(java.time.Duration.ofDays(3_000)).build()
                    : policy.build());
        assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
        assertThat(parted.live()).hasSize(30);
        assertThat(parted.attached()).hasSize(3);
        assertThat(parted.view(false)).isEmpty();
      }
    }
  }

  @Test
  void aPendingDetachIsFinished() throws Exception {
    try (Parted parted = new Parted(folder)) {
      List<String> before = parted.live();
      try (Connection reader = parted.database.connect()) {
        reader.setAutoCommit(false);
        reader.createStatement().execute("SELECT * FROM events");
        Thread ending = terminatorOfWaiter(parted);
        RunReport report = parted.run();
        ending.join();
        assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.STOPPED);
        assertThat(pending(parted)).containsExactly("events_01");
        reader.rollback();
      }
      isFinished(parted, before);
      assertThat(parted.tables()).containsExactly("events_09");
    }
  }

  private static List<String> pending(Parted parted) {
    return parted.database.query(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhdetachpending");
  }

  /** Ends the session of the run once the detach waits for another transaction. */
  private static Thread terminatorOfWaiter(Parted parted) {
    Thread thread =
        new Thread(
            () -> {
              while (pending(parted).isEmpty()) {
                Thread.onSpinWait();
              }
              parted.database.execute(TERMINATE);
            });
    thread.start();
    return thread;
  }

  @Test
  void whereItCannotBeAttachedAgainTheRunSaysHow() {
    try (Parted parted = new Parted(folder)) {
      stopDetached(parted);
      parted.database.execute(
          "INSERT INTO events_01 VALUES (777, 'acc-0', '2026-01-31', 'late')",
          "CREATE TABLE events_x PARTITION OF events FOR VALUES FROM ('2026-01-15') TO ('2026-02-01')");
      RunReport report = parted.run();
      assertThat(report.exit()).isEqualTo(ExitCode.STOPPED);
      assertThat(report.failure())
          .contains("Cannot attach events_01 to events again")
          .contains("would overlap partition \"events_x\"")
          .contains("Its rows are in the detached table of that name")
          .contains(
              "ALTER TABLE \"public\".\"events\" ATTACH PARTITION \"public\".\"events_01\" FOR VALUES"
                  + " FROM ('2026-01-01 00:00:00') TO ('2026-02-01 00:00:00')");
      parted.database.execute("DROP TABLE events_x");
      assertThat(parted.run().exit()).isEqualTo(ExitCode.DONE);
      assertThat(parted.view(false)).hasSize(21);
    }
  }

  @Test
  void aDetachedPartitionThatSomebodyRenamedIsLeftToThem() {
    try (Parted parted = new Parted(folder)) {
      stopDetached(parted);
      parted.database.execute("ALTER TABLE events_01 RENAME TO mine");
      assertThat(parted.run().exit()).isEqualTo(ExitCode.DONE);
      assertThat(parted.database.count("mine")).isEqualTo(10);
      assertThat(parted.view(false)).hasSize(20);
    }
  }
}
