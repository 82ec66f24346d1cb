package io.tideline.core.restore;

import io.tideline.core.work.RunContext;
import java.util.BitSet;

/**
 * The rows of a segment.
 *
 * @param context reads it
 * @param part the segment
 * @param done takes what came back
 */
record SegmentStock(RunContext context, Part part, TableRestore.Done done) implements Stock {
  @Override
  public Mapping mapping() {
    return part.mapping();
  }

  @Override
  public Origin origin() {
    return Origin.ARCHIVE;
  }

  @Override
  public void read(BitSet rows, Part.Visitor visitor) {
    part.withRows(rows).read(context, visitor);
  }

  @Override
  public void restored(BitSet rows) {
    done.rows(part, rows);
  }
}
