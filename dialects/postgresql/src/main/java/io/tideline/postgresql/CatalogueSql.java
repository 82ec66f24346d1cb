package io.tideline.postgresql;

/**
 * One query for each kind of thing in the catalogue, over all tables at once: databases with
 * thousands of tables are common. JDBC's metadata would ask per table, and does not know rules,
 * identity columns or the columns of partial and expression indexes.
 */
final class CatalogueSql {
  /** Which relations count, as a condition on {@code c} and {@code n}. */
  private static final String VISIBLE =
      """
      c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't'
        AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_'""";

  static final String TABLES =
      """
      SELECT c.oid, n.nspname, c.relname, c.relkind,
        CASE WHEN c.relkind = 'p'
          THEN (SELECT pg_catalog.sum(l.reltuples) FROM pg_catalog.pg_class l
                WHERE l.oid = ANY (parts.oids) AND l.relkind = 'r' AND l.reltuples >= 0)
          ELSE c.reltuples END AS estimate,
        pg_catalog.row_security_active(c.oid) AS secured,
        pg_catalog.has_schema_privilege(n.oid, 'USAGE') AS may_enter,
        pg_catalog.has_table_privilege(c.oid, 'SELECT') AS may_select,
        %s AS fingerprint
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      %s
      WHERE %s
      ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
      """
          .formatted(Fingerprint.DIGEST, Fingerprint.PARTS, VISIBLE);

  static final String COLUMNS =
      """
      WITH RECURSIVE domain(oid, base, typmod) AS (
        SELECT t.oid, t.typbasetype, t.typtypmod FROM pg_catalog.pg_type t WHERE t.typtype = 'd'
        UNION ALL
        SELECT d.oid, t.typbasetype, CASE WHEN d.typmod >= 0 THEN d.typmod ELSE t.typtypmod END
        FROM domain d JOIN pg_catalog.pg_type t ON t.oid = d.base WHERE t.typtype = 'd')
      SELECT a.attrelid, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod) AS declared,
        a.attnotnull AS never_null, a.attidentity, a.attgenerated,
        bn.nspname AS type_schema, b.typname AS type_name, b.typlen,
        COALESCE(d.typmod, a.atttypmod) AS typmod,
        pg_catalog.format_type(b.oid, COALESCE(d.typmod, a.atttypmod)) AS plain,
        pn.nspname AS output_schema, p.proname AS output_name,
        COALESCE((
          SELECT opn.nspname FROM pg_catalog.pg_opclass oc
          JOIN pg_catalog.pg_amop ao ON ao.amopfamily = oc.opcfamily AND ao.amopstrategy = 3
            AND ao.amoplefttype = oc.opcintype AND ao.amoprighttype = oc.opcintype
          JOIN pg_catalog.pg_operator op ON op.oid = ao.amopopr
          JOIN pg_catalog.pg_namespace opn ON opn.oid = op.oprnamespace
          WHERE oc.opcintype = b.oid AND oc.opcdefault AND oc.opcmethod = 403),
          'pg_catalog') AS operators,
        ln.nspname AS collation_schema, l.collname AS collation_name
      FROM pg_catalog.pg_attribute a
      JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN domain d ON d.oid = a.atttypid
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_type x WHERE x.oid = d.base AND x.typtype = 'd')
      JOIN pg_catalog.pg_type b ON b.oid = COALESCE(d.base, a.atttypid)
      JOIN pg_catalog.pg_namespace bn ON bn.oid = b.typnamespace
      JOIN pg_catalog.pg_proc p ON p.oid = b.typoutput
      JOIN pg_catalog.pg_namespace pn ON pn.oid = p.pronamespace
      LEFT JOIN pg_catalog.pg_collation l
        ON l.oid = a.attcollation AND NOT l.collisdeterministic
      LEFT JOIN pg_catalog.pg_namespace ln ON ln.oid = l.collnamespace
      WHERE a.attnum > 0 AND NOT a.attisdropped AND %s
      ORDER BY a.attrelid, a.attnum
      """
          .formatted(VISIBLE);

  /** Valid B-tree indexes; others serve neither order nor equality of a key. */
  static final String INDEXES =
      """
      SELECT i.indrelid, x.relname, i.indisunique, i.indpred IS NOT NULL AS partial,
        i.indisprimary,
        i.indisunique AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL
          AND (SELECT pg_catalog.bool_and(o.opcdefault) FROM pg_catalog.pg_opclass o
               WHERE o.oid = ANY (i.indclass::pg_catalog.oid[]))
          AND NOT EXISTS (SELECT FROM pg_catalog.generate_series(0, i.indnkeyatts - 1) AS k(i)
              JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.i]
              WHERE a.attcollation <> i.indcollation[k.i]) AS exact,
        ARRAY(SELECT COALESCE(a.attname::pg_catalog.text, '')
              FROM pg_catalog.generate_series(0, i.indnkeyatts - 1) AS k(i)
              LEFT JOIN pg_catalog.pg_attribute a
                ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.i] AND a.attnum > 0
                  AND a.attcollation = i.indcollation[k.i]
              ORDER BY k.i) AS columns
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid AND x.relam = 403
      JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE i.indisvalid AND i.indisready AND i.indislive AND %s
      ORDER BY i.indrelid, x.relname COLLATE "C"
      """
          .formatted(VISIBLE);

