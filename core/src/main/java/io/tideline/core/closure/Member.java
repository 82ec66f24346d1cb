package io.tideline.core.closure;

import io.tideline.catalogue.Key;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.core.rule.Guard;
import io.tideline.core.rule.HumanKey;
import io.tideline.core.rule.ItemList;
import io.tideline.core.rule.Rule;
import io.tideline.core.rule.TableRules;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Item;
import io.tideline.plan.Reason;
import io.tideline.policy.Action;
import io.tideline.policy.Policy;
import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table of a tree, and what is read of its rows: first what a segment holds and a digest covers,
 * then what the closure follows, then what judges the row.
 */
public final class Member {
  private final int number;
  private final TableRules rules;
  private final List<Guard> guards;
  private final Action action;
  private final Optional<Rule> due;
  private final ItemList items = new ItemList();
  private final int width;
  private final int digestFrom;
  private final List<String> kept = new ArrayList<>();
  private final int[] guardAt;
  private final int[] nameAt;
  private int[] keptAt = {};
  private final Map<Edge, int[]> referred = new LinkedHashMap<>();
  private final Map<Edge, int[]> referring = new LinkedHashMap<>();
  private boolean indexed;

  /**
   * @param number its number in the tree; the root's is 0
   * @param guards what the engine judges of each row
   * @param action what becomes of its rows
   * @param segment the columns of its segments; empty if none is written
   * @param due the policy of its own by which its rows go; empty if they go with what they refer to
   */
  Member(
      int number,
      TableRules rules,
      List<Guard> guards,
      Action action,
      List<String> segment,
      Optional<Rule> due) {
    this.number = number;
    this.due = due;
    this.rules = rules;
    this.guards = List.copyOf(guards);
    this.action = action;
    items.atColumns(segment);
    this.width = items.size();
    this.digestFrom = key().hidden() ? 1 : 0;
    kept.addAll(key().columns());
    items.atColumns(key().columns());
    this.guardAt =
        guards.stream().mapToInt(guard -> items.at(new Item.Holds(guard.condition()))).toArray();
    this.indexed = number == 0;
    this.nameAt = number == 0 ? keep(HumanKey.columns(table())) : new int[0];
  }

  /** Learns of an edge that leads to its rows. */
  void referredBy(Edge edge) {
    referred.put(edge, keep(edge.key().toColumns()));
  }

  /** Learns of an edge that leads from its rows. */
  void refers(Edge edge) {
    if (edge.effect() == Edge.Effect.DETACH) {
      keep(Forest.Detached.archived(edge));
    }
    referring.put(edge, keep(edge.key().columns()));
    long follows = referring.keySet().stream().filter(Edge::follows).count();
    // What a relation refers to need not be unique where the engine does not see to it.
    indexed |= follows > 1 || follows < referring.size() || !edge.key().enforced();
  }

  private int[] keep(List<String> columns) {
    columns.stream().filter(name -> !kept.contains(name)).forEach(kept::add);
    keptAt = items.atColumns(kept);
    return columns.stream().mapToInt(kept::indexOf).toArray();
  }

  /** Its number in the tree. */
  public int number() {
    return number;
  }

  /** The table. */
  public Table table() {
    return rules.table();
  }

  /** The table's key. */
  public Key key() {
    return table().key().orElseThrow();
  }

  /** Every policy on the table, and the holds. */
  public TableRules rules() {
    return rules;
  }

  /** What becomes of its rows. */
  public Action action() {
    return action;
  }

  /** The policy of its own by which its rows go; empty if they go with what they refer to. */
  Optional<Rule> due() {
    return due;
  }

  /** The key within a row that was found over an edge. */
  Row key(Row found) {
    Row kept = new Row(keptWidth());
    keep(found, 1, kept);
    return kept.slice(0, key().columns().size());
  }

  /**
   * The archive table of rows that are moved.
   *
   * @param root the policy of the roots
   */
  public TableName archiveTable(Policy root) {
    Optional<String> named =
        number == 0
            ? root.archiveTable()
            : rules.rules().stream()
                .filter(rule -> rule.policy().action() == Action.MOVE)
                .flatMap(rule -> rule.policy().archiveTable().stream())
                .findFirst();
    TableName name = table().name();
    return new TableName(name.schema(), named.orElse(name.name() + "_archive"));
  }

