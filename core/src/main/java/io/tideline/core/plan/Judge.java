package io.tideline.core.plan;

import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.core.closure.Departed;
import io.tideline.core.rule.EncodingFinder;
import io.tideline.core.rule.Guard;
import io.tideline.core.rule.HumanKey;
import io.tideline.core.rule.ItemList;
import io.tideline.core.rule.LatestGuard;
import io.tideline.core.rule.PolicyTime;
import io.tideline.core.rule.Rule;
import io.tideline.core.rule.TableRules;
import io.tideline.core.rule.WalkOrder;
import io.tideline.core.time.TimeCodec;
import io.tideline.core.time.TimeShapes;
import io.tideline.core.time.TimeVerdict;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Item;
import io.tideline.dialect.Reader;
import io.tideline.plan.Reason;
import io.tideline.policy.Action;
import io.tideline.policy.TimeColumn;
import io.tideline.row.Kind;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says of each row which rule takes it, or why it stays, and keeps the tallies. */
final class Judge {
  private final TableRules rules;
  private final List<String> wanted;
  private final Departed departed;
  private final List<Tally> tallies = new ArrayList<>();
  private final List<RuleAt> at = new ArrayList<>();
  private final List<LatestAt> latest = new ArrayList<>();
  private final List<Guarded> guards = new ArrayList<>();
  private int[] keyAt = {};
  private int[] nameAt = {};
  private int[] wantedAt = {};
  private int bytesAt;
  private int largestAt;
  private boolean integerKey;

  /**
   * @param departed what earlier policies of the plan take
   */
  Judge(TableRules rules, List<String> wanted, Departed departed) {
    this.rules = rules;
    this.departed = departed;
    this.wanted = wanted;
    rules.rules().forEach(rule -> tallies.add(new Tally()));
  }

  private record RuleAt(Rule rule, int time, int where, TimeCodec codec, TimeShapes shapes) {}

  private record LatestAt(LatestGuard guard, int[] group, String policy) {}

  private record Guarded(int at, Reason reason, String detail) {}

  Tally tally(int rule) {
    return tallies.get(rule);
  }

  List<Tally> tallies() {
    return List.copyOf(tallies);
  }

  /** The items that a person knows a row by. */
  static List<Item> keyItems(Table table) {
    return HumanKey.columns(table).stream().<Item>map(Item.OfColumn::new).toList();
  }

  /** The text of a row's key, as {@code --key} takes it. */
  static String display(Table table, Row row, int[] at) {
    return HumanKey.text(table, HumanKey.columns(table), pick(row, at));
  }

  /** Why a row of that age stays; empty if it is old enough. */
  static Optional<Reason> reason(TimeVerdict verdict) {
    return switch (verdict) {
      case EXPIRED -> Optional.empty();
      case FRESH -> Optional.of(Reason.FRESH);
      case FUTURE -> Optional.of(Reason.FUTURE);
      case NO_TIME -> Optional.of(Reason.NO_TIME);
      case UNREADABLE -> Optional.of(Reason.UNREADABLE);
      case OTHER_UNIT -> Optional.of(Reason.OTHER_UNIT);
    };
  }

  /** What must be read of each row, beginning with the columns of the walk's order. */
  ItemList items(List<String> order) {
    ItemList items = new ItemList();
    items.atColumns(order);
    keyAt = items.atColumns(WalkOrder.byKey(rules.table()));
    nameAt = items.at(keyItems(rules.table()));
    wantedAt = items.atColumns(wanted);
    integerKey = WalkOrder.integerKey(rules.table());
    for (Rule rule : rules.rules()) {
      int time = rule.time().map(t -> items.at(t.item())).orElse(-1);
      Optional<Condition> where =
          rule.byAge() ? rule.where() : Optional.of(rule.selection().get(0));
      at.add(
          new RuleAt(
              rule,
              time,
              where.map(w -> items.at(new Item.Holds(w))).orElse(-1),
              rule.time().map(PolicyTime::codec).orElseGet(PolicyTime::noCodec),
              shapes(rules.table(), rule)));
    }
    for (Guard guard : rules.protections()) {
      int flag = items.at(new Item.Holds(guard.condition()));
      guards.add(new Guarded(flag, guard.reason(), guard.detail()));
    }
    for (Rule rule : rules.keepingLatest()) {
      latest.add(
          new LatestAt(
              new LatestGuard(rules.table(), rule), items.at(rule.groups()), rule.policy().name()));
    }
    bytesAt = items.at(new Item.RowBytes());
    largestAt = items.at(new Item.LargestValue());
    return items;
  }

