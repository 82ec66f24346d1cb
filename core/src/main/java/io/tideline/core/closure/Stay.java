package io.tideline.core.closure;

import io.tideline.plan.Reason;

/**
 * Why a tree stays.
 *
 * @param reason the reason
 * @param detail what more there is to say
 * @param referring how many rows refer to the tree, where that is why
 */
public record Stay(Reason reason, String detail, long referring) {
  /** A reason other than rows that refer. */
  public Stay(Reason reason, String detail) {
    this(reason, detail, 0);
  }

  /** Rows refer to the tree over a foreign key. */
  static Stay referredTo(Edge edge, long rows) {
    return new Stay(Reason.REFERRED_TO, edge.key().display(), rows);
  }

  /** This reason, with the rows of another where both are of one foreign key. */
  Stay and(Stay other) {
    return reason == other.reason && detail.equals(other.detail)
        ? new Stay(reason, detail, referring + other.referring)
        : this;
  }
}
