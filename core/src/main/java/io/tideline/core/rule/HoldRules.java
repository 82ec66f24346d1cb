package io.tideline.core.rule;

import io.tideline.core.time.TimeCodec;
import io.tideline.dialect.Condition;
import io.tideline.policy.Predicate;
import io.tideline.policy.TimeColumn;
import io.tideline.row.CanonicalBuffer;
import io.tideline.row.Row;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The holds on one table: predicates, keys of restored rows, and stretches of time that stand for
 * restored rows where these are too many or have no lasting key. Wider than what was asked, never
 * narrower.
 */
public final class HoldRules {
  private final List<Condition> conditions = new ArrayList<>();
  private final Set<ByteBuffer> keys = new HashSet<>();
  private final List<Stretch> stretches = new ArrayList<>();

  /** Restored rows whose times, as the column tells them, lay between two instants. */
  private record Stretch(Optional<TimeColumn> column, Instant from, Instant to) {
    /** Whether it may hold a row; what cannot be compared counts as inside. */
    boolean holds(Optional<TimeColumn> read, @Nullable Instant time) {
      return time == null
          || column.isEmpty()
          || read.isEmpty()
          || !sameTime(column.get(), read.get())
          || !time.isBefore(from) && !time.isAfter(to);
    }

    private static boolean sameTime(TimeColumn a, TimeColumn b) {
      return a.column().equals(b.column()) && a.sql().equals(b.sql()) && a.zone().equals(b.zone());
    }
  }

  /** Holds the rows for which a predicate is true or NULL. */
  void addPredicate(Predicate predicate) {
    conditions.add(new Condition.IsFalse(predicate, new Row(2)));
  }

  /** Holds the row of a key. */
  void addKey(Row key) {
    keys.add(CanonicalBuffer.of(key));
  }

  /**
   * Holds every row whose time lies between two instants, both inclusive, and every row whose time
   * is not read from that column.
   */
  void addStretch(Optional<TimeColumn> column, Instant from, Instant to) {
    stretches.add(new Stretch(column, from, to));
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

  /**
   * Whether a row is held by key or time.
   *
   * @param key the row's key
   * @param rule the rule that would take it
   * @param codec what read the row's time last, where the rule acts by age
   */
  public boolean holds(Row key, Rule rule, @Nullable TimeCodec codec) {
    if (!keys.isEmpty() && keys.contains(CanonicalBuffer.of(key))) {
      return true;
    }
    if (stretches.isEmpty()) {
      return false;
    }
    Instant time = rule.byAge() && codec != null ? codec.instant() : null;
    Optional<TimeColumn> column = rule.time().map(PolicyTime::column);
    return stretches.stream().anyMatch(stretch -> stretch.holds(column, time));
  }

  /** Whether a row of that key may be held: its time is not known, so every stretch holds it. */
  public boolean mayHold(Row key) {
    return !stretches.isEmpty() || keys.contains(CanonicalBuffer.of(key));
  }
}
