package io.tideline.sqlite;

import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.TableName;
import java.util.List;
import java.util.stream.Collectors;

/** Statements that make indexes. */
final class IndexText {
  private IndexText() {}

  /** An index over columns, under a name made of theirs. */
  static String of(TableName table, List<String> columns) {
    return of(
        name(table, columns),
        table,
        columns.stream().map(Sql::quote).collect(Collectors.joining(", ")));
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

  /** The name of an index for a foreign key. */
  static String name(ForeignKey key) {
    return name(key.from(), key.columns());
  }

  private static String name(TableName table, List<String> columns) {
    return "ix_" + table.name() + "_" + String.join("_", columns);
  }
}
