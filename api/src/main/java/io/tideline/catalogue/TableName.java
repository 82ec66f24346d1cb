package io.tideline.catalogue;

/**
 * A table's full name.
 *
 * @param schema the schema; {@code main} on SQLite
 * @param name the table, as the catalogue spells it
 */
public record TableName(String schema, String name) implements Comparable<TableName> {
  @Override
  public int compareTo(TableName other) {
    int bySchema = schema.compareTo(other.schema);
    return bySchema != 0 ? bySchema : name.compareTo(other.name);
  }

  /** The name as a person writes it: without the schema where it is the usual one. */
  @Override
  public String toString() {
    return schema.equals("main") || schema.equals("public") ? name : schema + "." + name;
  }
}
