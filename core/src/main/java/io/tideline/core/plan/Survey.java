package io.tideline.core.plan;

import io.tideline.catalogue.Table;
import io.tideline.core.closure.Departed;
import io.tideline.core.rule.ItemList;
import io.tideline.core.rule.PolicyTime;
import io.tideline.core.rule.Rule;
import io.tideline.core.rule.TableRules;
import io.tideline.core.rule.WalkOrder;
import io.tideline.core.time.TimeCodec;
import io.tideline.core.time.TimeVerdict;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Item;
import io.tideline.dialect.Range;
import io.tideline.dialect.Reader;
import io.tideline.dialect.Scan;
import io.tideline.plan.KeySpan;
import io.tideline.plan.Reason;
import io.tideline.plan.TimeEncoding.Shape;
import io.tideline.policy.Predicate;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import io.tideline.row.RowSink;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Judges every row of a table by all policies on it, without changing anything: a slice at a time,
 * each in a short read snapshot.
 */
public final class Survey {
  private static final int SLICE = 10_000;
  private static final int EXAMPLES = 3;

  private final TableRules rules;
  private final Reader reader;
  private final RunListener listener;
  private final Departed departed;

  /** A survey of the table of some rules. */
  public Survey(TableRules rules, Reader reader, RunListener listener) {
    this(rules, reader, listener, Departed.NONE);
  }

  /** As the other, after what earlier policies take. */
  Survey(TableRules rules, Reader reader, RunListener listener, Departed departed) {
    this.departed = departed;
    this.rules = rules;
    this.reader = reader;
    this.listener = listener;
  }

  /** Hears of each row that goes: the rule's position among the rules, and the values asked for. */
  public interface Taken {
    /** Hears of one row. */
    void row(int rule, Row values, Tally tally);
  }

  /** What each rule would do, in their order; rules that do not act have nothing. */
  public List<Tally> count() {
    return walk(List.of(), (rule, values, tally) -> {});
  }

  /** As {@link #count}, telling of each row that goes with the values of some columns. */
  public List<Tally> walk(List<String> columns, Taken taken) {
    Judge judge = new Judge(rules, columns, departed);
    boolean one = rules.rules().size() == 1;
    Optional<Rule> alone =
        one ? Optional.of(rules.rules().get(0)).filter(Rule::byAge) : Optional.empty();
    boolean keysOnly = rules.rules().stream().filter(Rule::acts).noneMatch(Rule::byAge);
    List<Condition> filter = new ArrayList<>();
    alone.ifPresent(rule -> filter.add(rule.selection().get(0)));
    if (keysOnly) {
      filter.add(
          rules.rules().stream().filter(Rule::acts).findFirst().orElseThrow().selection().get(0));
    }
    List<String> order =
        alone
            .flatMap(rule -> WalkOrder.byTime(rules.table(), timeColumn(rule)))
            .orElse(WalkOrder.byKey(rules.table()));
    slices(judge.items(order), filter, order, slice -> judge.judge(slice, reader, taken));
    alone.ifPresent(rule -> rest(rule, filter, order, judge));
    for (int i = 0; i < rules.rules().size(); i++) {
      Optional<PolicyTime> time = rules.rules().get(i).time();
      if (time.isPresent()) {
        judge.shapes(i).requireSameOrder(time.get().encoding());
      }
    }
    return judge.tallies();
  }

  private static Optional<String> timeColumn(Rule rule) {
    return rule.time().flatMap(time -> time.column().column());
  }

  /**
   * Counts the rows that the engine itself tells to be younger than the cutoff, or without a time.
   */
  private void rest(Rule rule, List<Condition> expired, List<String> order, Judge judge) {
    Tally tally = judge.tally(0);
    PolicyTime time = rule.time().orElseThrow();
    Predicate noTime = new Predicate(sql(time) + " IS NULL");
    Condition young = new Condition.Not(expired.get(0));
    Condition timed = new Condition.Not(new Condition.IsTrue(noTime, new Row(2)));
    if (nativeTime(time)) {
      countNative(rule, List.of(young, timed), timed, tally);
    } else {
      readRest(rule, List.of(young, timed), order, judge);
    }
    List<Condition> untimed = List.of(young, new Condition.IsTrue(noTime, new Row(2)));
    long none = reader.count(rules.table(), untimed);
    if (none > 0) {
      addExamples(Reason.NO_TIME, untimed, none, tally);
    }
  }