  /** The forms of times that a rule cannot read. */
  private static TimeShapes shapes(Table table, Rule rule) {
    TimeColumn column =
        rule.time().map(PolicyTime::column).orElseGet(() -> TimeColumn.of("no time"));
    return EncodingFinder.shapes(table, column, EncodingFinder.type(table, column));
  }

  /** The forms of times that the rule at a position could not read. */
  TimeShapes shapes(int rule) {
    return at.get(rule).shapes();
  }

  void judge(PackedRows slice, Reader reader, Survey.Taken taken) {
    Row row = new Row(slice.width());
    for (LatestAt each : latest) {
      List<Row> groups = new ArrayList<>();
      for (int i = 0; i < slice.size(); i++) {
        slice.get(i, row);
        groups.add(pick(row, each.group()));
      }
      each.guard().learn(groups, reader::newest);
    }
    for (int i = 0; i < slice.size(); i++) {
      slice.get(i, row);
      judge(row, taken);
    }
  }

  private void judge(Row row, Survey.Taken taken) {
    TableName table = rules.table().name();
    boolean takenByEarlier = departed.any(table) && departed.has(table, pick(row, keyAt));
    for (int i = 0; i < at.size(); i++) {
      RuleAt rule = at.get(i);
      if (!rule.rule().acts()) {
        continue;
      }
      Optional<Reason> stays = selected(rule, row);
      if (stays.isEmpty() && takenByEarlier) {
        stays = Optional.of(Reason.OTHER_POLICY);
      }
      if (stays.isPresent()) {
        tallies.get(i).stays(stays.get(), "", () -> display(rules.table(), row, nameAt));
        continue;
      }
      takenByEarlier = true;
      Optional<Guarded> guarded = protectedBy(rule, row);
      if (guarded.isPresent()) {
        tallies
            .get(i)
            .stays(
                guarded.get().reason(),
                guarded.get().detail(),
                () -> display(rules.table(), row, nameAt));
      } else {
        goes(i, rule, row);
        taken.row(i, pick(row, wantedAt), tallies.get(i));
      }
    }
  }

  private Optional<Reason> selected(RuleAt rule, Row row) {
    Optional<Reason> stays = Optional.empty();
    if (rule.rule().byAge()) {
      TimeVerdict verdict =
          rule.codec()
              .read(row, rule.time(), rule.rule().cutoff().orElseThrow(), rule.rule().now());
      if (verdict == TimeVerdict.UNREADABLE) {
        rule.shapes().add(row, rule.time());
      }
      stays = reason(verdict);
    }
    if (stays.isEmpty() && rule.where() >= 0 && row.integer(rule.where()) == 0) {
      stays = Optional.of(rule.rule().byAge() ? Reason.WHERE : Reason.FRESH);
    }
    return stays;
  }

  private Optional<Guarded> protectedBy(RuleAt rule, Row row) {
    for (Guarded guard : guards) {
      if (row.integer(guard.at()) == 0) {
        return Optional.of(guard);
      }
    }
    Row key = pick(row, keyAt);
    if (rules.holds().judgesRows() && rules.holds().holds(key, rule.rule(), rule.codec())) {
      return Optional.of(new Guarded(-1, Reason.HOLD, "restored"));
    }
    boolean archives = rule.rule().policy().action() == Action.ARCHIVE;
    if (archives && row.integer(largestAt) > rule.rule().policy().maxValue()) {
      return Optional.of(new Guarded(-1, Reason.TOO_LARGE, ""));
    }
    return latest.stream()
        .filter(each -> each.guard().protects(pick(row, each.group()), key))
        .map(each -> new Guarded(-1, Reason.KEEP_LATEST, each.policy()))
        .findFirst();
  }

  private void goes(int i, RuleAt rule, Row row) {
    Tally tally = tallies.get(i);
    tally.goes(row.integer(bytesAt));
    if (rule.rule().byAge()) {
      tally.time(rule.codec().instant());
    }
    if (integerKey && row.kind(keyAt[0]) == Kind.INTEGER) {
      tally.key(row.integer(keyAt[0]));
    } else {
      tally.otherKey();
    }
  }

  private static Row pick(Row row, int[] at) {
    Row picked = new Row(at.length);
    for (int i = 0; i < at.length; i++) {
      picked.set(i, row, at[i]);
    }
    return picked;
  }
}
