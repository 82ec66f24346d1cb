package io.tideline.postgresql;

import io.tideline.dialect.BackfillTarget;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.sql.SQLException;

/** Drops the column that a backfill added, once nothing but its own would be lost with it. */
final class FillDrop {
  /** So long others may be kept out while that is proven. */
  private static final String PROOF = "SET LOCAL statement_timeout = '5s'";

  private static final String USERS =
      """
      SELECT pg_catalog.string_agg(DISTINCT
        pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid), ', ')
      FROM pg_catalog.pg_depend d
      JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
      WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND a.attname = %2$s
        AND d.refobjid IN (SELECT %1$s::pg_catalog.oid
          UNION SELECT relid::pg_catalog.oid FROM pg_catalog.pg_partition_tree(%1$s))""";

  private final Session session;
  private final BackfillTarget target;
  private final FillSql sql;

  FillDrop(Session session, BackfillTarget target, FillSql sql) {
    this.session = session;
    this.target = target;
    this.sql = sql;
  }

  /**
   * Proves it and drops the column, in the transaction that is open.
   *
   * @param discard whether the values are not looked at
   */
  void run(boolean discard) throws SQLException {
    String column = Sql.string(target.column());
    String users = session.text(USERS.formatted(Long.toString(sql.shape().oid()), column));
    if (!users.isEmpty()) {
      throw left(
          "this uses the column " + target.column() + ": " + users,
          "Drop that first, as it is not the backfill's, then run the same command again.");
    }
    if (!discard) {
      requireNoOthers();
    }
    session.execute(
        "ALTER TABLE "
            + Sql.quote(target.table().name())
            + " DROP COLUMN "
            + Sql.quote(target.column()));
  }

  private void requireNoOthers() throws SQLException {
    session.execute(PROOF);
    long others;
    try {
      others =
          sql.counts(
                  "SELECT pg_catalog.count(*), 0, 0 FROM %s WHERE %s IS NOT NULL AND NOT (%s)"
                      .formatted(sql.shape().from(), sql.column(), sql.isSource()))[0];
    } catch (SQLException e) {
      if (!Failures.state(e).equals("57014")) {
        throw e;
      }
      throw left(
          "it cannot be proven within 5 s that every value of "
              + target.column()
              + " is the backfill's, and others wait meanwhile",
          "See that nothing in it is missed; to let it go, add --discard.");
    }
    if (others > 0) {
      throw left(
          others
              + " rows hold a value in "
              + target.column()
              + " that is not what the backfill writes; it would be lost with the column",
          "Look at them; to let them go, add --discard.");
    }
  }

  private TidelineException left(String why, String mend) {
    return new TidelineException(
        ErrorCode.BACKFILL_LEFT,
        "Cannot undo the backfill '" + target.backfill().name() + "': " + why + ".",
        "The column is as it was; its trigger is gone.",
        mend);
  }
}
