package io.tideline.core.rule;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Floor;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import java.util.List;
import java.util.function.Predicate;

/** Which policies act, with flags applied and the floor held. */
final class Selected {
  private final Settings settings;
  private final Selection selection;

  Selected(Settings settings, Selection selection) {
    this.settings = settings;
    this.selection = selection;
    for (String name : selection.policies()) {
      if (settings.policies().stream().noneMatch(policy -> policy.name().equals(name))) {
        throw new TidelineException(
            ErrorCode.POLICY_UNKNOWN,
            "Cannot find the policy '" + name + "'.",
            "Nothing was changed.",
            "The file has: " + names(settings.policies()) + ".");
      }
    }
    if (selection.key().isPresent() && selection.policies().size() != 1) {
      throw new TidelineException(
          ErrorCode.ARGUMENT_INVALID,
          "Cannot act by key without knowing the policy.",
          "Nothing was changed.",
          "Name one policy: --policy NAME --key KEY.");
    }
  }

  private static String names(List<Policy> policies) {
    return policies.isEmpty()
        ? "no policy"
        : String.join(", ", policies.stream().map(Policy::name).toList());
  }

  /** Whether a policy is among those that the flags name, all if none is. */
  boolean names(Policy policy) {
    return selection.policies().isEmpty() || selection.policies().contains(policy.name());
  }

  /** A policy with the flags applied. */
  Policy effective(Policy policy, Predicate<String> isItsTable) {
    boolean named = selection.policies().contains(policy.name());
    boolean overrides =
        selection.retain().isPresent()
            && chosen(policy, isItsTable)
            && (policy.retain().isPresent() || named);
    Policy effective = overrides ? policy.withRetain(selection.retain()) : policy;
    Floor.check(settings, effective);
    return effective;
  }

  /** Whether a policy, flags applied, takes rows away. */
  boolean acts(Policy effective, Predicate<String> isItsTable) {
    return chosen(effective, isItsTable)
        && (effective.retain().isPresent() || selection.key().isPresent());
  }

  private boolean chosen(Policy policy, Predicate<String> isItsTable) {
    return names(policy)
        && (selection.tables().isEmpty() || selection.tables().stream().anyMatch(isItsTable));
  }
}
