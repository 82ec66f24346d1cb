package io.tideline.postgresql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * What a table has that a partitioned one would not have just so. Whatever is not known to be
 * carried over is an obstacle: every object that depends on the table, by the server's own account
 * of dependencies, is either one of a few kinds or named.
 */
final class MoveObstacles {
  private static final String ALL =
      """
      WITH c AS (SELECT * FROM pg_catalog.pg_class WHERE oid = %1$s),
      i AS (SELECT x.*, n.relname, n.reltablespace, n.reloptions FROM pg_catalog.pg_index x
        JOIN pg_catalog.pg_class n ON n.oid = x.indexrelid WHERE x.indrelid = %1$s)
      SELECT 'it is no plain table' FROM c WHERE c.relkind <> 'r'
      UNION ALL SELECT 'it is temporary or unlogged' FROM c WHERE c.relpersistence <> 'p'
      UNION ALL SELECT 'it is a table OF a type' FROM c WHERE c.reloftype <> 0
      UNION ALL SELECT 'it is a partition, or has parents or children by inheritance' FROM c
        WHERE c.relispartition OR EXISTS (SELECT FROM pg_catalog.pg_inherits h
          WHERE h.inhrelid = c.oid OR h.inhparent = c.oid)
      UNION ALL SELECT 'its access method is not heap' FROM c WHERE c.relam <> 2
      UNION ALL SELECT 'it lies in a tablespace of its own' FROM c WHERE c.reltablespace <> 0
      UNION ALL SELECT 'it has a replica identity of its own' FROM c WHERE c.relreplident <> 'd'
      UNION ALL SELECT 'it has row-level security' FROM c
        WHERE c.relrowsecurity OR c.relforcerowsecurity
      UNION ALL SELECT 'somebody else than its owner granted rights on it' FROM c
        CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) x WHERE x.grantor <> c.relowner
      UNION ALL SELECT 'the role is no member of its owner' FROM c
        WHERE NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')
      UNION ALL SELECT 'it has the policy ' || y.polname FROM pg_catalog.pg_policy y
        WHERE y.polrelid = %1$s
      UNION ALL SELECT 'it has the trigger ' || t.tgname FROM pg_catalog.pg_trigger t
        WHERE t.tgrelid = %1$s AND NOT t.tgisinternal AND t.tgfoid <> %2$s
      UNION ALL SELECT 'it has the rule ' || r.rulename FROM pg_catalog.pg_rewrite r
        WHERE r.ev_class = %1$s
      UNION ALL SELECT 'it has the foreign key ' || k.conname
          || ' to another table: drop it, and add it again when the move is finished'
        FROM pg_catalog.pg_constraint k WHERE k.conrelid = %1$s AND k.contype = 'f'
      UNION ALL SELECT 'the foreign key ' || k.conname || ' of '
          || k.conrelid::pg_catalog.regclass::pg_catalog.text || ' refers to it'
        FROM pg_catalog.pg_constraint k WHERE k.confrelid = %1$s AND k.contype = 'f'
      UNION ALL SELECT 'its constraint ' || k.conname
          || ' is an exclusion, deferrable, not validated or not inherited'
        FROM pg_catalog.pg_constraint k WHERE k.conrelid = %1$s AND (k.contype IN ('x', 't')
          OR k.condeferrable OR NOT k.convalidated OR k.contype = 'c' AND k.connoinherit)
      UNION ALL SELECT 'the publication ' || p.pubname || ' publishes it'
        FROM pg_catalog.pg_publication_tables p
        JOIN pg_catalog.pg_namespace n ON n.nspname = p.schemaname
        JOIN c ON c.relnamespace = n.oid AND c.relname = p.tablename
      UNION ALL SELECT 'a subscription fills it' FROM pg_catalog.pg_subscription_rel s
        WHERE s.srrelid = %1$s
      UNION ALL SELECT 'it has the extended statistics ' || s.stxname
        FROM pg_catalog.pg_statistic_ext s WHERE s.stxrelid = %1$s
      UNION ALL SELECT 'it has a security label' FROM pg_catalog.pg_seclabel s
        WHERE s.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND s.objoid = %1$s
      UNION ALL SELECT 'its column ' || a.attname || ' has rights or settings of its own'
        FROM pg_catalog.pg_attribute a WHERE a.attrelid = %1$s AND a.attnum > 0
          AND NOT a.attisdropped AND (a.attacl IS NOT NULL OR a.attoptions IS NOT NULL
            OR COALESCE(a.attstattarget, -1) >= 0)
      UNION ALL SELECT 'it has no primary key' WHERE NOT EXISTS (SELECT FROM i WHERE i.indisprimary)
      UNION ALL SELECT 'its index ' || i.relname || ' is invalid, unique besides the primary key,'
          || ' clustered, or has a tablespace, comment or settings of its own'
        FROM i WHERE NOT i.indisvalid OR i.indisunique AND NOT i.indisprimary OR i.indisclustered
          OR i.indisreplident OR i.reltablespace <> 0 OR i.indisexclusion
          OR pg_catalog.obj_description(i.indexrelid, 'pg_class') IS NOT NULL
          OR EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = i.indexrelid
            AND COALESCE(a.attstattarget, -1) >= 0)
      UNION ALL SELECT 'its primary key has INCLUDE columns or settings of its own'
        FROM i WHERE i.indisprimary AND (i.indnatts <> i.indnkeyatts OR i.reloptions IS NOT NULL)
      UNION ALL SELECT 'the type of its key column ' || a.attname || ' is compared by '
          || n.nspname || '.' || o.opcname || ', which is not the server''s own'
        FROM i CROSS JOIN LATERAL ROWS FROM (pg_catalog.unnest(i.indclass::pg_catalog.oid[]),
            pg_catalog.unnest(i.indkey::pg_catalog.int2[])) AS k(class, num)
        JOIN pg_catalog.pg_opclass o ON o.oid = k.class
        JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace
        JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.num
        WHERE i.indisprimary AND n.nspname <> 'pg_catalog'
      UNION ALL SELECT 'its sequence ' || q.relname || ' has rights or a comment of its own'
        FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class q ON q.oid = d.objid
        WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = %1$s
          AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND q.relkind = 'S'
          AND d.deptype = 'i' AND (q.relacl IS NOT NULL
            OR pg_catalog.obj_description(q.oid, 'pg_class') IS NOT NULL)
      UNION ALL SELECT 'it belongs to an extension' FROM pg_catalog.pg_depend d
        WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = %1$s
          AND d.deptype = 'e'
      UNION ALL SELECT DISTINCT 'the '
          || pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) || ' depends on it'
        FROM c JOIN pg_catalog.pg_depend d
          ON d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = c.oid
          OR d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.refobjid IN (c.reltype,
            (SELECT t.typarray FROM pg_catalog.pg_type t WHERE t.oid = c.reltype AND t.typarray <> 0))
        WHERE NOT (d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND EXISTS (
            SELECT FROM pg_catalog.pg_class o WHERE o.oid = d.objid AND (o.relkind IN ('t', 'S')
              OR o.oid = c.oid OR o.oid IN (SELECT i.indexrelid FROM i)
              OR o.oid IN (SELECT h.inhrelid FROM pg_catalog.pg_inherits h
                WHERE h.inhparent = c.oid))))
          AND NOT (d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND EXISTS (
            SELECT FROM pg_catalog.pg_constraint k
            WHERE k.oid = d.objid AND (k.conrelid = c.oid OR k.confrelid = c.oid)))
          AND NOT (d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND EXISTS (
            SELECT FROM pg_catalog.pg_attrdef f WHERE f.oid = d.objid AND f.adrelid = c.oid))
          AND NOT (d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND EXISTS (
            SELECT FROM pg_catalog.pg_type t
            WHERE t.oid = d.objid AND (t.oid = c.reltype OR t.typelem = c.reltype AND t.oid =
              (SELECT y.typarray FROM pg_catalog.pg_type y WHERE y.oid = c.reltype))))
          AND NOT (d.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass AND EXISTS (
            SELECT FROM pg_catalog.pg_trigger t WHERE t.oid = d.objid AND t.tgrelid = c.oid))
          AND d.classid NOT IN ('pg_catalog.pg_policy'::pg_catalog.regclass,
            'pg_catalog.pg_publication_rel'::pg_catalog.regclass,
            'pg_catalog.pg_statistic_ext'::pg_catalog.regclass)
      UNION ALL SELECT DISTINCT 'the policy ' || y.polname || ' of '
          || y.polrelid::pg_catalog.regclass::pg_catalog.text || ' reads it'
        FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_policy y ON y.oid = d.objid
        WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = %1$s
          AND d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass AND y.polrelid <> %1$s
      ORDER BY 1""";

