package io.tideline.postgresql;

import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Partition;
import io.tideline.catalogue.Table;
import io.tideline.dialect.AccessPath;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Item;
import io.tideline.dialect.Newest;
import io.tideline.dialect.Range;
import io.tideline.dialect.Reader;
import io.tideline.dialect.ReferrerPath;
import io.tideline.dialect.ReferringRows;
import io.tideline.dialect.Scan;
import io.tideline.row.PackedRows;
import io.tideline.row.RowSink;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Reads, each call one statement in a transaction of its own, and so one snapshot. */
final class PostgresReader implements Reader {
  private static final String BYTES =
      """
      SELECT COALESCE(pg_catalog.sum(pg_catalog.pg_total_relation_size(o)), 0)::pg_catalog.int8
      FROM (SELECT %1$s::pg_catalog.oid UNION
            SELECT relid FROM pg_catalog.pg_partition_tree(%1$s::pg_catalog.oid)) AS r(o)""";

  private final Session session;
  private final Shapes shapes;

  PostgresReader(Session session, Shapes shapes) {
    this.session = session;
    this.shapes = shapes;
  }

  /** Work on a table. */
  private interface Work<T> {
    T on(TableShape table) throws SQLException;
  }

  private <T> T read(Table table, Work<T> work) {
    try {
      return work.on(shapes.of(table, session));
    } catch (SQLException e) {
      throw Failures.reading(
          e, session.attempt("Cannot read the table " + table.name(), table.name(), "SELECT"));
    }
  }

  @Override
  public long scan(Scan scan, int limit, RowSink sink) {
    return read(
        scan.table(),
        table -> {
          Query query = Query.scan(session, table, scan, limit);
          session.joinByIndex(false);
          long count = session.copyOut(query.sql(), query.codecs(), sink);
          return count < 0 ? ~count : count;
        });
  }

  @Override
  public boolean any(String sql, Duration timeout) {
    try {
      return session.any(sql, timeout);
    } catch (SQLException e) {
      throw Failures.reading(e, session.attempt("Cannot ask the query " + sql, null, "SELECT"));
    }
  }

  @Override
  public AccessPath explain(Scan scan) {
    return read(scan.table(), table -> Explanation.of(session, table, scan));
  }

  @Override
  public void sampleTimes(Table table, Item time, RowSink sink) {
    read(
        table,
        shape -> {
          TimeSample.read(session, shape, time, sink);
          return shape;
        });
  }

  @Override
  public void referring(ReferringRows rows, List<Item> items, RowSink sink) {
    if (rows.values().size() == 0) {
      return;
    }
    read(
        rows.from(),
        child -> {
          TableShape parent = shapes.of(rows.key().to(), session);
          Referrers referrers = new Referrers(session, rows, parent, child);
          Query query = referrers.of(items, false);
          session.joinByIndex(referrers.indexed() && RowSql.ofItself(items, rows.filter()));
          return session.copyOut(query.sql(), query.codecs(), sink);
        });
  }

  @Override
  public void countReferring(ReferringRows rows, RowSink sink) {
    if (rows.values().size() == 0) {
      return;
    }
    read(
        rows.from(),
        child -> {
          Referrers referrers =
              new Referrers(session, rows, shapes.of(rows.key().to(), session), child);
          Query query = referrers.count();
          session.joinByIndex(referrers.indexed() && RowSql.ofItself(List.of(), rows.filter()));
          return session.copyOut(query.sql(), query.codecs(), sink);
        });
  }

  @Override
  public ReferrerPath referrerPath(ForeignKey key, Table from) {
    return read(from, child -> Referrers.of(session, shapes, key, child).path());
  }

  @Override
  public void newest(Newest newest, RowSink sink) {
    if (newest.groups().size() == 0) {
      return;
    }
    read(
        newest.table(),
        table -> {
          Query query = NewestQuery.of(session, table, newest, false);
          session.joinByIndex(false);
          return session.copyOut(query.sql(), query.codecs(), sink);
        });
  }

  @Override
  public long count(Table table, List<Condition> filter) {
    return read(table, shape -> count(shape, filter));
  }

  @Override
  public long count(Table table, Partition partition, List<Condition> filter) {
    return read(table, shape -> count(shape.within(partition), filter));
  }

  private long count(TableShape shape, List<Condition> filter) throws SQLException {
    String where = new RowSql(session, shape, filter).where(filter, Range.all(List.of()));
    session.joinByIndex(false);
    String sql = "SELECT pg_catalog.count(*) FROM " + shape.from() + " WHERE " + where;
    return Long.parseLong(session.text(sql));
  }

  @Override
  public long tableBytes(Table table) {
    return read(table, shape -> Long.parseLong(session.text(BYTES.formatted(shape.oid()))));
  }

  @Override
  public void lookUp(Table table, PackedRows keys, List<Item> items, RowSink sink) {
    if (keys.size() == 0) {
      return;
    }
    read(
        table,
        shape -> {
          Query query = Query.lookUp(session, shape, keys, items, false);
          session.joinByIndex(RowSql.ofItself(items, List.of()));
          return session.copyOut(query.sql(), query.codecs(), sink);
        });
  }

  @Override
  public void check(Table table, Item item) {
    read(
        table,
        shape -> {
          RowSql sql = new RowSql(session, shape, List.of());
          // In WHERE, where neither an aggregate nor a set of rows is allowed.
          session.check(
              "SELECT FROM %s WHERE (%s) IS NULL".formatted(shape.from(), sql.comparable(item)));
          return shape;
        });
  }

  @Override
  public void close() {
    session.close();
  }
}
