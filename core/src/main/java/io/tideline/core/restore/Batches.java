package io.tideline.core.restore;

import io.tideline.core.work.RunContext;
import io.tideline.core.work.Source;
import java.util.BitSet;
import java.util.Optional;

/** The chosen rows of a segment, a batch at a time; of rows that no key names only the ordinals. */
final class Batches implements Source<Returning> {
  /** How many rows come back in one transaction, and about how many bytes. */
  static final int ROWS = 2_000;

  static final long BYTES = 8L << 20;

  private final Part part;
  private final Optional<Identity> naming;
  private final BitSet unnamed;
  private final PartRows rows;

  /**
   * @param naming by what rows must be named; empty if none must
   * @param unnamed takes the ordinals of the rows that are not
   */
  Batches(RunContext context, Part part, Optional<Identity> naming, BitSet unnamed) {
    this.part = part;
    this.naming = naming;
    this.unnamed = unnamed;
    this.rows = new PartRows(context, part);
  }

  /** Whether a batch has all the rows that it should. */
  static boolean full(Returning batch) {
    return batch.size() >= ROWS || batch.bytes() >= BYTES;
  }

  /** Whether a batch is much larger than it should be, for rows are. */
  static boolean large(Returning batch) {
    return batch.bytes() >= 2 * BYTES;
  }

  @Override
  public Optional<Returning> next() {
    Returning batch = new Returning(part.mapping());
    while (!full(batch) && rows.next()) {
      if (naming.isEmpty() || naming.get().names(part.mapping(), part.mapping().pick(rows.row()))) {
        batch.add(rows.ordinal(), rows.row());
      } else {
        unnamed.set(rows.ordinal());
      }
    }
    return batch.size() == 0 ? Optional.empty() : Optional.of(batch);
  }

  @Override
  public void close() {
    rows.close();
  }
}
