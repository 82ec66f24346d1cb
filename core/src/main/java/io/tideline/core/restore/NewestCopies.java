package io.tideline.core.restore;

import io.tideline.core.digest.DigestBag;
import io.tideline.core.digest.RowDigest;
import io.tideline.core.work.RunContext;
import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where a key was archived several times, the newest copy alone comes back: of rows that a key
 * names, those that stand again in a later segment are left out, whether the later copy is chosen,
 * came back before, or is neither. Segments whose keys lie apart from all others' are not read for
 * it. Keys are held as digests, and only a share of them at a time, each read of the segments
 * another.
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

  /**
   * The parts without the rows that a later one has, too.
   *
   * @param among these and others, oldest first
   */
  List<Part> of(List<Part> chosen, List<Part> among) {
    Set<Part> wanted = Collections.newSetFromMap(new IdentityHashMap<>());
    wanted.addAll(chosen);
    List<Part> parts = among.stream().filter(part -> wanted.contains(part) || keyed(part)).toList();
    if (parts.size() < 2 || identity.keyed().isEmpty()) {
      return chosen;
    }
    List<Part> doubtful = parts.stream().filter(part -> !apart(part, parts)).toList();
    Map<Part, BitSet> newest = new IdentityHashMap<>();
    parts.forEach(part -> newest.put(part, (BitSet) part.chosen().rows().clone()));
    long rows = doubtful.stream().mapToLong(part -> part.chosen().rows().cardinality()).sum();
    int shares = (int) (1 + rows / AT_ONCE);
    for (int share = 0; share < shares; share++) {
      DigestBag seen = new DigestBag((int) (rows / shares + rows / 16 + 1_000));
      for (int i = doubtful.size() - 1; i >= 0; i--) {
        Part part = doubtful.get(i);
        LeftOut told = wanted.contains(part) ? older : new LeftOut();
        leaveOut(part, newest.getOrDefault(part, new BitSet()), seen, share, shares, told);
      }
    }
    List<Part> left = new ArrayList<>();
    newest.values().removeIf(BitSet::isEmpty);
    for (Part part : chosen) {
      Optional.ofNullable(newest.get(part)).ifPresent(some -> left.add(part.withRows(some)));
    }
    return left;
  }

  /** Whether no key of a part can be in another. */
  private boolean apart(Part part, List<Part> parts) {
    Optional<KeyRange> range = range(part);
    return range.isPresent()
        && parts.stream()
            .filter(other -> other != part)
            .allMatch(other -> range(other).filter(range.get()::apart).isPresent());
  }

  private Optional<KeyRange> range(Part part) {
    String first = names().get(0);
    int place = part.mapping().columns().indexOf(first);
    boolean known =
        place >= 0
            && part.mapping().sources().get(place).equals(part.chosen().segment().key().get(0));
    return known ? part.chosen().keys() : Optional.empty();
  }

  private List<String> names() {
    return identity.keyed().orElseThrow().key().orElseThrow().columns();
  }

  /** Whether another part has the columns that tell copies. */
  private boolean keyed(Part part) {
    return identity.keyed().isPresent() && part.mapping().columns().containsAll(names());
  }

  private void leaveOut(
      Part part, BitSet newest, DigestBag seen, int share, int shares, LeftOut told) {
    List<String> names = names();
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
            told.add(identity.display(part.mapping(), picked), WHY);
          } else {
            seen.add(digest.high(), digest.low(), ordinal);
          }
        });
  }
}
