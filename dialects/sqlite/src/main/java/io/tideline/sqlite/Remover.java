package io.tideline.sqlite;

import io.tideline.catalogue.Column;
import io.tideline.catalogue.Key;
import io.tideline.catalogue.Table;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Item;
import io.tideline.dialect.Removal;
import io.tideline.dialect.Scan;
import io.tideline.dialect.SurpriseException;
import io.tideline.row.PackedRows;
import io.tideline.row.RowSink;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Takes rows out of a table.
 *
 * <p>A range is listed and then deleted by the same WHERE clause: with the write lock held nobody
 * else can come between, and it costs a third less than {@code RETURNING}. That proves nothing
 * where the clause may answer differently the second time (the user's SQL, which may ask for the
 * time or for chance), or where a trigger changes rows while others are deleted. Then rows are
 * deleted one by one by key, and {@code RETURNING} tells what each of them was when it went.
 */
final class Remover {
  private final Session session;
  private final Losses losses;
  private final Table table;
  private final Removal removal;
  private final ScanSql sqls;
  private final String what;

  Remover(Session session, Losses losses, Table table, Removal removal) {
    this.session = session;
    this.losses = losses;
    this.table = table;
    this.removal = removal;
    this.sqls = new ScanSql(table, session.encoding());
    this.what = "Cannot delete from table " + table.name() + " of " + session.file().path();
  }

  long range(Scan scan, RowSink sink) {
    if (mayDiffer(scan.filter())) {
      return rangeByKeys(scan, sink);
    }
    boolean[] more = {true};
    Sql where = sqls.where(scan.filter(), scan.range());
    if (where.text().isEmpty()) {
      // Without a WHERE clause SQLite clears the table unseen by the update hook.
      where.add(" WHERE 1");
    }
    return together(where, scan.items(), row -> more[0] = sink.accept(row), more);
  }

  /** Whether a WHERE clause may find other rows, or the same rows changed, the second time. */
  private boolean mayDiffer(List<Condition> filter) {
    return table.firesOnDelete() || filter.stream().anyMatch(RowSql::asksUser);
  }

  /** Lists the rows of a WHERE clause, then deletes them by the same clause. */
  private long together(Sql where, List<Item> items, RowSink sink, boolean[] more) {
    long listed = session.write(what, sqls.select(sqls.rows().items(items)).add(where), sink);
    if (listed == 0 || !more[0]) {
      return listed;
    }
    if (removal instanceof Removal.Move) {
      expect("copied", listed, copy(where));
    }
    long changes = losses.totalChanges();
    long deleted = session.update(what, sqls.delete().add(where));
    expect("deleted", listed, deleted);
    expect("changed", deleted, losses.totalChanges() - changes);
    losses.deleted(table.name(), deleted);
    return listed;
  }

  /** The keys first, then each row by itself; a row that a trigger saves is a surprise. */
  private long rangeByKeys(Scan scan, RowSink sink) {
    Key key = Queries.keyOf(table);
    PackedRows keys = new PackedRows(key.columns().size());
    Sql list = sqls.select(sqls.rows().columns(key.columns()));
    session.write(
        what,
        list.add(sqls.where(scan.filter(), scan.range())),
        row -> {
          keys.add(row, 0);
          return true;
        });
    boolean[] more = {true};
    long removed = keys(keys, scan.filter(), scan.items(), row -> more[0] = sink.accept(row));
    if (more[0]) {
      expect("deleted", keys.size(), removed);
    }
    return removed;
  }

  long keys(PackedRows keys, List<Condition> filter, List<Item> items, RowSink sink) {
    Sql conditions = session.sql();
    filter.forEach(condition -> conditions.add(" AND ").add(sqls.rows().test(condition)));
    return mayDiffer(filter)
        ? oneByOne(keys, conditions, items, sink)
        : inChunks(keys, conditions, items, sink);
  }

  private long inChunks(PackedRows keys, Sql conditions, List<Item> items, RowSink sink) {
    Key key = Queries.keyOf(table);
    boolean[] more = {true};
    long removed = 0;
    for (int first = 0; first < keys.size() && more[0]; first += Queries.KEYS) {
      int count = Math.min(Queries.KEYS, keys.size() - first);
      Sql where = session.sql().add(" WHERE ").add(sqls.rows().keyIn(key, keys, first, count));
      removed += together(where.add(conditions), items, row -> more[0] = sink.accept(row), more);
    }
    return removed;
  }

  private long oneByOne(PackedRows keys, Sql conditions, List<Item> items, RowSink sink) {
    Key key = Queries.keyOf(table);
    List<Sql> returned = sqls.rows().items(items);
    boolean[] more = {true};
    long removed = 0;
    for (int i = 0; i < keys.size() && more[0]; i++) {
      Sql where = session.sql().add(" WHERE ").add(sqls.rows().keyIn(key, keys, i, 1));
      if (!table.firesOnDelete() || there(where, conditions)) {
        removed += one(where, conditions, returned, row -> more[0] = sink.accept(row));
      }
    }
    losses.deleted(table.name(), removed);
    return removed;
  }

  /** Deletes the row of one key, if it is there and meets the conditions. */
  private long one(Sql where, Sql conditions, List<Sql> returned, RowSink sink) {
    Sql full = session.sql().add(where).add(conditions);
    boolean moves = removal instanceof Removal.Move;
    if (moves && copy(full) == 0) {
      return 0;
    }
    long changes = losses.totalChanges();
    // A moved row is deleted by its key alone: the conditions were judged when it was copied.
    Sql delete = sqls.delete().add(moves ? where : full).add(" RETURNING ").results(returned);
    long deleted = session.write(what, delete, sink);
    long changed = losses.totalChanges() - changes;
    if (table.firesOnDelete() || moves) {
      expect("deleted", 1, deleted);
    }
    if (!table.firesOnDelete()) {
      expect("changed", deleted, changed);
    }
    return deleted;
  }

  private boolean there(Sql where, Sql conditions) {
    Sql one = sqls.select(List.of(session.sql().add("1"))).add(where).add(conditions);
    return session.write(what, one, row -> false) == 1;
  }

  private long copy(Sql where) {
    Removal.Move move = (Removal.Move) removal;
    List<String> names = table.archivedColumns().stream().map(Column::name).toList();
    String into = names.stream().map(Sql::quote).collect(Collectors.joining(", "));
    String from =
        names.stream().map(name -> Sql.column(table, name)).collect(Collectors.joining(", "));
    Sql sql = session.sql().add("INSERT OR ABORT INTO " + Sql.quote(move.target()));
    sql.add(" (" + into + ", " + Sql.quote(ArchiveTable.ARCHIVED_AT) + ") SELECT " + from + ", ");
    sql.value(move.at().toString()).add(" FROM " + Sql.quote(table.name())).add(where);
    long copied = session.update(what, sql);
    losses.inserted(move.target(), copied);
    return copied;
  }

  private void expect(String verb, long wanted, long found) {
    if (wanted != found) {
      throw new SurpriseException(
          "table "
              + table.name()
              + ": "
              + wanted
              + " rows were to be "
              + verb
              + ", SQLite "
              + verb
              + " "
              + found);
    }
  }
}
