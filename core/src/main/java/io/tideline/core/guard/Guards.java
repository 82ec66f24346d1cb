package io.tideline.core.guard;

import io.tideline.core.archive.ArchiveFailure;
import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.ArchiveIdentity;
import io.tideline.dialect.Database;
import io.tideline.dialect.Reader;
import io.tideline.dialect.SourceIdentity;
import io.tideline.error.TidelineException;
import io.tideline.plan.Finding;
import io.tideline.plan.Plan;
import io.tideline.plan.PolicyPlan;
import io.tideline.policy.Policy;
import io.tideline.policy.Require;
import io.tideline.policy.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Judges whether rows may be taken away now. */
public final class Guards {
  private static final Duration QUERY = Duration.ofSeconds(10);
  private static final String IN_FILE = " or change 'require' in the file.";

  private final Database database;
  private final Settings settings;
  private final ArchiveFolder archive;
  private final Clock clock;

  /** The guards of settings. */
  public Guards(Database database, Settings settings, ArchiveFolder archive, Clock clock) {
    this.database = database;
    this.settings = settings;
    this.archive = archive;
    this.clock = clock;
  }

  /** The first guard that forbids to take what a plan says of a policy. */
  public Optional<Refusal> judge(PolicyPlan plan) {
    return first(guards(plan));
  }

  private List<Supplier<Optional<Refusal>>> guards(PolicyPlan plan) {
    String policy = plan.policy().name();
    return List.of(
        () -> tooMany(policy, plan), () -> backup(policy), () -> disk(policy), () -> none(policy));
  }

  /** The first guard that forbids to take rows of a policy that were sealed before. */
  public Optional<Refusal> judgeSealed(String policy) {
    return first(List.of(() -> backup(policy), () -> disk(policy), () -> none(policy)));
  }

  /** Why a run may not go on with any of some policies. */
  public Optional<TidelineException> judgeAgain(List<String> policies) {
    return policies.stream()
        .flatMap(policy -> first(List.of(() -> disk(policy), () -> none(policy))).stream())
        .findFirst()
        .map(Refusal::stopped);
  }

  /** A plan that tells every guard that would refuse a run now. */
  public Plan told(Plan plan) {
    return plan.withPolicies(plan.policies().stream().map(this::told).toList());
  }

  private PolicyPlan told(PolicyPlan plan) {
    List<Finding> findings = new ArrayList<>(plan.findings());
    if (takes(plan)) {
      guards(plan).forEach(guard -> guard.get().map(Refusal::finding).ifPresent(findings::add));
    }
    return plan.with(findings, plan.partitions());
  }

  /**
   * Refuses a run that could take nothing, or that would have to finish first what it may not.
   *
   * @param inDoubt the policies of manifests that earlier runs left in doubt
   * @throws TidelineException {@code GUARD}
   */
  public void refuse(Plan plan, Supplier<List<String>> inDoubt) {
    if (settings.policies().stream().allMatch(each -> require(each.name()).isNothing())) {
      return;
    }
    acting(plan, inDoubt.get()).stream()
        .flatMap(policy -> judgeSealed(policy).stream())
        .findFirst()
        .ifPresent(
            refusal -> {
              throw refusal.refused();
            });
    List<PolicyPlan> wanted = plan.policies().stream().filter(Guards::takes).toList();
    List<Refusal> refusals = new ArrayList<>();
    for (PolicyPlan policy : wanted) {
      judge(policy).ifPresent(refusals::add);
    }
    if (!refusals.isEmpty() && refusals.size() == wanted.size()) {
      throw refusals.get(0).refused();
    }
  }

  /**
   * Those that may remove sealed rows: of one that is off or not there they close as kept, unless
   * the plan was asked for an age of its own.
   */
  public List<String> acting(Plan plan, List<String> inDoubt) {
    return settings.policies().stream()
        .filter(each -> inDoubt.contains(each.name()))
        .filter(each -> each.retain().isPresent() || acts(plan, each))
        .map(Policy::name)
        .toList();
  }

