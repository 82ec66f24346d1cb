package io.tideline.plan;

import java.util.Locale;

/** Why a row stays. */
public enum Reason {
  /** Younger than the cutoff, or exactly as old. */
  FRESH(true),
  /** It has no time. */
  NO_TIME(true),
  /** Its time cannot be read, or does not exist. */
  UNREADABLE(true),
  /** Its time lies in the future. */
  FUTURE(true),
  /** Its number would be fresh in another usual unit. */
  OTHER_UNIT(false),
  /** The policy's {@code where} is not true. */
  WHERE(true),
  /** A policy's {@code keep_if} is true or unknown. */
  KEEP_IF(true),
  /** It is among the newest of its group. */
  KEEP_LATEST(true),
  /** A hold protects it. */
  HOLD(true),
  /** A value is larger than {@code max_value}. */
  TOO_LARGE(false),
  /** Its tree has more rows than {@code max_tree}. */
  TREE_TOO_LARGE(false),
  /** Another row refers to it. */
  REFERRED_TO(false),
  /** A policy before this one acts on it. */
  OTHER_POLICY(true),
  /** It changed after it was archived; the next run takes it. */
  CHANGED(false),
  /** The database refused its deletion. */
  REFUSED(false),
  /** Its run was interrupted before its tree was removed; it is archived anew. */
  INTERRUPTED(true),
  /** The policy that archived it does not act any more. */
  POLICY_OFF(true);

  private final boolean asAsked;

  Reason(boolean asAsked) {
    this.asAsked = asAsked;
  }

  /**
   * Whether the policy itself asks for it, or the row never expired: such rows do not count as left
   * against the request.
   */
  public boolean asAsked() {
    return asAsked;
  }

  /** The word in reports: {@code keep-latest}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
