package io.tideline.postgresql;

/** The questions behind a stand-in. */
final class StandInSql {
  /**
   * A table: what it is, about how many rows it has, and its bytes. Rows by the density that the
   * planner knows and the pages of now, as the planner itself reckons; negative if nobody knows.
   *
   * @see <a href="https://www.postgresql.org/docs/current/row-estimation-examples.html">estimates
   *     of rows</a>
   */
  static final String TABLE =
      """
      WITH RECURSIVE parts AS (
        SELECT c.oid FROM pg_catalog.pg_class c
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ? AND c.relname = ?
        UNION ALL
        SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN parts p ON p.oid = i.inhparent
      )
      SELECT (SELECT c.relkind FROM pg_catalog.pg_class c WHERE c.oid = t.oid) AS kind,
        (SELECT c.oid FROM pg_catalog.pg_class c WHERE c.oid = t.oid)::pg_catalog.int8 AS oid,
        (SELECT pg_catalog.sum(CASE WHEN c.relpages > 0 AND c.reltuples >= 0
            THEN c.reltuples / c.relpages * (pg_catalog.pg_relation_size(c.oid)
              / pg_catalog.current_setting('block_size')::pg_catalog.int8)
            WHEN pg_catalog.pg_relation_size(c.oid) = 0 THEN 0
            ELSE -1e15 END)
          FROM parts p JOIN pg_catalog.pg_class c ON c.oid = p.oid
          WHERE c.relkind IN ('r', 'm'))::pg_catalog.int8 AS rows,
        (SELECT pg_catalog.sum(pg_catalog.pg_table_size(c.oid))
          FROM parts p JOIN pg_catalog.pg_class c ON c.oid = p.oid
          WHERE c.relkind IN ('r', 'm'))::pg_catalog.int8 AS bytes
      FROM (SELECT oid FROM parts LIMIT 1) t""";

  /** What follows the table in the statement of each of its indexes. */
  static final String INDEXES =
      """
      SELECT x.relname, i.indisunique, i.indisprimary,
        pg_catalog.substr(d.def, pg_catalog.strpos(d.def, d.target)
          + pg_catalog.length(d.target)) AS rest
      FROM pg_catalog.pg_index i
        JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
        JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        CROSS JOIN LATERAL (SELECT pg_catalog.pg_get_indexdef(i.indexrelid) AS def,
          pg_catalog.format('%I.%I ', n.nspname, c.relname) AS target) d
      WHERE i.indrelid = ?::pg_catalog.oid AND i.indisvalid
      ORDER BY x.relname""";

  /** What the planner knows of the numbers of different values in a table's columns. */
  static final String DISTINCT =
      """
      SELECT s.attname, pg_catalog.max(s.n_distinct) FROM pg_catalog.pg_stats s
      WHERE s.schemaname = ? AND s.tablename = ? AND s.n_distinct <> 0
        AND s.inherited = (? = 'p')
      GROUP BY s.attname""";

  /**
   * Only of temporary tables of this session, which end with it.
   *
   * @see <a href="https://www.postgresql.org/docs/current/catalog-pg-class.html">reltuples</a>
   */
  static final String SCALE =
      """
      UPDATE pg_catalog.pg_class SET reltuples = ?
      WHERE oid = pg_catalog.to_regclass(?) AND relnamespace = pg_catalog.pg_my_temp_schema()""";

  static final String SUPERUSER = "SELECT pg_catalog.current_setting('is_superuser') = 'on'";

  /** The schemas in which a name without one is looked for. */
  static final String SCHEMAS =
      "SELECT s FROM pg_catalog.unnest(pg_catalog.current_schemas(false)) AS s";

  static final String OWN_SCHEMA =
      """
      SELECT n.nspname FROM pg_catalog.pg_namespace n
      WHERE n.oid = pg_catalog.pg_my_temp_schema()""";

  static final String VIEW = "SELECT pg_catalog.pg_get_viewdef(?::pg_catalog.oid)";

  private StandInSql() {}
}
