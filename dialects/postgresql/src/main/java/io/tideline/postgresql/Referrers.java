package io.tideline.postgresql;

import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Table;
import io.tideline.dialect.Item;
import io.tideline.dialect.Range;
import io.tideline.dialect.ReferrerPath;
import io.tideline.dialect.ReferringRows;
import io.tideline.postgresql.RowSql.Value;
import io.tideline.row.PackedRows;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Finds the rows that refer to values of another table's columns, as PostgreSQL does to enforce a
 * foreign key (ri_triggers.c): by the operator of the column referred to, and by its collation if
 * that takes different texts for equal.
 */
final class Referrers {
  private static final String NUMBER = Sql.quote("tideline n");

  /** An index may be walked whole, and compared with what it holds further back. */
  private static final String LEADING =
      """
      SELECT COALESCE(pg_catalog.min((
        SELECT COALESCE(pg_catalog.min(k.i) FILTER (WHERE NOT k.refers), i.indnkeyatts)
        FROM (SELECT n.i, i.indkey[n.i] = 0 OR EXISTS (
            SELECT FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = i.indrelid AND a.attnum = i.indkey[n.i] AND a.attname IN (%1$s))
          FROM pg_catalog.generate_series(0, i.indnkeyatts - 1) AS n(i)) AS k(i, refers))), 0)
      FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
      WHERE i.indrelid IN (SELECT %2$s::pg_catalog.oid
          UNION SELECT relid FROM pg_catalog.pg_partition_tree(%2$s::pg_catalog.oid))
        AND x.relname = %3$s""";

  /** Types of one operator family: they are compared without a cast, so that an index serves. */
  private static final List<Set<String>> FAMILIES =
      List.of(
          types("int2", "int4", "int8"),
          types("float4", "float8"),
          types("text", "varchar"),
          types("date", "timestamp", "timestamptz"));

  private final Session session;
  private final ReferringRows rows;
  private final ForeignKey key;
  private final TableShape parent;
  private final TableShape child;

  Referrers(Session session, ReferringRows rows, TableShape parent, TableShape child) {
    this.session = session;
    this.rows = rows;
    this.key = rows.key();
    this.parent = parent;
    this.child = child;
  }

  private static Set<String> types(String... names) {
    Set<String> types = new HashSet<>();
    for (String name : names) {
      types.add(Sql.quote("pg_catalog") + "." + Sql.quote(name));
    }
    return types;
  }

  /** The query: the number of the value, then the items. */
  Query of(List<Item> items, boolean lock) throws SQLException {
    RowSql sql = new RowSql(session, child, rows.filter());
    List<Value> selected = new ArrayList<>();
    selected.add(new Value(Query.KEYS + "." + NUMBER, Codec.INT4));
    selected.addAll(sql.values(items));
    String text =
        "SELECT %s FROM %s JOIN %s ON %s WHERE %s%s"
            .formatted(
                Query.select(selected),
                numbered(sql),
                child.from(),
                same(),
                filter(sql),
                lock ? Query.locked(child) : "");
    return new Query(text, Query.codecs(selected));
  }

  /** The query: the number of a value, and how many rows refer to it. */
  Query count() throws SQLException {
    RowSql sql = new RowSql(session, child, rows.filter());
    List<Value> selected =
        List.of(
            new Value(Query.KEYS + "." + NUMBER, Codec.INT4),
            new Value("pg_catalog.count(*)", Codec.INT8));
    String text =
        "SELECT %s FROM %s JOIN %s ON %s WHERE %s GROUP BY 1"
            .formatted(Query.select(selected), numbered(sql), child.from(), same(), filter(sql));
    return new Query(text, Query.codecs(selected));
  }

  /** The rows that refer to any of the values. */
  Rows rows(RowSql sql) throws SQLException {
    ColumnShape to = parent.column(key.toColumns().get(0));
    if (key.columns().size() > 1 || !plain() || to.array()) {
      return new Rows(child.from(), numbered(sql), same() + " AND " + filter(sql));
    }
    return new Rows(
        child.from(),
        "",
        "%s %s ANY (%s) AND %s"
            .formatted(
                child.reference(key.columns().get(0)),
                to.operator("="),
                sql.literals().array(rows.values(), 0, to),
                filter(sql)));
  }

  /** The values as a table in FROM, numbered by what counts along while they unnest. */
  private String numbered(RowSql sql) {
    List<String> lists = new ArrayList<>();
    List<String> names = new ArrayList<>();
    lists.add("pg_catalog.generate_series(0, " + (rows.values().size() - 1) + ")");
    names.add(NUMBER);
    for (int i = 0; i < key.toColumns().size(); i++) {
      ColumnShape column = parent.column(key.toColumns().get(i));
      lists.add(sql.literals().unnest(rows.values(), i, column));
      names.add(name(i));
    }
    return "(SELECT %s) AS %s(%s)"
        .formatted(String.join(", ", lists), Query.KEYS, String.join(", ", names));
  }

