package io.tideline.postgresql;

import io.tideline.dialect.BackfillTarget;
import io.tideline.dialect.Backfiller.Look;
import io.tideline.row.Row;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a backfill reads of its table, in short reads. */
final class FillLook {
  private final Session session;
  private final BackfillTarget target;
  private final FillSql sql;

  FillLook(Session session, BackfillTarget target, FillSql sql) {
    this.session = session;
    this.target = target;
    this.sql = sql;
  }

  /** How many rows there are between two places, how many meet the condition, how some fare. */
  Look look(Optional<Row> place, Optional<Row> through, int compare) throws SQLException {
    if (through.isEmpty()) {
      return new Look(0, 0, 0, 0);
    }
    String range = sql.within(place, through);
    long[] counts =
        sql.counts(
            "SELECT pg_catalog.count(*), pg_catalog.count(*) FILTER (WHERE %s), 0 FROM %s WHERE %s"
                .formatted(sql.condition(), sql.shape().from(), range));
    long[] compared = compare == 0 ? new long[2] : sql.counts(compared(range, compare));
    return new Look(counts[0], counts[1], compared[0], compared[1]);
  }

  private String compared(String range, int most) {
    String rows =
        "(SELECT * FROM %s WHERE %s ORDER BY %s LIMIT %s) AS %s"
            .formatted(
                sql.shape().from(),
                range,
                sql.keys(),
                Integer.toString(most),
                Sql.quote(sql.shape().name().name()));
    String count = "SELECT pg_catalog.count(*), pg_catalog.count(*) FILTER (WHERE NOT (%s)), 0";
    return target.logged()
        ? count.formatted(FillSql.same(sql.column(), "tideline_log.tideline_now"))
            + " FROM %s JOIN %s AS tideline_log ON %s"
                .formatted(rows, Sql.quote(sql.log()), sql.sameKey("tideline_log"))
        : count.formatted(sql.isSource())
            + " FROM %s WHERE %s IS NOT NULL".formatted(rows, sql.column());
  }

  /** The last key of the next rows after a place; empty if there are none. */
  Optional<Row> end(Optional<Row> place, int rows) throws SQLException {
    TableShape shape = sql.shape();
    List<String> values = new ArrayList<>();
    List<String> descending = new ArrayList<>();
    List<Codec> codecs = new ArrayList<>();
    for (String key : shape.key()) {
      ColumnShape column = shape.column(key);
      values.add(column.value(shape.reference(key)));
      descending.add(shape.reference(key) + " DESC");
      codecs.add(column.codec());
    }
    String query =
        "SELECT %s FROM (SELECT * FROM %s WHERE %s ORDER BY %s LIMIT %s) AS %s ORDER BY %s LIMIT 1"
            .formatted(
                String.join(", ", values),
                shape.from(),
                sql.within(place, Optional.empty()),
                sql.keys(),
                Integer.toString(rows),
                Sql.quote(shape.name().name()),
                String.join(", ", descending));
    List<Row> found = new ArrayList<>();
    session.copyOut(query, codecs, row -> found.add(row.slice(0, row.width())));
    return found.stream().findFirst();
  }
}
