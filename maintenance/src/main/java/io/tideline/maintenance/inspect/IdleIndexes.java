package io.tideline.maintenance.inspect;

import io.tideline.health.IndexFacts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Since when each inspection saw an index unused. Statistics may have begun long before the index
 * was made, and some servers do not know when they began.
 */
final class IdleIndexes {
  private final Instant now;
  private final Map<String, Instant> known;
  private final Map<String, Instant> seen = new TreeMap<>();

  /**
   * @param earlier what inspections of this database remember, oldest first
   */
  IdleIndexes(List<Memory.Line> earlier, Instant now) {
    this.now = now;
    this.known =
        earlier.isEmpty() ? Map.of() : earlier.get(earlier.size() - 1).unused().orElseGet(Map::of);
  }

  /** Since when an index that is unused now was never seen used; now if it was not seen before. */
  Instant since(IndexFacts index) {
    return seen.computeIfAbsent(index.display(), name -> known.getOrDefault(name, now));
  }

  /** What is known stays so where nobody could look. */
  void unseen() {
    seen.putAll(known);
  }

  /** What is to be remembered. */
  Map<String, Instant> seen() {
    return Map.copyOf(seen);
  }
}
