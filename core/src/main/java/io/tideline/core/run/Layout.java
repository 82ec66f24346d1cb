package io.tideline.core.run;

import io.tideline.archive.SegmentColumn;
import io.tideline.catalogue.Key;
import io.tideline.catalogue.Table;
import io.tideline.core.archive.SegmentColumns;
import io.tideline.core.rule.HumanKey;
import io.tideline.core.rule.ItemList;
import io.tideline.core.rule.PolicyTime;
import io.tideline.core.rule.Rule;
import io.tideline.core.rule.TableRules;
import io.tideline.core.rule.WalkOrder;
import io.tideline.dialect.Item;
import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is read of each row while a table is walked, and where in the row it stands: first the
 * values that a segment holds and a digest covers, then what only the judging needs.
 */
final class Layout {
  private final Table table;
  private final ItemList items = new ItemList();
  private final List<String> order;
  private final int digestFrom;
  private final int width;
  private final List<String> placeColumns;
  private final int[] placeAt;
  private final int[] keyInPlace;
  private final int[] aliasInPlace;
  private final int[] keyAt;
  private final int[] aliasAt;
  private final int timeAt;
  private final List<int[]> groupAt = new ArrayList<>();

  private Layout(
      Table table,
      List<Item> digested,
      int digestFrom,
      List<String> order,
      Optional<PolicyTime> time,
      List<Rule> latest) {
    Key key = table.key().orElseThrow();
    this.table = table;
    items.at(digested);
    this.order = order;
    this.width = items.size();
    this.digestFrom = digestFrom;
    List<String> place = new ArrayList<>(order);
    key.columns().stream().filter(name -> !place.contains(name)).forEach(place::add);
    List<String> alias =
        HumanKey.alias(table).map(each -> each.key().orElseThrow().columns()).orElse(List.of());
    alias.stream().filter(name -> !place.contains(name)).forEach(place::add);
    this.placeColumns = List.copyOf(place);
    this.placeAt = items.atColumns(place);
    this.aliasInPlace = alias.stream().mapToInt(place::indexOf).toArray();
    this.aliasAt = items.atColumns(alias);
    this.keyInPlace = key.columns().stream().mapToInt(place::indexOf).toArray();
    this.keyAt = items.atColumns(key.columns());
    this.timeAt = time.map(t -> items.at(t.item())).orElse(-1);
    latest.forEach(rule -> groupAt.add(items.at(rule.groups())));
  }

  /** Whole rows, as a segment holds them; a hidden key comes first and is not digested. */
  static Layout whole(TableRules rules, Optional<Rule> rule, List<String> order) {
    return of(
        rules,
        rule,
        order,
        SegmentColumns.of(rules.table()).stream().map(SegmentColumn::name).toList());
  }

  /** Rows as a segment of other columns holds them, all of which the table still has. */
  static Layout of(
      TableRules rules, Optional<Rule> rule, List<String> order, List<String> columns) {
    Key key = rules.table().key().orElseThrow();
    return new Layout(
        rules.table(),
        columns.stream().<Item>map(Item.OfColumn::new).toList(),
        key.hidden() ? 1 : 0,
        order,
        rule.flatMap(Rule::time),
        rules.keepingLatest());
  }

  /** Key and time only, for rows that no segment holds: both are digested. */
  static Layout keys(TableRules rules, Rule rule, List<String> order) {
    List<Item> digested = new ArrayList<>();
    WalkOrder.byKey(rules.table()).forEach(name -> digested.add(new Item.OfColumn(name)));
    rule.time()
        .map(PolicyTime::item)
        .filter(item -> !digested.contains(item))
        .ifPresent(digested::add);
    return new Layout(rules.table(), digested, 0, order, rule.time(), rules.keepingLatest());
  }

  /** The columns in whose order the table is walked. */
  List<String> order() {
    return order;
  }

  /** What is read. */
  List<Item> items() {
    return items.items();
  }

  /** How many of the values a segment holds. */
  int width() {
    return width;
  }

  /** The first value that the digest covers; {@link #width} is the end. */
  int digestFrom() {
    return digestFrom;
  }

  /** The columns of a place. */
  List<String> placeColumns() {
    return placeColumns;
  }

  /** The number of values of a place. */
  int placeWidth() {
    return placeAt.length;
  }

  /**
   * Fills {@code into} with where the row stands: the order's values, then what the key has more.
   */
  void place(Row row, Row into) {
    for (int i = 0; i < placeAt.length; i++) {
      into.set(i, row, placeAt[i]);
    }
  }

  /** The key within a place. */
  Row keyOfPlace(Row place) {
    return pick(place, 0, keyInPlace);
  }

  /**
   * The declared key within a place, where the table's own is hidden; no value if there is none.
   */
  Row aliasOfPlace(Row place) {
    return pick(place, 0, aliasInPlace);
  }

  /** The key within a place by which a person names the row, in text. */
  String keyText(Row place) {
    List<String> named = HumanKey.columns(table);
    boolean declared = aliasInPlace.length == named.size();
    return HumanKey.text(table, named, declared ? aliasOfPlace(place) : keyOfPlace(place));
  }

  /** The declared key of a row whose values begin at {@code offset}, as {@link #aliasOfPlace}. */
  Row alias(Row row, int offset) {
    return pick(row, offset, aliasAt);
  }

  /** The key of a row whose values begin at {@code offset}. */
  Row key(Row row, int offset) {
    return pick(row, offset, keyAt);
  }

  /** The position of the time; -1 if none is read. */
  int timeAt() {
    return timeAt;
  }

  /** The group of a row for the n-th rule that keeps the latest. */
  Row group(int rule, Row row, int offset) {
    return pick(row, offset, groupAt.get(rule));
  }

  private static Row pick(Row row, int offset, int[] at) {
    Row picked = new Row(at.length);
    for (int i = 0; i < at.length; i++) {
      picked.set(i, row, offset + at[i]);
    }
    return picked;
  }
}
