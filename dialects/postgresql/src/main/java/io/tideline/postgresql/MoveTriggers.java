package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Triggers that write the keys of changed rows to the log, one statement at a time, whatever the
 * session's replication role. They never let the application fail: what cannot be noted is counted
 * by a sequence, which is not transactional and can hardly fail, and then the move is broken. Only
 * that a serializable transaction must be tried again is not ours to hide: it would commit, or be
 * counted although it does not.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-createtrigger.html">CREATE TRIGGER</a>
 */
final class MoveTriggers {
  /** Statements of our own that write to a followed table are not to be noted. */
  static final String UNNOTED = "SET LOCAL tideline.moving = 'on'";

  private static final List<String> EVENTS = List.of("INSERT", "UPDATE", "DELETE", "TRUNCATE");

  private static final String FUNCTION =
      """
      CREATE FUNCTION %1$s() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
      SET search_path = '' AS $tideline$
      BEGIN
        IF pg_catalog.current_setting('tideline.moving', true) = 'on' THEN
          RETURN NULL;
        ELSIF TG_OP = 'INSERT' THEN
          INSERT INTO %2$s (%3$s) SELECT %4$s FROM tideline_new AS n;
        ELSIF TG_OP = 'UPDATE' THEN
          INSERT INTO %2$s (%3$s) SELECT %5$s FROM tideline_old AS o
            UNION ALL SELECT %4$s FROM tideline_new AS n;
        ELSIF TG_OP = 'DELETE' THEN
          INSERT INTO %2$s (%3$s) SELECT %5$s FROM tideline_old AS o;
        ELSE
          PERFORM pg_catalog.nextval(%6$s::pg_catalog.regclass);
        END IF;
        RETURN NULL;
      EXCEPTION WHEN serialization_failure THEN
        RAISE;
      WHEN OTHERS THEN
        BEGIN
          PERFORM pg_catalog.nextval(%6$s::pg_catalog.regclass);
        EXCEPTION WHEN OTHERS THEN
          RAISE WARNING 'the move of this table cannot follow it: %%', SQLERRM;
        END;
        RETURN NULL;
      END $tideline$""";

  private static final String DIGEST =
      """
      SELECT pg_catalog.md5(pg_catalog.concat_ws(' ', pg_catalog.string_agg(pg_catalog.concat_ws(' ',
          t.tgrelid, t.tgname, t.tgenabled, t.xmin), ',' ORDER BY t.tgrelid, t.tgname),
        (SELECT pg_catalog.concat_ws(' ', p.oid, p.xmin, p.prosrc) FROM pg_catalog.pg_proc p
         WHERE p.oid = %2$s)))
      FROM pg_catalog.pg_trigger t WHERE t.tgrelid = %1$s AND t.tgfoid = %2$s""";

  private MoveTriggers() {}

  /** Makes the function, and returns its oid. */
  static long createFunction(Session session, MoveNames names, MoveShape shape)
      throws SQLException {
    String name = Sql.quote(names.function());
    session.execute(
        FUNCTION.formatted(
            name,
            Sql.quote(names.log()),
            shape.logged(""),
            shape.key("n"),
            shape.key("o"),
            Sql.string(Sql.quote(names.broken()))));
    session.execute("REVOKE ALL ON FUNCTION " + name + "() FROM PUBLIC");
    return Long.parseLong(
        session.text(
            "SELECT " + Sql.string(name + "()") + "::pg_catalog.regprocedure::pg_catalog.oid"));
  }

  /** Makes the triggers of a table, in the transaction that is open. */
  static void create(Session session, MoveNames names, TableName table) throws SQLException {
    for (String event : EVENTS) {
      String tables =
          switch (event) {
            case "INSERT" -> " REFERENCING NEW TABLE AS tideline_new";
            case "UPDATE" -> " REFERENCING OLD TABLE AS tideline_old NEW TABLE AS tideline_new";
            case "DELETE" -> " REFERENCING OLD TABLE AS tideline_old";
            default -> "";
          };
      session.execute(
          "CREATE TRIGGER %s AFTER %s ON %s%s FOR EACH STATEMENT EXECUTE FUNCTION %s()"
              .formatted(
                  trigger(event), event, Sql.quote(table), tables, Sql.quote(names.function())));
      session.execute(
          "ALTER TABLE ONLY " + Sql.quote(table) + " ENABLE ALWAYS TRIGGER " + trigger(event));
    }
  }

  private static String trigger(String event) {
    return Sql.quote("tideline_note_" + event.toLowerCase(java.util.Locale.ROOT));
  }

  /** Removes those of our triggers that a table has, in the transaction that is open. */
  static void drop(Session session, long function, long table) throws SQLException {
    List<String> statements = new ArrayList<>();
    try (Statement statement = session.statement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT pg_catalog.format('DROP TRIGGER %%I ON %%I.%%I', t.tgname, n.nspname, c.relname)
                FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
                JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE t.tgrelid = %s AND t.tgfoid = %s"""
                    .formatted(Long.toString(table), Long.toString(function)))) {
      while (row.next()) {
        statements.add(row.getString(1));
      }
    }
    for (String each : statements) {
      session.execute(each);
    }
  }

  /** What tells whether the triggers of a table were touched, even if they are as before again. */
  static String digest(Session session, long function, long table) throws SQLException {
    return session.text(DIGEST.formatted(Long.toString(table), Long.toString(function)));
  }

  /** The tables that have our triggers. */
  static List<Long> followed(Session session, long function) throws SQLException {
    List<Long> tables = new ArrayList<>();
    try (Statement statement = session.statement();
        ResultSet row =
            statement.executeQuery(
                "SELECT DISTINCT t.tgrelid::pg_catalog.int8 FROM pg_catalog.pg_trigger t WHERE"
                    + " t.tgfoid = "
                    + function
                    + " ORDER BY 1")) {
      while (row.next()) {
        tables.add(row.getLong(1));
      }
    }
    return tables;
  }

  /** The table and its partitions that lack any of our triggers. */
  static List<TableName> lacking(Session session, long function, long table) throws SQLException {
    List<TableName> lacking = new ArrayList<>();
    try (Statement statement = session.statement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT n.nspname, c.relname FROM pg_catalog.pg_partition_tree(%1$s) p
                JOIN pg_catalog.pg_class c ON c.oid = p.relid
                JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE (SELECT pg_catalog.count(*) FROM pg_catalog.pg_trigger t
                  WHERE t.tgrelid = c.oid AND t.tgfoid = %2$s AND t.tgenabled = 'A') < 4
                ORDER BY p.level DESC, c.oid"""
                    .formatted(Long.toString(table), Long.toString(function)))) {
      while (row.next()) {
        lacking.add(new TableName(row.getString(1), row.getString(2)));
      }
    }
    return lacking;
  }
}
