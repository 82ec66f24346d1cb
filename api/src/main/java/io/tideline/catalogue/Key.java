package io.tideline.catalogue;

import java.util.List;

/**
 * The columns by which Tideline names a row of a table: unique and never null.
 *
 * @param columns their names, at least one; the single pseudo column for {@link Kind#ROWID}
 * @param kind what makes it a key
 */
public record Key(List<String> columns, Kind kind) {
  /** What makes columns a key. */
  public enum Kind {
    /** The primary key. */
    PRIMARY,
    /** A unique constraint or full unique index over columns that are never null. */
    UNIQUE,
    /**
     * SQLite's rowid where no column is its alias: not among the table's columns, not part of a
     * row's digest, and it names a row only while the schema version is unchanged.
     */
    ROWID
  }

  /** Copies the list. */
  public Key {
    columns = List.copyOf(columns);
  }

  /** Whether the key is hidden: no column of the table holds it. */
  public boolean hidden() {
    return kind == Kind.ROWID;
  }
}
