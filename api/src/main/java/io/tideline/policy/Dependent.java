package io.tideline.policy;

import java.util.List;
import java.util.Objects;

/**
 * A table whose rows go with the rows that they refer to: a root of the policy, or a row of another
 * dependent.
 *
 * @param table the table, as the user names it
 * @param via the referring columns of the one foreign key that is meant; empty for every foreign
 *     key of the table to the root's table or to another dependent
 * @param on what becomes of a row when a row that it refers to goes
 */
public record Dependent(String table, List<String> via, OnRoot on) {
  /** What becomes of a dependent row. */
  public enum OnRoot {
    /** It goes too, whatever its own age, archived with its root. */
    DELETE,
    /** Its referring columns become NULL; the archive keeps what they held. */
    DETACH,
    /** It stays, and so does the whole tree it refers to. */
    KEEP
  }

  /** Copies the list. */
  public Dependent {
    Objects.requireNonNull(table);
    via = List.copyOf(via);
  }

  /** A dependent that goes with its root over every foreign key. */
  public static Dependent of(String table) {
    return new Dependent(table, List.of(), OnRoot.DELETE);
  }
}
