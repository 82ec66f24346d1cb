package io.tideline.postgresql;

import io.tideline.dialect.UnseenException;
import io.tideline.health.Certainty;
import java.util.Optional;

/**
 * What the extension pgstattuple reads in the pages of tables and indexes. Reading ends when it has
 * taken long.
 *
 * @see <a href="https://www.postgresql.org/docs/current/pgstattuple.html">pgstattuple</a>
 */
final class PageStatistics {
  private static final long LONG_NANOS = 15_000_000_000L;

  /** Where the extension is, and what of it may be used. */
  private static final String SCHEMA =
      """
      SELECT n.nspname FROM pg_catalog.pg_extension e
      JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
      JOIN pg_catalog.pg_proc p ON p.pronamespace = n.oid
        AND p.proname IN ('pgstattuple_approx', 'pgstatindex')
        AND p.proargtypes[0] = 'pg_catalog.regclass'::pg_catalog.regtype
      WHERE e.extname = 'pgstattuple' AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
        AND pg_catalog.has_function_privilege(p.oid, 'EXECUTE')
      GROUP BY n.nspname HAVING pg_catalog.count(*) = 2""";

  private static final String FILL =
      """
      COALESCE((SELECT x.option_value::pg_catalog.float8
        FROM pg_catalog.pg_options_to_table(c.reloptions) AS x
        WHERE x.option_name = 'fillfactor'), %s) / 100""";

  /**
   * Pages that are known to be all visible are not read: their free space is as the map has it,
   * which is rounded, and may be old after a crash.
   */
  private static final String TABLE =
      """
      SELECT s.table_len, GREATEST(0, s.approx_free_space + s.dead_tuple_len
        - s.table_len * (1 - %s))::pg_catalog.int8
      FROM pg_catalog.pg_class c
      CROSS JOIN LATERAL %%1$s.pgstattuple_approx(c.oid::pg_catalog.regclass) AS s
      WHERE c.oid = %%2$s"""
          .formatted(FILL.formatted("100"));

  private static final String INDEX =
      """
      SELECT s.index_size, GREATEST(0, s.index_size - p.size * (s.internal_pages + 1)
        - CASE WHEN s.leaf_pages = 0 THEN 0
          ELSE s.leaf_pages * p.size * s.avg_leaf_density / 100 / (%s) END)::pg_catalog.int8
      FROM pg_catalog.pg_class c
      CROSS JOIN (SELECT %s AS size) AS p
      CROSS JOIN LATERAL %%1$s.pgstatindex(c.oid::pg_catalog.regclass) AS s
      WHERE c.oid = %%2$s"""
          .formatted(FILL.formatted("90"), HealthSql.PAGE);

  private final Asking asking;
  private final String schema;
  private long left = LONG_NANOS;

  private PageStatistics(Asking asking, String schema) {
    this.asking = asking;
    this.schema = Sql.quote(schema);
  }

  /** The extension, where it is installed and this role may use it. */
  static Optional<PageStatistics> of(Asking asking) {
    return asking.rows(SCHEMA, row -> row.getString(1)).stream()
        .findFirst()
        .map(schema -> new PageStatistics(asking, schema));
  }

  /**
   * What was read.
   *
   * @param bytes the size
   * @param waste the bytes that hold nothing, beyond what {@code fillfactor} reserves
   * @param basis by what
   */
  record Space(long bytes, long waste, String basis, Certainty sure) {}

  /** The space of a table; empty if it took too long, or may not be read. */
  Optional<Space> table(long oid) {
    return read(TABLE, oid, "pgstattuple_approx", Certainty.LIKELY);
  }

  /** The space of a B-tree index; empty if it took too long, or may not be read. */
  Optional<Space> index(long oid) {
    return read(INDEX, oid, "pgstattuple", Certainty.SURE);
  }

  private Optional<Space> read(String sql, long oid, String basis, Certainty sure) {
    if (left <= 0) {
      return Optional.empty();
    }
    long start = System.nanoTime();
    try {
      return asking
          .rows(
              sql.formatted(schema, Long.toString(oid)),
              row -> new Space(row.getLong(1), row.getLong(2), basis, sure))
          .stream()
          .findFirst();
    } catch (UnseenException e) {
      return Optional.empty();
    } finally {
      left -= System.nanoTime() - start;
    }
  }
}
