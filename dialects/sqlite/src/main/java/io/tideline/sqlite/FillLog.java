package io.tideline.sqlite;

import io.tideline.dialect.BackfillTarget;
import io.tideline.dialect.Backfiller.Restored;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.row.Row;
import java.sql.SQLException;
import java.util.Optional;

/** Changes values and logs the old ones beside them; puts these back. Inside transactions. */
final class FillLog {
  private final Session session;
  private final BackfillTarget target;
  private final FillSql sql;
  private final String what;

  FillLog(Session session, BackfillTarget target, FillSql sql) {
    this.session = session;
    this.target = target;
    this.sql = sql;
    this.what = "Cannot carry out the backfill '" + target.backfill().name() + "'";
  }

  /**
   * Changes the rows between two places, and logs what they held and what they hold. The old value
   * of a row that is in the log already is the first one, and stays.
   *
   * @return how many hold something else than before
   */
  long change(long batch, Optional<Row> place, Optional<Row> through) throws SQLException {
    session.update(
        sql.sql()
            .add("INSERT INTO " + sql.log() + " (" + sql.logKeys() + ", " + FillSql.WAS + ", ")
            .add(FillSql.BATCH + ") SELECT " + sql.keys() + ", " + sql.column() + ", ")
            .value(batch)
            .add(" FROM " + sql.from())
            .add(sql.within(place, through))
            .add(" AND ")
            .add(sql.condition())
            .add(" AND ")
            .add(sql.changes())
            .add(" ON CONFLICT (" + sql.logKeys() + ") DO UPDATE SET ")
            .add(FillSql.BATCH + " = excluded." + FillSql.BATCH));
    Sql logged =
        sql.sql()
            .add(" AND EXISTS (SELECT 1 FROM " + sql.log() + " WHERE " + sql.sameKey() + " AND ")
            .add(FillSql.BATCH + " = ")
            .value(batch)
            .add(")");
    session.update(
        sql.sql()
            .add("UPDATE " + sql.from() + " SET " + Sql.quote(target.column()) + " = ")
            .add(sql.value())
            .add(sql.within(place, through))
            .add(logged));
    readBack(batch, place, through);
    session.update(
        sql.sql()
            .add("DELETE FROM " + sql.log())
            .add(sql.ofBatch(place, through, batch))
            .add(" AND " + sql.wasIsNow()));
    requireEnded(place, through, logged);
    return session.number(
        what,
        sql.sql().add("SELECT count(*) FROM " + sql.log()).add(sql.ofBatch(place, through, batch)));
  }

  /** Affinity, triggers and expressions may have made something else of what was written. */
  private void readBack(long batch, Optional<Row> place, Optional<Row> through)
      throws SQLException {
    session.update(
        sql.sql()
            .add("UPDATE " + sql.log() + " SET " + FillSql.NOW + " = (SELECT " + sql.column())
            .add(" FROM " + sql.from() + " WHERE " + sql.sameKey() + ")")
            .add(sql.ofBatch(place, through, batch)));
  }

  /** What still meets the condition would be changed again and again. */
  private void requireEnded(Optional<Row> place, Optional<Row> through, Sql logged) {
    long still =
        session.number(
            what,
            sql.sql()
                .add("SELECT count(*) FROM " + sql.from())
                .add(sql.within(place, through))
                .add(logged)
                .add(" AND ")
                .add(sql.condition()));
    if (still > 0) {
      throw new TidelineException(
          ErrorCode.BACKFILL_REFUSED,
          what + ": rows still meet its condition after they were changed.",
          "The last transaction was rolled back; every value before it is as noted.",
          "Write a 'where' that the new value ends, then `tideline backfill --undo "
              + target.backfill().name()
              + "` and begin anew.");
    }
  }

  /** Puts the next old values back, where what was written is still there. */
  Restored restore(int rows) throws SQLException {
    Sql upTo = sql.sql().add(FillSql.ID + " <= ").value(lastOf(rows));
    String count = "SELECT count(*) FROM " + sql.log() + " WHERE ";
    long taken = session.number(what, sql.sql().add(count).add(upTo));
    session.update(restoring(upTo));
    long back =
        session.number(
            what,
            sql.sql()
                .add(count)
                .add(upTo)
                .add(" AND EXISTS (SELECT 1 FROM " + sql.from() + " WHERE ")
                .add(sql.sameKey() + " AND " + sql.holdsWas() + ")"));
    session.update(sql.sql().add("DELETE FROM " + sql.log() + " WHERE ").add(upTo));
    return new Restored(taken, back, 0);
  }

  /** Forgets the next old values. */
  long forget(int rows) throws SQLException {
    return session.update(
        sql.sql()
            .add("DELETE FROM " + sql.log() + " WHERE " + FillSql.ID + " <= ")
            .value(lastOf(rows)));
  }

  private long lastOf(int rows) {
    return session.number(
        what,
        sql.sql()
            .add("SELECT coalesce(max(" + FillSql.ID + "), 0) FROM (SELECT " + FillSql.ID)
            .add(" FROM " + sql.log() + " ORDER BY " + FillSql.ID + " LIMIT ")
            .value(rows)
            .add(")"));
  }

  private Sql restoring(Sql upTo) {
    return sql.sql()
        .add("UPDATE " + sql.from() + " SET " + Sql.quote(target.column()) + " = (SELECT ")
        .add(FillSql.WAS + " FROM " + sql.log() + " WHERE " + sql.sameKey() + ") WHERE ")
        .add((sql.key().size() == 1 ? sql.keys() : "(" + sql.keys() + ")") + " IN (SELECT ")
        .add(sql.logKeys() + " FROM " + sql.log() + " WHERE ")
        .add(upTo)
        .add(") AND EXISTS (SELECT 1 FROM " + sql.log() + " WHERE " + sql.sameKey() + " AND ")
        .add(sql.holdsNow() + ")");
  }
}
