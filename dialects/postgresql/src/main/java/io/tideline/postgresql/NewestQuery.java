package io.tideline.postgresql;

import io.tideline.dialect.Item;
import io.tideline.dialect.Newest;
import io.tideline.postgresql.RowSql.Value;
import io.tideline.row.Kind;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The newest rows of groups by one seek a group: {@code LATERAL} with {@code =}, because {@code IS
 * NOT DISTINCT FROM} uses no index. Groups are told apart by which of their values are null.
 */
final class NewestQuery {
  private static final String GROUPS = Sql.quote("tideline groups");

  private final Session session;
  private final TableShape table;
  private final Newest newest;
  private final boolean lock;
  private final RowSql sql;

  private NewestQuery(Session session, TableShape table, Newest newest, boolean lock)
      throws SQLException {
    this.session = session;
    this.table = table;
    this.newest = newest;
    this.lock = lock;
    sql = new RowSql(session, table, List.of());
  }

  /** The query, each row being group number, time, key columns; there must be a group. */
  static Query of(Session session, TableShape table, Newest newest, boolean lock)
      throws SQLException {
    return new NewestQuery(session, table, newest, lock).query();
  }

  private Query query() throws SQLException {
    List<Value> values = new ArrayList<>(sql.values(List.of(newest.time())));
    values.addAll(sql.columns(table.key()));
    List<String> branches = new ArrayList<>();
    for (List<Integer> alike : byNulls().values()) {
      branches.add(branch(alike, values));
    }
    List<Codec> codecs = new ArrayList<>(List.of(Codec.INT4));
    codecs.addAll(Query.codecs(values));
    return new Query(String.join(" UNION ALL ", branches), codecs);
  }

  private Map<String, List<Integer>> byNulls() {
    Map<String, List<Integer>> alike = new TreeMap<>();
    PackedRows groups = newest.groups();
    for (int i = 0; i < groups.size(); i++) {
      Row row = groups.get(i);
      StringBuilder nulls = new StringBuilder();
      for (int j = 0; j < row.width(); j++) {
        nulls.append(row.isNull(j) ? 'n' : 'v');
      }
      alike.computeIfAbsent(nulls.toString(), key -> new ArrayList<>()).add(i);
    }
    return alike;
  }

  private String branch(List<Integer> members, List<Value> values) throws SQLException {
    Row first = newest.groups().get(members.get(0));
    List<String> arrays = new ArrayList<>(List.of(numbers(members)));
    List<String> names = new ArrayList<>(List.of("n"));
    List<String> conditions = new ArrayList<>();
    for (int i = 0; i < first.width(); i++) {
      Item item = newest.group().get(i);
      String expression = sql.comparable(item);
      if (first.isNull(i)) {
        conditions.add(expression + " IS NULL");
        continue;
      }
      names.add("g" + i);
      arrays.add("pg_catalog.unnest(" + array(item, i, members) + ")");
      conditions.add(expression + " " + equal(item) + " " + GROUPS + ".g" + i);
    }
    String time = sql.comparable(newest.time());
    conditions.add(time + " IS NOT NULL");
    List<String> order = new ArrayList<>(List.of(time + " DESC"));
    table.key().forEach(column -> order.add(table.reference(column) + " DESC"));
    List<String> inner = new ArrayList<>();
    List<String> outer = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      inner.add(values.get(i).sql() + " AS v" + i);
      outer.add("found.v" + i);
    }
    return """
        SELECT %s.n, %s FROM (SELECT %s) AS %s(%s), LATERAL (SELECT %s FROM %s WHERE %s ORDER BY %s LIMIT %s%s) AS found"""
        .formatted(
            GROUPS,
            String.join(", ", outer),
            String.join(", ", arrays),
            GROUPS,
            String.join(", ", names),
            String.join(", ", inner),
            table.from(),
            String.join(" AND ", conditions),
            String.join(", ", order),
            newest.rows(),
            lock ? " FOR SHARE OF " + Sql.quote(table.name().name()) : "");
  }

  private static String numbers(List<Integer> members) {
    return "pg_catalog.unnest('{" + Sql.list(members, String::valueOf) + "}'::pg_catalog.int4[])";
  }

  private String equal(Item item) {
    return item instanceof Item.OfColumn of ? table.column(of.name()).operator("=") : "=";
  }

  private String array(Item item, int value, List<Integer> members) throws SQLException {
    PackedRows rows = new PackedRows(newest.groups().width());
    for (int member : members) {
      rows.add(newest.groups().get(member), 0);
    }
    return sql.literals().array(rows, value, shape(item, rows.get(0).kind(value)));
  }

  private ColumnShape shape(Item item, Kind kind) throws SQLException {
    if (item instanceof Item.OfColumn of) {
      return table.column(of.name());
    }
    Codec codec = session.describe(table, (Item.OfSql) item);
    String type =
        codec != Codec.OUTPUT
            ? codec.name().toLowerCase(java.util.Locale.ROOT)
            : kind == Kind.TEXT ? "text" : "int8";
    return new ColumnShape("", codec, "pg_catalog." + type, "", "", -1, "", "");
  }
}
