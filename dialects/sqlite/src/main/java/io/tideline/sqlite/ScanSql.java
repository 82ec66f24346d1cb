package io.tideline.sqlite;

import io.tideline.catalogue.Table;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Range;
import io.tideline.dialect.Scan;
import java.util.List;

/** Statements over the rows of a scan. */
final class ScanSql {
  private final Table table;
  private final RowSql rows;
  private final Encoding encoding;

  ScanSql(Table table, Encoding encoding) {
    this.table = table;
    this.rows = new RowSql(table, encoding);
    this.encoding = encoding;
  }

  RowSql rows() {
    return rows;
  }

  /** Reads the items in the range's order. */
  Sql ordered(Scan scan) {
    Sql sql = unordered(scan);
    String by = " ORDER BY ";
    for (String column : scan.range().order()) {
      sql.add(by + Sql.column(table, column));
      by = ", ";
    }
    return sql;
  }

  /** Reads the items in any order. */
  Sql unordered(Scan scan) {
    return select(rows.items(scan.items())).add(where(scan.filter(), scan.range()));
  }

  /** Reads expressions of every row; a WHERE clause may follow. */
  Sql select(List<Sql> expressions) {
    Sql sql = sql().add("SELECT ");
    return sql.results(expressions).add(" FROM " + Sql.quote(table.name()));
  }

  /** Deletes rows; a WHERE clause must follow. */
  Sql delete() {
    return sql().add("DELETE FROM " + Sql.quote(table.name()));
  }

  /** The WHERE clause of a filter within a range; empty if every row is meant. */
  Sql where(List<Condition> filter, Range range) {
    Sql sql = sql();
    String and = " WHERE ";
    if (range.after().isPresent()) {
      sql.add(and).add(rows.compare(range.order(), ">", range.after().get()));
      and = " AND ";
    }
    if (range.through().isPresent()) {
      sql.add(and).add(rows.compare(range.order(), "<=", range.through().get()));
      and = " AND ";
    }
    for (Condition condition : filter) {
      sql.add(and).add(rows.test(condition));
      and = " AND ";
    }
    return sql;
  }

  Sql sql() {
    return new Sql(encoding);
  }
}
