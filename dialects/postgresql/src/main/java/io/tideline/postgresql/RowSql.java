package io.tideline.postgresql;

import io.tideline.catalogue.Column;
import io.tideline.catalogue.ForeignKey;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Item;
import io.tideline.dialect.Range;
import io.tideline.policy.Predicate;
import io.tideline.row.Kind;
import io.tideline.row.Row;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Items, conditions and ranges of one table as SQL. */
final class RowSql {
  /** No stored value grows more than so many times when unpacked and written as text. */
  private static final long GROWTH = 2_048;

  private final Session session;
  private final TableShape table;
  private final Literals literals;
  private final @Nullable Codec time;

  /**
   * @param filter the conditions that will be asked for; tells what {@code :cutoff} is encoded as
   */
  RowSql(Session session, TableShape table, List<Condition> filter) throws SQLException {
    this.session = session;
    this.table = table;
    literals = new Literals(session);
    time = time(filter);
  }

  /** A value of a SELECT list and how it travels. */
  record Value(String sql, Codec codec) {}

  /** The values of items. */
  List<Value> values(List<Item> items) throws SQLException {
    List<Value> values = new ArrayList<>();
    for (Item item : items) {
      values.add(value(item));
    }
    return values;
  }

  /** The values of columns. */
  List<Value> columns(List<String> names) {
    return names.stream().map(this::column).toList();
  }

  private Value value(Item item) throws SQLException {
    if (item instanceof Item.OfColumn of) {
      return column(of.name());
    }
    if (item instanceof Item.OfSql of) {
      return expression(of);
    }
    if (item instanceof Item.Holds holds) {
      return new Value(
          "CASE WHEN " + condition(holds.condition()) + " THEN 1 ELSE 0 END", Codec.INT4);
    }
    return item instanceof Item.RowBytes
        ? new Value(rowBytes(), Codec.INT8)
        : new Value(largestValue(), Codec.INT8);
  }

  private Value column(String name) {
    ColumnShape column = table.column(name);
    return new Value(column.value(table.reference(name)), column.codec());
  }

  private Value expression(Item.OfSql item) throws SQLException {
    Codec codec = session.describe(table, item);
    String sql = "(" + item.sql() + ")";
    // format gives the text of a type's output function, but that of no value is empty.
    return codec == Codec.OUTPUT
        ? new Value(
            "CASE WHEN pg_catalog.num_nulls("
                + sql
                + ") = 0"
                + " THEN pg_catalog.format('%s', "
                + sql
                + ") END",
            codec)
        : new Value(sql, codec);
  }

  /** The expression of an item to compare or sort by: its own type, not the form it is read in. */
  String comparable(Item item) throws SQLException {
    return item instanceof Item.OfColumn of ? table.reference(of.name()) : value(item).sql();
  }

  /** The conditions after WHERE, joined by AND; {@code true} if there are none. */
  String where(List<Condition> filter, Range range) throws SQLException {
    List<String> parts = new ArrayList<>();
    if (range.after().isPresent()) {
      parts.add(bound(range.order(), ">", range.after().get()));
    }
    if (range.through().isPresent()) {
      parts.add(bound(range.order(), "<=", range.through().get()));
    }
    for (Condition condition : filter) {
      parts.add(condition(condition));
    }
    return parts.isEmpty() ? "true" : String.join(" AND ", parts);
  }

