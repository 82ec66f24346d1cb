package io.tideline.postgresql;

import io.tideline.catalogue.Partition;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.catalogue.Trigger;
import io.tideline.dialect.Arrival;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Doomed;
import io.tideline.dialect.Item;
import io.tideline.dialect.Newest;
import io.tideline.dialect.ReferringRows;
import io.tideline.dialect.Removal;
import io.tideline.dialect.Scan;
import io.tideline.dialect.Transaction;
import io.tideline.row.PackedRows;
import io.tideline.row.RowSink;
import io.tideline.row.RowSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A transaction at READ COMMITTED on the session that holds the lease. */
final class PostgresTransaction implements Transaction {
  private final Session session;
  private final Shapes shapes;
  private final LossCounter losses;
  private boolean open = true;
  private boolean functions;

  PostgresTransaction(Session session, Shapes shapes, List<TableShape> locked) {
    this.session = session;
    this.shapes = shapes;
    losses = new LossCounter(session, locked);
  }

  /** Work on a table. */
  private interface Work<T> {
    T on(TableShape table) throws SQLException;
  }

  private <T> T work(String verb, Table table, String rights, Work<T> work) {
    if (!open) {
      throw new IllegalStateException("Cannot use a transaction that has ended");
    }
    try {
      return work.on(shapes.of(table, session));
    } catch (SQLException e) {
      throw Failures.writing(
          e, session.attempt("Cannot " + verb + " " + table.name(), table.name(), rights));
    }
  }

  @Override
  public String catalogueVersion() {
    return "";
  }

  @Override
  public void waitBriefly() {
    try {
      session.execute("SET LOCAL lock_timeout = '100ms'");
    } catch (SQLException e) {
      throw Failures.writing(e, session.attempt("Cannot set the lock timeout", null, ""));
    }
  }

  @Override
  public String fingerprint(TableName table) {
    try {
      return session.fingerprint(table);
    } catch (SQLException e) {
      throw Failures.writing(
          e, session.attempt("Cannot read the definition of " + table, table, "SELECT"));
    }
  }

  @Override
  public long removeRange(Scan scan, Removal removal, RowSink sink) {
    return work(
        "delete from",
        scan.table(),
        "SELECT, DELETE",
        table -> {
          RowSql sql = new RowSql(session, table, scan.filter());
          session.joinByIndex(false);
          return remove(
              table,
              removal,
              sql,
              Query.rowsOf(sql, table, scan.filter(), scan.range()),
              scan.items(),
              sink);
        });
  }

  @Override
  public long removeKeys(
      Table table,
      PackedRows keys,
      List<Condition> filter,
      List<Item> items,
      Removal removal,
      RowSink sink) {
    if (keys.size() == 0) {
      return 0;
    }
    return work(
        "delete from",
        table,
        "SELECT, DELETE",
        shape -> {
          RowSql sql = new RowSql(session, shape, filter);
          session.joinByIndex(!table.firesOnDelete() && RowSql.ofItself(items, filter));
          return remove(shape, removal, sql, Query.rowsOf(sql, shape, filter, keys), items, sink);
        });
  }

  private long remove(
      TableShape table, Removal removal, RowSql sql, Rows rows, List<Item> items, RowSink sink)
      throws SQLException {
    losses.beforeRemoval(table.table(), removal instanceof Removal.Move);
    boolean acts = LossCounter.acts(table.table());
    if (acts) {
      beginFunctions();
    }
    long count = new Removals(session, table, sql).remove(rows, items, removal, sink);
    if (acts) {
      session.useNoPath();
    }
    losses.removed(table.name(), count);
    return count;
  }

  /**
   * The functions of triggers and checks are the application's, and few of them name schemas: they
   * run with the path that the role has by login. Names in our own SQL all have their schema.
   */
  private void beginFunctions() throws SQLException {
    functions = true;
    session.useLoginPath();
  }

