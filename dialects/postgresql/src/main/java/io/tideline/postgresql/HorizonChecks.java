package io.tideline.postgresql;

import io.tideline.health.Check;
import io.tideline.health.Figures;
import io.tideline.health.Finding;
import io.tideline.health.Remedy;
import io.tideline.health.Severity;
import io.tideline.health.Thresholds;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** What keeps old rows, or the log, besides sessions. */
final class HorizonChecks {
  /** Log that is worth telling of, in smallest spaces of interest: 1 GB. */
  private static final int LOG = 100;

  private static final String PREPARED =
      """
      SELECT gid, owner, pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - prepared)
      FROM pg_catalog.pg_prepared_xacts
      WHERE database = pg_catalog.current_database()
        AND prepared < pg_catalog.clock_timestamp() - pg_catalog.make_interval(secs => %s)
      ORDER BY prepared""";

  private static final String SLOTS =
      """
      SELECT s.slot_name, s.active, s.wal_status,
        COALESCE(GREATEST(pg_catalog.age(s.xmin), pg_catalog.age(s.catalog_xmin)), 0) AS age,
        COALESCE(pg_catalog.pg_wal_lsn_diff(
          CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_receive_lsn()
            ELSE pg_catalog.pg_current_wal_lsn() END, s.restart_lsn), 0)::pg_catalog.int8 AS log
      FROM pg_catalog.pg_replication_slots s WHERE NOT s.temporary
      ORDER BY s.slot_name""";

  private static final String STANDBYS =
      """
      SELECT COALESCE(NULLIF(r.application_name, ''), r.pid::pg_catalog.text),
        pg_catalog.age(r.backend_xmin)
      FROM pg_catalog.pg_stat_replication r WHERE pg_catalog.age(r.backend_xmin) >= %s""";

  /** To be asked there: its horizon is that of its oldest query. */
  private static final String END_OLD =
      "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE"
          + " backend_type = 'client backend' AND pg_catalog.age(backend_xmin) >= %s;";

  private final Asking asking;
  private final Thresholds thresholds;

  HorizonChecks(Asking asking, Thresholds thresholds) {
    this.asking = asking;
    this.thresholds = thresholds;
  }

  List<Finding> prepared() {
    return asking.rows(
        PREPARED.formatted(Long.toString(thresholds.transaction().toSeconds())),
        row ->
            Finding.of(
                    Check.PREPARED_TRANSACTION,
                    Severity.WARNING,
                    "transaction " + row.getString(1),
                    "prepared by "
                        + row.getString(2)
                        + " "
                        + Figures.duration(Duration.ofSeconds((long) row.getDouble(3)))
                        + " ago, and neither committed nor rolled back")
                .mend(
                    Remedy.sql(
                        "SELECT * FROM pg_catalog.pg_prepared_xacts WHERE gid = "
                            + Sql.string(row.getString(1))
                            + ";",
                        "ask the coordinator that prepared it what it decided: if to commit, COMMIT"
                            + " PREPARED "
                            + Sql.string(row.getString(1))
                            + "; keeps its rows; if not, ROLLBACK PREPARED "
                            + Sql.string(row.getString(1))
                            + "; undoes them. The wrong one loses rows")));
  }

  List<Finding> slots() {
    return asking.rows(SLOTS, this::slot).stream().flatMap(List::stream).toList();
  }

  private List<Finding> slot(ResultSet row) throws SQLException {
    String name = row.getString("slot_name");
    boolean active = row.getBoolean("active");
    long age = row.getLong("age");
    long log = row.getLong("log");
    long much = LOG * thresholds.bytes();
    if (age < thresholds.transactions() && log < (active ? 10 * much : much)) {
      return List.of();
    }
    boolean limitless = !"lost".equals(row.getString("wal_status")) && !active;
    return List.of(
        Finding.of(
                Check.SLOT_BEHIND,
                limitless && log >= 10 * much ? Severity.CRITICAL : Severity.WARNING,
                "slot " + name,
                (active ? "its consumer is behind: " : "nobody reads it: ")
                    + Figures.bytes(log)
                    + " of log are kept for it, and old rows of "
                    + Figures.count(age, "transaction"))
            .freeing(log)
            .mend(
                Remedy.sql(
                    "SELECT pg_catalog.pg_drop_replication_slot(" + Sql.string(name) + ");",
                    (active ? "ends while its consumer is away; " : "")
                        + "the consumer must begin anew afterwards")));
  }

  List<Finding> standbys() {
    String old = Long.toString(thresholds.transactions());
    return asking.rows(
        STANDBYS.formatted(old),
        row ->
            Finding.of(
                    Check.STANDBY_BEHIND,
                    Severity.WARNING,
                    "standby " + row.getString(1),
                    "a query there holds old rows of "
                        + Figures.count(row.getLong(2), "transaction"))
                .mend(
                    Remedy.sql(
                        END_OLD.formatted(old),
                        "on the standby; it ends the sessions whose queries are so old")));
  }
}
