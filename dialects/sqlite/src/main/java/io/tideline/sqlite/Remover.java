package io.tideline.sqlite;

import io.tideline.catalogue.Column;
import io.tideline.catalogue.Key;
import io.tideline.catalogue.Table;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Item;
import io.tideline.dialect.Range;
import io.tideline.dialect.Removal;
import io.tideline.dialect.Scan;
import io.tideline.dialect.SurpriseException;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import io.tideline.row.RowSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Takes rows out of a table.
 *
 * <p>Rows are listed and then deleted by the same WHERE clause: with the write lock held nobody
 * else can come between, and it costs a third less than {@code RETURNING}. Where the clause may
 * answer differently the second time (the user's SQL, which may ask for the time or for chance),
 * the rows listed are deleted by their keys. Where a trigger may change rows while others are
 * deleted, they are deleted one by one, and {@code RETURNING} tells what each of them was when it
 * went.
 */
final class Remover {
  private final Session session;
  private final Losses losses;
  private final Table table;
  private final Removal removal;
  private final ScanSql sqls;
  private final String what;
  private Optional<Lister> lister = Optional.empty();

  Remover(Session session, Losses losses, Table table, Removal removal) {
    this.session = session;
    this.losses = losses;
    this.table = table;
    this.removal = removal;
    this.sqls = new ScanSql(table, session.encoding());
    this.what = "Cannot delete from table " + table.name() + " of " + session.file().path();
  }

  /** Lists rows beside their deletion on another that sees what the transaction sees, if any. */
  void listOn(Optional<Lister> other) {
    lister = other;
  }

  long range(Scan scan, RowSink sink) {
    if (table.firesOnDelete()) {
      return rangeOneByOne(scan, sink);
    }
    boolean[] more = {true};
    Sql where = where(scan.filter(), scan.range());
    return lister.isPresent() && !asksUser(scan.filter())
        ? beside(lister.get(), scan, each -> List.of(where(each.filter(), each.range())), sink)
        : together(where, asksUser(scan.filter()), scan.items(), sink, more);
  }

  /**
   * Lists and deletes at the same time; the caller rolls back if the sink wanted no more.
   *
   * @param wheres the WHERE clauses that together mean the rows of a scan
   */
  private long beside(Lister other, Scan scan, Function<Scan, List<Sql>> wheres, RowSink sink) {
    LargeValues large = other.large();
    OptionalInt largest = large.limit(session, scan);
    Scan wide = large.unmeasured(scan);
    Scan list = largest.isPresent() ? wide : scan;
    boolean[] more = {true};
    Lister.Listing listing =
        other.list(
            what,
            wheres.apply(list).stream().map(where -> list(where, list.items())).toList(),
            largest,
            row -> more[0] = sink.accept(row));
    long removed = 0;
    try {
      for (Sql where : wheres.apply(wide)) {
        removed += remove(where);
      }
    } catch (RuntimeException | Error e) {
      listing.endAfter(e);
      throw e;
    }
    long listed = listing.rows();
    if (more[0]) {
      if (listed != removed) {
        large.met(table); // if it was something else, measuring does no harm
      }
      expect("deleted", listed, removed);
    }
    return listed;
  }

  private Sql where(List<Condition> filter, Range range) {
    Sql where = sqls.where(filter, range);
    if (where.text().isEmpty()) {
      // Without a WHERE clause SQLite clears the table unseen by the update hook.
      where.add(" WHERE 1");
    }
    return where;
  }

  private static boolean asksUser(List<Condition> filter) {
    return filter.stream().anyMatch(RowSql::asksUser);
  }

  /**
   * Lists the rows of a WHERE clause, then deletes them.
   *
   * @param byKey whether by their keys, else by the same clause
   * @param more becomes false where the sink wants no more: nothing is deleted then
   */
  private long together(Sql where, boolean byKey, List<Item> items, RowSink sink, boolean[] more) {
    if (byKey) {
      return listedKeys(where, items, sink, more);
    }
    long listed = listed(where, items, sink, more);
    if (listed > 0 && more[0]) {
      remove(where, listed);
    }
    return listed;
  }

  private long listed(Sql where, List<Item> items, RowSink sink, boolean[] more) {
    return session.write(what, list(where, items), row -> more[0] = sink.accept(row));
  }

  private Sql list(Sql where, List<Item> items) {
    return sqls.select(sqls.rows().items(items)).add(where);
  }

  private long listedKeys(Sql where, List<Item> items, RowSink sink, boolean[] more) {
    Key key = Queries.keyOf(table);
    List<Sql> expressions = new ArrayList<>(sqls.rows().items(items));
    expressions.addAll(sqls.rows().columns(key.columns()));
    PackedRows keys = new PackedRows(key.columns().size());
    Row out = new Row(items.size());
    long listed =
        session.write(
            what,
            sqls.select(expressions).add(where),
            row -> {
              keys.add(row, out.width());
              for (int i = 0; i < out.width(); i++) {
                out.set(i, row, i);
              }
              more[0] = sink.accept(out);
              return more[0];
            });
    for (int first = 0; first < keys.size() && more[0]; first += Queries.KEYS) {
      int count = Math.min(Queries.KEYS, keys.size() - first);
      remove(whereKeys(keys, first, count), count);
    }
    return listed;
  }

  private Sql whereKeys(PackedRows keys, int first, int count) {
    Sql where = session.sql().add(" WHERE ");
    return where.add(sqls.rows().keyIn(Queries.keyOf(table), keys, first, count));
  }

  /** Moves or deletes exactly so many rows, and nothing else. */
  private void remove(Sql where, long rows) {
    expect("deleted", rows, remove(where));
  }

  private long remove(Sql where) {
    long copied = removal instanceof Removal.Move ? copy(where) : -1;
    long changes = losses.totalChanges();
    long deleted = session.update(what, sqls.delete().add(where));
    expect("changed", deleted, losses.totalChanges() - changes);
    if (copied >= 0) {
      expect("copied", deleted, copied);
    }
    losses.deleted(table.name(), deleted);
    return deleted;
  }

  /** The keys first, then each row by itself; a row that a trigger saves is a surprise. */
  private long rangeOneByOne(Scan scan, RowSink sink) {
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
    if (table.firesOnDelete()) {
      return oneByOne(keys, conditions(filter), items, sink);
    }
    if (items.isEmpty() && !(asksUser(filter) && removal instanceof Removal.Move)) {
      return unlisted(chunks(keys, filter), sink);
    }
    if (lister.isPresent() && !asksUser(filter)) {
      Scan scan = new Scan(table, items, filter, Range.all(List.of()));
      return beside(lister.get(), scan, each -> chunks(keys, each.filter()), sink);
    }
    boolean[] more = {true};
    long removed = 0;
    for (Sql where : chunks(keys, filter)) {
      removed += more[0] ? together(where, asksUser(filter), items, sink, more) : 0;
    }
    return removed;
  }

  /** The WHERE clauses of keys, so many for each. */
  private List<Sql> chunks(PackedRows keys, List<Condition> filter) {
    Sql conditions = conditions(filter);
    List<Sql> chunks = new ArrayList<>();
    for (int first = 0; first < keys.size(); first += Queries.KEYS) {
      int count = Math.min(Queries.KEYS, keys.size() - first);
      chunks.add(whereKeys(keys, first, count).add(conditions));
    }
    return chunks;
  }

  private Sql conditions(List<Condition> filter) {
    Sql conditions = session.sql();
    filter.forEach(condition -> conditions.add(" AND ").add(sqls.rows().test(condition)));
    return conditions;
  }

  /** Of rows without items nobody wants to know more than how many they are. */
  private long unlisted(List<Sql> wheres, RowSink sink) {
    long removed = 0;
    for (Sql where : wheres) {
      removed += remove(where);
    }
    Row nothing = new Row(0);
    for (long row = 0; row < removed; row++) {
      if (!sink.accept(nothing)) {
        return row + 1;
      }
    }
    return removed;
  }

  private long oneByOne(PackedRows keys, Sql conditions, List<Item> items, RowSink sink) {
    List<Sql> returned = sqls.rows().items(items);
    boolean[] more = {true};
    long removed = 0;
    for (int i = 0; i < keys.size() && more[0]; i++) {
      Sql where = whereKeys(keys, i, 1);
      if (there(where, conditions)) {
        removed += one(where, returned, row -> more[0] = sink.accept(row));
      }
    }
    losses.deleted(table.name(), removed);
    return removed;
  }

  /** Deletes the row of one key by the key alone: its conditions have just been judged. */
  private long one(Sql where, List<Sql> returned, RowSink sink) {
    if (removal instanceof Removal.Move) {
      expect("copied", 1, copy(where));
    }
    Sql delete = sqls.delete().add(where).add(" RETURNING ").results(returned);
    long deleted = session.write(what, delete, sink);
    expect("deleted", 1, deleted);
    return deleted;
  }

  private boolean there(Sql where, Sql conditions) {
    Sql one = sqls.select(List.of(session.sql().add("1"))).add(where).add(conditions);
    return session.write(what, one, row -> false) == 1;
  }

  /** Copies the rows of keys, which stay. */
  long copy(PackedRows keys) {
    return chunks(keys, List.of()).stream().mapToLong(this::copy).sum();
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
