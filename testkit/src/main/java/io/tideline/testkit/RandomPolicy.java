package io.tideline.testkit;

import io.tideline.policy.Action;
import io.tideline.policy.KeepLatest;
import io.tideline.policy.Policy;
import io.tideline.policy.TimeColumn;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;

/**
 * A random policy for a random table, and what its predicates mean in Java.
 *
 * @param policy the policy
 * @param allows whether {@code where} is true and {@code keep_if} false of a row
 */
public record RandomPolicy(Policy policy, Predicate<RandomRow> allows) {
  /** A random policy. */
  public static RandomPolicy of(RandomTable table, Duration retain, Action action, Random random) {
    Policy.Builder policy =
        Policy.of("random", table.name())
            .time(
                new TimeColumn(
                    Optional.of(table.timeColumn()),
                    Optional.empty(),
                    TimeColumn.Format.AUTO,
                    table.time().zone()))
            .retain(retain)
            .action(action)
            .format(random.nextInt(4) == 0 ? "jsonl" : "parquet");
    Predicate<RandomRow> allows = row -> true;
    if (random.nextInt(3) == 0) {
      policy.where("tag NOT LIKE '%3' OR 1 = 0");
      allows = allows.and(row -> !row.tag().endsWith("3"));
    }
    if (random.nextInt(3) == 0) {
      policy.keepIf(
          "CASE WHEN tag LIKE '%5' THEN 1 = 1 WHEN tag LIKE '%6' THEN NULL ELSE 1 = 0 END");
      allows = allows.and(row -> !row.tag().endsWith("5") && !row.tag().endsWith("6"));
    }
    if (random.nextInt(4) == 0) {
      policy.keepLatest(
          new KeepLatest(List.of(new KeepLatest.Part("grp", false)), 1 + random.nextInt(3)));
    }
    return new RandomPolicy(policy.build(), allows);
  }

  /** Whether the newest rows of groups stay: then age and predicates alone do not tell who goes. */
  public boolean keepsLatest() {
    return policy.keepLatest().isPresent();
  }
}
