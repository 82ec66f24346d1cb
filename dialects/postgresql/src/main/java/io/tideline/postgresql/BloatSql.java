package io.tideline.postgresql;

/**
 * How many bytes tables and indexes would need, by what the planner knows of their rows. A page has
 * 24 bytes of its own, a row 23 and a pointer of 4; what fillfactor reserves is no bloat, and
 * neither is the end of a page into which no row fits.
 *
 * @see <a href="https://www.postgresql.org/docs/current/storage-page-layout.html">Page layout</a>
 */
final class BloatSql {
  private static final String FILL =
      """
      COALESCE((SELECT x.option_value::pg_catalog.float8
        FROM pg_catalog.pg_options_to_table(%s.reloptions) AS x
        WHERE x.option_name = 'fillfactor'), %s) / 100""";

  /**
   * The argument: the fewest bytes that are looked at. Columns stand at multiples of their
   * alignment: each begins a group that ends, as the row does, at one. Short values of variable
   * length, and those that seldom are there, move nothing.
   */
  static final String TABLES =
      """
      WITH large AS (
        SELECT c.oid, n.nspname, c.relname, p.size, c.relpages * p.size AS bytes,
          c.reltuples::pg_catalog.float8 AS rows, (p.size - 24) * %s AS usable,
          (SELECT pg_catalog.count(*) FROM pg_catalog.pg_attribute a
           WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        CROSS JOIN (SELECT %s AS size) AS p
        WHERE %s AND c.relpages * p.size >= %%1$s AND c.reltuples >= 0),
      aligned AS (
        SELECT l.oid, a.attnum, s.null_frac, (1 - s.null_frac) * s.avg_width AS width,
          CASE WHEN s.null_frac > 0.5 OR a.attlen = -1 AND s.avg_width < 127 THEN 1
            WHEN a.attalign = 'd' THEN 8 WHEN a.attalign = 'i' THEN 4 WHEN a.attalign = 's' THEN 2
            ELSE 1 END AS align
        FROM large l
        JOIN pg_catalog.pg_attribute a ON a.attrelid = l.oid AND a.attnum > 0
          AND NOT a.attisdropped
        JOIN pg_catalog.pg_stats s ON s.schemaname = l.nspname AND s.tablename = l.relname
          AND s.attname = a.attname AND NOT s.inherited),
      grouped AS (
        SELECT a.oid, a.null_frac, a.width,
          pg_catalog.count(*) FILTER (WHERE a.align >= 8) OVER w AS eights,
          pg_catalog.count(*) FILTER (WHERE a.align >= 4) OVER w AS fours,
          pg_catalog.count(*) FILTER (WHERE a.align >= 2) OVER w AS twos
        FROM aligned a WINDOW w AS (PARTITION BY a.oid ORDER BY a.attnum)),
      by_two AS (
        SELECT g.oid, g.eights, g.fours, 2 * pg_catalog.ceil(pg_catalog.sum(g.width) / 2) AS width,
          pg_catalog.count(*) AS columns, pg_catalog.max(g.null_frac) AS nulls
        FROM grouped g GROUP BY g.oid, g.eights, g.fours, g.twos),
      by_four AS (
        SELECT g.oid, g.eights, 4 * pg_catalog.ceil(pg_catalog.sum(g.width) / 4) AS width,
          pg_catalog.sum(g.columns) AS columns, pg_catalog.max(g.nulls) AS nulls
        FROM by_two g GROUP BY g.oid, g.eights, g.fours),
      by_eight AS (
        SELECT g.oid, 8 * pg_catalog.ceil(pg_catalog.sum(g.width) / 8) AS width,
          pg_catalog.sum(g.columns) AS columns, pg_catalog.max(g.nulls) AS nulls
        FROM by_four g GROUP BY g.oid, g.eights),
      lengths AS (
        SELECT g.oid, pg_catalog.sum(g.columns) AS columns,
          4 + 8 * pg_catalog.ceil((23 + CASE WHEN pg_catalog.max(g.nulls) > 0
            THEN pg_catalog.ceil(pg_catalog.sum(g.columns) / 8.0) ELSE 0 END) / 8)
            + pg_catalog.sum(g.width) AS length
        FROM by_eight g GROUP BY g.oid)
      SELECT l.oid::pg_catalog.int8 AS oid, l.nspname, l.relname, l.bytes,
        COALESCE(e.pages * l.size, 0)::pg_catalog.int8 AS expected,
        COALESCE(e.pages * GREATEST(0, l.usable - e.fit * e.length), 0)::pg_catalog.int8 AS unfit,
        false AS partial
      FROM large l
      LEFT JOIN (SELECT w.oid, w.columns, w.length, f.fit, pg_catalog.ceil(o.rows / f.fit) AS pages
        FROM lengths w JOIN large o ON o.oid = w.oid
        CROSS JOIN LATERAL (SELECT GREATEST(1, pg_catalog.floor(o.usable / w.length)) AS fit) AS f)
        AS e ON e.oid = l.oid
      WHERE l.rows = 0 OR e.columns = l.columns
      ORDER BY 4 DESC"""
          .formatted(FILL.formatted("c", "100"), HealthSql.PAGE, HealthSql.VISIBLE);

