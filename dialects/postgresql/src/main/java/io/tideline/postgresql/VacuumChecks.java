package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.health.Certainty;
import io.tideline.health.Check;
import io.tideline.health.Figures;
import io.tideline.health.Finding;
import io.tideline.health.Remedy;
import io.tideline.health.Severity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether VACUUM and ANALYZE keep up.
 *
 * @see <a href="https://www.postgresql.org/docs/current/routine-vacuuming.html">Routine
 *     vacuuming</a>
 */
final class VacuumChecks {
  /** Of 2.1 thousand million; the server's own emergency begins at 1.6 (vacuum_failsafe_age). */
  private static final long OLD = 1_000_000_000;

  private static final long TOO_OLD = 1_600_000_000;

  /** Fewer rows are no trouble to anybody. */
  private static final long MANY = 10_000;

  private static final int MOST = 20;

  /**
   * The rows of large values count for the table that they belong to. Tables of other access
   * methods may have no age.
   */
  private static final String AGES =
      """
      SELECT n.nspname, o.relname, pg_catalog.max(pg_catalog.age(c.relfrozenxid)) AS xids,
        pg_catalog.max(pg_catalog.mxid_age(c.relminmxid)) AS mxids
      FROM pg_catalog.pg_class c
      LEFT JOIN pg_catalog.pg_class p ON c.relkind = 't' AND p.reltoastrelid = c.oid
      JOIN pg_catalog.pg_class o ON o.oid = COALESCE(p.oid, c.oid)
      JOIN pg_catalog.pg_namespace n ON n.oid = o.relnamespace
      WHERE c.relkind IN ('r', 'm', 't') AND o.relpersistence %%s 't'
        AND c.relfrozenxid <> '0'::pg_catalog.xid
        AND (pg_catalog.age(c.relfrozenxid) >= %1$s OR pg_catalog.mxid_age(c.relminmxid) >= %1$s)
      GROUP BY 1, 2 ORDER BY GREATEST(pg_catalog.max(pg_catalog.age(c.relfrozenxid)),
        pg_catalog.max(pg_catalog.mxid_age(c.relminmxid))) DESC LIMIT %2$s"""
          .formatted(Long.toString(OLD), Integer.toString(MOST));

  private static final String DATABASES =
      """
      SELECT d.datname, pg_catalog.age(d.datfrozenxid) AS xids,
        pg_catalog.mxid_age(d.datminmxid) AS mxids,
        d.datname = pg_catalog.current_database() AS here
      FROM pg_catalog.pg_database d
      WHERE d.datallowconn AND (pg_catalog.age(d.datfrozenxid) >= %1$s OR pg_catalog.mxid_age(d.datminmxid) >= %1$s)
      ORDER BY 1"""
          .formatted(Long.toString(OLD));

  private static final String OWNER =
      """
      SELECT a.pid FROM pg_catalog.pg_stat_activity a
      WHERE a.pid = pg_catalog.pg_stat_get_backend_pid(%s)
        AND a.datname = pg_catalog.current_database() AND a.pid <> pg_catalog.pg_backend_pid()""";

  /** Whoever may have made temporary tables, besides this session. */
  private static final String OTHERS =
      """
      SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity a
      WHERE a.datname = pg_catalog.current_database() AND a.pid <> pg_catalog.pg_backend_pid()
        AND COALESCE(a.backend_type, '') NOT IN ('autovacuum worker', 'parallel worker')""";

  /** The settings that a table has for itself, or else the server's; a cap is since 18. */
  private static final String LAG =
      """
      SELECT n.nspname, c.relname, d.dead, GREATEST(c.reltuples, 0)::pg_catalog.int8 AS rows,
        t.trigger::pg_catalog.int8 AS trigger, o.enabled
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      CROSS JOIN LATERAL (SELECT pg_catalog.pg_stat_get_dead_tuples(c.oid) AS dead) AS d
      CROSS JOIN LATERAL (SELECT
          pg_catalog.max(x.option_value) FILTER (WHERE x.option_name
            = 'autovacuum_vacuum_threshold') AS threshold,
          pg_catalog.max(x.option_value) FILTER (WHERE x.option_name
            = 'autovacuum_vacuum_scale_factor') AS factor,
          pg_catalog.max(x.option_value) FILTER (WHERE x.option_name
            = 'autovacuum_vacuum_max_threshold') AS cap,
          COALESCE(pg_catalog.max(x.option_value) FILTER (WHERE x.option_name
            = 'autovacuum_enabled'), 'true')::pg_catalog.bool AS enabled
        FROM pg_catalog.pg_options_to_table(c.reloptions) AS x) AS o
      CROSS JOIN LATERAL (SELECT LEAST(
          COALESCE(NULLIF(COALESCE(o.cap, pg_catalog.current_setting(
            'autovacuum_vacuum_max_threshold', true))::pg_catalog.float8, -1), 1e18),
          COALESCE(o.threshold, pg_catalog.current_setting('autovacuum_vacuum_threshold'))
              ::pg_catalog.float8
            + COALESCE(o.factor, pg_catalog.current_setting('autovacuum_vacuum_scale_factor'))
              ::pg_catalog.float8 * GREATEST(c.reltuples, 0)) AS trigger) AS t
      WHERE %1$s AND d.dead >= %2$s
        AND d.dead >= t.trigger * CASE WHEN o.enabled THEN 2 ELSE 1 END
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_vacuum v WHERE v.relid = c.oid)
      ORDER BY d.dead DESC LIMIT %3$s"""
          .formatted(HealthSql.VISIBLE, Long.toString(MANY), Integer.toString(MOST));

