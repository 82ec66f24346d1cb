package io.tideline.postgresql;

import io.tideline.dialect.BackfillTarget;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.tuning.Backfill;
import java.sql.SQLException;

/**
 * What a backfill makes: a log, a function with its trigger, a constraint for a while. Nothing else
 * is dropped, whatever its name.
 */
final class FillMade {
  private static final String REQUIRED = "CHECK ((%s IS NOT NULL))";

  private final Session session;
  private final BackfillTarget target;
  private final FillSql sql;

  FillMade(Session session, BackfillTarget target, FillSql sql) {
    this.session = session;
    this.target = target;
    this.sql = sql;
  }

  private String name() {
    return Sql.quote(sql.log());
  }

  private String table() {
    return Sql.quote(target.table().name());
  }

  /** Makes what the backfill needs. @return what the function is known by; empty without one */
  String make() throws SQLException {
    requireFree();
    if (target.logged()) {
      session.execute(
          "CREATE TABLE %s AS SELECT %s, %s AS tideline_was, %s AS tideline_now,"
                  .formatted(name(), sql.keysNamed(), sql.column(), sql.column())
              + " 0::pg_catalog.int8 AS tideline_batch FROM %s WITH NO DATA"
                  .formatted(sql.shape().from()));
      session.execute("ALTER TABLE " + name() + " ADD PRIMARY KEY (" + sql.logKeys() + ")");
    } else {
      session.execute(
          "ALTER TABLE "
              + table()
              + " ADD COLUMN "
              + Sql.quote(target.column())
              + " "
              + target.backfill().type().orElseThrow());
    }
    if (target.backfill().fill() == Backfill.Fill.SWEEP) {
      return "";
    }
    String body = sql.body();
    session.execute(
        "CREATE FUNCTION "
            + name()
            + "() RETURNS pg_catalog.trigger LANGUAGE plpgsql"
            + " SET search_path = pg_catalog, pg_temp AS "
            + Sql.string(body));
    session.execute(
        "CREATE TRIGGER %s BEFORE INSERT ON %s FOR EACH ROW EXECUTE FUNCTION %s()"
            .formatted(Sql.quote(target.made()), table(), name()));
    return body;
  }

  private void requireFree() throws SQLException {
    if (!session.text("SELECT pg_catalog.to_regclass(" + Sql.string(name()) + ")").isEmpty()
        || !function().isEmpty()) {
      throw new TidelineException(
          ErrorCode.BACKFILL_REFUSED,
          "Cannot begin the backfill '"
              + target.backfill().name()
              + "': the database has a table or function "
              + name()
              + " already.",
          "Nothing was changed.",
          "Give the backfill another name.");
    }
  }

  /** The body of the function of our name, if there is one. */
  private String function() throws SQLException {
    return session.text(
        "SELECT prosrc FROM pg_catalog.pg_proc WHERE oid = pg_catalog.to_regprocedure("
            + Sql.string(name() + "()")
            + ")");
  }

  /** Drops the trigger and its function, if they are there. */
  void dropTrigger(String made) throws SQLException {
    String body = function();
    if (body.isEmpty()) {
      return;
    }
    if (!body.equals(made)) {
      throw changed("function");
    }
    session.execute("DROP TRIGGER IF EXISTS " + Sql.quote(target.made()) + " ON " + table());
    session.execute("DROP FUNCTION " + name() + "()");
  }

  private TidelineException changed(String what) {
    return new TidelineException(
        ErrorCode.BACKFILL_CHANGED,
        "Cannot remove the " + what + " " + name() + ": it is not as Tideline made it.",
        "The transaction was rolled back.",
        "See what it is, and drop or rename it yourself; then run the same command again.");
  }

  /** Drops the log, if it is there. */
  void dropLog() throws SQLException {
    String columns =
        session.text(
            "SELECT pg_catalog.string_agg(attname, ', ' ORDER BY attnum)"
                + " FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass("
                + Sql.string(name())
                + ") AND attnum > 0 AND NOT attisdropped");
    if (columns.isEmpty()) {
      return;
    }
    if (!columns.equals(sql.logKeys() + ", tideline_was, tideline_now, tideline_batch")) {
      throw changed("table");
    }
    session.execute("DROP TABLE " + name());
  }

  /** Whether the constraint of ours is there. */
  boolean constrained() throws SQLException {
    String definition =
        session.text(
            "SELECT pg_catalog.pg_get_constraintdef(oid) FROM pg_catalog.pg_constraint"
                + " WHERE conrelid = pg_catalog.to_regclass("
                + Sql.string(table())
                + ") AND conname = "
                + Sql.string(target.made()));
    if (definition.isEmpty()) {
      return false;
    }
    String plain =
        session.text("SELECT pg_catalog.quote_ident(" + Sql.string(target.column()) + ")");
    if (!definition.startsWith(REQUIRED.formatted(plain))) {
      throw changed("constraint");
    }
    return true;
  }

  void constrain() throws SQLException {
    session.execute(
        "ALTER TABLE %s ADD CONSTRAINT %s CHECK (%s IS NOT NULL) NOT VALID"
            .formatted(table(), Sql.quote(target.made()), Sql.quote(target.column())));
  }

  void validate() throws SQLException {
    session.execute("ALTER TABLE " + table() + " VALIDATE CONSTRAINT " + Sql.quote(target.made()));
  }

  void dropConstraint() throws SQLException {
    if (constrained()) {
      session.execute("ALTER TABLE " + table() + " DROP CONSTRAINT " + Sql.quote(target.made()));
    }
  }

  /** Makes the column NOT NULL, or takes that back. */
  void require(boolean wanted) throws SQLException {
    session.execute(
        "ALTER TABLE %s ALTER COLUMN %s %s NOT NULL"
            .formatted(table(), Sql.quote(target.column()), wanted ? "SET" : "DROP"));
  }
}
