package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What a table or an index should take by the planner's statistics, see {@link BloatSql}.
 *
 * @param bytes what it takes
 * @param expected what it should take
 * @param unfit the bytes of those that stay empty, because no row fits into the end of a page
 * @param partial whether it is an index of some rows: their widths are not known, so this only
 *     tells whether its pages are worth reading
 */
record Estimate(long oid, TableName name, long bytes, long expected, long unfit, boolean partial) {
  static Estimate of(ResultSet row) throws SQLException {
    return new Estimate(
        row.getLong("oid"),
        new TableName(row.getString("nspname"), row.getString("relname")),
        row.getLong("bytes"),
        row.getLong("expected"),
        row.getLong("unfit"),
        row.getBoolean("partial"));
  }

  long waste() {
    return Math.max(0, bytes - expected);
  }

  /** What of the free space that was read would be used if it were written anew. */
  long waste(PageStatistics.Space pages) {
    return Math.max(0, pages.waste() - unfit);
  }
}
