package io.tideline.cli;

import io.tideline.plan.Kept;
import io.tideline.plan.Reason;
import io.tideline.policy.KeepLatest;
import io.tideline.policy.Policy;

/** Why rows stay, in words. */
final class Reasons {
  private Reasons() {}

  /** Whether the reason is an everyday one, so that no look at the rows is needed. */
  static boolean usual(Reason reason) {
    return switch (reason) {
      case FRESH, WHERE, KEEP_IF, KEEP_LATEST, HOLD, OTHER_POLICY, POLICY_OFF -> true;
      default -> false;
    };
  }

  /** Why rows of a policy stay, with what is known of it. */
  static String text(Kept kept, Policy policy) {
    return kept.detail().equals(policy.name())
        ? text(kept.reason(), policy)
        : kept.detail().isEmpty() ? text(kept.reason(), policy) : text(kept, policy.name());
  }

  /** Why rows stay, with what is known of it, where only the policy's name is at hand. */
  static String text(Kept kept, String policy) {
    String text = text(kept.reason());
    String detail = kept.detail();
    if (detail.isEmpty() || detail.equals(policy)) {
      return text;
    }
    return switch (kept.reason()) {
      case KEEP_IF, KEEP_LATEST, OTHER_POLICY -> text + " (policy '" + detail + "')";
      case REFERRED_TO -> counted(detail) ? detail : "are referred to by " + detail;
      default -> text + " (" + detail + ")";
    };
  }

  /** Whether a detail tells how many rows refer: {@code 3 rows of files(token_id) refer to it}. */
  private static boolean counted(String detail) {
    return detail.matches("[0-9,]+ rows? of .*");
  }

  /** The reason with what the policy says of it. */
  private static String text(Reason reason, Policy policy) {
    return switch (reason) {
      case WHERE -> "not: " + policy.where().map(p -> p.sql()).orElse("the condition of where");
      case KEEP_IF -> policy.keepIf().map(p -> p.sql() + " (or NULL)").orElse(text(reason));
      case KEEP_LATEST -> policy.keepLatest().map(Reasons::newest).orElse(text(reason));
      default -> text(reason);
    };
  }

  /** The reason alone. */
  private static String text(Reason reason) {
    return switch (reason) {
      case FRESH -> "not older than the cutoff";
      case NO_TIME -> "have no time";
      case UNREADABLE -> "have a time that cannot be read";
      case FUTURE -> "have a time in the future";
      case OTHER_UNIT -> "would be fresh if the number were of another unit";
      case WHERE -> "do not meet 'where'";
      case KEEP_IF -> "are protected by 'keep_if'";
      case KEEP_LATEST -> "are the newest of their group";
      case HOLD -> "are held; see 'tideline hold list'";
      case TOO_LARGE -> "have a value larger than 'max_value'";
      case TREE_TOO_LARGE -> "have a tree of more rows than 'max_tree'";
      case REFERRED_TO -> "are referred to by other rows";
      case OTHER_POLICY -> "belong to a policy before this one";
      case CHANGED -> "changed after they were archived; the next run takes them";
      case REFUSED -> "were refused by the database";
      case INTERRUPTED -> "are archived anew after an interruption";
      case POLICY_OFF -> "belong to a policy that is now off";
    };
  }

  private static String newest(KeepLatest keep) {
    return "the newest "
        + (keep.rows() == 1 ? "" : keep.rows() + " ")
        + "of each "
        + PlanPrinter.groups(keep);
  }
}
