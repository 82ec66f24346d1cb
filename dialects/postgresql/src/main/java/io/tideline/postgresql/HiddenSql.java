package io.tideline.postgresql;

/** The question what a statement may call without naming it. */
final class HiddenSql {
  /**
   * Volatile functions behind operators, casts and aggregates, and the conditions of domains, that
   * names of a statement may reach: a type is reached if it is named, if a column of a named
   * relation has it, or if a called function returns it. Oids below 16384 are the server's own.
   *
   * @see <a href="https://www.postgresql.org/docs/current/system-catalog-initial-data.html">oids of
   *     the server</a>
   */
  static final String HIDDEN =
      """
      WITH RECURSIVE said AS (
        SELECT ?::pg_catalog.text[] AS names, ?::pg_catalog.text[] AS calls
      ), loud AS (
        SELECT p.oid FROM pg_catalog.pg_proc p WHERE p.provolatile = 'v'
      ), suspects AS (
        SELECT 'operator' AS what, o.oprname::pg_catalog.text AS name, o.oprleft AS one,
          o.oprright AS other
        FROM pg_catalog.pg_operator o
        WHERE o.oid >= 16384 AND o.oprcode IN (SELECT oid FROM loud)
        UNION ALL
        SELECT 'cast', pg_catalog.format('%s AS %s', pg_catalog.format_type(c.castsource, NULL),
          pg_catalog.format_type(c.casttarget, NULL)), c.castsource, c.casttarget
        FROM pg_catalog.pg_cast c
        WHERE c.oid >= 16384 AND c.castfunc IN (SELECT oid FROM loud)
        UNION ALL
        SELECT 'domain', pg_catalog.pg_get_constraintdef(c.oid), c.contypid, c.contypid
        FROM pg_catalog.pg_constraint c WHERE c.contypid <> 0 AND c.contype = 'c'
      ), reached AS (
        SELECT t.oid FROM pg_catalog.pg_type t, said
        WHERE t.typname = ANY (names) AND EXISTS (SELECT FROM suspects)
        UNION
        SELECT a.atttypid FROM pg_catalog.pg_attribute a
          JOIN pg_catalog.pg_class c ON c.oid = a.attrelid, said
        WHERE c.relname = ANY (names) AND a.attnum > 0 AND EXISTS (SELECT FROM suspects)
        UNION
        SELECT p.prorettype FROM pg_catalog.pg_proc p, said
        WHERE p.proname = ANY (calls) AND EXISTS (SELECT FROM suspects)
        UNION
        SELECT within.oid FROM reached r CROSS JOIN LATERAL (
          SELECT pg_catalog.unnest(ARRAY[t.typelem, t.typbasetype]) AS oid
          FROM pg_catalog.pg_type t WHERE t.oid = r.oid
          UNION ALL
          SELECT a.atttypid FROM pg_catalog.pg_type t
            JOIN pg_catalog.pg_attribute a ON a.attrelid = t.typrelid
          WHERE t.oid = r.oid AND t.typrelid <> 0 AND a.attnum > 0) within
        WHERE within.oid <> 0
      )
      SELECT what, name FROM suspects
      WHERE (one < 16384 OR one IN (SELECT oid FROM reached))
        AND (other < 16384 OR other IN (SELECT oid FROM reached))
      UNION ALL
      SELECT 'aggregate', p.proname FROM pg_catalog.pg_aggregate a
        JOIN pg_catalog.pg_proc p ON p.oid = a.aggfnoid, said
      WHERE p.proname = ANY (calls) AND a.aggfnoid::pg_catalog.oid >= 16384 AND EXISTS (
        SELECT FROM loud WHERE loud.oid IN (a.aggtransfn, a.aggfinalfn, a.aggcombinefn,
          a.aggserialfn, a.aggdeserialfn, a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn))
      """;

  private HiddenSql() {}
}
