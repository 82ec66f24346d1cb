package io.tideline.postgresql;

import io.tideline.catalogue.Key;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Item;
import io.tideline.dialect.Range;
import io.tideline.dialect.Scan;
import io.tideline.postgresql.RowSql.Value;
import io.tideline.row.PackedRows;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A query and how its values travel.
 *
 * @param sql the text
 * @param codecs the codec of each value
 */
record Query(String sql, List<Codec> codecs) {
  static final String KEYS = Sql.quote("tideline keys");

  /** Copies the list. */
  Query {
    codecs = List.copyOf(codecs);
  }

  /** A scan in its order. */
  static Query scan(Session session, TableShape whole, Scan scan, int limit) throws SQLException {
    TableShape table = scan.within().map(whole::within).orElse(whole);
    RowSql sql = new RowSql(session, table, scan.filter());
    List<Value> values = sql.values(scan.items());
    String text =
        """
        SELECT %s FROM %s WHERE %s%s%s"""
            .formatted(
                select(values),
                table.from(),
                sql.where(scan.filter(), scan.range()),
                orderBy(table, scan.range().order()),
                limit == Integer.MAX_VALUE ? "" : " LIMIT " + limit);
    return new Query(text, codecs(values));
  }

  /** The rows of keys: the key columns, then the items. */
  static Query lookUp(
      Session session, TableShape table, PackedRows keys, List<Item> items, boolean lock)
      throws SQLException {
    RowSql sql = new RowSql(session, table, List.of());
    List<Value> values = new ArrayList<>(sql.columns(table.key()));
    values.addAll(sql.values(items));
    String text =
        "SELECT %s FROM %s%s"
            .formatted(
                select(values), keyed(sql, table, keys).selected(), lock ? locked(table) : "");
    return new Query(text, codecs(values));
  }

  /**
   * What follows WHERE so that the rows found are locked, in the order of the key if there is one.
   */
  static String locked(TableShape table) {
    List<String> key = table.table().key().map(Key::columns).orElse(List.of());
    return orderBy(table, key) + " FOR UPDATE OF " + Sql.quote(table.name().name());
  }

  /** The UPDATE that makes columns of keyed rows NULL. */
  static String detach(Session session, TableShape table, PackedRows keys, List<String> columns)
      throws SQLException {
    RowSql sql = new RowSql(session, table, List.of());
    Rows rows = keyed(sql, table, keys);
    return "UPDATE %s SET %s%s WHERE %s"
        .formatted(
            rows.from(),
            Sql.list(columns, column -> Sql.quote(column) + " = NULL"),
            rows.using().isEmpty() ? "" : " FROM " + rows.using(),
            rows.where());
  }

  /** The UPDATE that sets columns of keyed rows; each row is its key, then the values. */
  static String attach(Session session, TableShape table, PackedRows rows, List<String> columns)
      throws SQLException {
    RowSql sql = new RowSql(session, table, List.of());
    List<String> all = new ArrayList<>(table.key());
    all.addAll(columns);
    List<String> set = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      set.add(Sql.quote(columns.get(i)) + " = " + KEYS + "." + value(table.key().size() + i));
    }
    return "UPDATE %s SET %s FROM %s WHERE %s"
        .formatted(
            table.from(), String.join(", ", set), values(sql, table, rows, all), sameKey(table));
  }

  /** The rows of a range. */
  static Rows rowsOf(RowSql sql, TableShape table, List<Condition> filter, Range range)
      throws SQLException {
    return new Rows(table.from(), "", sql.where(filter, range));
  }

  /** The rows of keys. */
  static Rows rowsOf(RowSql sql, TableShape table, List<Condition> filter, PackedRows keys)
      throws SQLException {
    Rows rows = keyed(sql, table, keys);
    String where = sql.where(filter, Range.all(List.of()));
    return new Rows(rows.from(), rows.using(), rows.where() + " AND " + where);
  }

  /**
   * Keys of one column are looked for as one array, which takes half the time of a join: since
   * PostgreSQL 17 the index is walked once (https://www.postgresql.org/docs/17/release-17.html).
   */
  private static Rows keyed(RowSql sql, TableShape table, PackedRows keys) {
    ColumnShape first = table.column(table.key().get(0));
    if (table.key().size() > 1 || first.array()) {
      return new Rows(table.from(), keys(sql, table, keys), sameKey(table));
    }
    String any = " ANY (" + sql.literals().array(keys, 0, first) + ")";
    return new Rows(
        table.from(), "", table.reference(first.name()) + " " + first.operator("=") + any);
  }

  /**
   * The keys as a table in FROM; its names cannot be meant by a user's predicate. The arrays unnest
   * side by side in the SELECT list, because in FROM a composite type would fall apart.
   */
  private static String keys(RowSql sql, TableShape table, PackedRows keys) {
    return values(sql, table, keys, table.key());
  }

  private static String values(
      RowSql sql, TableShape table, PackedRows rows, List<String> columns) {
    List<String> arrays = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      arrays.add(sql.literals().unnest(rows, i, table.column(columns.get(i))));
      names.add(value(i));
    }
    return "(SELECT %s) AS %s(%s)"
        .formatted(String.join(", ", arrays), KEYS, String.join(", ", names));
  }

  private static String value(int i) {
    return Sql.quote("tideline k" + i);
  }

  private static String sameKey(TableShape table) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < table.key().size(); i++) {
      ColumnShape column = table.column(table.key().get(i));
      parts.add(
          "%s %s %s.%s"
              .formatted(table.reference(column.name()), column.operator("="), KEYS, value(i)));
    }
    return String.join(" AND ", parts);
  }

  /** The SELECT list. */
  static String select(List<Value> values) {
    return Sql.list(values, Value::sql);
  }

  /** The codecs of values. */
  static List<Codec> codecs(List<Value> values) {
    return values.stream().map(Value::codec).toList();
  }

  private static String orderBy(TableShape table, List<String> order) {
    return order.isEmpty() ? "" : " ORDER BY " + Sql.list(order, table::reference);
  }
}
