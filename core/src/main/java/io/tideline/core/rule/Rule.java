package io.tideline.core.rule;

import io.tideline.dialect.Condition;
import io.tideline.dialect.Item;
import io.tideline.policy.Policy;
import io.tideline.policy.Predicate;
import io.tideline.row.Row;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One policy on a table, ready to judge rows.
 *
 * @param policy the policy, flags applied
 * @param acts whether it takes rows away now; if not, it only protects
 * @param time how it reads a row's time; empty if the policy has none
 * @param cutoff rows strictly older expire; empty if it is off, or acts by key
 * @param now the instant that cutoffs count from
 * @param key acts on the one row that this is true for, whatever its age
 */
public record Rule(
    Policy policy,
    boolean acts,
    Optional<PolicyTime> time,
    Optional<Instant> cutoff,
    Instant now,
    Optional<Predicate> key) {
  private static final DateTimeFormatter PLAIN =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

  /** Whether a row's age decides. */
  public boolean byAge() {
    return key.isEmpty();
  }

  /**
   * What a row must meet to be found by the policy: age as far as the engine can tell, where, key.
   */
  public List<Condition> selection() {
    List<Condition> conditions = new ArrayList<>();
    if (byAge()) {
      PolicyTime found = time.orElseThrow();
      conditions.add(
          new Condition.TimeBefore(found.item(), found.codec().bound(cutoff.orElseThrow())));
    }
    key.ifPresent(predicate -> conditions.add(new Condition.IsTrue(predicate, parameters())));
    where().ifPresent(conditions::add);
    return conditions;
  }

  /** The policy's own predicate, if it has one and acts by age. */
  public Optional<Condition> where() {
    return byAge()
        ? policy.where().map(predicate -> new Condition.IsTrue(predicate, parameters()))
        : Optional.empty();
  }

  /** What a row must meet not to be protected by the policy's {@code keep_if}. */
  public Optional<Condition> keepIf() {
    return policy.keepIf().map(predicate -> new Condition.IsFalse(predicate, parameters()));
  }

  /** What makes a group of {@code keep_latest}. */
  public List<Item> groups() {
    return policy.keepLatest().orElseThrow().per().stream()
        .<Item>map(
            part -> part.sql() ? new Item.OfSql(part.text()) : new Item.OfColumn(part.text()))
        .toList();
  }

  /** What {@code :now} and {@code :cutoff} stand for, in the time column's own encoding. */
  Row parameters() {
    Row row = new Row(2);
    set(row, 0, now);
    cutoff.ifPresent(instant -> set(row, 1, instant));
    return row;
  }

  private void set(Row row, int i, Instant instant) {
    if (time.isPresent()) {
      row.set(i, time.get().codec().encode(instant), 0);
    } else {
      row.setText(i, PLAIN.format(instant).getBytes(StandardCharsets.UTF_8));
    }
  }
}
