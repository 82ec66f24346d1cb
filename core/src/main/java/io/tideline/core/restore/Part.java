package io.tideline.core.restore;

import io.tideline.core.work.RunContext;
import io.tideline.row.Row;
import java.util.BitSet;

/**
 * Chosen rows of one segment and where their values go.
 *
 * @param chosen the rows
 * @param mapping where their values go
 */
record Part(Chosen chosen, Mapping mapping) {
  /** Takes rows with their ordinals. */
  interface Visitor {
    void row(int ordinal, Row archived);
  }

  /** The same segment, with other rows of it. */
  Part withRows(BitSet rows) {
    return new Part(chosen.with(rows), mapping);
  }

  /** Whether both are of one segment. */
  boolean sameSegment(Part other) {
    return chosen.manifest().equals(other.chosen.manifest())
        && chosen.number() == other.chosen.number();
  }

  /** Reads the chosen rows, whose segment was verified before. */
  void read(RunContext context, Visitor visitor) {
    try (PartRows rows = new PartRows(context, this)) {
      while (rows.next()) {
        visitor.row(rows.ordinal(), rows.row());
      }
    }
  }
}
