package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** What plans do not say of the tables and indexes that they name. */
final class Relations {
  /** https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-PARTITION */
  private static final String INDEXES =
      """
      SELECT n.nspname, c.relname, coalesce(r.relname, c.relname),
        pg_catalog.pg_get_indexdef(c.oid, 1, true), a.amname = 'btree'
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_am a ON a.oid = c.relam
      LEFT JOIN pg_catalog.pg_class r ON r.oid = pg_catalog.pg_partition_root(c.oid)
      WHERE c.relkind IN ('i', 'I')
      """;

  private static final String PARTITIONS =
      """
      SELECT n.nspname, c.relname, rn.nspname, r.relname
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_class r ON r.oid = pg_catalog.pg_partition_root(c.oid)
      JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
      WHERE c.relispartition AND c.relkind IN ('r', 'p', 'f')
      """;

  private final Map<TableName, Index> indexes = new HashMap<>();
  private final Map<TableName, TableName> parents = new HashMap<>();

  /**
   * An index.
   *
   * @param name its name, or its parent's where a partition has it
   * @param leads its first column or expression
   * @param ordered whether only its first columns can be sought by
   */
  record Index(String name, String leads, boolean ordered) {}

  static Relations read(Session session) throws SQLException {
    Relations relations = new Relations();
    try (Statement statement = session.statement()) {
      try (ResultSet rows = statement.executeQuery(INDEXES)) {
        while (rows.next()) {
          relations.add(
              new TableName(rows.getString(1), rows.getString(2)),
              new Index(rows.getString(3), rows.getString(4), rows.getBoolean(5)));
        }
      }
      try (ResultSet rows = statement.executeQuery(PARTITIONS)) {
        while (rows.next()) {
          relations.parents.put(
              new TableName(rows.getString(1), rows.getString(2)),
              new TableName(rows.getString(3), rows.getString(4)));
        }
      }
    }
    return relations;
  }

  void add(TableName name, Index index) {
    indexes.put(name, index);
  }

  /** Whether an index was there when they were read. */
  boolean knows(String name) {
    return indexes.keySet().stream().anyMatch(index -> index.name().equals(name));
  }

  Index index(String schema, String name) {
    return indexes.getOrDefault(new TableName(schema, name), new Index(name, "", false));
  }

  /** The table, or the one that it is a partition of, with its schema. */
  String table(String schema, String name) {
    TableName own = new TableName(schema, name);
    TableName whole = parents.getOrDefault(own, own);
    return whole.schema() + "." + whole.name();
  }
}