  private static boolean acts(Plan plan, Policy policy) {
    return plan.policies().stream()
        .anyMatch(each -> each.acts() && each.policy().name().equals(policy.name()));
  }

  private static boolean takes(PolicyPlan policy) {
    return policy.acts() && policy.rows() > 0;
  }

  private static Optional<Refusal> first(List<Supplier<Optional<Refusal>>> guards) {
    return guards.stream().flatMap(each -> each.get().stream()).findFirst();
  }

  private Require require(String policy) {
    return settings.termsOf(policy).require();
  }

  /** A wrong cutoff takes far more than usual; one tree by its key has none. */
  private Optional<Refusal> tooMany(String policy, PolicyPlan plan) {
    Optional<Double> most = require(policy).maxEligible();
    if (most.isEmpty() || plan.cutoff().isEmpty() || plan.rows() <= most.get() * plan.total()) {
      return Optional.empty();
    }
    return refusal(
        policy,
        "max_eligible",
        String.format(
            Locale.ROOT,
            "%.1f %% of the rows of %s would go (%,d of %,d), and at most %s %% may",
            100.0 * plan.rows() / Math.max(1, plan.total()),
            plan.table(),
            plan.rows(),
            plan.total(),
            percent(most.get())),
        "Look whether the cutoff is right. If it is, run once with a higher 'max_eligible',");
  }

  private static String percent(double share) {
    String text = String.format(Locale.ROOT, "%.4f", share * 100);
    return text.replaceFirst("\\.?0+$", "");
  }

  private Optional<Refusal> backup(String policy) {
    Optional<Duration> age = require(policy).backup();
    if (age.isEmpty()) {
      return Optional.empty();
    }
    Instant now = Instant.now(clock);
    Backups.Known known = new Backups(archive).of(source(), now);
    Optional<Instant> at = known.newest().map(Backup::at);
    if (at.filter(each -> !each.isBefore(now.minus(age.get()))).isPresent()) {
      return Optional.empty();
    }
    String found =
        at.map(
                each ->
                    "the newest verified backup of this database is of "
                        + each
                        + ", older than "
                        + hours(age.get()))
            .orElse("no verified backup of this database is known");
    String others =
        known.others().isEmpty() ? "" : " (records that do not count: " + known.others() + ")";
    return refusal(policy, "backup", found + others, "Make a backup, verify it and run again,");
  }

  private static String hours(Duration age) {
    return age.toMinutes() % 60 == 0 ? age.toHours() + " h" : age.toString();
  }

  private Optional<SourceIdentity> source() {
    return database.identity().or(() -> archive.identity().map(ArchiveIdentity::source));
  }

  private Optional<Refusal> disk(String policy) {
    return require(policy)
        .freeDisk()
        .flatMap(
            least ->
                Stream.concat(Stream.of(archive.root()), database.places().stream())
                    .flatMap(place -> disk(policy, place, least).stream())
                    .findFirst());
  }

  private Optional<Refusal> disk(String policy, Path place, long least) {
    long free;
    try {
      free = archive.storage().usableBytes(place);
    } catch (IOException e) {
      throw ArchiveFailure.reading(place, e);
    }
    return free >= least
        ? Optional.empty()
        : refusal(
            policy,
            "free_disk",
            megabytes(free)
                + " are free where "
                + place
                + " lies, and "
                + megabytes(least)
                + " are required",
            "Free space there,");
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%,d MB", bytes >> 20);
  }

  private Optional<Refusal> none(String policy) {
    return require(policy).none().flatMap(sql -> none(policy, sql));
  }

  private Optional<Refusal> none(String policy, String sql) {
    String found;
    try (Reader reader = database.openReader()) {
      if (!reader.any(sql, QUERY)) {
        return Optional.empty();
      }
      found = "its query gives a row: " + sql;
    } catch (TidelineException e) {
      found = "its query fails: " + e.what();
    }
    return refusal(policy, "none", found, "Run again when it gives none,");
  }

  private static Optional<Refusal> refusal(String policy, String guard, String found, String mend) {
    return Optional.of(new Refusal(policy, guard, found, mend + IN_FILE));
  }
}
