package io.tideline.sqlite;

import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.Arrival;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Doomed;
import io.tideline.dialect.Item;
import io.tideline.dialect.Newest;
import io.tideline.dialect.ReferringRows;
import io.tideline.dialect.Removal;
import io.tideline.dialect.Scan;
import io.tideline.dialect.Transaction;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.row.PackedRows;
import io.tideline.row.RowSink;
import io.tideline.row.RowSource;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A {@code BEGIN IMMEDIATE} transaction: nobody else writes until it ends. */
final class SqliteTransaction implements Transaction {
  private final Session session;
  private final SqliteWriter writer;
  private final Queries queries;
  private final Losses losses;
  private boolean open = true;

  SqliteTransaction(Session session, SqliteWriter writer, List<Table> tables) {
    this.session = session;
    this.writer = writer;
    this.queries = new Queries(session);
    this.losses = Losses.begin(session, tables);
  }

  @Override
  public String catalogueVersion() {
    try {
      return session.pragma("schema_version");
    } catch (SQLException e) {
      throw Failures.reading("Cannot read the catalogue of " + writer.place(), e);
    }
  }

  @Override
  public String fingerprint(TableName table) {
    return CatalogueReader.read(session).table(table).map(Table::fingerprint).orElse("");
  }

  @Override
  public long removeRange(Scan scan, Removal removal, RowSink sink) {
    // It sees what was committed: the same, as long as nothing was changed here.
    Remover remover = new Remover(session, losses, scan.table(), removal);
    remover.listOn(losses.none() ? writer.lister() : Optional.empty());
    return remover.range(scan, sink);
  }

  @Override
  public long removeKeys(
      Table table,
      PackedRows keys,
      List<Condition> filter,
      List<Item> items,
      Removal removal,
      RowSink sink) {
    Remover remover = new Remover(session, losses, table, removal);
    if (!table.firesOnDelete() && losses.untouched(table)) {
      boolean alone = losses.none() || RowSql.ofItself(items, filter);
      remover.listOn(alone ? writer.lister() : Optional.empty());
    }
    return remover.keys(keys, filter, items, sink);
  }

  @Override
  public void lookUp(Table table, PackedRows keys, List<Item> items, RowSink sink) {
    queries.lookUp(table, keys, items, sink);
  }

  @Override
  public void referring(ReferringRows rows, List<Item> items, RowSink sink) {
    Referrers.of(session, rows).find(items, sink);
  }

  @Override
  public void countReferring(ReferringRows rows, RowSink sink) {
    Referrers.of(session, rows).count(sink);
  }

  @Override
  public long removeReferring(ReferringRows rows, List<Item> items, RowSink sink) {
    long removed = Referrers.of(session, rows).remove(losses, items, sink);
    losses.deleted(rows.from().name(), removed);
    return removed;
  }

  @Override
  public long removeTogether(List<Doomed> doomed) {
    deferConstraints();
    return Cycle.remove(session, losses, doomed);
  }

  @Override
  public long copy(Table table, PackedRows keys, Removal.Move move) {
    return new Remover(session, losses, table, move).copy(keys);
  }

  @Override
  public long detach(Table table, PackedRows keys, List<String> columns) {
    return new Detacher(session, losses, table, columns).detach(keys);
  }

  @Override
  public long attach(Table table, PackedRows rows, List<String> columns) {
    return new Detacher(session, losses, table, columns).attach(rows);
  }

  /**
   * The commit or the rollback ends it (https://sqlite.org/pragma.html#pragma_defer_foreign_keys).
   */
  @Override
  public void deferConstraints() {
    try {
      session.execute("PRAGMA defer_foreign_keys=ON");
    } catch (SQLException e) {
      throw Failures.reading("Cannot defer the foreign keys of " + writer.place(), e);
    }
  }

  @Override
  public void newest(Newest newest, RowSink sink) {
    queries.newest(newest, sink);
  }

  @Override
  public void scan(Scan scan, RowSink sink) {
    queries.scan(scan, sink);
  }

  @Override
  public long insert(Table table, List<String> columns, RowSource rows) {
    long inserted = new Inserter(session, table, columns).insert(rows);
    losses.inserted(table.name(), inserted);
    return inserted;
  }

  @Override
  public long insertTogether(List<Arrival> arrivals) {
    deferConstraints();
    long inserted = 0;
    for (Arrival arrival : arrivals) {
      inserted += insert(arrival.table(), arrival.columns(), arrival.rows());
    }
    return inserted;
  }

  @Override
  public Map<TableName, Long> rowsLost() {
    return losses.rows();
  }

  /**
   * Nothing to do: SQLite counts the violations of deferred foreign keys as they come and go, and
   * refuses the commit while there are any (https://sqlite.org/foreignkeys.html, section 4.2).
   */
  @Override
  public void checkConstraints() {}

  @Override
  public void commit(boolean durable) {
    try {
      session.execute("COMMIT");
    } catch (SQLException e) {
      throw Failures.committing("Cannot commit to " + writer.place(), e);
    }
    end();
    writer.committed();
    if (durable) {
      try {
        writer.makeDurable();
      } catch (TidelineException e) {
        throw new TidelineException(
            ErrorCode.COMMIT_UNKNOWN,
            e.what(),
            "The last batch is committed, but may not outlive a loss of power.",
            "Run the same command again: it finds out by itself.",
            e);
      }
    }
  }

  @Override
  public void close() {
    if (open) {
      end();
      writer.rollBack();
    }
  }

  private void end() {
    open = false;
    losses.end();
  }
}
