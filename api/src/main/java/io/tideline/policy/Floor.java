package io.tideline.policy;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** The shortest retention allowed: it binds the file, flags and the environment alike. */
public final class Floor {
  private Floor() {}

  /** The longer of the floors of the settings and of the policy; empty if there is none. */
  public static Optional<Duration> of(Settings settings, Policy policy) {
    return Stream.concat(settings.floor().stream(), policy.floor().stream())
        .max(Duration::compareTo);
  }

  /**
   * Checks the retention of a policy, as the file gives it or as a flag overrides it.
   *
   * @throws TidelineException {@code FLOOR} if it is shorter than allowed; a policy that is off
   *     passes
   */
  public static void check(Settings settings, Policy policy) {
    Optional<Duration> floor = of(settings, policy);
    Optional<Duration> retain = policy.retain();
    if (floor.isEmpty() || retain.isEmpty() || retain.get().compareTo(floor.get()) >= 0) {
      return;
    }
    throw new TidelineException(
        ErrorCode.FLOOR,
        "Cannot keep rows of policy '"
            + policy.name()
            + "' for only "
            + Retain.display(retain.get())
            + ": the floor is "
            + Retain.display(floor.get())
            + ".",
        "Nothing was changed.",
        "Keep rows for at least "
            + Retain.display(floor.get())
            + ", or lower 'floor' in the configuration.");
  }
}
