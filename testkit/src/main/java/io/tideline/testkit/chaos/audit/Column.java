package io.tideline.testkit.chaos.audit;

/**
 * A column of a table under audit.
 *
 * @param name a plain name, which every reader keeps
 * @param type as it is declared
 * @param kind what PostgreSQL keeps in it; a SQLite value says its kind itself
 */
public record Column(String name, String type, Kind kind) {
  /** The kinds of values. */
  public enum Kind {
    /** A whole number. */
    INTEGER,
    /** A double. */
    REAL,
    /** Whatever is compared as text. */
    TEXT,
    /** Bytes. */
    BLOB,
    /** A time, compared as microseconds. */
    INSTANT
  }
}
