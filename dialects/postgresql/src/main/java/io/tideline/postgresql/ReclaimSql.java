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
      WHERE NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$'
        AND """
          + " "
          + InvalidIndexCheck.LEFT
          + " AND "
          + OURS
          + " ORDER BY 1, 2";

  /**
   * Schema, index, bytes, bytes that its rows should take, oid: from the widths that ANALYZE noted,
   * with the header and pointer of each entry and pages nine tenths full. Indexes whose equal keys
   * are kept once take less, and are never found bloated by it.
   */
  static final String BLOATED_INDEXES =
      """
      SELECT n.nspname, c.relname, pg_catalog.pg_relation_size(c.oid) AS bytes,
        (c.reltuples * (12 + 8 * ceil(sum(w.avg_width) / 8.0)) / 0.9)::pg_catalog.int8 AS wanted,
        c.oid::pg_catalog.int8
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid AND c.relkind = 'i'
      JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_am m ON m.oid = c.relam AND m.amname = 'btree'
      JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
      JOIN pg_catalog.pg_stats w
        ON w.schemaname = n.nspname AND w.tablename = t.relname AND w.attname = a.attname
          AND NOT w.inherited
      WHERE i.indisvalid AND NOT i.indisexclusion AND i.indexprs IS NULL AND i.indpred IS NULL
        AND c.reltuples >= 0 AND pg_catalog.pg_relation_size(c.oid) >= 8388608 AND """
          + " "
          + OURS
          + """
       GROUP BY n.nspname, c.relname, c.oid, c.reltuples
      HAVING 2 * (c.reltuples * (12 + 8 * ceil(sum(w.avg_width) / 8.0)) / 0.9)
        < pg_catalog.pg_relation_size(c.oid)
      ORDER BY bytes DESC LIMIT 50""";

  /** Schema, table, bytes, bytes that its rows should take by the same widths, oid. */
  static final String BLOATED_TABLES =
      """
      SELECT n.nspname, c.relname, pg_catalog.pg_relation_size(c.oid) AS bytes,
        (c.reltuples * (28 + sum(w.avg_width)) / 0.9)::pg_catalog.int8, c.oid::pg_catalog.int8
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_stats w ON w.schemaname = n.nspname AND w.tablename = c.relname
      WHERE c.relkind = 'r' AND c.reltuples >= 0 AND NOT w.inherited
        AND pg_catalog.pg_relation_size(c.oid) >= 33554432 AND """
          + " "
          + OURS
          + """
       GROUP BY n.nspname, c.relname, c.oid, c.reltuples
      HAVING 2 * (c.reltuples * (28 + sum(w.avg_width)) / 0.9)
        < pg_catalog.pg_relation_size(c.oid)
      ORDER BY bytes DESC LIMIT 20""";

  private ReclaimSql() {}
}