  private String filter(RowSql sql) throws SQLException {
    return sql.where(rows.filter(), Range.all(List.of()));
  }

  private static String name(int i) {
    return Sql.quote("tideline v" + i);
  }

  private String same() {
    return same(i -> Query.KEYS + "." + name(i));
  }

  private String same(IntFunction<String> value) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < key.columns().size(); i++) {
      ColumnShape to = parent.column(key.toColumns().get(i));
      parts.add(same(value.apply(i), to, child.column(key.columns().get(i))));
    }
    return String.join(" AND ", parts);
  }

  /**
   * Where the types differ, a foreign key's column is cast to the type referred to, as the server
   * does. A reference that is none of the schema's may hold what that type cannot: there the value
   * is cast.
   */
  private String same(String value, ColumnShape to, ColumnShape column) {
    String right = child.reference(column.name());
    if (cast(to, column)) {
      return equal(value, to, right + "::" + to.base());
    }
    return alike(to.base(), column.base())
        ? equal(value, to, right)
        : equal(to.text(value) + "::" + column.base(), column, right);
  }

  private static String equal(String left, ColumnShape compared, String right) {
    String collated = compared.collation().isEmpty() ? "" : " COLLATE " + compared.collation();
    return left + collated + " " + compared.operator("=") + " " + right;
  }

  private boolean cast(ColumnShape to, ColumnShape column) {
    return !alike(to.base(), column.base()) && child.table().references().contains(key);
  }

  /** As the constructor, of no values: to ask how rows would be found. */
  static Referrers of(Session session, Shapes shapes, ForeignKey key, TableShape child)
      throws SQLException {
    PackedRows none = new PackedRows(key.columns().size());
    return new Referrers(
        session, new ReferringRows(key, child.table(), none), shapes.of(key.to(), session), child);
  }

  /** The index that finds the rows of one value. */
  static ForeignKeyIndex index(Session session, Shapes shapes, ForeignKey key, Table from)
      throws SQLException {
    TableShape child = shapes.of(from, session);
    Referrers referrers = of(session, shapes, key, child);
    return new ForeignKeyIndex(key, child, referrers.indexedColumns());
  }

  /** What an index must hold that finds the rows of one value, as CREATE INDEX writes it. */
  private String indexedColumns() {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < key.columns().size(); i++) {
      ColumnShape to = parent.column(key.toColumns().get(i));
      ColumnShape column = child.column(key.columns().get(i));
      String name = Sql.quote(column.name());
      String collation =
          (alike(to.base(), column.base()) || cast(to, column) ? to : column).collation();
      columns.add(
          (cast(to, column) ? "(" + name + "::" + to.base() + ")" : name)
              + (collation.isEmpty() ? "" : " COLLATE " + collation));
    }
    return String.join(", ", columns);
  }

  /**
   * How the server finds the rows of one value: by a plain index, or else by one that its planner
   * takes, of a part of the rows or of an expression, say.
   */
  ReferrerPath path() throws SQLException {
    int columns = key.columns().size();
    int least = indexed() ? columns : Integer.MAX_VALUE;
    if (!indexed()) {
      String one = same(i -> "(SELECT NULL::" + parent.column(key.toColumns().get(i)).base() + ")");
      String query = "SELECT FROM %s WHERE %s".formatted(child.from(), one);
      for (Explanation.Sought each : Explanation.soughtBy(session, query)) {
        least = Math.min(least, Math.min(each.compared(), leading(each.name())));
      }
    }
    return least == 0 || least == Integer.MAX_VALUE
        ? ReferrerPath.SCAN
        : least < columns ? ReferrerPath.PART : ReferrerPath.INDEX;
  }

  /** With how many referring columns an index begins; what it holds of expressions, with them. */
  private int leading(String index) throws SQLException {
    String names = Sql.list(key.columns(), Sql::string);
    return Integer.parseInt(session.text(LEADING.formatted(names, child.oid(), Sql.string(index))));
  }

  /** Whether columns of both sides are compared as they are. */
  private boolean plain() {
    boolean plain = true;
    for (int i = 0; i < key.columns().size(); i++) {
      ColumnShape to = parent.column(key.toColumns().get(i));
      plain &= alike(to.base(), child.column(key.columns().get(i)).base());
    }
    return plain
        && parent.columns().values().stream().allMatch(column -> column.collation().isEmpty());
  }

  /** Whether an index of the referring table finds them. */
  boolean indexed() {
    return plain()
        && child.table().indexes().stream().anyMatch(index -> index.serves(key.columns()));
  }

  private static boolean alike(String one, String other) {
    return one.equals(other)
        || FAMILIES.stream().anyMatch(family -> family.contains(one) && family.contains(other));
  }
}