  /**
   * Foreign keys, once for each pair of tables that a user could name: the copies that partitions
   * have of their table's own only where the partition is what is looked at. Columns of {@code
   * pg_constraint} that are younger than PostgreSQL 14 are asked for as JSON: {@code
   * confdelsetcols} since 15, {@code conenforced} since 18.
   */
  static final String FOREIGN_KEYS =
      """
      SELECT k.conname, k.conrelid, k.confrelid, fn.nspname AS from_schema, f.relname AS from_name,
        tn.nspname AS to_schema, t.relname AS to_name, k.confdeltype, k.condeferrable,
        k.condeferred, k.convalidated, k.confmatchtype = 'f' AS match_full,
        COALESCE((pg_catalog.to_jsonb(k) ->> 'conenforced')::pg_catalog.bool, true)
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_trigger g
            WHERE g.tgconstraint = k.oid AND g.tgenabled NOT IN ('O', 'A')) AS enforced,
        ARRAY(SELECT a.attname::pg_catalog.text
              FROM pg_catalog.jsonb_array_elements_text(
                NULLIF(pg_catalog.to_jsonb(k) -> 'confdelsetcols', 'null')) AS s(num)
              JOIN pg_catalog.pg_attribute a
                ON a.attrelid = k.conrelid AND a.attnum = s.num::pg_catalog.int2) AS set_columns,
        k.conparentid = 0 AS direct,
        NOT EXISTS (SELECT FROM pg_catalog.pg_constraint p
          WHERE p.oid = k.conparentid AND p.conrelid = k.conrelid) AS outgoing,
        NOT EXISTS (SELECT FROM pg_catalog.pg_constraint p
          WHERE p.oid = k.conparentid AND p.confrelid = k.confrelid) AS incoming,
        ARRAY(SELECT a.attname::pg_catalog.text
              FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY AS u(num, i)
              JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num
              ORDER BY u.i) AS columns,
        ARRAY(SELECT a.attname::pg_catalog.text
              FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY AS u(num, i)
              JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.num
              ORDER BY u.i) AS to_columns
      FROM pg_catalog.pg_constraint k
      JOIN pg_catalog.pg_class f ON f.oid = k.conrelid
      JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace
      JOIN pg_catalog.pg_class t ON t.oid = k.confrelid
      JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
      WHERE k.contype = 'f'
      ORDER BY fn.nspname COLLATE "C", f.relname COLLATE "C", k.conname COLLATE "C"
      """;

  /** Enabled triggers of users, and rules; {@code kind} is t, or r with {@code instead}. */
  static final String TRIGGERS =
      """
      SELECT t.tgrelid AS relation, t.tgname AS name, 't' AS kind, false AS instead,
        (t.tgtype & 8) <> 0 AS on_delete, (t.tgtype & 4) <> 0 AS on_insert,
        (t.tgtype & 16) <> 0 AS on_update
      FROM pg_catalog.pg_trigger t WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
      UNION ALL
      SELECT r.ev_class, r.rulename, 'r', r.is_instead, r.ev_type = '4', r.ev_type = '3',
        r.ev_type = '2'
      FROM pg_catalog.pg_rewrite r
      WHERE r.rulename <> '_RETURN' AND r.ev_enabled IN ('O', 'A')
      ORDER BY relation, name
      """;

  /** Every partition and the partitioned tables above it. */
  static final String PARTITIONS =
      """
      SELECT c.oid, p.relid::pg_catalog.oid AS part, p.level, n.nspname, x.relname,
        x.relkind = 'p' AS divided, pg_catalog.pg_get_expr(x.relpartbound, x.oid) AS bounds
      FROM pg_catalog.pg_class c
      CROSS JOIN LATERAL pg_catalog.pg_partition_tree(c.oid) AS p
      JOIN pg_catalog.pg_class x ON x.oid = p.relid
      JOIN pg_catalog.pg_namespace n ON n.oid = x.relnamespace
      WHERE c.relkind = 'p' AND p.relid <> c.oid
      ORDER BY c.oid, n.nspname COLLATE "C", x.relname COLLATE "C"
      """;

  /**
   * Tables whose DELETE the server refuses, because it is published and nothing tells subscribers
   * which row is meant.
   */
  static final String UNIDENTIFIED =
      """
      SELECT DISTINCT leaf.oid
      FROM pg_catalog.pg_publication p
      JOIN pg_catalog.pg_publication_tables pt ON pt.pubname = p.pubname
      JOIN pg_catalog.pg_namespace n ON n.nspname = pt.schemaname
      JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = pt.tablename
      CROSS JOIN LATERAL (SELECT c.oid UNION
        SELECT t.relid::pg_catalog.oid FROM pg_catalog.pg_partition_tree(c.oid) AS t) AS part
      JOIN pg_catalog.pg_class leaf ON leaf.oid = part.oid AND leaf.relkind = 'r'
      WHERE p.pubdelete AND (leaf.relreplident = 'n'
        OR (leaf.relreplident = 'd' AND NOT EXISTS (SELECT FROM pg_catalog.pg_index i
          WHERE i.indrelid = leaf.oid AND i.indisprimary AND i.indimmediate AND i.indisvalid))
        OR (leaf.relreplident = 'i' AND NOT EXISTS (SELECT FROM pg_catalog.pg_index i
          WHERE i.indrelid = leaf.oid AND i.indisreplident AND i.indisvalid)))
      """;

  private CatalogueSql() {}
}
