package io.tideline.store;

import java.sql.SQLException;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What {@link RecentByKey} reads; every name is quoted already.
 *
 * @param exactTime the time as the cursor reads it
 * @param exactId the id as the cursor reads it
 */
record RecentShape(
    String table,
    String key,
    String time,
    String id,
    List<String> columns,
    String keyType,
    String timeType,
    String idType,
    String exactTime,
    String exactId) {

  String sql(UnaryOperator<String> bound, boolean since, boolean after) {
    String read = columns.isEmpty() ? "seek.*" : "seek." + String.join(", seek.", columns);
    String from = since ? " AND seek." + time + " >= " + bound.apply(timeType) : "";
    String next =
        after
            ? " AND (seek.%s, seek.%s) < (%s, %s)"
                .formatted(time, id, bound.apply(timeType), bound.apply(idType))
            : "";
    return """
        SELECT %1$s, %2$s AS tideline_time, %3$s AS tideline_id FROM %4$s AS seek
        WHERE seek.%5$s = %6$s AND seek.%7$s IS NOT NULL%8$s%9$s
        ORDER BY seek.%7$s DESC, seek.%10$s DESC LIMIT ?"""
        .formatted(
            read, exactTime, exactId, table, key, bound.apply(keyType), time, from, next, id);
  }

  List<String> plan(Session session, Product product) throws SQLException {
    return product.plan(session, sql(product::unknown, true, false), 1000L);
  }

  Seek seek() {
    return new Seek("seek", table, List.of(key), time, false);
  }

  String index() {
    return "CREATE INDEX %s ON %s (%s, %s, %s)"
        .formatted(
            Identifier.quote("tideline_recent_" + table.replaceAll("[^A-Za-z0-9_]", "")),
            table,
            key,
            time,
            id);
  }
}
