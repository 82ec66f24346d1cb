package io.tideline.core.restore;

import io.tideline.archive.SegmentReader;
import io.tideline.core.archive.ArchiveFailure;
import io.tideline.core.work.RunContext;
import io.tideline.row.Row;
import java.io.IOException;
import java.nio.file.Path;
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
    return new Part(new Chosen(chosen.entry(), chosen.number(), rows), mapping);
  }

  /** Whether both are of one segment. */
  boolean sameSegment(Part other) {
    return chosen.manifest().equals(other.chosen.manifest())
        && chosen.number() == other.chosen.number();
  }

  /** Reads the chosen rows, whose segment was verified before. */
  void read(RunContext context, Visitor visitor) {
    Path file = context.archive().file(chosen.manifest(), chosen.segment());
    try (SegmentReader reader =
        context.formats().named(chosen.segment().format()).read(file, chosen.segment().schema())) {
      Row row = new Row(chosen.segment().columns().size());
      for (int ordinal = 0; reader.next(row); ordinal++) {
        if (chosen.rows().get(ordinal)) {
          visitor.row(ordinal, row);
        }
      }
    } catch (IOException e) {
      throw ArchiveFailure.reading(file, e);
    }
  }
}
