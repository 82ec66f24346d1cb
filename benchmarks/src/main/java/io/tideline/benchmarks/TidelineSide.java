package io.tideline.benchmarks;

import io.tideline.Tideline;
import io.tideline.error.ExitCode;
import io.tideline.plan.Plan;
import io.tideline.policy.Action;
import io.tideline.policy.Pace;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RestoreReport;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Does it with Tideline, through the library, at offline pace. */
final class TidelineSide {
  /** What a policy of the benchmarks keeps. */
  static final Duration RETAIN = Duration.ofDays(30);

  private TidelineSide() {}

  /**
   * How long an archiving took.
   *
   * @param run the run alone: archive, read back, delete, close
   * @param whole opening, planning, running and closing
   */
  record Took(double run, double whole) {}

  private static Settings settings(String database, Path archive) {
    return settings(database, archive, Action.ARCHIVE);
  }

  private static Settings settings(String database, Path archive, Action action) {
    return settings(
        database,
        archive,
        Policy.of("logs", RequestTable.NAME)
            .time(RequestTable.TIME)
            .retain(RETAIN)
            .action(action)
            .build());
  }

  /** Settings of one policy at offline pace. */
  static Settings settings(String database, Path archive, Policy policy) {
    return Settings.of(database, archive, List.of(policy)).withPace(Pace.OFFLINE);
  }

  /** Archives and deletes what expired. */
  static Took archive(String database, Path archive, long expected) {
    double[] run = {0};
    double whole = Times.of(() -> run[0] = run(settings(database, archive), expected));
    return new Took(run[0], whole);
  }

  /** Deletes what expired, without a copy. @return the seconds of the run alone */
  static double delete(String database, Path archive, long expected) {
    return run(settings(database, archive, Action.DELETE), expected);
  }

  /** Plans and runs. @return the seconds of the run alone */
  static double run(Settings settings, long expected) {
    try (Tideline tideline = Tideline.open(settings)) {
      Plan plan = tideline.plan(Selection.all(), RunListener.NONE);
      return Times.of(() -> check(tideline.run(plan, RunListener.NONE), expected));
    }
  }

  private static void check(RunReport report, long expected) {
    if (report.exit() != ExitCode.DONE || report.removed() != expected) {
      throw new IllegalStateException(
          "%s: %s, %d of %d rows"
              .formatted(report.exit(), report.failure(), report.removed(), expected));
    }
  }

  /** Restores everything into the source. @return seconds, opening and closing included */
  static double restore(String database, Path archive, long expected) {
    return Times.of(
        () -> {
          try (Tideline tideline = Tideline.open(settings(database, archive))) {
            RestoreReport report = tideline.restore(RestoreRequest.everything(), RunListener.NONE);
            if (report.exit() != ExitCode.DONE || report.restored() != expected) {
              throw new IllegalStateException(report.toString());
            }
          }
        });
  }
}
