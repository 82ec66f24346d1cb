package io.tideline.dialect;

/** How an engine finds the rows that refer to another. */
public enum ReferrerPath {
  /** An index over all referring columns leads to them. */
  INDEX,
  /** An index over some of the referring columns leads to them and to others. */
  PART,
  /** The whole table is read. */
  SCAN
}
