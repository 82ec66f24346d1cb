package io.tideline.core.closure;

import io.tideline.core.rule.LatestGuard;
import io.tideline.core.rule.PolicyTime;
import io.tideline.core.rule.Rule;
import io.tideline.core.rule.TableRules;
import io.tideline.core.time.TimeCodec;
import io.tideline.core.time.TimeVerdict;
import io.tideline.dialect.Lookups;
import io.tideline.plan.Reason;
import io.tideline.row.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Judges the rows of a table by one policy: age, predicates, holds, the newest of their groups. Of
 * the roots of trees, and of rows that go with one if their own policy takes them.
 */
final class RootJudge {
  /** A row that stays for these never was the root of a tree. */
  private static final Set<Reason> NO_ROOT =
      EnumSet.of(
          Reason.FRESH,
          Reason.NO_TIME,
          Reason.UNREADABLE,
          Reason.FUTURE,
          Reason.OTHER_UNIT,
          Reason.WHERE);

  private final Member member;
  private final TableRules rules;
  private final Rule rule;
  private final @Nullable TimeCodec codec;
  private final int timeAt;
  private final List<int[]> groupAt = new ArrayList<>();
  private final List<Map<Integer, Row>> groups = new ArrayList<>();

  /**
   * @param rule a policy on the member's table, of whose guards the member knows
   */
  RootJudge(Member member, Rule rule) {
    this.member = member;
    this.rules = member.rules();
    this.rule = rule;
    this.codec = rule.byAge() ? rule.time().orElseThrow().codec() : null;
    this.timeAt = rule.time().map(PolicyTime::item).map(member::alsoRead).orElse(-1);
    for (Rule each : rules.keepingLatest()) {
      groupAt.add(each.groups().stream().mapToInt(member::alsoRead).toArray());
      groups.add(new TreeMap<>());
    }
  }

  /** Whether a row that stays for that reason is no expired root at all. */
  static boolean noRoot(Stay stay) {
    return NO_ROOT.contains(stay.reason());
  }

  /** Why a row stays, newest ones apart: those are told by {@link #latest}. */
  Optional<Stay> judge(Row row, int offset) {
    if (codec != null) {
      TimeVerdict verdict =
          codec.read(row, offset + timeAt, rule.cutoff().orElseThrow(), rule.now());
      if (verdict != TimeVerdict.EXPIRED) {
        return Optional.of(new Stay(Reason.FRESH, ""));
      }
    }
    int failed = member.failed(row, offset);
    if (failed >= 0) {
      return Optional.of(
          new Stay(member.guards().get(failed).reason(), member.guards().get(failed).detail()));
    }
    return Optional.empty();
  }

  /** Whether a hold by key or by time protects a row just judged. */
  boolean held(Row key) {
    return rules.holds().judgesRows() && rules.holds().holds(key, rule, codec);
  }

  /** The time of the row judged last. */
  Optional<Instant> time() {
    return Optional.ofNullable(codec).map(TimeCodec::instant);
  }

  /** Remembers the groups of a row that goes so far. */
  void grouped(int number, Row row, int offset) {
    for (int rank = 0; rank < groupAt.size(); rank++) {
      int[] at = groupAt.get(rank);
      Row group = new Row(at.length);
      for (int i = 0; i < at.length; i++) {
        group.set(i, row, offset + at[i]);
      }
      groups.get(rank).put(number, group);
    }
  }

  /** Hears of a row that stays. */
  interface Stays {
    /** Hears of one row, by its number among those of its table. */
    void row(int row, Stay why);
  }

  /** Tells which rows are among the newest of their groups. */
  void latest(Forest forest, Lookups lookups, Stays stays) {
    for (int rank = 0; rank < groupAt.size(); rank++) {
      Rule each = rules.keepingLatest().get(rank);
      LatestGuard guard = new LatestGuard(rules.table(), each);
      guard.learn(List.copyOf(groups.get(rank).values()), lookups::newest);
      groups
          .get(rank)
          .forEach(
              (row, group) -> {
                if (guard.protects(group, forest.found(member).key(row))) {
                  stays.row(row, new Stay(Reason.KEEP_LATEST, each.policy().name()));
                }
              });
      groups.get(rank).clear();
    }
  }
}
