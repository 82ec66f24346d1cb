package io.tideline.postgresql;

/**
 * How many pages tables and indexes would need, by what the planner knows of their rows. A page has
 * 24 bytes of its own, a row 24 and a pointer of 4, rounded up to 8; what fillfactor reserves is no
 * bloat.
 *
 * @see <a href="https://www.postgresql.org/docs/current/storage-page-layout.html">Page layout</a>
 */
final class BloatSql {
  private static final String FILL =
      """
      COALESCE((SELECT x.option_value::pg_catalog.float8
        FROM pg_catalog.pg_options_to_table(%s.reloptions) AS x
        WHERE x.option_name = 'fillfactor'), %s) / 100""";

  /** The argument: the fewest pages that are looked at. */
  static final String TABLES =
      """
      WITH large AS (
        SELECT c.oid, n.nspname, c.relname, c.relpages::pg_catalog.int8 AS pages,
          c.reltuples::pg_catalog.float8 AS rows, %s AS fill,
          (SELECT pg_catalog.count(*) FROM pg_catalog.pg_attribute a
           WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE %s AND c.relpages >= %%1$s AND c.reltuples >= 0),
      widths AS (
        SELECT l.oid, pg_catalog.sum((1 - s.null_frac) * s.avg_width) AS width,
          pg_catalog.count(*) AS columns, pg_catalog.max(s.null_frac) > 0 AS nulls
        FROM large l JOIN pg_catalog.pg_stats s
          ON s.schemaname = l.nspname AND s.tablename = l.relname AND NOT s.inherited
        GROUP BY l.oid)
      SELECT l.oid::pg_catalog.int8 AS oid, l.nspname, l.relname, l.pages,
        CASE WHEN l.rows = 0 THEN 0 ELSE pg_catalog.ceil(l.rows * (28 + 8 * pg_catalog.ceil((w.width
          + CASE WHEN w.nulls THEN pg_catalog.ceil(l.columns / 8.0) ELSE 0 END) / 8))
          / (8168 * l.fill)) END::pg_catalog.int8 AS expected,
        l.fill
      FROM large l LEFT JOIN widths w ON w.oid = l.oid
      WHERE l.rows = 0 OR w.columns = l.columns
      ORDER BY 4 DESC"""
          .formatted(FILL.formatted("c", "100"), HealthSql.VISIBLE);

  /** Four chunks of a large value fill a page: it needs so many at most. */
  static final String TOAST =
      """
      SELECT t.oid::pg_catalog.int8 AS oid, n.nspname, c.relname,
        t.relpages::pg_catalog.int8 AS pages,
        pg_catalog.ceil(GREATEST(t.reltuples, 0) / 4.0)::pg_catalog.int8 AS expected,
        1::pg_catalog.float8 AS fill
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid
      WHERE %s AND t.relpages >= %%1$s AND t.reltuples >= 0
      ORDER BY 4 DESC"""
          .formatted(HealthSql.VISIBLE);

  /** Entries of 8 bytes, a pointer of 4 and the columns; repeats are kept once and take less. */
  static final String INDEXES =
      """
      WITH large AS (
        SELECT i.indexrelid, i.indrelid, i.indkey, i.indnatts, n.nspname, c.relname AS table_name,
          x.relname, x.relpages::pg_catalog.int8 AS pages, x.reltuples::pg_catalog.float8 AS rows,
          %s AS fill
        FROM pg_catalog.pg_index i
        JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid AND x.relam = 403 AND x.relkind = 'i'
        JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE %s AND x.relpages >= %%1$s AND x.reltuples >= 0 AND i.indisvalid
          AND i.indexprs IS NULL)
      SELECT l.indexrelid::pg_catalog.int8 AS oid, l.nspname, l.relname, l.pages,
        pg_catalog.ceil(l.rows * (12 + 8 * pg_catalog.ceil(
          pg_catalog.sum((1 - s.null_frac) * s.avg_width) / 8)) / (8152 * l.fill))
          ::pg_catalog.int8 + 1 AS expected,
        l.fill
      FROM large l
      CROSS JOIN LATERAL pg_catalog.unnest(l.indkey::pg_catalog.int2[]) AS k(num)
      JOIN pg_catalog.pg_attribute a ON a.attrelid = l.indrelid AND a.attnum = k.num
      JOIN pg_catalog.pg_stats s ON s.schemaname = l.nspname AND s.tablename = l.table_name
        AND s.attname = a.attname AND NOT s.inherited
      GROUP BY l.indexrelid, l.nspname, l.relname, l.pages, l.rows, l.fill, l.indnatts
      HAVING pg_catalog.count(*) = l.indnatts
      ORDER BY 4 DESC"""
          .formatted(FILL.formatted("x", "90"), HealthSql.VISIBLE);

  private BloatSql() {}
}
