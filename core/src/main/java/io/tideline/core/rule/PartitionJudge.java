package io.tideline.core.rule;

import io.tideline.catalogue.Partition;
import io.tideline.core.time.TimeCodec;
import io.tideline.core.time.TimeVerdict;
import io.tideline.dialect.Item;
import io.tideline.dialect.Newest;
import io.tideline.dialect.Range;
import io.tideline.dialect.Scan;
import io.tideline.plan.Reason;
import io.tideline.row.CanonicalBuffer;
import io.tideline.row.Row;
import io.tideline.row.RowSink;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Judges whether every row of one partition may go by a rule, as if each were judged by itself.
 * Only where rows of other partitions decide it is stricter: it wants those that {@code
 * keep_latest} keeps to be newer than every row of their group in the partition.
 */
public final class PartitionJudge {
  /** More groups than this are not kept in memory. */
  private static final int GROUPS = 200_000;

  private static final int LEARNT_AT_ONCE = 1_000;

  private final TableRules rules;
  private final Rule rule;
  private final List<Guard> guards;
  private final ItemList items = new ItemList();
  private final int[] guardAt;
  private final int[] keyAt;
  private final int timeAt;
  private final TimeCodec codec;
  private final List<Latest> latest = new ArrayList<>();
  private Optional<Reason> stays = Optional.empty();
  private long rows;

  /** A rule that keeps the newest of its groups, and the newest of each in the partition. */
  private record Latest(
      LatestGuard guard,
      TimeCodec codec,
      Rule rule,
      int timeAt,
      int[] groupAt,
      Map<ByteBuffer, Group> groups) {}

  private record Group(Row values, Instant newest) {}

  /**
   * @param first what is read of each row before all that the judging needs
   */
  public PartitionJudge(TableRules rules, Rule rule, List<Item> first) {
    this.rules = rules;
    this.rule = rule;
    this.guards = rules.guards(rule);
    items.at(first);
    PolicyTime time = rule.time().orElseThrow();
    codec = time.codec();
    timeAt = items.at(time.item());
    keyAt = items.atColumns(WalkOrder.byKey(rules.table()));
    guardAt = items.at(guards.stream().map(guard -> new Item.Holds(guard.condition())).toList());
    for (Rule each : rules.keepingLatest()) {
      PolicyTime its = each.time().orElseThrow();
      latest.add(
          new Latest(
              new LatestGuard(rules.table(), each),
              its.codec(),
              each,
              items.at(its.item()),
              items.at(each.groups()),
              new HashMap<>()));
    }
  }

  /** What must be read, in no order. */
  public Scan scan(Partition partition) {
    return new Scan(rules.table(), items.items(), List.of(), Range.all(List.of()))
        .within(partition);
  }

  /** Judges a row; false if it stays, and the partition with it. */
  public boolean goes(Row row) {
    rows++;
    stays = reason(row);
    return stays.isEmpty();
  }

  private Optional<Reason> reason(Row row) {
    for (int i = 0; i < guards.size(); i++) {
      if (row.integer(guardAt[i]) == 0) {
        return Optional.of(guards.get(i).reason());
      }
    }
    TimeVerdict verdict = codec.read(row, timeAt, rule.cutoff().orElseThrow(), rule.now());
    if (verdict != TimeVerdict.EXPIRED) {
      return Optional.of(Reason.FRESH);
    }
    if (rules.holds().judgesRows() && rules.holds().holds(pick(row, keyAt), rule, codec)) {
      return Optional.of(Reason.HOLD);
    }
    return latest.stream().allMatch(each -> noted(each, row))
        ? Optional.empty()
        : Optional.of(Reason.KEEP_LATEST);
  }

  /** Keeps the newest time of the row's group in mind; false if there are too many groups. */
  private static boolean noted(Latest each, Row row) {
    Instant now = each.rule().now();
    TimeVerdict verdict = each.codec().read(row, each.timeAt(), now, now);
    if (verdict != TimeVerdict.EXPIRED && verdict != TimeVerdict.FRESH) {
      return true; // such times neither count nor are protected
    }
    Instant time = each.codec().instant();
    Row group = pick(row, each.groupAt());
    each.groups()
        .merge(
            CanonicalBuffer.of(group),
            new Group(group, time),
            (known, other) -> known.newest().isBefore(other.newest()) ? other : known);
    return each.groups().size() <= GROUPS;
  }

  /** To be asked after the last row: whether no row of it is among the newest of its group. */
  public boolean noneIsLatest(BiConsumer<Newest, RowSink> source) {
    for (Latest each : latest) {
      List<Group> groups = List.copyOf(each.groups().values());
      for (int from = 0; from < groups.size(); from += LEARNT_AT_ONCE) {
        List<Group> some = groups.subList(from, Math.min(groups.size(), from + LEARNT_AT_ONCE));
        each.guard().learn(some.stream().map(Group::values).toList(), source);
        if (!some.stream().allMatch(g -> each.guard().passed(g.values(), g.newest()))) {
          stays = Optional.of(Reason.KEEP_LATEST);
          return false;
        }
      }
    }
    return true;
  }

  /** Why a row stays; empty if every row judged so far goes. */
  public Optional<Reason> stays() {
    return stays;
  }

  /** The rows judged. */
  public long rows() {
    return rows;
  }

  private static Row pick(Row row, int[] at) {
    Row picked = new Row(at.length);
    for (int i = 0; i < at.length; i++) {
      picked.set(i, row, at[i]);
    }
    return picked;
  }
}
