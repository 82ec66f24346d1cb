package io.tideline.core.restore;

import io.tideline.core.digest.DigestBag;
import io.tideline.core.digest.RowDigest;
import io.tideline.core.work.RunContext;
import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Where a key was archived several times, the newest copy alone comes back: of rows that a key
 * names, those that stand again in a later segment are left out. Keys are held as digests, and only
 * a share of them at a time, each read of the segments another.
 */
final class NewestCopies {
  private static final int AT_ONCE = 2_000_000;
  private static final String WHY = "an older copy; the row was archived again later";

  private final RunContext context;
  private final Identity identity;
  private final LeftOut older;
  private final RowDigest digest = new RowDigest();

  /**
   * @param identity by what copies of one row are told
   * @param older takes the copies that are left out
   */
  NewestCopies(RunContext context, Identity identity, LeftOut older) {
    this.context = context;
    this.identity = identity;
    this.older = older;
  }

  /** The parts, oldest first as they are given, without the rows that a later one has, too. */
  List<Part> of(List<Part> parts) {
    if (parts.size() < 2 || identity.keyed().isEmpty()) {
      return parts;
    }
    List<BitSet> newest = new ArrayList<>();
    long rows = 0;
    for (Part part : parts) {
      newest.add((BitSet) part.chosen().rows().clone());
      rows += part.chosen().rows().cardinality();
    }
    int shares = (int) (1 + rows / AT_ONCE);
    for (int share = 0; share < shares; share++) {
      DigestBag seen = new DigestBag((int) (rows / shares + rows / 16 + 1_000));
      for (int i = parts.size() - 1; i >= 0; i--) {
        leaveOut(parts.get(i), newest.get(i), seen, share, shares);
      }
    }
    List<Part> left = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      if (!newest.get(i).isEmpty()) {
        left.add(parts.get(i).withRows(newest.get(i)));
      }
    }
    return left;
  }

  private void leaveOut(Part part, BitSet newest, DigestBag seen, int share, int shares) {
    List<String> names = identity.keyed().orElseThrow().key().orElseThrow().columns();
    part.read(
        context,
        (ordinal, archived) -> {
          Row picked = part.mapping().pick(archived);
          if (!identity.names(part.mapping(), picked)) {
            return;
          }
          digest.update(part.mapping().values(picked, names), 0, names.size());
          if (Long.remainderUnsigned(digest.low() >>> 32, shares) != share) {
            return;
          }
          if (seen.holds(digest.high(), digest.low())) {
            newest.clear(ordinal);
            older.add(identity.display(part.mapping(), picked), WHY);
          } else {
            seen.add(digest.high(), digest.low(), ordinal);
          }
        });
  }
}
