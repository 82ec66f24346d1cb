package io.tideline.catalogue;

/**
 * A column of a table.
 *
 * @param name as the catalogue spells it
 * @param declaredType the type as the schema declares it; may be empty on SQLite
 * @param type how its ordinary values are kept
 * @param nullable whether it may hold no value
 * @param origin where its values come from
 */
public record Column(
    String name, String declaredType, NaturalType type, boolean nullable, Origin origin) {
  /** Where a column's values come from. */
  public enum Origin {
    /** Given by whoever inserts, or a default. */
    STORED,
    /** An identity column that may be given. */
    IDENTITY,
    /** An identity column that may only be given by overriding. */
    IDENTITY_ALWAYS,
    /** Computed by the database; never archived or inserted. */
    GENERATED
  }

  /** Whether an archive holds the column. */
  public boolean archived() {
    return origin != Origin.GENERATED;
  }
}
