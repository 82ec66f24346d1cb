package io.tideline.sqlite;

import io.tideline.catalogue.Column;
import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Key;
import io.tideline.catalogue.NaturalType.Family;
import io.tideline.catalogue.Table;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Condition.All;
import io.tideline.dialect.Condition.IsFalse;
import io.tideline.dialect.Condition.IsTrue;
import io.tideline.dialect.Condition.Not;
import io.tideline.dialect.Condition.NotReferred;
import io.tideline.dialect.Condition.TimeBefore;
import io.tideline.dialect.Condition.ValuesAtMost;
import io.tideline.dialect.Item;
import io.tideline.policy.Predicate;
import io.tideline.row.Kind;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Items and conditions of the rows of one table, as expressions. */
final class RowSql {
  private static final int GROUP = 100;

  private final Table table;
  private final Encoding encoding;

  RowSql(Table table, Encoding encoding) {
    this.table = table;
    this.encoding = encoding;
  }

  /** The expression of a column, the hidden key included. */
  Sql column(String name) {
    return sql().add(Sql.column(table, name));
  }

  /** The expressions of columns. */
  List<Sql> columns(List<String> names) {
    return names.stream().map(this::column).toList();
  }

  /** The expressions of items. */
  List<Sql> items(List<Item> items) {
    return items.stream().map(this::item).toList();
  }

  /** The expression of an item. */
  Sql item(Item item) {
    if (item instanceof Item.OfColumn column) {
      return column(column.name());
    }
    if (item instanceof Item.OfSql user) {
      // The text has been checked, but an item can be made without: check it again.
      Sql sql = sql();
      UserSql.append(new Predicate(user.sql()).sql(), sql, null);
      return sql;
    }
    if (item instanceof Item.Holds holds) {
      return holds(holds.condition());
    }
    return item instanceof Item.LargestValue ? largest() : bytes();
  }

  /** The condition where a WHERE clause tests it: NULL is as good as false. */
  Sql test(Condition condition) {
    Sql sql = sql();
    if (condition instanceof TimeBefore before) {
      return sql.add(item(before.time())).add(" < ").value(before.bound(), 0);
    }
    if (condition instanceof IsTrue user) {
      UserSql.append(user.predicate().sql(), sql, user.parameters());
      return sql;
    }
    if (condition instanceof IsFalse user) {
      UserSql.append(user.predicate().sql(), sql.add("NOT "), user.parameters());
      return sql;
    }
    return holds(condition);
  }

  /** The condition as a value: 1 or 0, never NULL. */
  private Sql holds(Condition condition) {
    Sql sql = sql();
    if (condition instanceof Not not) {
      return sql.add("NOT (").add(holds(not.condition())).add(")");
    }
    if (condition instanceof NotReferred referred) {
      return notReferred(referred.foreignKey());
    }
    if (condition instanceof ValuesAtMost most) {
      return valuesAtMost(most.bytes());
    }
    if (condition instanceof All all) {
      String and = "(";
      for (Condition each : all.conditions()) {
        sql.add(and).add(holds(each));
        and = " AND ";
      }
      return sql.add(")");
    }
    return sql.add("CASE WHEN ").add(test(condition)).add(" THEN 1 ELSE 0 END");
  }

  /**
   * The comparison is made with the parent's column on the left, whose collation it takes, as the
   * enforcement does (https://sqlite.org/foreignkeys.html, section 3). Where the affinities of both
   * differ it may find a reference that SQLite would not: the row stays then.
   */
  private Sql notReferred(ForeignKey key) {
    if (key.toColumns().isEmpty()) {
      return sql().add("0");
    }
    String child = childAlias();
    Sql sql = sql().add("NOT EXISTS (SELECT 1 FROM ").add(Sql.quote(key.from()));
    sql.add(" AS " + child + " WHERE ");
    String and = "";
    for (int i = 0; i < key.columns().size(); i++) {
      sql.add(and).add(Sql.column(table, key.toColumns().get(i)));
      sql.add(" = " + child + "." + Sql.quote(key.columns().get(i)));
      and = " AND ";
    }
    if (key.from().equals(table.name())) {
      table.key().ifPresent(own -> sql.add(" AND NOT (").add(sameRow(own)).add(")"));
    }
    return sql.add(")");
  }

  /** A name for the referring table that is not the table's own. */
  private String childAlias() {
    return table.name().name().equalsIgnoreCase("referrer") ? "referring" : "referrer";
  }

  private Sql sameRow(Key key) {
    Sql sql = sql();
    String child = childAlias();
    String and = "";
    for (String column : key.columns()) {
      sql.add(and).add(Sql.column(table, column) + " IS " + child + "." + Sql.quote(column));
      and = " AND ";
    }
    return sql;
  }

  private Sql valuesAtMost(long bytes) {
    List<Sql> tests = new ArrayList<>();
    for (Column column : table.archivedColumns()) {
      if (canBeLarge(column)) {
        String name = Sql.column(table, column.name());
        // octet_length would write a number out as text: numbers, which sort first, are told
        // before.
        Family family = column.type().family();
        boolean number = family != Family.TEXT && family != Family.BLOB;
        Sql test = sql().add(number ? name + " >= '' AND " : "");
        tests.add(test.add("octet_length(" + name + ") > ").value(bytes));
      }
    }
    return tests.isEmpty()
        ? sql().add("1")
        : sql().add("(").add(nested(tests, " OR ")).add(") IS NOT TRUE");
  }

