package io.tideline.postgresql;

import io.tideline.dialect.UnseenException;
import io.tideline.health.Check;
import io.tideline.health.Figures;
import io.tideline.health.Finding;
import io.tideline.health.Remedy;
import io.tideline.health.Severity;
import io.tideline.health.Thresholds;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What sessions do to each other. */
final class SessionChecks {
  /** A transaction so many times older than one worth telling of is a danger. */
  private static final int FAR = 6;

  private static final double SHORT = 0.8;
  private static final double OUT = 0.95;

  /** From so many times on, a day of ten minutes, a backup is a danger too. */
  private static final int FOREVER = 144;

  /** VACUUM and builds CONCURRENTLY hold no old rows, and one that is killed has to begin anew. */
  private static final String TRANSACTIONS =
      """
      SELECT a.pid, COALESCE(NULLIF(a.application_name, ''), a.usename::pg_catalog.text) AS who,
        a.state LIKE 'idle in transaction%%' AND a.state_change
          < pg_catalog.clock_timestamp() - pg_catalog.make_interval(secs => %1$s) AS idle,
        pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.xact_start) AS open,
        pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.state_change) AS still,
        a.application_name = 'pg_dump' AS dump,
        EXISTS (SELECT FROM pg_catalog.pg_stat_progress_analyze p WHERE p.pid = a.pid) AS analyze
      FROM pg_catalog.pg_stat_activity a
      WHERE a.datname = pg_catalog.current_database() AND a.pid <> pg_catalog.pg_backend_pid()
        AND a.backend_type = 'client backend'
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_vacuum p WHERE p.pid = a.pid)
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p
          WHERE p.pid = a.pid AND COALESCE(p.command, 'CONCURRENTLY') LIKE '%%CONCURRENTLY')
        AND (a.xact_start < pg_catalog.clock_timestamp() - pg_catalog.make_interval(secs => %2$s)
          OR a.state LIKE 'idle in transaction%%' AND a.state_change
            < pg_catalog.clock_timestamp() - pg_catalog.make_interval(secs => %1$s))
      ORDER BY a.xact_start""";

  /** The locks that are waited for are seen by every role. */
  private static final String BLOCKED =
      """
      SELECT w.pid, pg_catalog.pg_blocking_pids(w.pid) AS blockers, w.seconds,
        COALESCE(NULLIF(a.application_name, ''), a.usename::pg_catalog.text, '') AS who
      FROM (SELECT l.pid, pg_catalog.date_part('epoch',
              pg_catalog.clock_timestamp() - pg_catalog.min(l.waitstart)) AS seconds
            FROM pg_catalog.pg_locks l WHERE NOT l.granted GROUP BY l.pid) AS w
      JOIN pg_catalog.pg_stat_activity a ON a.pid = w.pid
      WHERE a.datname = pg_catalog.current_database() AND w.pid <> pg_catalog.pg_backend_pid()
      ORDER BY w.pid""";

  private static final String NAMES =
      """
      SELECT a.pid, COALESCE(NULLIF(a.application_name, ''), a.usename::pg_catalog.text, ''),
        COALESCE(a.state, '')
      FROM pg_catalog.pg_stat_activity a""";

  /** Of what is left the superuser's reserve is nobody else's. */
  private static final String LIMIT =
      """
      SELECT pg_catalog.sum(CASE s.name WHEN 'max_connections' THEN s.setting::pg_catalog.int8
        ELSE -s.setting::pg_catalog.int8 END)
      FROM pg_catalog.pg_settings s
      WHERE s.name IN ('max_connections', 'superuser_reserved_connections', 'reserved_connections')""";

  private final Asking asking;
  private final Thresholds thresholds;

  SessionChecks(Asking asking, Thresholds thresholds) {
    this.asking = asking;
    this.thresholds = thresholds;
  }

  /** How many connections there may be besides those that are reserved. */
  static long limit(Asking asking) {
    return Long.parseLong(asking.text(LIMIT));
  }

  private static String seconds(Duration duration) {
    return Double.toString(duration.toMillis() / 1000.0);
  }

  private static String span(double seconds) {
    return Figures.duration(Duration.ofSeconds((long) seconds));
  }

  private static Remedy terminate(long pid, String note) {
    return Remedy.sql("SELECT pg_catalog.pg_terminate_backend(" + pid + ");", note);
  }

  List<Finding> transactions() {
    return asking.rows(
        TRANSACTIONS.formatted(seconds(thresholds.idle()), seconds(thresholds.transaction())),
        this::transaction);
  }

  private Finding transaction(ResultSet row) throws SQLException {
    if (row.getBoolean("dump")) {
      return dump(row);
    }
    if (row.getBoolean("analyze")) {
      return lasting(row, Severity.INFO, "an ANALYZE");
    }
    long pid = row.getLong("pid");
    boolean idle = row.getBoolean("idle");
    double open = row.getDouble("open");
    boolean far = open >= FAR * thresholds.transaction().toMillis() / 1000.0 && open >= 1;
    return Finding.of(
            idle ? Check.IDLE_TRANSACTION : Check.LONG_TRANSACTION,
            far ? Severity.CRITICAL : Severity.WARNING,
            "session " + pid,
            "a transaction of "
                + row.getString("who")
                + " is open for "
                + span(open)
                + (idle ? ", and does nothing for " + span(row.getDouble("still")) : ""))
        .mend(
            terminate(
                pid,
                "rolls it back; idle_in_transaction_session_timeout ends such sessions by itself"));
  }

