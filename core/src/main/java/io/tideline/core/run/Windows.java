package io.tideline.core.run;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.plan.Plan;
import io.tideline.plan.PolicyPlan;
import io.tideline.policy.Settings;
import io.tideline.policy.Window;
import io.tideline.run.PolicyReport;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Refuses runs for which it is not the time of day. */
final class Windows {
  private Windows() {}

  /**
   * Refuses a run none of whose policies may work now.
   *
   * @throws TidelineException {@code WINDOW_CLOSED}
   */
  static void refuse(Plan plan, Settings settings, Instant now) {
    List<Optional<Window>> windows =
        plan.policies().stream()
            .filter(PolicyPlan::acts)
            .map(each -> settings.termsOf(each.policy().name()).window())
            .toList();
    Optional<Window> next =
        windows.stream()
            .flatMap(Optional::stream)
            .min(Comparator.comparing(window -> window.opens(now)));
    boolean open = windows.stream().anyMatch(each -> each.map(w -> w.open(now)).orElse(true));
    if (next.isPresent() && !open) {
      throw new TidelineException(
          ErrorCode.WINDOW_CLOSED,
          "Cannot run now: " + closed(next.get(), now) + ".",
          "Nothing was changed.",
          "Run then, change 'window' in the file, or run with --any-time.");
    }
  }

  /** What to say of a window that is closed. */
  static String closed(Window window, Instant now) {
    return PolicyReport.OUTSIDE + window + " opens at " + window.opens(now);
  }
}