  @Override
  public void lookUp(Table table, PackedRows keys, List<Item> items, RowSink sink) {
    if (keys.size() == 0) {
      return;
    }
    work(
        "lock rows of",
        table,
        "SELECT, UPDATE",
        shape -> {
          Query query = Query.lookUp(session, shape, keys, items, true);
          session.joinByIndex(RowSql.ofItself(items, List.of()));
          return session.copyOut(query.sql(), query.codecs(), sink);
        });
  }

  @Override
  public void referring(ReferringRows rows, List<Item> items, RowSink sink) {
    if (rows.values().size() == 0) {
      return;
    }
    work(
        "lock rows of",
        rows.from(),
        "SELECT, UPDATE",
        child -> {
          TableShape parent = shapes.of(rows.key().to(), session);
          Referrers referrers = new Referrers(session, rows, parent, child);
          Query query = referrers.of(items, true);
          session.joinByIndex(referrers.indexed() && RowSql.ofItself(items, rows.filter()));
          return session.copyOut(query.sql(), query.codecs(), sink);
        });
  }

  @Override
  public void countReferring(ReferringRows rows, RowSink sink) {
    if (rows.values().size() == 0) {
      return;
    }
    work(
        "read",
        rows.from(),
        "SELECT",
        child -> {
          Referrers referrers =
              new Referrers(session, rows, shapes.of(rows.key().to(), session), child);
          Query query = referrers.count();
          session.joinByIndex(referrers.indexed() && RowSql.ofItself(List.of(), rows.filter()));
          return session.copyOut(query.sql(), query.codecs(), sink);
        });
  }

  @Override
  public long removeReferring(ReferringRows rows, List<Item> items, RowSink sink) {
    if (rows.values().size() == 0) {
      return 0;
    }
    return work(
        "delete from",
        rows.from(),
        "SELECT, DELETE",
        child -> {
          Referrers referrers =
              new Referrers(session, rows, shapes.of(rows.key().to(), session), child);
          RowSql sql = new RowSql(session, child, rows.filter());
          session.joinByIndex(referrers.indexed() && RowSql.ofItself(items, rows.filter()));
          return remove(child, new Removal.Delete(), sql, referrers.rows(sql), items, sink);
        });
  }

  @Override
  public long removeTogether(List<Doomed> doomed) {
    List<Doomed> some = doomed.stream().filter(each -> each.keys().size() > 0).toList();
    if (some.isEmpty()) {
      return 0;
    }
    return work(
        "delete from",
        some.get(0).table(),
        "SELECT, DELETE",
        first -> {
          session.joinByIndex(some.stream().noneMatch(each -> each.table().firesOnDelete()));
          beginFunctions();
          long removed = new Cycle(session, shapes, losses).remove(some);
          session.useNoPath();
          return removed;
        });
  }

  @Override
  public long copy(Table table, PackedRows keys, Removal.Move move) {
    if (keys.size() == 0) {
      return 0;
    }
    return work(
        "move rows of",
        table,
        "SELECT",
        shape -> {
          RowSql sql = new RowSql(session, shape, List.of());
          session.joinByIndex(true);
          losses.beforeRemoval(table, true);
          beginFunctions();
          long copied =
              new Removals(session, shape, sql)
                  .copy(Query.rowsOf(sql, shape, List.of(), keys), move);
          session.useNoPath();
          return copied;
        });
  }

  @Override
  public long detach(Table table, PackedRows keys, List<String> columns) {
    return keys.size() == 0
        ? 0
        : update(table, shape -> Query.detach(session, shape, keys, columns));
  }

  @Override
  public long attach(Table table, PackedRows rows, List<String> columns) {
    return rows.size() == 0
        ? 0
        : update(table, shape -> Query.attach(session, shape, rows, columns));
  }

  private long update(Table table, Work<String> statement) {
    return work(
        "change",
        table,
        "SELECT, UPDATE",
        shape -> {
          String update = statement.on(shape);
          session.joinByIndex(table.triggers().stream().noneMatch(Trigger::onUpdate));
          losses.beforeUpdate(table);
          beginFunctions();
          long changed = session.update(update);
          session.useNoPath();
          return changed;
        });
  }

