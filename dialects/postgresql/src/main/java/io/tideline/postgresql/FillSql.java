package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.dialect.BackfillTarget;
import io.tideline.dialect.BackfillTarget.Link;
import io.tideline.dialect.Range;
import io.tideline.row.Row;
import io.tideline.tuning.Backfill;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The statements of a backfill. The names of our own begin with {@code tideline_}. */
final class FillSql {
  static final String LOCKED = "tideline_locked";
  private static final String PARENT = "\"tideline_parent\"";

  private final Session session;
  private final BackfillTarget target;
  private final TableShape shape;

  FillSql(Session session, BackfillTarget target, TableShape shape) {
    this.session = session;
    this.target = target;
    this.shape = shape;
  }

  TableShape shape() {
    return shape;
  }

  String column() {
    return shape.reference(target.column());
  }

  /** The log of the old values. */
  TableName log() {
    return new TableName(shape.name().schema(), target.made());
  }

  String keys() {
    return Sql.list(shape.key(), shape::reference);
  }

  /** The columns of the log that hold the key. */
  String logKeys() {
    return String.join(", ", logKeyNames());
  }

  private List<String> logKeyNames() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < shape.key().size(); i++) {
      names.add("tideline_k" + i);
    }
    return names;
  }

  /** The key under the names of the log. */
  String keysNamed() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < shape.key().size(); i++) {
      names.add(shape.reference(shape.key().get(i)) + " AS tideline_k" + i);
    }
    return String.join(", ", names);
  }

  /** That a row of the table has the key of a row of something else. */
  String sameKey(String other) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < shape.key().size(); i++) {
      ColumnShape key = shape.column(shape.key().get(i));
      parts.add(
          shape.reference(key.name()) + " " + key.operator("=") + " " + other + ".tideline_k" + i);
    }
    return String.join(" AND ", parts);
  }

  /** That two rows of the log have the same key. */
  String sameLogKey(String one, String other) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < shape.key().size(); i++) {
      String sign = shape.column(shape.key().get(i)).operator("=");
      parts.add(one + ".tideline_k" + i + " " + sign + " " + other + ".tideline_k" + i);
    }
    return String.join(" AND ", parts);
  }

  /** The rows between two places. */
  String within(Optional<Row> after, Optional<Row> through) throws SQLException {
    return new RowSql(session, shape, List.of())
        .where(List.of(), new Range(shape.key(), after, through));
  }

  /** The three numbers of a statement that returns one row. */
  long[] counts(String statement) throws SQLException {
    try (Statement counting = session.statement();
        ResultSet row = counting.executeQuery(statement)) {
      row.next();
      return new long[] {row.getLong(1), row.getLong(2), row.getLong(3)};
    }
  }

  /** Which rows are meant. */
  String condition() {
    return target
        .backfill()
        .where()
        .map(where -> "(" + where.sql() + ")")
        .orElseGet(() -> column() + " IS NULL");
  }

  /** What the column becomes. */
  String value() {
    return target
        .link()
        .map(this::copied)
        .orElseGet(() -> "(" + ((Backfill.Value) target.backfill().source()).sql().sql() + ")");
  }

  private String copied(Link link) {
    List<String> same = new ArrayList<>();
    for (int i = 0; i < link.columns().size(); i++) {
      same.add(
          PARENT
              + "."
              + Sql.quote(link.parentColumns().get(i))
              + " "
              + shape.column(link.columns().get(i)).operator("=")
              + " "
              + shape.reference(link.columns().get(i)));
    }
    return "(SELECT %s.%s FROM %s AS %s WHERE %s)"
        .formatted(
            PARENT,
            Sql.quote(link.column()),
            Sql.quote(link.parent().name()),
            PARENT,
            String.join(" AND ", same));
  }

  /** That two values are the same to the bit; no value is the same as no value. */
  static String same(String one, String other) {
    return "pg_catalog.record_image_eq(ROW(" + one + "), ROW(" + other + "))";
  }

  /** That the column holds what the source says now. */
  String isSource() {
    return "CAST(%s AS %s)::pg_catalog.text IS NOT DISTINCT FROM %s::pg_catalog.text"
        .formatted(value(), shape.column(target.column()).plain(), column());
  }

  private String locked(String range, String more, boolean wait) {
    return """
    WITH %s AS (
      SELECT %s%s FROM %s WHERE %s AND %s ORDER BY %s FOR NO KEY UPDATE OF %s%s)"""
        .formatted(
            LOCKED,
            keysNamed(),
            more,
            shape.from(),
            range,
            condition(),
            keys(),
            Sql.quote(shape.name().name()),
            wait ? "" : " SKIP LOCKED");
  }

  /** Fills a column that was added. Counts what was locked, what was changed, and none. */
  String fillAdded(String range, boolean wait) {
    boolean copies = target.link().isPresent();
    String value = copies ? LOCKED + ".tideline_value" : value();
    return locked(range, copies ? ", " + value() + " AS tideline_value" : "", wait)
        + """
        , tideline_changed AS (
          UPDATE %s SET %s = %s FROM %s WHERE %s AND %s IS NOT NULL RETURNING 1)
        SELECT (SELECT pg_catalog.count(*) FROM %s),
               (SELECT pg_catalog.count(*) FROM tideline_changed), 0"""
            .formatted(
                shape.from(),
                Sql.quote(target.column()),
                value,
                LOCKED,
                sameKey(LOCKED),
                value,
                LOCKED);
  }

  /**
   * Changes a column and logs the old and the new values. The first old value of a row stays.
   * Counts what was locked, what was changed, and what of that still meets the condition.
   */
  String fillLogged(String range, boolean wait, long batch) {
    return locked(range, ", " + column() + " AS tideline_was", wait)
        + """
        , tideline_changed AS (
          UPDATE %1$s SET %2$s = %3$s FROM %4$s
          WHERE %5$s AND %3$s::pg_catalog.text IS DISTINCT FROM %6$s::pg_catalog.text
          RETURNING %7$s, tideline_was, %6$s AS tideline_now, (%8$s) IS TRUE AS tideline_still),
        tideline_logged AS (
          INSERT INTO %9$s (%7$s, tideline_was, tideline_now, tideline_batch)
          SELECT %7$s, tideline_was, tideline_now, %10$s FROM tideline_changed
          ON CONFLICT (%7$s) DO UPDATE
          SET tideline_now = excluded.tideline_now, tideline_batch = excluded.tideline_batch
          RETURNING 1)
        SELECT (SELECT pg_catalog.count(*) FROM %4$s),
               (SELECT pg_catalog.count(*) FROM tideline_logged),
               (SELECT pg_catalog.count(*) FROM tideline_changed WHERE tideline_still)"""
            .formatted(
                shape.from(),
                Sql.quote(target.column()),
                value(),
                LOCKED,
                sameKey(LOCKED),
                column(),
                logKeys(),
                condition(),
                Sql.quote(log()),
                Long.toString(batch));
  }

  /** Notes what triggers that ran after the change made of it. */
  String readBack(String range, long batch) {
    return """
    UPDATE %s AS tideline_log SET tideline_now = %s FROM %s
    WHERE %s AND %s AND tideline_log.tideline_batch = %s AND NOT (%s)"""
        .formatted(
            Sql.quote(log()),
            column(),
            shape.from(),
            range,
            sameKey("tideline_log"),
            Long.toString(batch),
            same(column(), "tideline_log.tideline_now"));
  }

  /** Puts old values back. Counts the rows of the log that were taken, and those put back. */
  String restore(int rows) {
    return """
    WITH tideline_picked AS (
      SELECT %1$s, tideline_was, tideline_now FROM %2$s ORDER BY %1$s LIMIT %3$s FOR UPDATE),
    tideline_back AS (
      UPDATE %4$s SET %5$s = tideline_was FROM tideline_picked
      WHERE %6$s AND %7$s RETURNING %8$s AS tideline_exact),
    tideline_gone AS (
      DELETE FROM %2$s AS tideline_log USING tideline_picked WHERE %9$s RETURNING 1)
    SELECT (SELECT pg_catalog.count(*) FROM tideline_gone),
           (SELECT pg_catalog.count(*) FROM tideline_back WHERE tideline_exact), 0"""
        .formatted(
            logKeys(),
            Sql.quote(log()),
            Integer.toString(rows),
            shape.from(),
            Sql.quote(target.column()),
            sameKey("tideline_picked"),
            same(column(), "tideline_now"),
            same(column(), "tideline_was"),
            sameLogKey("tideline_log", "tideline_picked"));
  }

  /** The body of the trigger's function: whatever fails in it leaves the column without a value. */
  String body() {
    String name = Sql.quote(target.column());
    return """

    BEGIN
      IF NEW.%1$s IS NULL THEN
        BEGIN
          NEW.%1$s := (SELECT %2$s FROM (SELECT NEW.*) AS %3$s);
        EXCEPTION WHEN OTHERS THEN
          NEW.%1$s := NULL;
        END;
      END IF;
      RETURN NEW;
    END
    """
        .formatted(name, value(), Sql.quote(shape.name().name()));
  }
}
