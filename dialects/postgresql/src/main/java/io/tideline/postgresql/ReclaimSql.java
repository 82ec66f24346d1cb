package io.tideline.postgresql;

/** The questions by which space is found that can be given back. Only of tables that are ours. */
final class ReclaimSql {
  private static final String OURS =
      """
      n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
        AND c.relpersistence <> 't' AND pg_catalog.pg_has_role(c.relowner, 'USAGE')""";

  /** Schema, table, bytes, dead rows, live rows. */
  static final String DEAD =
      """
      SELECT n.nspname, c.relname, pg_catalog.pg_table_size(c.oid), s.n_dead_tup, s.n_live_tup
      FROM pg_catalog.pg_stat_user_tables s
      JOIN pg_catalog.pg_class c ON c.oid = s.relid AND c.relkind IN ('r', 'm')
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE s.n_dead_tup >= 1000 AND s.n_dead_tup >= 0.1 * s.n_live_tup AND """
          + " "
          + OURS
          + " ORDER BY s.n_dead_tup DESC LIMIT 200";

  /** Schema, table, bytes, rows changed since, live rows. */
  static final String STALE =
      """
      SELECT n.nspname, c.relname, pg_catalog.pg_table_size(c.oid), s.n_mod_since_analyze,
        s.n_live_tup
      FROM pg_catalog.pg_stat_user_tables s
      JOIN pg_catalog.pg_class c ON c.oid = s.relid AND c.relkind IN ('r', 'm')
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE s.n_mod_since_analyze >= 1000 AND s.n_mod_since_analyze >= 0.1 * s.n_live_tup
        AND NOT (s.n_dead_tup >= 1000 AND s.n_dead_tup >= 0.1 * s.n_live_tup) AND """
          + " "
          + OURS
          + " ORDER BY s.n_mod_since_analyze DESC LIMIT 200";

  /** Schema, index, bytes: of rebuilds that failed, none of those that go on. */
  static final String REMNANTS =
      """
      SELECT n.nspname, c.relname, pg_catalog.pg_relation_size(c.oid), 0, 0
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid AND c.relkind = 'i'
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE NOT i.indisvalid AND """
          + " "
          + InvalidIndexCheck.REMNANT.formatted("c.relname")
          + " AND "
          + InvalidIndexCheck.LEFT
          + " AND "
          + OURS
          + " ORDER BY 1, 2";

  /** What inspections estimate, too; a constraint's that excludes cannot be built beside itself. */
  static final String BLOATED_INDEXES =
      """
      SELECT b.* FROM (%s) AS b
      JOIN pg_catalog.pg_class c ON c.oid = b.oid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid AND NOT i.indisexclusion
      WHERE 2 * b.expected < b.bytes AND %s
      ORDER BY b.partial, b.bytes DESC LIMIT 50"""
          .formatted(BloatSql.INDEXES.formatted("8388608"), OURS);

  static final String BLOATED_TABLES =
      """
      SELECT b.* FROM (%s) AS b
      JOIN pg_catalog.pg_class c ON c.oid = b.oid AND c.relkind = 'r'
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE 2 * b.expected < b.bytes AND %s
      ORDER BY b.bytes DESC LIMIT 20"""
          .formatted(BloatSql.TABLES.formatted("33554432"), OURS);

  private ReclaimSql() {}
}
