package io.tideline.postgresql;

import io.tideline.catalogue.Column;
import io.tideline.dialect.Item;
import io.tideline.dialect.Removal;
import io.tideline.dialect.SurpriseException;
import io.tideline.postgresql.RowSql.Value;
import io.tideline.row.Row;
import io.tideline.row.RowSink;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Takes rows out of a table and gives each to a sink, by one statement where rules allow it. */
final class Removals {
  private static final List<Item> ONE = List.of(new Item.OfSql("1"));

  private final Session session;
  private final TableShape table;
  private final RowSql sql;

  Removals(Session session, TableShape table, RowSql sql) {
    this.session = session;
    this.table = table;
    this.sql = sql;
  }

  /**
   * Removes rows.
   *
   * @param rows the rows
   * @return the rows removed and given to the sink
   */
  long remove(Rows rows, List<Item> items, Removal removal, RowSink sink) throws SQLException {
    if (items.isEmpty() && removal instanceof Removal.Delete && !table.rewritten()) {
      return unlisted(rows, sink);
    }
    if (items.isEmpty()) {
      // RETURNING wants a value.
      Row nothing = new Row(0);
      return remove(rows, ONE, removal, row -> sink.accept(nothing));
    }
    List<Value> values = sql.values(items);
    if (table.rewritten()) {
      return besideRules(rows, values, removal, sink);
    }
    if (removal instanceof Removal.Move move) {
      return move(rows, values, move, sink);
    }
    String delete = "DELETE FROM " + rows.deleted() + " RETURNING " + Query.select(values);
    return given(session.copyOut(delete, Query.codecs(values), sink));
  }

  /** Of rows without items nobody wants to know more than how many they are. */
  private long unlisted(Rows rows, RowSink sink) throws SQLException {
    long removed = session.update("DELETE FROM " + rows.deleted());
    Row nothing = new Row(0);
    for (long row = 0; row < removed; row++) {
      if (!sink.accept(nothing)) {
        return row + 1;
      }
    }
    return removed;
  }

  private static long given(long count) {
    return count < 0 ? ~count : count;
  }

  private List<String> kept() {
    return table.table().archivedColumns().stream().map(Column::name).toList();
  }

  private static String at(Instant at) {
    long micros =
        Math.addExact(Math.multiplyExact(at.getEpochSecond(), 1_000_000L), at.getNano() / 1000);
    return Sql.string(TimeText.timestamp(micros, "+00")) + "::pg_catalog.timestamptz";
  }

  private String into(Removal.Move move) {
    return "INSERT INTO %s (%s, %s)"
        .formatted(
            Sql.quote(move.target()),
            Sql.list(kept(), Sql::quote),
            Sql.quote(ArchiveTable.ARCHIVED_AT));
  }

  /** One statement, so that no row can be in one table only; how many arrived is read with it. */
  private long move(Rows rows, List<Value> values, Removal.Move move, RowSink sink)
      throws SQLException {
    List<String> returned = new ArrayList<>();
    List<String> moved = new ArrayList<>();
    List<String> read = new ArrayList<>();
    for (String column : kept()) {
      moved.add("c" + moved.size());
      returned.add(table.reference(column) + " AS c" + returned.size());
    }
    for (Value value : values) {
      returned.add(value.sql() + " AS i" + read.size());
      read.add("i" + read.size());
    }
    read.add("(SELECT pg_catalog.count(*) FROM moved)");
    String statement =
        "WITH gone AS (DELETE FROM %s RETURNING %s), moved AS (%s SELECT %s, %s FROM gone RETURNING 1) SELECT %s FROM gone"
            .formatted(
                rows.deleted(),
                String.join(", ", returned),
                into(move),
                String.join(", ", moved),
                at(move.at()),
                String.join(", ", read));
    List<Codec> codecs = new ArrayList<>(Query.codecs(values));
    codecs.add(Codec.INT8);
    long[] arrived = {0};
    int last = values.size();
    long count =
        given(
            session.copyOut(
                statement,
                codecs,
                row -> {
                  arrived[0] = row.integer(last);
                  return sink.accept(row.slice(0, last));
                }));
    return same(count, arrived[0], "moved");
  }

  /**
   * COPY and data-modifying WITH refuse tables with rules. So writers are shut out for as long as
   * it takes to read the rows and to delete them by the same condition.
   */
  private long besideRules(Rows rows, List<Value> values, Removal removal, RowSink sink)
      throws SQLException {
    session.execute("LOCK TABLE " + table.target() + " IN SHARE ROW EXCLUSIVE MODE");
    String source = rows.selected();
    String select = "SELECT " + Query.select(values) + " FROM " + source;
    long read = given(session.copyOut(select, Query.codecs(values), sink));
    if (removal instanceof Removal.Move move) {
      same(read, copy(rows, move), "moved");
    }
    return same(read, session.update("DELETE FROM " + rows.deleted()), "deleted");
  }

  /** Copies rows to their archive table. @return how many */
  long copy(Rows rows, Removal.Move move) throws SQLException {
    String columns = Sql.list(kept(), table::reference);
    return session.update(
        into(move) + " SELECT " + columns + ", " + at(move.at()) + " FROM " + rows.selected());
  }

  private long same(long listed, long done, String verb) {
    if (listed != done) {
      throw new SurpriseException(
          "%s rows of %s were listed and %s were %s".formatted(listed, table.name(), done, verb));
    }
    return listed;
  }
}
