package io.tideline.row;

/**
 * How a value is stored, independent of what its column declares. The ordinals are the tags of the
 * canonical encoding and never change.
 */
public enum Kind {
  /** No value. */
  NULL,
  /** A 64-bit signed integer; also booleans (0, 1), days and microseconds since 1970-01-01 UTC. */
  INTEGER,
  /** A 64-bit IEEE 754 number; its bits are kept. */
  REAL,
  /** Text: UTF-8, or the raw bytes that the database holds where they are not valid UTF-8. */
  TEXT,
  /** Bytes. */
  BLOB;

  private static final Kind[] ALL = values();

  static Kind of(byte tag) {
    return ALL[tag];
  }
}
