package io.tideline.core.plan;

import io.tideline.dialect.Condition;
import io.tideline.policy.Predicate;
import io.tideline.row.CanonicalBuffer;
import io.tideline.row.Row;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The holds on one table: predicates, keys of restored rows, and stretches of time that stand for
 * restored rows where these are too many or have no lasting key. Wider than what was asked, never
 * narrower.
 */
public final class HoldRules {
  private final List<Condition> conditions = new ArrayList<>();
  private final Set<ByteBuffer> keys = new HashSet<>();
  private final List<Instant[]> stretches = new ArrayList<>();

  /** Holds the rows for which a predicate is true or NULL. */
  void addPredicate(Predicate predicate) {
    conditions.add(new Condition.IsFalse(predicate, new Row(2)));
  }

  /** Holds the row of a key. */
  void addKey(Row key) {
    keys.add(CanonicalBuffer.of(key));
  }

  /** Holds every row whose time lies between two instants, both inclusive. */
  void addStretch(Instant from, Instant to) {
    stretches.add(new Instant[] {from, to});
  }

  /** How many keys are held. */
  int keys() {
    return keys.size();
  }

  /** What a row must meet so that no predicate holds it. */
  public List<Condition> conditions() {
    return List.copyOf(conditions);
  }

  /** Whether {@link #holds} needs to be asked. */
  public boolean judgesRows() {
    return !keys.isEmpty() || !stretches.isEmpty();
  }

  /** Whether a row of that key and time is held by key or time. */
  public boolean holds(Row key, Instant time) {
    if (!keys.isEmpty() && keys.contains(CanonicalBuffer.of(key))) {
      return true;
    }
    for (Instant[] stretch : stretches) {
      if (!time.isBefore(stretch[0]) && !time.isAfter(stretch[1])) {
        return true;
      }
    }
    return false;
  }
}