  @Override
  public void deferConstraints() {
    try {
      session.execute("SET CONSTRAINTS ALL DEFERRED");
    } catch (SQLException e) {
      throw Failures.writing(e, session.attempt("Cannot defer the constraints", null, ""));
    }
  }

  @Override
  public void newest(Newest newest, RowSink sink) {
    if (newest.groups().size() == 0) {
      return;
    }
    work(
        "lock the newest rows of",
        newest.table(),
        "SELECT, UPDATE",
        table -> {
          Query query = NewestQuery.of(session, table, newest, true);
          session.joinByIndex(false);
          return session.copyOut(query.sql(), query.codecs(), sink);
        });
  }

  @Override
  public void scan(Scan scan, RowSink sink) {
    work(
        "read",
        scan.table(),
        "SELECT",
        table -> {
          Query query = Query.scan(session, table, scan, Integer.MAX_VALUE);
          session.joinByIndex(false);
          return session.copyOut(query.sql(), query.codecs(), sink);
        });
  }

  @Override
  public long insert(Table table, List<String> columns, RowSource rows) {
    return work(
        "insert into",
        table,
        "SELECT, INSERT",
        shape -> {
          losses.beforeInsert(table);
          session.joinByIndex(false);
          beginFunctions();
          long inserted = Inserts.insert(session, shape, columns, rows);
          session.useNoPath();
          return inserted;
        });
  }

  @Override
  public long insertTogether(List<Arrival> arrivals) {
    if (arrivals.isEmpty()) {
      return 0;
    }
    return work(
        "insert into",
        arrivals.get(0).table(),
        "SELECT, INSERT",
        first -> {
          for (Arrival each : arrivals) {
            losses.beforeInsert(each.table());
          }
          session.joinByIndex(false);
          beginFunctions();
          long inserted = new Arrivals(session, shapes).insert(arrivals);
          session.useNoPath();
          return inserted;
        });
  }

  /**
   * The lock of the table is asked for last and for a moment only: who waits for it holds up
   * everybody who comes later.
   */
  @Override
  public void dropPartition(Table table, Partition partition) {
    work(
        "drop a partition of",
        table,
        "",
        shape -> {
          session.execute("SET LOCAL lock_timeout = '200ms'");
          session.execute("LOCK TABLE ONLY " + Sql.quote(table.name()) + " IN ROW EXCLUSIVE MODE");
          session.execute("DROP TABLE " + Sql.quote(partition.name()));
          return shape;
        });
  }

  @Override
  public Map<TableName, Long> rowsLost() {
    try {
      return losses.lost();
    } catch (SQLException e) {
      throw Failures.writing(e, session.attempt("Cannot count deleted rows", null, ""));
    }
  }

  @Override
  public void checkConstraints() {
    try {
      session.joinByIndex(false);
      if (functions) {
        session.useLoginPath();
      }
      session.execute("SET CONSTRAINTS ALL IMMEDIATE");
      if (functions) {
        session.useNoPath();
      }
    } catch (SQLException e) {
      throw Failures.writing(e, session.attempt("Cannot check the constraints", null, ""));
    }
  }

  @Override
  public void commit(boolean durable) {
    if (!open) {
      throw new IllegalStateException("Cannot commit a transaction that has ended");
    }
    try {
      session.joinByIndex(false);
      if (functions) {
        session.useLoginPath();
      }
      if (durable) {
        session.execute("SET LOCAL synchronous_commit = on");
      }
    } catch (SQLException e) {
      throw Failures.writing(e, session.attempt("Cannot commit", null, ""));
    }
    try {
      open = false;
      session.connection().commit();
    } catch (SQLException e) {
      throw Failures.committing(
          e, session.attempt("Cannot tell whether rows were changed", null, ""));
    } finally {
      TransactionEnd.rollBack(session);
    }
  }

  @Override
  public void close() {
    open = false;
    TransactionEnd.rollBack(session);
    session.awaitAnswers(Duration.ZERO);
  }
}
