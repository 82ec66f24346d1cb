package io.tideline.policy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Which of the policies act, and how flags override them. The others still protect.
 *
 * @param policies the names of policies that act; all if empty
 * @param tables the tables whose policies act; all if empty
 * @param retain overrides the retention of the policies that act; turns a policy on only if {@code
 *     policies} names it
 * @param key acts on one row whatever its age, by its key's values in text; needs one policy
 */
public record Selection(
    List<String> policies, List<String> tables, Optional<Duration> retain, Optional<String> key) {
  /** Copies the lists. */
  public Selection {
    policies = List.copyOf(policies);
    tables = List.copyOf(tables);
  }

  /** Every policy, as the file says. */
  public static Selection all() {
    return new Selection(List.of(), List.of(), Optional.empty(), Optional.empty());
  }
}