  /** A tuple comparison. */
  private String bound(List<String> order, String sign, Row row) {
    List<ColumnShape> columns = order.stream().map(table::column).toList();
    if (columns.stream().allMatch(ColumnShape::ordinary)) {
      String left = columns.stream().map(c -> ref(c)).collect(Collectors.joining(", "));
      List<String> right = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        right.add(literals.of(row, i, columns.get(i)));
      }
      return columns.size() == 1
          ? left + " " + sign + " " + right.get(0)
          : "(" + left + ") " + sign + " (" + String.join(", ", right) + ")";
    }
    return expanded(columns, 0, sign, row);
  }

  /** The same where a type's operators are not those of the catalogue, so that a row finds none. */
  private String expanded(List<ColumnShape> columns, int from, String sign, Row row) {
    ColumnShape column = columns.get(from);
    String left = ref(column);
    String right = literals.of(row, from, column);
    if (from == columns.size() - 1) {
      return left + " " + column.operator(sign) + " " + right;
    }
    String strict = sign.substring(0, 1);
    return "(%s %s %s AND (%s %s %s OR %s))"
        .formatted(
            left,
            column.operator(strict + "="),
            right,
            left,
            column.operator(strict),
            right,
            expanded(columns, from + 1, sign, row));
  }

  private String ref(ColumnShape column) {
    return table.reference(column.name());
  }

  /** A condition as SQL that is true exactly if it holds; elsewhere false or NULL. */
  private String condition(Condition condition) throws SQLException {
    if (condition instanceof Condition.TimeBefore before) {
      return timeBefore(before);
    }
    if (condition instanceof Condition.IsTrue user) {
      return "(" + predicate(user.predicate(), user.parameters()) + ")";
    }
    if (condition instanceof Condition.IsFalse user) {
      return "((" + predicate(user.predicate(), user.parameters()) + ") IS FALSE)";
    }
    if (condition instanceof Condition.NotReferred not) {
      return notReferred(not.foreignKey());
    }
    if (condition instanceof Condition.ValuesAtMost most) {
      return valuesAtMost(most.bytes());
    }
    if (condition instanceof Condition.All all) {
      List<String> each = new ArrayList<>();
      for (Condition one : all.conditions()) {
        each.add("(" + condition(one) + ")");
      }
      return "(" + String.join(" AND ", each) + ")";
    }
    return "((" + condition(((Condition.Not) condition).condition()) + ") IS NOT TRUE)";
  }

  private String timeBefore(Condition.TimeBefore before) throws SQLException {
    if (before.time() instanceof Item.OfColumn of) {
      ColumnShape column = table.column(of.name());
      return ref(column)
          + " "
          + column.operator("<")
          + " "
          + literals.time(before.bound(), 0, column.codec(), "::" + column.base());
    }
    Codec codec = session.describe(table, (Item.OfSql) before.time());
    return comparable(before.time()) + " < " + literals.time(before.bound(), 0, codec, "");
  }

  private String predicate(Predicate predicate, Row parameters) {
    return UserSql.bind(
        predicate.sql(),
        name -> literals.parameter(parameters, name.equals("now") ? 0 : 1, time, table));
  }

  private @Nullable Codec time(List<Condition> filter) throws SQLException {
    for (Condition condition : filter) {
      Condition plain = condition instanceof Condition.Not not ? not.condition() : condition;
      if (plain instanceof Condition.All all) {
        Codec found = time(all.conditions());
        if (found != null) {
          return found;
        }
      }
      if (plain instanceof Condition.TimeBefore before) {
        return before.time() instanceof Item.OfColumn of
            ? table.column(of.name()).codec()
            : session.describe(table, (Item.OfSql) before.time());
      }
    }
    return null;
  }

  private String notReferred(ForeignKey key) {
    String child = Sql.quote("tideline child");
    List<String> joins = new ArrayList<>();
    for (int i = 0; i < key.columns().size(); i++) {
      ColumnShape parent = table.column(key.toColumns().get(i));
      String column = child + "." + Sql.quote(key.columns().get(i));
      joins.add(column + " " + parent.operator("=") + " " + ref(parent));
    }
    if (key.from().equals(table.name()) && table.table().key().isPresent()) {
      List<String> same = new ArrayList<>();
      for (String name : table.key()) {
        ColumnShape column = table.column(name);
        same.add(child + "." + Sql.quote(name) + " " + column.operator("=") + " " + ref(column));
      }
      joins.add("NOT (" + String.join(" AND ", same) + ")");
    }
    return "NOT EXISTS (SELECT FROM "
        + Sql.quote(key.from())
        + " AS "
        + child
        + " WHERE "
        + String.join(" AND ", joins)
        + ")";
  }

  private List<ColumnShape> varying() {
    return table.table().archivedColumns().stream()
        .map(column -> table.column(column.name()))
        .filter(column -> column.length() < 0)
        .toList();
  }

  /**
   * Text and bytea: the length is had without unpacking. Others may be stored packed: only where
   * even the greatest growth could exceed the limit is the value unpacked and written.
   *
   * <p>It is one CASE, which the planner takes for true of half the rows. It would take each
   * comparison for true of a third: of eight columns that leaves so few rows that it reads the
   * whole table and sorts it, for every slice
   * (https://www.postgresql.org/docs/current/row-estimation-examples.html).
   */
  private String valuesAtMost(long bytes) {
    List<String> lengths = new ArrayList<>();
    List<String> large = new ArrayList<>();
    for (ColumnShape column : varying()) {
      String ref = ref(column);
      if (lengthKnown(column)) {
        lengths.add("pg_catalog.octet_length(" + ref + ")");
      } else {
        large.add(
            "(pg_catalog.pg_column_size(%s) > %s AND pg_catalog.octet_length(%s) > %s)"
                .formatted(ref, bytes / GROWTH, column.text(ref), bytes));
      }
    }
    if (!lengths.isEmpty()) {
      large.add(0, "greatest(" + String.join(", ", lengths) + ") > " + bytes);
    }
    return large.isEmpty()
        ? "true"
        : "CASE WHEN " + String.join(" OR ", large) + " THEN false ELSE true END";
  }

  private static boolean lengthKnown(ColumnShape column) {
    return column.codec() == Codec.TEXT || column.codec() == Codec.BYTEA;
  }

  private String largestValue() {
    List<String> parts = new ArrayList<>(List.of("8"));
    for (ColumnShape column : varying()) {
      String ref = ref(column);
      parts.add(
          lengthKnown(column)
              ? "pg_catalog.octet_length(" + ref + ")"
              : "CASE WHEN pg_catalog.pg_column_size(%s) <= %s THEN pg_catalog.pg_column_size(%s)"
                      .formatted(ref, GROWTH, ref)
                  + " ELSE pg_catalog.octet_length("
                  + column.text(ref)
                  + ") END");
    }
    return "greatest(" + String.join(", ", parts) + ")::pg_catalog.int8";
  }

  private String rowBytes() {
    List<String> parts = new ArrayList<>(List.of("0"));
    for (Column column : table.table().archivedColumns()) {
      ColumnShape shape = table.column(column.name());
      parts.add("coalesce(pg_catalog.pg_column_size(" + ref(shape) + "), 0)");
    }
    return "(" + String.join(" + ", parts) + ")::pg_catalog.int8";
  }

  /** Whether items and conditions ask nothing but of the row itself. */
  static boolean ofItself(List<Item> items, List<Condition> filter) {
    return items.stream().noneMatch(i -> i instanceof Item.OfSql || i instanceof Item.Holds)
        && filter.stream()
            .allMatch(
                c ->
                    c instanceof Condition.ValuesAtMost
                        || (c instanceof Condition.TimeBefore before
                            && before.time() instanceof Item.OfColumn));
  }

  /** The literals of this session. */
  Literals literals() {
    return literals;
  }

  /** Whether a value is no time of the database but a number. */
  static boolean number(Row row, int i) {
    return row.kind(i) == Kind.INTEGER || row.kind(i) == Kind.REAL;
  }
}
