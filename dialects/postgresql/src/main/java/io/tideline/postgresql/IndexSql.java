package io.tideline.postgresql;

/** What is asked of one index, and of the sessions that build it. */
final class IndexSql {
  /** The arguments: whether nulls equal each other, since 15; the schema and the name. */
  static final String NAMED =
      """
      SELECT c.relkind, c.oid, COALESCE(i.indrelid, 0) AS table_oid, t.relname AS table_name,
        COALESCE(i.indisvalid AND i.indisready, false) AS valid, i.indisunique, m.amname,
        %%s AS nulls_equal, COALESCE(pg_catalog.pg_get_expr(i.indpred, i.indrelid), '') AS predicate,
        COALESCE(CASE
          WHEN i.indisprimary THEN 'the primary key stands on it'
          WHEN i.indexrelid IN (SELECT k.conindid FROM pg_catalog.pg_constraint k)
            OR i.indisexclusion THEN 'a constraint stands on it'
          WHEN i.indisreplident THEN 'it is the replica identity of its table'
          WHEN c.relispartition THEN 'it is a part of the index of a partitioned table'
          END, '') AS needed,
        COALESCE(i.indisvalid OR %s, false) AS settled,
        COALESCE(pg_catalog.obj_description(c.oid, 'pg_class'), '') AS comment,
        CASE WHEN c.relkind = 'i' THEN pg_catalog.pg_relation_size(c.oid) END AS bytes
      FROM pg_catalog.pg_class c
      LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
      LEFT JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
      LEFT JOIN pg_catalog.pg_am m ON m.oid = c.relam AND c.relkind IN ('i', 'I')
      WHERE c.relnamespace = (SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname = %%s)
        AND c.relname = %%s"""
          .formatted(InvalidIndexCheck.LEFT);

  /** The argument: the index. What is beyond its keys is included. */
  static final String PARTS =
      """
      SELECT k.i <= i.indnkeyatts AS key, a.attname::pg_catalog.text AS column_name,
        pg_catalog.pg_get_indexdef(i.indexrelid, k.i, false) AS expression,
        i.indcollation[k.i - 1]::pg_catalog.regcollation::pg_catalog.text AS collation,
        COALESCE(a.attcollation, 0) = i.indcollation[k.i - 1] AS own_collation,
        o.opcname::pg_catalog.text AS operators,
        COALESCE(o.opcdefault, true) AND x.attoptions IS NULL AS usual_operators,
        COALESCE(i.indoption[k.i - 1], 0) AS options
      FROM pg_catalog.pg_index i
      CROSS JOIN LATERAL pg_catalog.generate_series(1, i.indnatts) AS k(i)
      LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid
        AND a.attnum = i.indkey[k.i - 1] AND a.attnum > 0
      LEFT JOIN pg_catalog.pg_attribute x ON x.attrelid = i.indexrelid AND x.attnum = k.i
      LEFT JOIN pg_catalog.pg_opclass o ON o.oid = i.indclass[k.i - 1]
      WHERE i.indexrelid = %s ORDER BY k.i""";

  /** The argument: the table. Of another role's session the numbers may be hidden. */
  static final String BUILDERS =
      """
      SELECT p.pid, COALESCE(NULLIF(a.application_name, ''), a.usename::pg_catalog.text, '') AS who,
        p.phase
      FROM pg_catalog.pg_stat_progress_create_index p
      LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = p.pid
      WHERE p.relid = %1$s OR EXISTS (
        SELECT FROM pg_catalog.pg_locks l WHERE l.pid = p.pid AND l.locktype = 'relation'
          AND l.relation = %1$s AND l.mode = 'ShareUpdateExclusiveLock' AND l.granted)""";

  /** The argument: the session that builds. */
  static final String PROGRESS =
      """
      SELECT p.phase, p.blocks_done, p.blocks_total, p.tuples_done, p.tuples_total, p.lockers_done,
        p.lockers_total, p.current_locker_pid AS locker,
        COALESCE(NULLIF(a.application_name, ''), a.usename::pg_catalog.text, '') AS who,
        COALESCE(a.state, '') AS state,
        pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.xact_start) AS open
      FROM pg_catalog.pg_stat_progress_create_index p
      LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = p.current_locker_pid
      WHERE p.pid = %s""";

  /** Who a session waits for before its build shows itself. The argument: the session. */
  static final String WAITING =
      """
      SELECT b.pid, COALESCE(NULLIF(a.application_name, ''), a.usename::pg_catalog.text, '') AS who,
        COALESCE(a.state, '') AS state,
        pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.xact_start) AS open
      FROM pg_catalog.unnest(pg_catalog.pg_blocking_pids(%s)) AS b(pid)
      LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid LIMIT 1""";

  /** The argument: the table. To make an index needs the owner, and the schema's CREATE. */
  static final String RIGHTS =
      """
      SELECT CASE
        WHEN NOT pg_catalog.pg_has_role(c.relowner, 'USAGE') THEN 'owner'
        WHEN NOT pg_catalog.has_schema_privilege(c.relnamespace, 'CREATE') THEN 'schema'
        WHEN pg_catalog.pg_is_in_recovery() THEN 'standby'
        ELSE '' END || ' ' || pg_catalog.pg_get_userbyid(c.relowner)
      FROM pg_catalog.pg_class c WHERE c.oid = %s""";

  /** The argument: the table. ANALYZE counts the rows of partitions for their table once more. */
  static final String SIZE =
      """
      SELECT COALESCE(pg_catalog.sum(GREATEST(c.reltuples, 0)), 0)::pg_catalog.int8,
        COALESCE(pg_catalog.sum(pg_catalog.pg_relation_size(c.oid)), 0)::pg_catalog.int8,
        pg_catalog.bool_or(c.reltuples < 0)
      FROM pg_catalog.pg_class c
      WHERE c.relkind <> 'p' AND (c.oid = %1$s OR c.oid IN (
        SELECT t.relid FROM pg_catalog.pg_partition_tree(%1$s::pg_catalog.oid) AS t))""";

  /** The arguments: schema, table, columns. */
  static final String WIDTHS =
      """
      SELECT COALESCE(pg_catalog.sum(s.avg_width), 0)::pg_catalog.int8, pg_catalog.count(*)
      FROM pg_catalog.pg_stats s
      WHERE s.schemaname = %s AND s.tablename = %s AND s.attname IN (%s)""";

  /** The argument: the table. Itself, what is partitioned below it, and what holds rows. */
  static final String TREE =
      """
      SELECT t.relid::pg_catalog.oid AS oid, n.nspname, c.relname, c.relkind,
        COALESCE(t.parentrelid::pg_catalog.oid, 0) AS parent
      FROM pg_catalog.pg_partition_tree(%s::pg_catalog.oid) AS t
      JOIN pg_catalog.pg_class c ON c.oid = t.relid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      ORDER BY t.level, n.nspname COLLATE "C", c.relname COLLATE "C\"""";

  private IndexSql() {}
}
