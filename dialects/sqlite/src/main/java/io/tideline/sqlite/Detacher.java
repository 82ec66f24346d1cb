package io.tideline.sqlite;

import io.tideline.catalogue.Table;
import io.tideline.catalogue.Trigger;
import io.tideline.dialect.SurpriseException;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Sets columns of rows to NULL, or to values again. {@code OR ABORT} stands before a constraint's
 * own {@code ON CONFLICT REPLACE}, which would put a default in the place of NULL
 * (https://sqlite.org/lang_conflict.html).
 */
final class Detacher {
  /** A name that no table has by chance. */
  private static final String VALUES = Sql.quote("tideline values");

  /** SQLite takes 32,766 values a statement (https://sqlite.org/limits.html). */
  private static final int VARIABLES = 30_000;

  private final Session session;
  private final Losses losses;
  private final Table table;
  private final List<String> columns;

  Detacher(Session session, Losses losses, Table table, List<String> columns) {
    this.session = session;
    this.losses = losses;
    this.table = table;
    this.columns = columns;
  }

  long detach(PackedRows keys) {
    return change(keys.size(), Queries.KEYS, (first, count) -> detach(keys, first, count));
  }

  /** Sets the columns to the values that stand after each key. */
  long attach(PackedRows rows) {
    int atOnce = Math.min(Queries.KEYS, VARIABLES / rows.width());
    return change(rows.size(), atOnce, (first, count) -> attach(rows, first, count));
  }

  /** Changes some of many rows. */
  private interface Change {
    long rows(int first, int count);
  }

  private long change(int size, int atOnce, Change change) {
    long before = losses.totalChanges();
    long rows = 0;
    for (int first = 0; first < size; first += atOnce) {
      rows += change.rows(first, Math.min(atOnce, size - first));
    }
    long changed = losses.totalChanges() - before;
    if (changed != rows && table.triggers().stream().noneMatch(Trigger::onUpdate)) {
      throw new SurpriseException(
          "table %s: %s rows were to be changed, SQLite changed %s"
              .formatted(table.name(), rows, changed));
    }
    losses.updated(table.name(), rows);
    return rows;
  }

  private long detach(PackedRows keys, int first, int count) {
    Sql sql = session.sql().add(update(i -> "NULL"));
    RowSql rows = new RowSql(table, session.encoding());
    return run(sql.add(" WHERE ").add(rows.keyIn(Queries.keyOf(table), keys, first, count)));
  }

  private long attach(PackedRows rows, int first, int count) {
    List<String> key = Queries.keyOf(table).columns();
    Sql sql = session.sql().add("WITH " + VALUES + "(");
    for (int i = 0; i < rows.width(); i++) {
      sql.add(i == 0 ? "" : ", ").add(TemporaryTables.column(i));
    }
    sql.add(") AS (VALUES ");
    Row row = new Row(rows.width());
    for (int i = first; i < first + count; i++) {
      rows.get(i, row);
      sql.add(i == first ? "(" : ", (");
      for (int j = 0; j < row.width(); j++) {
        sql.add(j == 0 ? "" : ", ").value(row, j);
      }
      sql.add(")");
    }
    sql.add(") ").add(update(i -> value(key.size() + i))).add(" FROM " + VALUES);
    for (int i = 0; i < key.size(); i++) {
      sql.add(i == 0 ? " WHERE " : " AND ");
      sql.add(Sql.column(table, key.get(i)) + " = " + value(i));
    }
    return run(sql);
  }

  private static String value(int i) {
    return VALUES + "." + TemporaryTables.column(i);
  }

  private String update(IntFunction<String> values) {
    String set =
        IntStream.range(0, columns.size())
            .mapToObj(i -> Sql.quote(columns.get(i)) + " = " + values.apply(i))
            .collect(Collectors.joining(", "));
    return "UPDATE OR ABORT " + Sql.quote(table.name()) + " SET " + set;
  }

  private long run(Sql sql) {
    return session.update(
        "Cannot change table " + table.name() + " of " + session.file().path(), sql);
  }
}
