package io.tideline.plan;

import io.tideline.dialect.DatabaseInfo;
import io.tideline.dialect.SourceIdentity;
import io.tideline.policy.Selection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a run would do, policy by policy: pure data.
 *
 * @param version the version of this form, now 1
 * @param madeAt when it was made, by the machine's clock
 * @param now the instant that the cutoffs count from
 * @param database what the database is
 * @param identity who it is, if known
 * @param selection which policies act
 * @param holds a digest of the holds in force
 * @param settings a digest of the policies
 * @param policies in the order in which they act
 * @param unindexed foreign keys without an index, by which a run would take long
 * @param inDoubt manifests of earlier runs that are not closed; a run settles them first
 */
public record Plan(
    int version,
    Instant madeAt,
    Instant now,
    DatabaseInfo database,
    Optional<SourceIdentity> identity,
    Selection selection,
    String holds,
    String settings,
    List<PolicyPlan> policies,
    List<UnindexedKey> unindexed,
    int inDoubt) {
  /** The version of the form. */
  public static final int VERSION = 1;

  /** Copies the lists. */
  public Plan {
    unindexed = List.copyOf(unindexed);
    policies = List.copyOf(policies);
  }

  /** The same plan with policies of which more is told. */
  public Plan withPolicies(List<PolicyPlan> others) {
    return new Plan(
        version, madeAt, now, database, identity, selection, holds, settings, others, unindexed,
        inDoubt);
  }

  /** The rows of the policies' own tables that go, in all. */
  public long rows() {
    return policies.stream().mapToLong(PolicyPlan::rows).sum();
  }

  /** The rows of other tables that go with them, in all. */
  public long withThem() {
    return policies.stream().mapToLong(PolicyPlan::withThem).sum();
  }

  /** The bytes that go, in all. */
  public long bytes() {
    return policies.stream().mapToLong(PolicyPlan::bytes).sum();
  }
}