  /** TRUNCATE makes the server forget how many rows there are, but not when it looked. */
  private static final String CHANGED =
      """
      SELECT n.nspname, c.relname, s.never,
        pg_catalog.pg_stat_get_mod_since_analyze(c.oid) AS changed,
        pg_catalog.pg_stat_get_live_tuples(c.oid) AS rows
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      CROSS JOIN LATERAL (SELECT c.reltuples < 0
        AND pg_catalog.pg_stat_get_last_analyze_time(c.oid) IS NULL
        AND pg_catalog.pg_stat_get_last_autoanalyze_time(c.oid) IS NULL AS never) AS s
      CROSS JOIN LATERAL (SELECT
          pg_catalog.max(x.option_value) FILTER (WHERE x.option_name
            = 'autovacuum_analyze_threshold') AS threshold,
          pg_catalog.max(x.option_value) FILTER (WHERE x.option_name
            = 'autovacuum_analyze_scale_factor') AS factor
        FROM pg_catalog.pg_options_to_table(c.reloptions) AS x) AS o
      WHERE %1$s AND pg_catalog.pg_stat_get_mod_since_analyze(c.oid) >= %2$s
        AND (s.never OR pg_catalog.pg_stat_get_mod_since_analyze(c.oid) >= 5 * (
          COALESCE(o.threshold, pg_catalog.current_setting('autovacuum_analyze_threshold'))
              ::pg_catalog.float8
            + COALESCE(o.factor, pg_catalog.current_setting('autovacuum_analyze_scale_factor'))
              ::pg_catalog.float8 * CASE WHEN c.reltuples >= 0 THEN c.reltuples
                ELSE pg_catalog.pg_stat_get_live_tuples(c.oid) END))
      ORDER BY 4 DESC LIMIT %3$s"""
          .formatted(HealthSql.VISIBLE, Long.toString(MANY), Integer.toString(MOST));

  private static final String ACTIVITY = "activity statistics";

  private final Asking asking;

  VacuumChecks(Asking asking) {
    this.asking = asking;
  }

  List<Finding> wraparound() {
    List<Finding> findings = new ArrayList<>(asking.rows(AGES.formatted("<>"), VacuumChecks::old));
    findings.addAll(asking.rows(AGES.formatted("="), this::temporary));
    boolean told = !findings.isEmpty();
    asking
        .rows(DATABASES, row -> told && row.getBoolean("here") ? List.<Finding>of() : database(row))
        .forEach(findings::addAll);
    return findings;
  }

  /** Of the database itself only where no table of it tells why. */
  private static List<Finding> database(ResultSet row) throws SQLException {
    return List.of(
        aged("database " + row.getString(1), row)
            .mend(
                Remedy.sql(
                    "VACUUM (FREEZE);",
                    "in that database, as a superuser; end old transactions first, or it"
                        + " cannot freeze")));
  }

  /**
   * Only its own session can freeze a temporary table. Whose it may be tells its schema's name;
   * before 16 nobody can be asked for it. A session that ended without dropping it leaves its
   * number to another one. While a session lives whose it may be, nobody is told to drop it.
   */
  private Finding temporary(ResultSet row) throws SQLException {
    TableName name = new TableName(row.getString(1), row.getString(2));
    Finding finding = aged("temporary table " + name, row);
    String drop = "DROP TABLE " + Sql.quote(name) + ";";
    if (!asking.since(16) || !name.schema().matches("pg_temp_[0-9]+")) {
      Remedy look = sessions("", "one of these may have made it: end that one; else " + drop);
      return asking.text(OTHERS).equals("0") ? finding.mend(dropping(drop)) : finding.mend(look);
    }
    String session = asking.text(OWNER.formatted(name.schema().substring("pg_temp_".length())));
    return session.isEmpty()
        ? finding.mend(dropping(drop))
        : finding.mend(
            sessions(
                " AND pid = " + session,
                "if it began before the table was made, and uses temporary tables, it is the one;"
                    + " else "
                    + drop),
            Remedy.sql(
                "SELECT pg_catalog.pg_terminate_backend(" + session + ");",
                "only if it is the one: ends it, and its temporary tables; better let it drop"
                    + " them"));
  }

