package io.tideline.core.restore;

import java.util.BitSet;

/** Rows of one table in one place, of which some come back; ordinals name them. */
interface Stock {
  /** Where their values go. */
  Mapping mapping();

  /** What becomes of them there once they are live again. */
  Origin origin();

  /** Reads some of them, in no order; those that are not there any more are left out. */
  void read(BitSet rows, Part.Visitor visitor);

  /** Takes note of those that are live now as they were archived. */
  void restored(BitSet rows);
}
