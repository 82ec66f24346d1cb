package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import java.util.List;

/**
 * A table that stands in as a temporary one, under its own name without a schema.
 *
 * @param name its full name in the database
 * @param kind {@code r}, {@code p}, {@code m} or {@code v}, as in {@code pg_class.relkind}
 * @param rows the rows that the planner shall take it to have
 * @param sampled the rows that stand in
 * @param indexes its indexes, as statements that end with what follows the table
 * @param basis where the number of rows is from
 */
record StandInTable(
    TableName name, String kind, long rows, long sampled, List<RealIndex> indexes, String basis) {
  StandInTable {
    indexes = List.copyOf(indexes);
  }

  /**
   * An index of the live table.
   *
   * @param name its name
   * @param unique whether it forbids repeats
   * @param primary whether the primary key stands on it
   * @param rest what follows the table in the statement that makes it: {@code USING btree (id)}
   */
  record RealIndex(String name, boolean unique, boolean primary, String rest) {
    String statement(String table) {
      return "CREATE "
          + (unique ? "UNIQUE " : "")
          + "INDEX "
          + Sql.quote(name)
          + " ON "
          + table
          + " "
          + rest;
    }
  }

  /** How it is called in the session in which it stands in. */
  String quoted() {
    return "pg_temp." + Sql.quote(name.name());
  }

  /** By how much its rows are more than those that stand in. */
  double factor() {
    return sampled == 0 ? 1 : (double) rows / sampled;
  }
}
