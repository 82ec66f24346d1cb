package io.tideline.sqlite;

import io.tideline.catalogue.Key;
import io.tideline.catalogue.Table;
import io.tideline.dialect.Item;
import io.tideline.dialect.Newest;
import io.tideline.dialect.Scan;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import io.tideline.row.RowSink;
import java.util.ArrayList;
import java.util.List;

/** The questions that a reader and a transaction answer alike. */
final class Queries {
  /** Keys asked for by one statement. */
  static final int KEYS = 512;

  private final Session session;

  Queries(Session session) {
    this.session = session;
  }

  /** Reads all rows of a scan. */
  long scan(Scan scan, RowSink sink) {
    return session.query(reading(scan.table()), sqlOf(scan.table()).ordered(scan), sink);
  }

  /** Reads so many rows of a scan after so many others. */
  Sql page(Scan scan, long skipped, int limit) {
    Sql sql = sqlOf(scan.table()).ordered(scan).add(" LIMIT ").value(limit);
    return skipped == 0 ? sql : sql.add(" OFFSET ").value(skipped);
  }

  void lookUp(Table table, PackedRows keys, List<Item> items, RowSink sink) {
    Key key = keyOf(table);
    ScanSql sqls = sqlOf(table);
    List<Sql> expressions = new ArrayList<>(sqls.rows().columns(key.columns()));
    expressions.addAll(sqls.rows().items(items));
    boolean[] more = {true};
    for (int first = 0; first < keys.size() && more[0]; first += KEYS) {
      int count = Math.min(KEYS, keys.size() - first);
      Sql sql = sqls.select(expressions).add(" WHERE ");
      sql.add(sqls.rows().keyIn(key, keys, first, count));
      session.query(reading(table), sql, row -> more[0] = sink.accept(row));
    }
  }

  /**
   * One seek for each group, where an index has the group's columns first and the time after them.
   */
  void newest(Newest newest, RowSink sink) {
    Table table = newest.table();
    ScanSql sqls = sqlOf(table);
    List<String> key = keyOf(table).columns();
    Sql time = sqls.rows().item(newest.time());
    List<Sql> expressions = new ArrayList<>(List.of(time));
    expressions.addAll(sqls.rows().columns(key));
    List<Sql> groups = sqls.rows().items(newest.group());
    Row group = new Row(groups.size());
    Row out = new Row(expressions.size() + 1);
    boolean[] more = {true};
    for (int g = 0; g < newest.groups().size() && more[0]; g++) {
      newest.groups().get(g, group);
      Sql sql = sqls.select(expressions).add(" WHERE ");
      for (int i = 0; i < groups.size(); i++) {
        sql.add(groups.get(i)).add(" IS ").value(group, i).add(" AND ");
      }
      sql.add(time).add(" IS NOT NULL ORDER BY ").add(time).add(" DESC");
      key.forEach(column -> sql.add(", " + Sql.column(table, column) + " DESC"));
      sql.add(" LIMIT ").value(newest.rows());
      out.setInteger(0, g);
      session.query(
          reading(table),
          sql,
          row -> {
            for (int i = 0; i < row.width(); i++) {
              out.set(i + 1, row, i);
            }
            more[0] = sink.accept(out);
            return more[0];
          });
    }
  }

  ScanSql sqlOf(Table table) {
    return new ScanSql(table, session.encoding());
  }

  String reading(Table table) {
    return "Cannot read table " + table.name() + " of " + session.file().path();
  }

  /** The key of a table; the planner refuses a table without one. */
  static Key keyOf(Table table) {
    return table
        .key()
        .orElseThrow(
            () ->
                new TidelineException(
                    ErrorCode.TABLE_UNSUITABLE,
                    "Cannot name single rows of " + table.name() + ": it has no key.",
                    "Nothing was changed.",
                    "Declare the columns of a unique key NOT NULL."));
  }
}
