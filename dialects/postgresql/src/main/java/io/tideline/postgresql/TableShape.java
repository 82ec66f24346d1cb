package io.tideline.postgresql;

import io.tideline.catalogue.Partition;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the dialect must know of a table beyond the catalogue's noun.
 *
 * @param table the table
 * @param oid its object identifier
 * @param partitioned whether its rows lie in partitions
 * @param rewritten whether a rule adds statements to DELETE or INSERT
 * @param columns its columns by name
 * @param leaf the only partition that is meant, which is read under the table's name
 */
record TableShape(
    Table table,
    long oid,
    boolean partitioned,
    boolean rewritten,
    Map<String, ColumnShape> columns,
    Optional<TableName> leaf) {

  TableShape(
      Table table,
      long oid,
      boolean partitioned,
      boolean rewritten,
      Map<String, ColumnShape> columns) {
    this(table, oid, partitioned, rewritten, columns, Optional.empty());
  }

  /** One partition of it, even if it is detached by now: it has the same columns. */
  TableShape within(Partition partition) {
    return new TableShape(
        table, oid, partitioned, rewritten, columns, Optional.of(partition.name()));
  }

  TableName name() {
    return table.name();
  }

  /** The column of that name. */
  ColumnShape column(String name) {
    ColumnShape column = columns.get(name);
    if (column == null) {
      throw new IllegalArgumentException("Cannot find a column " + name + " of " + table.name());
    }
    return column;
  }

  /** The columns of the key. */
  List<String> key() {
    return table.key().orElseThrow().columns();
  }

  /** The column in an expression. */
  String reference(String column) {
    return Sql.column(name().name(), column);
  }

  /**
   * The table alone, without an alias. Children by inheritance are tables of their own, so {@code
   * ONLY}; a partitioned table has no rows but those of its partitions.
   */
  String target() {
    return (partitioned && leaf.isEmpty() ? "" : "ONLY ") + Sql.quote(leaf.orElse(name()));
  }

  /** The table in FROM, known by its own name, as a user's predicate may call it. */
  String from() {
    return target() + " AS " + Sql.quote(name().name());
  }
}