  /** A chain is as deep as it is long, and SQLite allows 1,000 (https://sqlite.org/limits.html). */
  private Sql nested(List<Sql> parts, String operator) {
    Sql sql = sql();
    for (int i = 0; i < parts.size(); i++) {
      String link = i % GROUP > 0 ? operator : i == 0 ? "(" : ")" + operator + "(";
      sql.add(link).add(parts.get(i));
    }
    return sql.add(")");
  }

  /** Integers and reals may hold a text or blob as well, unless the column is the rowid. */
  private boolean canBeLarge(Column column) {
    return table
            .key()
            .filter(key -> key.columns().equals(List.of(column.name())))
            .filter(key -> column.declaredType().toUpperCase(Locale.ROOT).equals("INTEGER"))
            .isEmpty()
        || column.nullable();
  }

  private Sql bytes() {
    List<Sql> sizes = sizes().stream().map(size -> sql().add(size)).toList();
    return sizes.isEmpty() ? sql().add("0") : sql().add("(").add(nested(sizes, " + ")).add(")");
  }

  /** The function max takes 127 values at most, so it is nested. */
  private Sql largest() {
    List<String> sizes = new ArrayList<>(sizes());
    sizes.add("0");
    sizes.add("0");
    while (sizes.size() > 1) {
      List<String> group = sizes.subList(0, Math.min(GROUP, sizes.size()));
      String max = "max(" + String.join(", ", group) + ")";
      group.clear();
      sizes.add(max);
    }
    return sql().add(sizes.get(0));
  }

  private List<String> sizes() {
    return table.archivedColumns().stream()
        .map(column -> "ifnull(octet_length(" + Sql.column(table, column.name()) + "), 0)")
        .toList();
  }

  /** Whether SQL of the user's takes part in a condition: its value may differ at each asking. */
  static boolean asksUser(Condition condition) {
    if (condition instanceof Not not) {
      return asksUser(not.condition());
    }
    if (condition instanceof All all) {
      return all.conditions().stream().anyMatch(RowSql::asksUser);
    }
    return condition instanceof IsTrue
        || condition instanceof IsFalse
        || (condition instanceof TimeBefore before && before.time() instanceof Item.OfSql);
  }

  /** Whether items and conditions look at the row alone, at nothing else in the database. */
  static boolean ofItself(List<Item> items, List<Condition> filter) {
    return items.stream().noneMatch(i -> i instanceof Item.OfSql || i instanceof Item.Holds)
        && filter.stream()
            .allMatch(c -> c instanceof ValuesAtMost || (c instanceof TimeBefore && !asksUser(c)));
  }

  /** Appends the comparison of columns with the values of a row, as a tuple. */
  Sql compare(List<String> columns, String operator, Row row) {
    Sql sql = sql();
    boolean tuple = columns.size() > 1;
    sql.add(tuple ? "(" : "");
    for (int i = 0; i < columns.size(); i++) {
      sql.add(i == 0 ? "" : ", ").add(Sql.column(table, columns.get(i)));
    }
    sql.add((tuple ? ") " : " ") + operator + (tuple ? " (" : " "));
    for (int i = 0; i < columns.size(); i++) {
      sql.add(i == 0 ? "" : ", ").value(row, i);
    }
    return sql.add(tuple ? ")" : "");
  }

  /**
   * That the key is one of those from {@code first} to {@code first + count}, exclusive. The list
   * is filled up with the last key to a power of two, so that few statements serve all lengths;
   * integers without a gap, as the rowids of a tree often are, make a range.
   */
  Sql keyIn(Key key, PackedRows keys, int first, int count) {
    return consecutive(keys, first, count)
        ? keyBetween(column(key.columns().get(0)), keys, first, count)
        : keyAmong(key, keys, first, count);
  }

  private static boolean consecutive(PackedRows keys, int first, int count) {
    if (keys.width() != 1 || count == 1) {
      return false;
    }
    Row row = new Row(1);
    keys.get(first, row);
    long start = row.integer(0);
    for (int i = 0; i < count; i++) {
      keys.get(first + i, row);
      if (row.kind(0) != Kind.INTEGER || row.integer(0) != start + i) {
        return false;
      }
    }
    return start <= Long.MAX_VALUE - count;
  }

  /** A key that is no rowid may hold other numbers between two integers. */
  private Sql keyBetween(Sql key, PackedRows keys, int first, int count) {
    Sql sql = sql().add(key).add(" BETWEEN ").value(keys.get(first), 0);
    sql.add(" AND ").value(keys.get(first + count - 1), 0);
    return sql.add(" AND typeof(").add(key).add(") = 'integer'");
  }

  private Sql keyAmong(Key key, PackedRows keys, int first, int count) {
    int width = key.columns().size();
    Row row = new Row(width);
    String names =
        String.join(", ", key.columns().stream().map(c -> Sql.column(table, c)).toList());
    Sql sql = sql().add(width == 1 ? names + " IN (" : "(" + names + ") IN (VALUES ");
    int length = count == 1 ? 1 : Integer.highestOneBit(count - 1) * 2;
    for (int i = 0; i < length; i++) {
      keys.get(first + Math.min(i, count - 1), row);
      sql.add(i == 0 ? "" : ", ").add(width == 1 ? "" : "(");
      for (int j = 0; j < width; j++) {
        sql.add(j == 0 ? "" : ", ").value(row, j);
      }
      sql.add(width == 1 ? "" : ")");
    }
    return sql.add(")");
  }

  private Sql sql() {
    return new Sql(encoding);
  }
}
