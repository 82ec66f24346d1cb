package io.tideline.sqlite;

import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.tuning.IndexColumn;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.SqlName;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/** Statements that make indexes. */
final class IndexText {
  private static final String NAMED =
      "SELECT 1 FROM main.sqlite_schema WHERE name = ? COLLATE NOCASE";

  private IndexText() {}

  /** An index over columns, under a name made of theirs that nothing else has. */
  static String of(Session session, TableName table, List<String> columns) throws SQLException {
    return of(
        freeName(session, name(table, columns)),
        table,
        columns.stream().map(Sql::quote).collect(Collectors.joining(", ")));
  }

  /** The name, or with a number behind it if something has it. */
  static String freeName(Session session, String wanted) throws SQLException {
    String name = wanted;
    for (int i = 2; !session.strings(NAMED, name).isEmpty(); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }

  /**
   * An index.
   *
   * @param columns as CREATE INDEX writes them
   */
  static String of(String name, TableName table, String columns) {
    return "CREATE INDEX "
        + Sql.quote(name)
        + " ON "
        + Sql.quote(table.name())
        + " ("
        + columns
        + ")";
  }

  /** A declared index. */
  static String of(IndexSpec spec, Table table) {
    return "CREATE "
        + (spec.unique() ? "UNIQUE " : "")
        + "INDEX "
        + Sql.quote(new TableName(table.name().schema(), spec.name()))
        + " ON "
        + Sql.quote(table.name().name())
        + spec.columns().stream()
            .map(each -> part(each, table))
            .collect(Collectors.joining(", ", " (", ")"))
        + (spec.where().isEmpty() ? "" : " WHERE (" + spec.where() + ")");
  }

  private static String part(IndexColumn column, Table table) {
    List<String> collation =
        column.collation().isEmpty() ? List.of() : SqlName.parts(column.collation());
    return (column.isExpression()
            ? "(" + column.expression() + ")"
            : Sql.quote(Names.column(table, column.column())))
        + (collation.isEmpty() ? "" : " COLLATE " + Sql.quote(collation.get(collation.size() - 1)))
        + (column.descending() ? " DESC" : "");
  }

  /** The name of an index for a foreign key. */
  static String name(ForeignKey key) {
    return name(key.from(), key.columns());
  }

  /** A name made of those of the columns; another index may have it. */
  static String name(TableName table, List<String> columns) {
    return "ix_" + table.name() + "_" + String.join("_", columns);
  }
}
