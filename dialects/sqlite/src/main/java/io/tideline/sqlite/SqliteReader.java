package io.tideline.sqlite;

import io.tideline.catalogue.ForeignKey;
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
import java.util.OptionalInt;

/** A connection that only reads. */
final class SqliteReader implements Reader {
  private final Session session;
  private final Queries queries;
  private final LargeValues large = new LargeValues();

  SqliteReader(Session session) {
    this.session = session;
    this.queries = new Queries(session);
  }

  @Override
  public long scan(Scan scan, int limit, RowSink sink) {
    String what = queries.reading(scan.table());
    OptionalInt largest = large.limit(session, scan);
    if (largest.isEmpty()) {
      return session.query(what, queries.page(scan, 0, limit), sink);
    }
    Sql all = queries.page(large.unmeasured(scan), 0, limit);
    return session.snapshot(
        what,
        () -> {
          long read = LargeValues.read(session, what, all, largest.getAsInt(), sink);
          return read >= 0 ? read : measured(what, scan, -1 - read, limit, sink);
        });
  }

  /** Goes on after some rows, in the same snapshot, where a large value came next. */
  private long measured(String what, Scan scan, long skipped, int limit, RowSink sink) {
    large.met(scan.table());
    Sql rest = queries.page(scan, skipped, (int) (limit - skipped));
    return skipped + session.query(what, rest, sink);
  }

  @Override
  public boolean any(String sql, Duration timeout) {
    return session.any("Cannot ask the query " + sql, sql, timeout);
  }

  @Override
  public AccessPath explain(Scan scan) {
    try {
      return ScanPlan.read(session, queries.sqlOf(scan.table()).ordered(scan), scan.table());
    } catch (SQLException e) {
      throw Failures.reading(queries.reading(scan.table()), e);
    }
  }

  @Override
  public void sampleTimes(Table table, Item time, RowSink sink) {
    snapshot(table, () -> new Sampler(session, table).times(time, sink));
  }

  @Override
  public void referring(ReferringRows rows, List<Item> items, RowSink sink) {
    Referrers referrers = Referrers.of(session, rows);
    snapshot(rows.from(), () -> referrers.find(items, sink));
  }

  @Override
  public void countReferring(ReferringRows rows, RowSink sink) {
    Referrers referrers = Referrers.of(session, rows);
    snapshot(rows.from(), () -> referrers.count(sink));
  }

  @Override
  public ReferrerPath referrerPath(ForeignKey key, Table from) {
    return Referrers.of(session, key, from).path();
  }

  @Override
  public void newest(Newest newest, RowSink sink) {
    snapshot(newest.table(), () -> queries.newest(newest, sink));
  }

  @Override
  public long count(Table table, List<Condition> filter) {
    ScanSql sqls = queries.sqlOf(table);
    Sql count = session.sql().add("count(*)");
    Sql where = sqls.where(filter, Range.all(List.of()));
    return session.number(queries.reading(table), sqls.select(List.of(count)).add(where));
  }

  @Override
  public long tableBytes(Table table) {
    try {
      return new Sampler(session, table).bytes();
    } catch (SQLException e) {
      throw Failures.reading(queries.reading(table), e);
    }
  }

  @Override
  public void lookUp(Table table, PackedRows keys, List<Item> items, RowSink sink) {
    snapshot(table, () -> queries.lookUp(table, keys, items, sink));
  }

  @Override
  public void check(Table table, Item item) {
    ScanSql sqls = queries.sqlOf(table);
    Sql where = session.sql().add(" WHERE ").add(sqls.rows().item(item));
    try {
      // In a WHERE clause no aggregate and no window function is let through.
      session.prepareOnly(sqls.select(List.of(session.sql().add("1"))).add(where));
    } catch (SQLException e) {
      throw Failures.reading("Cannot use the expression on table " + table.name(), e);
    }
  }

  @Override
  public void close() {
    session.close();
  }

  private void snapshot(Table table, Runnable questions) {
    session.snapshot(
        queries.reading(table),
        () -> {
          questions.run();
          return true;
        });
  }
}