  /** All that decides what a table is, but for its rows, names of indexes, and our triggers. */
  private static final String DIGEST =
      """
      SELECT pg_catalog.md5(pg_catalog.concat_ws(E'\\n', c.relowner, c.relacl, c.reloptions,
        pg_catalog.obj_description(c.oid, 'pg_class'), c.relreplident, c.relrowsecurity,
        (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', a.attnum, a.attname,
             pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
             a.attgenerated, a.attcollation, a.attstorage, a.attcompression,
             (SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid) FROM pg_catalog.pg_attrdef d
              WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum),
             pg_catalog.col_description(c.oid, a.attnum)), ',' ORDER BY a.attnum)
         FROM pg_catalog.pg_attribute a
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
        (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', k.contype, pg_catalog.pg_get_constraintdef(k.oid)), ','
             ORDER BY k.contype, pg_catalog.pg_get_constraintdef(k.oid))
         FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid),
        (SELECT pg_catalog.string_agg(d.text, ',' ORDER BY d.text)
         FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
         CROSS JOIN LATERAL (SELECT pg_catalog.replace(pg_catalog.replace(
             pg_catalog.pg_get_indexdef(i.oid), pg_catalog.format('INDEX %%I ON ', i.relname), ''),
             pg_catalog.format('%%s.%%I USING ', c.relnamespace::pg_catalog.regnamespace, c.relname),
             '')) AS d(text)
         WHERE x.indrelid = c.oid)))
      FROM pg_catalog.pg_class c WHERE c.oid = %s""";

  private static final List<String> PARTITIONED =
      List.of(
          "it is no plain table",
          "it is a partition, or has parents or children by inheritance",
          "its access method is not heap");

  private MoveObstacles() {}

  /**
   * Why a table cannot be moved.
   *
   * @param own the oid of the function of our triggers; 0 before there is one
   */
  static List<String> of(Session session, long table, long own) throws SQLException {
    List<String> all = new ArrayList<>();
    try (Statement statement = session.statement();
        ResultSet row =
            statement.executeQuery(ALL.formatted(Long.toString(table), Long.toString(own)))) {
      while (row.next()) {
        all.add(row.getString(1));
      }
    }
    return all;
  }

  /** What came to the partitioned copy that would not go with the names. */
  static List<String> ofCopy(Session session, long copy, long own) throws SQLException {
    List<String> all = new ArrayList<>(of(session, copy, own));
    all.removeIf(PARTITIONED::contains);
    all.replaceAll(each -> "of the partitioned table: " + each);
    return all;
  }

  /** A digest of a table's definition. */
  static String digest(Session session, long table) throws SQLException {
    return session.text(DIGEST.formatted(Long.toString(table)));
  }
}
