package io.tideline.core.payload;

import io.tideline.catalogue.Table;
import io.tideline.core.rule.HoldRules;
import io.tideline.core.rule.ItemList;
import io.tideline.core.rule.Rule;
import io.tideline.core.time.TimeCodec;
import io.tideline.core.time.TimeVerdict;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Item;
import io.tideline.row.CanonicalBuffer;
import io.tideline.row.Row;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Says of each root whether its references still hold their files. */
final class RootJudge {
  private final Rule rule;
  private final Instant cutoff;
  private final HoldRules holds;
  private final TimeCodec codec;
  private final ItemList items = new ItemList();
  private final int keys;
  private final int time;
  private final int[] flags;
  private final Set<ByteBuffer> held = new HashSet<>();

  /**
   * A judge.
   *
   * @param rule how the root's time is read, and the cutoff
   * @param conditions what a root must meet to be released, besides its age
   */
  RootJudge(Table root, Rule rule, List<Condition> conditions, HoldRules holds) {
    this.rule = rule;
    this.cutoff = rule.cutoff().orElseThrow();
    this.holds = holds;
    this.codec = rule.time().orElseThrow().codec();
    this.keys = items.atColumns(root.key().orElseThrow().columns()).length;
    this.time = items.at(rule.time().get().item());
    this.flags = items.at(conditions.stream().map(Item.Holds::new).toList());
  }

  /** References of roots that ended before it hold nothing. */
  Instant cutoff() {
    return cutoff;
  }

  /** What must be read of a root. */
  List<Item> items() {
    return items.items();
  }

  /** The root's key, in a row whose items begin at some position. */
  ByteBuffer key(Row row, int from) {
    return CanonicalBuffer.of(row.slice(from, from + keys));
  }

  /** Keeps the references of a root holding, whatever its age. */
  void hold(ByteBuffer key) {
    held.add(key);
  }

  /** Whether a root's references hold nothing any more. */
  boolean released(Row row, int from, ByteBuffer key) {
    if (codec.read(row, from + time, cutoff, rule.now()) != TimeVerdict.EXPIRED) {
      return false;
    }
    for (int flag : flags) {
      if (row.integer(from + flag) == 0) {
        return false;
      }
    }
    return !held.contains(key)
        && !(holds.judgesRows() && holds.mayHold(row.slice(from, from + keys)));
  }
}