  /** Whether a copy of its rows is archived. */
  public boolean archived() {
    return action == Action.ARCHIVE;
  }

  /** What is read of each row. */
  List<Item> items() {
    return items.items();
  }

  /** The text by which a person knows a root of which this is remembered. */
  String name(Row kept) {
    Row name = new Row(nameAt.length);
    for (int i = 0; i < nameAt.length; i++) {
      name.set(i, kept, nameAt[i]);
    }
    return HumanKey.text(table(), HumanKey.columns(table()), name);
  }

  /** Adds what else must be read. */
  int alsoRead(Item item) {
    return items.at(item);
  }

  /** How many of the values a segment holds. */
  int width() {
    return width;
  }

  /** The first value that the digest covers. */
  int digestFrom() {
    return digestFrom;
  }

  /** What the engine judges of each row. */
  List<Guard> guards() {
    return guards;
  }

  /** The first guard that a row does not meet, whose values begin at {@code offset}; -1 if none. */
  int failed(Row row, int offset) {
    for (int i = 0; i < guardAt.length; i++) {
      if (row.integer(offset + guardAt[i]) == 0) {
        return i;
      }
    }
    return -1;
  }

  /** Why a row that is no root stays, whose values begin at {@code offset}; empty if it may go. */
  Optional<Stay> guard(Row row, int offset, Row key) {
    int failed = failed(row, offset);
    if (failed >= 0) {
      return Optional.of(stay(guards.get(failed)));
    }
    return rules.holds().judgesRows() && rules.holds().mayHold(key)
        ? Optional.of(new Stay(Reason.HOLD, "a row of " + table().name()))
        : Optional.empty();
  }

  /** Why a row stays that does not meet a guard. */
  Stay stay(Guard guard) {
    String detail = guard.detail().isEmpty() ? "a row of " + table().name() : guard.detail();
    return new Stay(guard.reason(), detail);
  }

  /** Whether nothing but the size of its values keeps a row, and a deletion sets nothing off. */
  boolean goesUnasked() {
    return action != Action.MOVE
        && !table().firesOnDelete()
        && !rules.holds().judgesRows()
        && guards.stream().allMatch(guard -> guard.reason() == Reason.TOO_LARGE);
  }

  /** What the engine judges of each row that goes. */
  public List<Condition> conditions() {
    return guards.stream().map(Guard::condition).toList();
  }

  /** What of a row the digest of its copy covers. */
  public List<Item> digested() {
    return items.items().subList(digestFrom, width);
  }

  /** How many values are remembered of each row; the key's are the first. */
  int keptWidth() {
    return kept.size();
  }

  /** Fills {@code into} with what is remembered of a row. */
  void keep(Row row, int offset, Row into) {
    int[] at = keptAt.length == 0 ? items.atColumns(kept) : keptAt;
    for (int i = 0; i < at.length; i++) {
      into.set(i, row, offset + at[i]);
    }
  }

  /** Values of columns of which it is remembered what they hold. */
  Row pick(Row kept, List<String> columns) {
    Row picked = new Row(columns.size());
    for (int i = 0; i < picked.width(); i++) {
      picked.set(i, kept, this.kept.indexOf(columns.get(i)));
    }
    return picked;
  }

  /** What an archive keeps of a row that loses a reference; without values of other edges. */
  Row archived(Edge edge, Row kept) {
    return edge.effect() == Edge.Effect.DETACH
        ? pick(kept, Forest.Detached.archived(edge))
        : new Row(0);
  }

  /** What tells a row that loses a reference; without values of other edges. */
  Row record(Edge edge, Row kept) {
    return edge.effect() == Edge.Effect.DETACH
        ? pick(kept, Forest.Detached.columns(edge))
        : new Row(0);
  }

  /** Whether a hold keeps a row as it is, whose values begin at {@code offset}. */
  boolean held(Row row, int offset, Row key) {
    int failed = failed(row, offset);
    return rules.holds().mayHold(key) || failed >= 0 && guards.get(failed).reason() == Reason.HOLD;
  }

  /** The edges that lead to its rows, with where what they refer to is remembered. */
  Map<Edge, int[]> referred() {
    return referred;
  }

  /** The edges that lead from its rows, with where what refers is remembered. */
  Map<Edge, int[]> referring() {
    return referring;
  }

  /** Whether rows of it are asked for by key. */
  boolean indexed() {
    return indexed;
  }
}
