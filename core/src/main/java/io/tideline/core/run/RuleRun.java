package io.tideline.core.run;

import io.tideline.core.rule.Rule;
import io.tideline.core.rule.TableRules;
import io.tideline.core.work.RunContext;
import io.tideline.plan.KeySpan;
import io.tideline.plan.PolicyPlan;
import java.time.Duration;
import java.util.Optional;

/**
 * One policy about to be carried out.
 *
 * @param plan what the plan says of it
 * @param rules all rules on its table, now
 * @param rule its own
 * @param catalogueVersion the catalogue's version that the rules are of
 * @param span the integer keys between which the rows lie, if that is still known
 */
record RuleRun(
    PolicyPlan plan, TableRules rules, Rule rule, String catalogueVersion, Optional<KeySpan> span) {
  private static final Duration SNAPSHOT = Duration.ofMillis(10);
  private static final Duration SNAPSHOT_OFFLINE = Duration.ofMillis(250);

  /** How long a read snapshot may last: less where a reader holds up every commit. */
  Duration readTarget(RunContext context) {
    if (!context.database().info().concurrentReads()) {
      return context.database().lockTarget();
    }
    return context.pace().offline() ? SNAPSHOT_OFFLINE : SNAPSHOT;
  }
}
