package io.tideline.core.closure;

import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Table;
import io.tideline.core.archive.Manifest;

/**
 * A foreign key that refers to a table of a tree.
 *
 * @param key the foreign key
 * @param from the table that refers
 * @param child its number among the tree's tables; -1 if it is none of them
 * @param parent the number of the table referred to
 * @param effect what becomes of a row that refers to one that goes
 */
public record Edge(ForeignKey key, Table from, int child, int parent, Effect effect) {
  /** Whether referring rows can become part of the tree. */
  public boolean follows() {
    return effect == Effect.FOLLOW || effect == Effect.FOLLOW_IF_DUE;
  }

  /** Whether every row of a member that refers goes too. */
  boolean takes(Member member) {
    return child == member.number() && effect == Effect.FOLLOW;
  }

  /** What becomes of a referring row. */
  public enum Effect {
    /** It goes too. */
    FOLLOW,
    /**
     * It goes too if its own policy takes it, else the row that it refers to stays: tables that
     * refer to each other in a ring, each with a policy.
     */
    FOLLOW_IF_DUE,
    /** Its referring columns become NULL, unless it goes anyway. */
    DETACH,
    /** The row that it refers to stays, unless it goes anyway. */
    PROTECT
  }

  /** How an archive tells of it. */
  public Manifest.Link described() {
    String on =
        switch (effect) {
          case FOLLOW, FOLLOW_IF_DUE -> Manifest.Link.DELETE;
          case DETACH -> Manifest.Link.DETACH;
          case PROTECT -> Manifest.Link.KEEP;
        };
    return new Manifest.Link(key.from(), key.columns(), key.to(), key.toColumns(), on);
  }
}