  private void countNative(Rule rule, List<Condition> young, Condition timed, Tally tally) {
    PolicyTime time = rule.time().orElseThrow();
    Row afterNow = time.codec().bound(rule.now().plus(1, ChronoUnit.MICROS));
    List<Condition> future =
        List.of(new Condition.Not(new Condition.TimeBefore(time.item(), afterNow)), timed);
    long later = reader.count(rules.table(), future);
    tally.stay(Reason.FRESH, reader.count(rules.table(), young) - later);
    if (later > 0) {
      addExamples(Reason.FUTURE, future, later, tally);
    }
  }

  private void addExamples(Reason reason, List<Condition> filter, long number, Tally tally) {
    List<Item> key = Judge.keyItems(rules.table());
    int[] left = {EXAMPLES};
    Scan scan = new Scan(rules.table(), key, filter, Range.all(WalkOrder.byKey(rules.table())));
    reader.scan(
        scan,
        (int) Math.min(number, EXAMPLES),
        row -> {
          tally.stays(reason, "", row::display);
          left[0]--;
          return true;
        });
    tally.stay(reason, number - (EXAMPLES - left[0]));
  }

  private void readRest(Rule rule, List<Condition> filter, List<String> order, Judge judge) {
    PolicyTime time = rule.time().orElseThrow();
    TimeCodec codec = time.codec();
    ItemList items = new ItemList();
    items.atColumns(order);
    int timeAt = items.at(time.item());
    int[] key = items.at(Judge.keyItems(rules.table()));
    slices(
        items,
        filter,
        order,
        slice -> {
          Row row = new Row(items.size());
          for (int i = 0; i < slice.size(); i++) {
            slice.get(i, row);
            TimeVerdict verdict = codec.read(row, timeAt, rule.cutoff().orElseThrow(), rule.now());
            if (verdict == TimeVerdict.UNREADABLE) {
              judge.shapes(0).add(row, timeAt);
            }
            Reason reason = Judge.reason(verdict).orElse(Reason.UNREADABLE);
            judge.tally(0).stays(reason, "", () -> Judge.display(rules.table(), row, key));
          }
        });
  }

  private interface SliceSink {
    void slice(PackedRows rows);
  }

  private void slices(ItemList items, List<Condition> filter, List<String> order, SliceSink sink) {
    Optional<Row> after = Optional.empty();
    int read = SLICE;
    while (read == SLICE) {
      PackedRows slice = new PackedRows(items.size());
      RowSink collect =
          row -> {
            slice.add(row, 0);
            return true;
          };
      Scan scan =
          new Scan(rules.table(), items.items(), filter, new Range(order, after, Optional.empty()));
      reader.scan(scan, SLICE, collect);
      read = slice.size();
      if (read > 0) {
        sink.slice(slice);
        after = Optional.of(slice.get(read - 1).slice(0, order.size()));
        listener.on(new RunEvent.Progressed(read, 0));
      }
    }
  }

  static boolean nativeTime(PolicyTime time) {
    Shape shape = time.encoding().shape();
    return shape == Shape.NATIVE_DATE
        || shape == Shape.NATIVE_TIMESTAMP
        || shape == Shape.NATIVE_INSTANT;
  }

  private static String sql(PolicyTime time) {
    return time.column()
        .column()
        .map(name -> '"' + name.replace("\"", "\"\"") + '"')
        .orElseGet(() -> "(" + time.column().sql().orElseThrow() + ")");
  }

  /** The scan that finds what a rule takes, for the engine to explain. */
  public static Scan scanOf(Table table, Rule rule, List<String> order, Optional<KeySpan> span) {
    ItemList items = new ItemList();
    items.atColumns(order);
    Range range =
        new Range(
            order, span.map(s -> Row.ofInteger(s.first())), span.map(s -> Row.ofInteger(s.last())));
    return new Scan(table, items.items(), rule.selection(), range);
  }
}
