package io.tideline.postgresql;

/**
 * One query for each kind of thing, over all tables at once: asking per table would take minutes
 * where there are thousands.
 */
final class HealthSql {
  /** Which tables count, as a condition on {@code c} and {@code n}. */
  static final String VISIBLE =
      """
      c.relkind IN ('r', 'm') AND c.relpersistence <> 't'
        AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_'""";

  /** The bytes of a page, which are a server's own since it was compiled. */
  static final String PAGE = "pg_catalog.current_setting('block_size')::pg_catalog.int8";

  static final String TABLES =
      """
      WITH leaf AS (
        SELECT CASE WHEN c.relispartition THEN pg_catalog.pg_partition_root(c.oid)::pg_catalog.oid
            ELSE c.oid END AS root,
          c.reltuples, pg_catalog.pg_stat_get_live_tuples(c.oid) AS live,
          %%s
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE %s)
      SELECT n.nspname, c.relname,
        pg_catalog.sum(CASE WHEN l.reltuples >= 0 THEN l.reltuples ELSE l.live END)
          ::pg_catalog.int8 AS rows,
        pg_catalog.bool_or(l.reltuples < 0) AS counted,
        pg_catalog.sum(l.heap)::pg_catalog.int8 AS heap,
        pg_catalog.sum(l.indexes)::pg_catalog.int8 AS indexes,
        pg_catalog.sum(l.toast)::pg_catalog.int8 AS toast
      FROM leaf l JOIN pg_catalog.pg_class c ON c.oid = l.root
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      GROUP BY n.nspname, c.relname
      """
          .formatted(VISIBLE);

  /** What the files have; it waits for whoever holds a table exclusively. */
  static final String SIZES =
      """
      COALESCE(pg_catalog.pg_relation_size(c.oid), 0) AS heap,
      COALESCE(pg_catalog.pg_indexes_size(c.oid), 0) AS indexes,
      COALESCE(pg_catalog.pg_total_relation_size(NULLIF(c.reltoastrelid, 0)), 0) AS toast""";

  /** What the last VACUUM or ANALYZE saw; it waits for nobody. */
  static final String PAGES =
      """
      c.relpages * %1$s AS heap,
      COALESCE((SELECT pg_catalog.sum(x.relpages) FROM pg_catalog.pg_index i
        JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = c.oid), 0)
        * %1$s AS indexes,
      COALESCE((SELECT x.relpages FROM pg_catalog.pg_class x WHERE x.oid = c.reltoastrelid), 0)
        * %1$s AS toast"""
          .formatted(PAGE);

  /**
   * The argument: whether nulls equal each other, since 15. Sizes are those of the last VACUUM,
   * ANALYZE or build: to ask the files of 20,000 indexes takes a second.
   */
  static final String INDEXES =
      """
      WITH keys AS (
        SELECT i.indexrelid, pg_catalog.array_agg(COALESCE(a.attname::pg_catalog.text, '')
          ORDER BY k.place) AS columns,
          pg_catalog.array_agg(COALESCE(o.attoptions::pg_catalog.text, '') ORDER BY k.place)
            AS settings
        FROM pg_catalog.pg_index i
        CROSS JOIN LATERAL pg_catalog.unnest(i.indkey) WITH ORDINALITY AS k(num, place)
        LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.num
          AND a.attnum > 0
        LEFT JOIN pg_catalog.pg_attribute o ON o.attrelid = i.indexrelid AND o.attnum = k.place
        GROUP BY i.indexrelid)
      SELECT n.nspname, c.relname AS table_name, x.relname, m.amname, y.columns, i.indnkeyatts,
        CASE WHEN i.indexprs IS NULL THEN NULL ELSE
          ARRAY(SELECT pg_catalog.pg_get_indexdef(i.indexrelid, k.i + 1, true)
                FROM pg_catalog.generate_series(0, i.indnkeyatts - 1) AS k(i)
                ORDER BY k.i) END AS expressions,
        i.indcollation::pg_catalog.text AS collations, i.indclass::pg_catalog.text AS classes,
        y.settings, COALESCE((SELECT pg_catalog.max(u.option_value)
          FROM pg_catalog.pg_options_to_table(x.reloptions) AS u
          WHERE u.option_name = 'pages_per_range'), '') AS coarse,
        i.indoption::pg_catalog.text AS options,
        COALESCE(pg_catalog.pg_get_expr(i.indpred, i.indrelid, true), '') AS predicate,
        i.indisunique AND i.indimmediate AS indisunique, %%s AS nulls_equal,
        i.indisprimary OR i.indisreplident OR i.indisexclusion
          OR i.indexrelid IN (SELECT k.conindid FROM pg_catalog.pg_constraint k) AS needed,
        i.indisvalid AND i.indisready AS valid, x.relispartition AS part,
        CASE WHEN x.relkind = 'I' THEN
          (SELECT pg_catalog.sum(pg_catalog.pg_stat_get_numscans(t.relid))
           FROM pg_catalog.pg_partition_tree(x.oid) AS t WHERE t.isleaf)
          ELSE pg_catalog.pg_stat_get_numscans(x.oid) END AS scans,
        CASE WHEN x.relkind = 'I' THEN
          (SELECT pg_catalog.sum(l.relpages)::pg_catalog.int8
           FROM pg_catalog.pg_partition_tree(x.oid) AS t
           JOIN pg_catalog.pg_class l ON l.oid = t.relid WHERE t.isleaf)
          ELSE x.relpages END * %s AS bytes
      FROM pg_catalog.pg_index i
      JOIN keys y ON y.indexrelid = i.indexrelid
      JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
      JOIN pg_catalog.pg_am m ON m.oid = x.relam
      JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'm', 'p') AND c.relpersistence <> 't'
        AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_'
      """
          .formatted(PAGE);

  static final String FOREIGN_KEYS =
      """
      SELECT k.conname, fn.nspname AS from_schema, f.relname AS from_name, f.relkind = 'p' AS parted,
        tn.nspname AS to_schema, t.relname AS to_name,
        ARRAY(SELECT a.attname::pg_catalog.text
              FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY AS u(num, i)
              JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num
              ORDER BY u.i) AS columns
      FROM pg_catalog.pg_constraint k
      JOIN pg_catalog.pg_class f ON f.oid = k.conrelid
      JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace
      JOIN pg_catalog.pg_class t ON t.oid = k.confrelid
      JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
      WHERE k.contype = 'f' AND k.conparentid = 0
      ORDER BY fn.nspname COLLATE "C", f.relname COLLATE "C", k.conname COLLATE "C"
      """;

  static final String STATISTICS =
      """
      SELECT (pg_catalog.date_part('epoch', d.stats_reset) * 1000)::pg_catalog.int8,
        (SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_replication)
          + pg_catalog.pg_is_in_recovery()::pg_catalog.int4
      FROM pg_catalog.pg_stat_database d WHERE d.datname = pg_catalog.current_database()
      """;

  static final String CONNECTIONS =
      """
      SELECT COALESCE(a.state, 'hidden'), pg_catalog.count(*)
      FROM pg_catalog.pg_stat_activity a
      WHERE a.backend_type = 'client backend' OR a.backend_type IS NULL AND a.datname IS NOT NULL
      GROUP BY 1 ORDER BY 2 DESC, 1
      """;

  private HealthSql() {}
}
