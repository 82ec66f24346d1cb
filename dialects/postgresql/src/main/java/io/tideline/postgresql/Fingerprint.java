package io.tideline.postgresql;

/**
 * A digest of all that decides what a DELETE on a table does: columns, constraints in and out,
 * unique indexes, triggers with their functions, rules, row security, the table's place among
 * partitions and parents, its replica identity, the rights that the role has. The same expression
 * serves the catalogue and the check inside each transaction; every part is found through an index
 * of the catalogue, so that it takes well under a millisecond a table.
 *
 * <p>Incoming foreign keys are found through the triggers that PostgreSQL puts on the table
 * referred to, because {@code pg_constraint} has no index over {@code confrelid}. Of a partitioned
 * table the triggers and constraints of its partitions count too, but not their copies of the
 * table's own, so that a new partition changes nothing.
 */
final class Fingerprint {
  /** The digest of the row {@code c} of {@code pg_class}, with {@link #PARTS} joined. */
  static final String DIGEST =
      """
      pg_catalog.md5(pg_catalog.concat_ws(E'\\n',
        c.relkind, c.relpersistence, c.relowner, c.relreplident,
        c.relrowsecurity, c.relforcerowsecurity,
        (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', y.polname, y.polcmd, y.polpermissive,
             y.polroles, pg_catalog.pg_get_expr(y.polqual, y.polrelid)), ',' ORDER BY y.polname)
         FROM pg_catalog.pg_policy y WHERE y.polrelid = c.oid),
        (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', h.inhparent, h.inhdetachpending),
             ',' ORDER BY h.inhseqno)
         FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid),
        pg_catalog.pg_get_expr(c.relpartbound, c.oid),
        pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE'),
        pg_catalog.has_table_privilege(c.oid, 'SELECT'),
        pg_catalog.has_table_privilege(c.oid, 'DELETE'),
        pg_catalog.has_any_column_privilege(c.oid, 'UPDATE'),
        (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', a.attnum, a.attname,
             pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
             a.attgenerated, CASE WHEN a.attgenerated <> '' THEN
               (SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid) FROM pg_catalog.pg_attrdef d
                WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum) END),
             ',' ORDER BY a.attnum)
         FROM pg_catalog.pg_attribute a
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
        (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ',
             pg_catalog.pg_get_triggerdef(t.oid), t.tgenabled, pg_catalog.md5(p.prosrc)),
             ',' ORDER BY t.tgrelid, t.tgname)
         FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
         WHERE t.tgrelid = ANY (parts.oids) AND NOT t.tgisinternal
           AND (t.tgparentid = 0 OR t.tgrelid = c.oid)),
        (SELECT pg_catalog.string_agg(t.tgenabled::pg_catalog.text, ',' ORDER BY t.oid)
         FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND t.tgisinternal),
        (SELECT pg_catalog.string_agg(pg_catalog.pg_get_ruledef(r.oid) || r.ev_enabled::pg_catalog.text,
             ',' ORDER BY r.oid)
         FROM pg_catalog.pg_rewrite r WHERE r.ev_class = ANY (parts.oids)),
        (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', k.conname, k.conrelid::pg_catalog.regclass,
             pg_catalog.pg_get_constraintdef(k.oid)), ',' ORDER BY k.oid)
         FROM pg_catalog.pg_constraint k
         WHERE k.oid IN (
           SELECT o.oid FROM pg_catalog.pg_constraint o
           WHERE o.conrelid = ANY (parts.oids) AND (o.conparentid = 0 OR o.conrelid = c.oid)
             AND o.contype IN ('p', 'u', 'f', 'x')
           UNION ALL
           SELECT i.oid FROM pg_catalog.pg_trigger t
           JOIN pg_catalog.pg_constraint i ON i.oid = t.tgconstraint
           WHERE t.tgrelid = ANY (parts.oids) AND t.tgconstraint <> 0 AND i.contype = 'f'
             AND (i.conparentid = 0 OR t.tgrelid = c.oid) AND i.confrelid = t.tgrelid)),
        (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ',
             pg_catalog.pg_get_indexdef(x.indexrelid), x.indisreplident), ',' ORDER BY x.indexrelid)
         FROM pg_catalog.pg_index x
         WHERE x.indrelid = c.oid AND x.indisunique AND x.indisvalid)))""";

  /** Joins the table with its partitions. */
  static final String PARTS =
      """
      CROSS JOIN LATERAL (SELECT CASE WHEN c.relkind = 'p'
        THEN ARRAY(SELECT relid::pg_catalog.oid FROM pg_catalog.pg_partition_tree(c.oid))
        ELSE ARRAY[c.oid] END AS oids) AS parts""";

  /** Asks for the digest of one table, by schema and name; no row if it is gone. */
  static final String OF_TABLE =
      """
      SELECT %s FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      %s
      WHERE n.nspname = ? AND c.relname = ?"""
          .formatted(DIGEST, PARTS);

  private Fingerprint() {}
}
