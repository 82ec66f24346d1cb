package io.tideline.testkit.chaos;

import io.tideline.policy.Policy;
import io.tideline.testkit.ForkedProcess;
import io.tideline.testkit.ForkedRun;
import java.time.Duration;
import java.time.Instant;

/** What befalls the processes of runs and restores. */
final class ProcessFaults {
  private static final int SIGKILL = 137;

  private ProcessFaults() {}

  /** What a killed run left is gone on with by one that is killed too. */
  static int kill(Stage stage) {
    int killed = 0;
    for (int i = stage.random.nextInt(4); i >= 0; i--) {
      killed += kill(stage, stage.run(), "a killed run");
    }
    return killed;
  }

  static int killRestore(Stage stage) {
    return kill(stage, stage.restore(), "a killed restore");
  }

  private static int kill(Stage stage, ForkedRun run, String what) {
    ForkedProcess process = run.begin();
    stage.inTheMidst(process);
    process.kill();
    ForkedRun.Result result = process.end();
    stage.expect(what, result, 0, 3, 4, 6, SIGKILL);
    return result.exit() == SIGKILL ? 1 : 0;
  }

  static int killEarly(Stage stage) {
    ForkedProcess process = stage.run().begin();
    stage.pauseUpTo(1_500);
    process.kill();
    ForkedRun.Result result = process.end();
    stage.expect("a run killed early", result, 0, 3, 4, 6, SIGKILL);
    return result.exit() == SIGKILL ? 1 : 0;
  }

  static int restoreDuringRun(Stage stage) {
    ForkedProcess run = stage.run().begin();
    boolean midst = run.awaitLease();
    ForkedRun.Result restored = stage.restore().start();
    stage.expect("a restore during a run", restored, 0, 3, 4, 6);
    stage.expect("a run during a restore", run.end(), 0, 3, 4, 6);
    return midst ? 1 : 0;
  }

  static int twoAtOnce(Stage stage) {
    ForkedProcess first = stage.run().begin();
    ForkedProcess second = stage.run().begin();
    ForkedRun.Result one = first.end();
    ForkedRun.Result other = second.end();
    stage.expect("the first of two runs", one, 0, 3, 4, 6);
    stage.expect("the second of two runs", other, 0, 3, 4, 6);
    return 1;
  }

  static int policyChanged(Stage stage) {
    int killed = kill(stage, stage.run(), "a killed run");
    Policy policy = stage.shape.policy();
    Policy.Builder other =
        Policy.of(stage.random.nextBoolean() ? policy.name() : "another", policy.table())
            .time("at")
            .action(policy.action())
            .format(policy.format())
            .dependents(policy.dependents());
    switch (stage.random.nextInt(4)) {
      case 0 -> other.retain(Duration.ofDays(60));
      case 1 -> other.retain(Duration.ofDays(10_000));
      case 2 -> other.retain(Shape.RETAIN).keepIf("n < 500");
      default -> {} // off: it deletes nothing, nor does it finish what was begun
    }
    ForkedRun.Result result = ForkedRun.run(stage.settings(other.build())).start();
    stage.expect("the run with another policy", result, 0, 3, 4, 6);
    return killed;
  }

  static int clockMoved(Stage stage) {
    long[] days = {-400, -20, -1, 0, 1, 20};
    long drawn = days[stage.random.nextInt(days.length)];
    Instant now = Instant.now().plus(Duration.ofDays(drawn)).plusSeconds(drawn == 0 ? 150 : 0);
    ForkedRun.Result result = stage.runAt(now).start();
    if (drawn >= 0) {
      stage.expect("a run whose clock is " + drawn + " days fast", result, 2);
    } else {
      stage.expect("a run whose clock is " + -drawn + " days slow", result, 0, 3, 4, 6);
    }
    return 1;
  }
}