  private Finding dump(ResultSet row) throws SQLException {
    boolean forever =
        row.getDouble("open") >= FOREVER * thresholds.transaction().toMillis() / 1000.0;
    Finding finding =
        lasting(row, forever ? Severity.WARNING : Severity.INFO, "a backup by pg_dump");
    return forever
        ? finding.mend(
            terminate(row.getLong("pid"), "if it hangs; the backup then has to begin anew"))
        : finding;
  }

  /** Something that holds old rows, but ends by itself. */
  private static Finding lasting(ResultSet row, Severity severity, String what)
      throws SQLException {
    return Finding.of(
        Check.LONG_TRANSACTION,
        severity,
        "session " + row.getLong("pid"),
        what + " goes on for " + span(row.getDouble("open")));
  }

  private record Waiter(long pid, List<Long> blockers, double seconds) {}

  private record Who(String name, String state) {}

  List<Finding> blocked() {
    List<Waiter> waiters =
        asking.rows(
            BLOCKED,
            row ->
                new Waiter(
                    row.getLong("pid"), pids(row.getArray("blockers")), row.getDouble("seconds")));
    double least = thresholds.blocked().toMillis() / 1000.0;
    if (waiters.stream().noneMatch(each -> each.seconds() >= least)) {
      return List.of();
    }
    Map<Long, Waiter> byPid = new HashMap<>();
    waiters.forEach(each -> byPid.put(each.pid(), each));
    Map<Long, List<Waiter>> roots = new TreeMap<>();
    for (Waiter waiter : waiters) {
      Set<Long> seen = new LinkedHashSet<>();
      Set<Long> ends = roots(waiter, byPid, seen);
      for (long root : ends.isEmpty() ? seen : ends) {
        roots.computeIfAbsent(root, unused -> new ArrayList<>()).add(waiter);
      }
    }
    Map<Long, Who> names = new HashMap<>();
    asking
        .rows(NAMES, row -> Map.entry(row.getLong(1), new Who(row.getString(2), row.getString(3))))
        .forEach(entry -> names.put(entry.getKey(), entry.getValue()));
    List<Finding> findings = new ArrayList<>();
    roots.forEach(
        (pid, behind) -> {
          if (behind.stream().anyMatch(each -> each.seconds() >= least)) {
            findings.add(blocking(pid, behind, names));
          }
        });
    return findings;
  }

  private static List<Long> pids(Array array) throws SQLException {
    return Arrays.stream((Integer[]) array.getArray()).map(Integer::longValue).toList();
  }

  /** Those that wait for nobody, at the end of every chain; none if they wait in a circle. */
  private static Set<Long> roots(Waiter waiter, Map<Long, Waiter> byPid, Set<Long> seen) {
    Set<Long> roots = new LinkedHashSet<>();
    for (long pid : waiter.blockers()) {
      Waiter next = byPid.get(pid);
      if (next == null) {
        roots.add(pid);
      } else if (seen.add(pid)) {
        roots.addAll(roots(next, byPid, seen));
      }
    }
    return roots;
  }

  private Finding blocking(long pid, List<Waiter> behind, Map<Long, Who> names) {
    Who session = names.getOrDefault(pid, new Who("", ""));
    double longest = behind.stream().mapToDouble(Waiter::seconds).max().orElse(0);
    String who = session.name().isEmpty() ? "" : " (" + session.name() + ")";
    boolean severe = longest >= 60;
    Finding finding =
        Finding.of(
            Check.SESSION_BLOCKED,
            severe ? Severity.CRITICAL : Severity.WARNING,
            pid == 0 ? "a prepared transaction" : "session " + pid,
            "it"
                + who
                + " blocks "
                + Figures.count(behind.size(), "session")
                + ", the longest for "
                + span(longest)
                + (session.state().isEmpty() ? "" : "; it is " + session.state()));
    return pid == 0
        ? finding
        : finding.mend(terminate(pid, "rolls its transaction back; better let it commit"));
  }

  List<Finding> connections() {
    long limit = limit(asking);
    long used =
        asking.rows(HealthSql.CONNECTIONS, row -> row.getLong(2)).stream()
            .mapToLong(Long::longValue)
            .sum();
    double share = (double) used / limit;
    if (share < SHORT) {
      return List.of();
    }
    return List.of(
        Finding.of(
                Check.CONNECTIONS_SHORT,
                share >= OUT ? Severity.CRITICAL : Severity.WARNING,
                "the server",
                used + " of " + limit + " connections are taken (" + Figures.percent(share) + ")")
            .mend(
                Remedy.sql(
                    """
                    SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity\
                     a JOIN pg_catalog.pg_roles r ON r.oid = a.usesysid WHERE datname =\
                     pg_catalog.current_database() AND pg_catalog.pg_has_role(r.oid, 'USAGE') AND\
                     (NOT r.rolsuper OR pg_catalog.current_setting('is_superuser') = 'on') AND\
                     state = 'idle' AND backend_type = 'client backend' AND pid <>\
                     pg_catalog.pg_backend_pid() AND state_change < pg_catalog.now() - interval\
                     '%s seconds';"""
                        .formatted(Long.toString(thresholds.idle().toSeconds())),
                    "ends those of this database and of your roles that have done nothing for long;"
                        + " fewer connections in the applications' pools keep it so")));
  }

  /** Tells that there is more than is seen, if so. */
  List<Finding> hidden() {
    long hidden =
        Long.parseLong(
            asking.text(
                "SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity WHERE query ="
                    + " '<insufficient privilege>'"));
    if (hidden > 0) {
      throw new UnseenException(
          "not visible to this role: what "
              + Figures.count(hidden, "session")
              + " do; an administrator can GRANT pg_read_all_stats TO "
              + Sql.quote(asking.session().role()));
    }
    return List.of();
  }
}
