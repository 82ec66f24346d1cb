package io.tideline.benchmarks;

import io.tideline.Tideline;
import io.tideline.plan.Plan;
import io.tideline.policy.Action;
import io.tideline.policy.Pace;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RunListener;
import io.tideline.run.RunOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Works beside an application, each for the same time and with a control before it, in turn; prints
 * what the application felt.
 */
final class LiveSides {
  /** How long each works. */
  static final Duration EACH = Duration.ofSeconds(20);

  private final List<Side> sides;

  LiveSides(List<Side> sides) {
    this.sides = sides;
  }

  /** Something that works beside the application until its time is over. */
  interface Work {
    /** Works. @return the rows that went, and the seconds */
    double[] run() throws Exception;
  }

  /** An application that tells what it feels. */
  interface Application extends AutoCloseable {
    /** Works beside it. */
    Felt.Round during(Work work) throws IOException;

    @Override
    void close() throws IOException;
  }

  /** Makes a fresh database, and an application that works on it. */
  interface Setting {
    /** Makes both. */
    Application open() throws IOException;
  }

  /**
   * One side.
   *
   * @param felt what was felt beside it
   * @param control what was felt beside nothing, just before
   * @param once whether it is only shown: measured in the first round
   */
  record Side(Felt felt, Felt control, Work work, boolean once) {
    Side(String what, Work work) {
      this(what, work, false);
    }

    Side(String what, Work work, boolean once) {
      this(new Felt(what), new Felt("  nothing, before it"), work, once);
    }
  }

  /** Measures every side as often. */
  void measure(int rounds, Setting setting) throws IOException {
    for (int round = 0; round < rounds; round++) {
      boolean first = round == 0;
      for (Side side : sides.stream().filter(each -> first || !each.once()).toList()) {
        try (Application application = setting.open()) {
          side.control().add(application.during(LiveSides::sleep));
          side.felt().add(application.during(side.work()));
        }
      }
    }
    System.out.println();
    System.out.println(Felt.title());
    for (Side side : sides) {
      System.out.println(side.felt().line());
      System.out.println(side.control().line());
    }
  }

  private static double[] sleep() throws InterruptedException {
    Thread.sleep(EACH.toMillis());
    return new double[] {0, 1};
  }

  /** Says how a side compares with its control, and with another's rate. */
  static void judge(Side ours, Side other, double times, double rate) {
    Felt felt = ours.felt();
    Felt control = ours.control();
    System.out.printf(
        Locale.ROOT,
        "%s: p99 %.2f times its control (%.1f at most), max %+.1f ms (60 at most), errors %d (0),"
            + " log %.1f MB (16 at most), rate %.2f of '%s' (%.1f at least)%n",
        felt.what(),
        felt.p99() / control.p99(),
        times,
        felt.max() - control.max(),
        felt.busy(),
        felt.log(),
        felt.rate() / other.felt().rate(),
        other.felt().what(),
        rate);
  }

  /** Tideline at its default pace, for as long. */
  static double[] tideline(String database, Path archive, Action action) {
    Policy policy =
        Policy.of("logs", RequestTable.NAME)
            .time(RequestTable.TIME)
            .retain(TidelineSide.RETAIN)
            .action(action)
            .build();
    Settings settings = Settings.of(database, archive, List.of(policy)).withPace(Pace.GENTLE);
    try (Tideline tideline = Tideline.open(settings)) {
      Plan plan = tideline.plan(Selection.all(), RunListener.NONE);
      RunOptions options = new RunOptions(false, Optional.of(EACH), OptionalLong.empty(), false);
      long[] removed = {0};
      double seconds =
          Times.of(() -> removed[0] = tideline.run(plan, options, RunListener.NONE).removed());
      return new double[] {removed[0], seconds};
    }
  }
}