  private static Remedy dropping(String drop) {
    return Remedy.sql(drop, "as its owner or a superuser; the session that made it is gone");
  }

  private static Remedy sessions(String which, String note) {
    return Remedy.sql(
        "SELECT pid, usename, application_name, backend_start, state, query FROM"
            + " pg_catalog.pg_stat_activity WHERE datname = pg_catalog.current_database()"
            + which
            + ";",
        note);
  }

  private static Finding old(ResultSet row) throws SQLException {
    TableName name = new TableName(row.getString(1), row.getString(2));
    return aged(name.toString(), row)
        .mend(
            Remedy.sql(
                "VACUUM (FREEZE) " + Sql.quote(name) + ";",
                "reads the table; end old transactions first, or it cannot freeze"));
  }

  private static Finding aged(String place, ResultSet row) throws SQLException {
    long xids = row.getLong("xids");
    long mxids = row.getLong("mxids");
    long worst = Math.max(xids, mxids);
    return Finding.of(
        Check.WRAPAROUND,
        worst >= TOO_OLD ? Severity.CRITICAL : Severity.WARNING,
        place,
        "not frozen for "
            + Figures.count(worst, worst == xids ? "transaction" : "multixact")
            + ", of 2,146,483,647 at most");
  }

  List<Finding> lag() {
    return asking.rows(LAG, VacuumChecks::lagging);
  }

  private static Finding lagging(ResultSet row) throws SQLException {
    TableName name = new TableName(row.getString(1), row.getString(2));
    boolean enabled = row.getBoolean("enabled");
    Remedy vacuum =
        Remedy.sql(
            "VACUUM (ANALYZE) " + Sql.quote(name) + ";",
            "hinders nobody; what old transactions still see stays");
    Finding finding =
        Finding.of(
                Check.VACUUM_LAG,
                Severity.WARNING,
                name.toString(),
                Figures.count(row.getLong("dead"), "dead row")
                    + " beside "
                    + Figures.count(row.getLong("rows"), "live one")
                    + (enabled
                        ? "; autovacuum should have come at "
                            + Figures.count(row.getLong("trigger"), "dead row")
                        : "; autovacuum is off for the table"))
            .by(ACTIVITY, Certainty.LIKELY);
    return enabled
        ? finding.mend(vacuum)
        : finding.mend(
            Remedy.sql("ALTER TABLE " + Sql.quote(name) + " RESET (autovacuum_enabled);"), vacuum);
  }

  List<Finding> statistics() {
    return asking.rows(CHANGED, VacuumChecks::changed);
  }

  private static Finding changed(ResultSet row) throws SQLException {
    TableName name = new TableName(row.getString(1), row.getString(2));
    boolean never = row.getBoolean("never");
    return Finding.of(
            never ? Check.STATISTICS_MISSING : Check.STATISTICS_STALE,
            never ? Severity.INFO : Severity.WARNING,
            name.toString(),
            never
                ? "never analyzed; it has " + Figures.count(row.getLong("rows"), "row")
                : Figures.count(row.getLong("changed"), "row")
                    + " were changed since the last ANALYZE")
        .by(ACTIVITY, Certainty.LIKELY)
        .mend(Remedy.sql("ANALYZE " + Sql.quote(name) + ";"));
  }

  List<Finding> off() {
    boolean on =
        asking
            .text(
                "SELECT pg_catalog.current_setting('autovacuum')::pg_catalog.bool AND"
                    + " pg_catalog.current_setting('track_counts')::pg_catalog.bool")
            .equals("t");
    if (on) {
      return List.of();
    }
    return List.of(
        Finding.of(
                Check.AUTOVACUUM_OFF,
                Severity.WARNING,
                "the server",
                "autovacuum or track_counts is off for all tables")
            .mend(
                Remedy.sql("ALTER SYSTEM SET autovacuum = on;", "as a superuser"),
                Remedy.sql("ALTER SYSTEM SET track_counts = on;"),
                Remedy.sql("SELECT pg_catalog.pg_reload_conf();")));
  }
}
