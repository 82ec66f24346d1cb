package io.tideline.postgresql;

import io.tideline.dialect.Item;
import io.tideline.postgresql.RowSql.Value;
import io.tideline.row.RowSink;
import java.sql.SQLException;
import java.util.List;

/** Takes a few hundred values of a time: both ends where an index has them, and random pages. */
final class TimeSample {
  private static final int END = 50;
  private static final int MIDDLE = 400;
  private static final int PAGES = 100;

  private static final String PAGE_COUNT =
      """
      SELECT COALESCE(pg_catalog.sum(pg_catalog.pg_relation_size(o)), 0)::pg_catalog.int8
        / %2$s
      FROM (SELECT %1$s::pg_catalog.oid UNION
            SELECT relid FROM pg_catalog.pg_partition_tree(%1$s::pg_catalog.oid)) AS r(o)""";

  private TimeSample() {}

  static void read(Session session, TableShape table, Item time, RowSink sink) throws SQLException {
    RowSql sql = new RowSql(session, table, List.of());
    Value value = sql.values(List.of(time)).get(0);
    String order = sql.comparable(time);
    boolean indexed =
        time instanceof Item.OfColumn of
            && table.table().indexes().stream()
                .anyMatch(i -> !i.partial() && i.columns().get(0).equals(of.name()));
    String ends =
        indexed
            ? order
            : table.table().key().map(k -> table.reference(k.columns().get(0))).orElse("");
    String select = "SELECT " + value.sql() + " FROM " + table.from();
    String where = " WHERE " + order + " IS NOT NULL";
    if (!ends.isEmpty()) {
      for (String direction : List.of("", " DESC")) {
        String query = select + where + " ORDER BY " + ends + direction + " LIMIT " + END;
        if (session.copyOut(query, List.of(value.codec()), sink) < 0) {
          return;
        }
      }
    }
    String middle = select + sample(session, table) + where + " LIMIT " + MIDDLE;
    session.copyOut(middle, List.of(value.codec()), sink);
  }

  /** Whole pages at random: a share of the table that makes about {@link #PAGES} of them. */
  private static String sample(Session session, TableShape table) throws SQLException {
    long pages = Long.parseLong(session.text(PAGE_COUNT.formatted(table.oid(), HealthSql.PAGE)));
    return pages <= PAGES
        ? ""
        : " TABLESAMPLE SYSTEM (" + Math.max(100.0 * PAGES / pages, 0.000_001) + ")";
  }
}