  /** Four chunks of a large value fill a page: it needs so many at most. */
  static final String TOAST =
      """
      SELECT t.oid::pg_catalog.int8 AS oid, n.nspname, c.relname, t.relpages * p.size AS bytes,
        (pg_catalog.ceil(GREATEST(t.reltuples, 0) / 4.0) * p.size)::pg_catalog.int8 AS expected,
        0 AS unfit, false AS partial
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid
      CROSS JOIN (SELECT %s AS size) AS p
      WHERE %s AND t.relpages * p.size >= %%1$s AND t.reltuples >= 0
      ORDER BY 4 DESC"""
          .formatted(HealthSql.PAGE, HealthSql.VISIBLE);

  /**
   * Entries of 8 bytes, a pointer of 4 and the columns; repeats are kept once and take less. The
   * widths are those of all rows, which an index of some need not have: often it is made of those
   * that have a value.
   */
  static final String INDEXES =
      """
      WITH large AS (
        SELECT i.indexrelid, i.indrelid, i.indkey, i.indnatts, n.nspname, c.relname AS table_name,
          x.relname, i.indpred IS NOT NULL AS partial, p.size, x.relpages * p.size AS bytes,
          x.reltuples::pg_catalog.float8 AS rows, %s AS fill
        FROM pg_catalog.pg_index i
        JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid AND x.relam = 403 AND x.relkind = 'i'
        JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        CROSS JOIN (SELECT %s AS size) AS p
        WHERE %s AND x.relpages * p.size >= %%1$s AND x.reltuples >= 0 AND i.indisvalid
          AND i.indexprs IS NULL)
      SELECT l.indexrelid::pg_catalog.int8 AS oid, l.nspname, l.relname, l.bytes,
        (l.size * (1 + pg_catalog.ceil(l.rows * (12 + 8 * pg_catalog.ceil(
          pg_catalog.sum(CASE WHEN l.partial THEN 1 ELSE 1 - s.null_frac END * s.avg_width) / 8))
          / ((l.size - 40) * l.fill))))::pg_catalog.int8 AS expected,
        0 AS unfit, l.partial
      FROM large l
      CROSS JOIN LATERAL pg_catalog.unnest(l.indkey::pg_catalog.int2[]) AS k(num)
      JOIN pg_catalog.pg_attribute a ON a.attrelid = l.indrelid AND a.attnum = k.num
      JOIN pg_catalog.pg_stats s ON s.schemaname = l.nspname AND s.tablename = l.table_name
        AND s.attname = a.attname AND NOT s.inherited
      GROUP BY l.indexrelid, l.nspname, l.relname, l.bytes, l.size, l.rows, l.fill, l.indnatts,
        l.partial
      HAVING pg_catalog.count(*) = l.indnatts
      ORDER BY 4 DESC"""
          .formatted(FILL.formatted("x", "90"), HealthSql.PAGE, HealthSql.VISIBLE);

  private BloatSql() {}
}
