package io.tideline.postgresql;

import io.tideline.catalogue.Column;
import io.tideline.catalogue.Trigger;
import io.tideline.dialect.BackfillTarget;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.tuning.Backfill;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Whether PostgreSQL can carry a backfill out without harm. */
final class FillChecks {
  /** What may refuse a row for the column's value, beyond what the catalogue's noun tells. */
  private static final String REFUSING =
      """
      SELECT COALESCE(
        (SELECT 'its constraint ' || con.conname FROM pg_catalog.pg_constraint con
         WHERE con.conrelid = c.oid AND con.contype IN ('c', 'x')
           AND (con.conkey IS NULL OR a.attnum = ANY (con.conkey) OR 0 = ANY (con.conkey))
         ORDER BY con.conname LIMIT 1),
        CASE WHEN c.relrowsecurity THEN 'its row-level security' END)
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
      WHERE c.oid = %s AND a.attname = %s""";

  private static final String PARTITION_KEY =
      """
      SELECT p.partstrat FROM pg_catalog.pg_partitioned_table p
      JOIN pg_catalog.pg_attribute a ON a.attrelid = p.partrelid
      WHERE a.attname = %s AND (a.attnum = ANY (p.partattrs) OR p.partexprs IS NOT NULL)
        AND p.partrelid IN (SELECT relid FROM pg_catalog.pg_partition_tree(%s))""";

  private static final String SWEEP = "Write 'fill: sweep'.";

  private final Session session;
  private final BackfillTarget target;
  private final FillSql sql;

  FillChecks(Session session, BackfillTarget target, FillSql sql) {
    this.session = session;
    this.target = target;
    this.sql = sql;
  }

  /** Refuses what cannot be done safely. */
  void require() throws SQLException {
    String column = Sql.string(target.column());
    String oid = Long.toString(sql.shape().oid());
    if (!session.text(PARTITION_KEY.formatted(column, oid)).isEmpty()) {
      throw refused(
          "its partitions go by " + target.column(), "Change such values by hand: rows move.");
    }
    if (target.backfill().fill() == Backfill.Fill.TRIGGER && target.logged()) {
      String refusing = target.restraint().orElse(session.text(REFUSING.formatted(oid, column)));
      if (!refusing.isEmpty()) {
        throw refused(refusing + " may refuse what a trigger writes", SWEEP);
      }
    }
    requireComputed();
    try {
      session.check(understood());
    } catch (SQLException e) {
      throw new TidelineException(
          ErrorCode.SQL_FAILED,
          "Cannot carry out the backfill '"
              + target.backfill().name()
              + "': "
              + Failures.words(e)
              + ".",
          "Nothing was changed.",
          "Correct the expression. Tables, functions and types outside pg_catalog need their"
              + " schema: public.name.",
          e);
    }
  }

  /** A trigger that runs before the row is stored sees no generated column. */
  private void requireComputed() {
    boolean generated =
        target.table().columns().stream()
            .anyMatch(column -> column.origin() == Column.Origin.GENERATED);
    if (generated
        && target.backfill().fill() == Backfill.Fill.TRIGGER
        && target.backfill().source() instanceof Backfill.Value) {
      throw refused(
          "its generated columns have no value yet when a trigger runs, and the expression would"
              + " see NULL",
          SWEEP);
    }
  }

  private String understood() {
    return target.logged()
        ? "UPDATE %s SET %s = %s WHERE %s"
            .formatted(sql.shape().from(), Sql.quote(target.column()), sql.value(), sql.condition())
        : "SELECT %s::%s FROM %s WHERE %s IS NOT NULL"
            .formatted(
                sql.value(),
                target.backfill().type().orElseThrow(),
                sql.shape().from(),
                sql.value());
  }

  /** What a person should know. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    String updates =
        target.otherTriggers().stream()
            .filter(Trigger::onUpdate)
            .map(Trigger::name)
            .collect(Collectors.joining(", "));
    if (!updates.isEmpty()) {
      notes.add("Each row that is written fires " + updates + ".");
    }
    if (target.backfill().notNull()) {
      notes.add(
          "The column becomes NOT NULL when the backfill is finished: by a constraint that is"
              + " checked while others go on.");
    }
    return notes;
  }

  private TidelineException refused(String why, String mend) {
    return new TidelineException(
        ErrorCode.BACKFILL_REFUSED,
        "Cannot carry out the backfill '"
            + target.backfill().name()
            + "' (table "
            + target.table().name()
            + "): "
            + why
            + ".",
        "Nothing was changed.",
        mend);
  }
}
