package io.tideline.core.plan;

import io.tideline.core.archive.Json;
import io.tideline.core.archive.SegmentFile;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.plan.Plan;
import io.tideline.plan.PolicyPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** Writes plans to files, reads them, and tells whether they still hold. */
public final class SavedPlans {
  private static final Duration LIFE = Duration.ofHours(24);
  private static final double MORE_ROWS = 1.01;

  private SavedPlans() {}

  /** Writes a plan. */
  public static void save(Plan plan, Path file) {
    try {
      Files.writeString(file, Json.pretty(plan));
    } catch (IOException e) {
      throw failed("write", file, e);
    }
  }

  /** The SHA-256 of what {@link #save} writes. */
  public static String digest(Plan plan) {
    byte[] text = Json.pretty(plan).getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(SegmentFile.sha256().digest(text));
  }

  /** Reads a plan. */
  public static Plan load(Path file) {
    try {
      return Json.read(Files.readString(file), Plan.class, file.toString());
    } catch (NoSuchFileException e) {
      throw failed("find", file, e);
    } catch (IOException | TidelineException e) {
      throw failed("read", file, e);
    }
  }

  private static TidelineException failed(String what, Path file, Exception cause) {
    return new TidelineException(
        ErrorCode.ARGUMENT_INVALID,
        "Cannot " + what + " the plan " + file + ".",
        "Nothing was changed.",
        "Make one with `tideline plan --out " + file + "`.",
        cause);
  }

  /**
   * Refuses a plan that does not hold any more.
   *
   * @param fresh the plan that would be made now
   * @throws TidelineException {@code PLAN_STALE}
   */
  public static void check(Plan saved, Plan fresh, Instant now) {
    if (Duration.between(saved.madeAt(), now).compareTo(LIFE) > 0) {
      throw stale("it is older than " + LIFE.toHours() + " hours");
    }
    if (saved.version() != fresh.version() || !saved.settings().equals(fresh.settings())) {
      throw stale("the policies are others now");
    }
    if (!saved.holds().equals(fresh.holds())) {
      throw stale("the holds are others now");
    }
    if (saved.identity().isPresent() && !saved.identity().equals(fresh.identity())
        || !saved.database().dialect().equals(fresh.database().dialect())) {
      throw stale("it was made for another database");
    }
    for (PolicyPlan policy : saved.policies()) {
      check(policy, fresh);
    }
  }

  private static void check(PolicyPlan saved, Plan fresh) {
    Optional<PolicyPlan> same =
        fresh.policies().stream()
            .filter(policy -> policy.policy().name().equals(saved.policy().name()))
            .findFirst();
    if (same.isEmpty() || !same.get().fingerprint().equals(saved.fingerprint())) {
      throw stale("table " + saved.table() + " is another now");
    }
    check(saved, "remove %d rows", saved.rows(), same.get().rows());
    check(saved, "remove %d rows of other tables", saved.withThem(), same.get().withThem());
    check(saved, "take references of %d rows", saved.detached(), same.get().detached());
  }

  private static void check(PolicyPlan saved, String what, long before, long now) {
    if (now > before * MORE_ROWS) {
      throw stale(
          "policy '"
              + saved.policy().name()
              + "' would "
              + String.format(Locale.ROOT, what, now)
              + ", the plan says "
              + before);
    }
  }

  private static TidelineException stale(String why) {
    return new TidelineException(
        ErrorCode.PLAN_STALE,
        "Cannot run the saved plan: " + why + ".",
        "Nothing was changed.",
        "Make a new plan and look at it: `tideline plan --out FILE`.");
  }
}
