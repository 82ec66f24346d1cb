package io.tideline.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.catalogue.Table;
import io.tideline.dialect.Database;
import io.tideline.dialect.Lease;
import io.tideline.dialect.Reader;
import io.tideline.dialect.Removal;
import io.tideline.dialect.Transaction;
import io.tideline.dialect.Writer;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Pace;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sessions are ours, whatever server, database and role say. */
class SessionTest extends TableCase {
  private static final Map<String, String> WILD =
      Map.ofEntries(
          Map.entry("TimeZone", "Asia/Kolkata"),
          Map.entry("DateStyle", "SQL, DMY"),
          Map.entry("IntervalStyle", "sql_standard"),
          Map.entry("bytea_output", "escape"),
          Map.entry("extra_float_digits", "-15"),
          Map.entry("standard_conforming_strings", "off"),
          Map.entry("statement_timeout", "300"),
          Map.entry("lock_timeout", "1"),
          Map.entry("idle_in_transaction_session_timeout", "1"),
          Map.entry("idle_session_timeout", "1000"),
          Map.entry("transaction_timeout", "300"),
          Map.entry("default_transaction_isolation", "serializable"),
          Map.entry("row_security", "on"),
          Map.entry("search_path", "nowhere"),
          Map.entry("synchronous_commit", "on"),
          Map.entry("default_transaction_deferrable", "on"));

  private String setting(Session session, String name) throws SQLException {
    return session.text("SHOW " + name);
  }

  @Test
  void noDefaultOfDatabaseOrRoleReachesThem() throws SQLException {
    Map<String, String> settings = new HashMap<>(WILD);
    boolean timesTransactions = Postgres.version() >= 17;
    if (!timesTransactions) {
      settings.remove("transaction_timeout");
    }
    for (Map.Entry<String, String> each : settings.entrySet()) {
      String value =
          each.getKey().equals("DateStyle") ? each.getValue() : "'" + each.getValue() + "'";
      postgres.execute(
          "ALTER DATABASE " + postgres.name() + " SET " + each.getKey() + " = " + value);
    }
    ConnectionUrl url =
        ConnectionUrl.of(new io.tideline.dialect.DatabaseUrl(postgres.url("postgres")));
    try (Session reading = Sessions.reading(url);
        Session writing = Sessions.writing(url)) {
      for (Session session : List.of(reading, writing)) {
        assertThat(setting(session, "TimeZone")).isEqualTo("UTC");
        assertThat(setting(session, "DateStyle")).isEqualTo("ISO, YMD");
        assertThat(setting(session, "search_path")).isEqualTo("\"\"");
        assertThat(setting(session, "row_security")).isEqualTo("off");
        assertThat(setting(session, "standard_conforming_strings")).isEqualTo("on");
        assertThat(setting(session, "default_transaction_isolation")).isEqualTo("read committed");
        assertThat(setting(session, "idle_in_transaction_session_timeout")).isEqualTo("1min");
        assertThat(setting(session, "idle_session_timeout")).isEqualTo("0");
        if (timesTransactions) {
          assertThat(setting(session, "transaction_timeout")).isEqualTo("0");
        }
      }
      assertThat(setting(reading, "statement_timeout")).isEqualTo("0");
      assertThat(setting(reading, "lock_timeout")).isEqualTo("5s");
      assertThat(setting(reading, "transaction_read_only")).isEqualTo("on");
      assertThat(setting(writing, "statement_timeout")).isEqualTo("1min");
      assertThat(setting(writing, "lock_timeout")).isEqualTo("2s");
      assertThat(setting(writing, "transaction_read_only")).isEqualTo("off");
    }
    postgres.execute(
        "CREATE TABLE t (id int PRIMARY KEY, at timestamptz, day date, span interval, f float8)",
        "INSERT INTO t VALUES (1, '2026-05-02 00:00:00+05:30', '2026-05-02', '1 day 02:03', 0.1)");
    lease.close();
    try (Database database = postgres.open("postgres");
        Reader own = database.openReader();
        Lease mine = database.acquireLease();
        Writer wild = mine.openWriter(Pace.GENTLE)) {
      Table table = database.resolve(database.catalogue(), "t");
      List<String> rows = new ArrayList<>();
      own.scan(Postgres.all(table), 10, row -> rows.add(row.display()));
      assertThat(rows).hasSize(1).allMatch(row -> row.startsWith("1, 1777660200000000, "));
      try (Transaction transaction = wild.begin(List.of(table))) {
        assertThat(transaction.removeRange(Postgres.all(table), new Removal.Delete(), row -> true))
            .isEqualTo(1);
        transaction.commit(true);
      }
    }
    assertThat(postgres.query("SELECT count(*) FROM t")).containsExactly("0");
  }

  @Test
  void aServerThatOnlyReadsIsPlannedOnButNotWritten() throws SQLException {
    postgres.execute(
        "CREATE TABLE t (id int PRIMARY KEY)",
        "INSERT INTO t VALUES (1)",
        "DROP ROLE IF EXISTS lookout",
        "CREATE ROLE lookout LOGIN SUPERUSER",
        "ALTER ROLE lookout SET default_transaction_read_only = on");
    lease.close();
    try (Database database = postgres.open("lookout");
        Reader own = database.openReader()) {
      assertThat(database.info().readOnly())
          .isEqualTo("the server sets default_transaction_read_only");
      Table table = database.resolve(database.catalogue(), "t");
      assertThat(own.count(table, List.of())).isEqualTo(1);
      assertThat(database.identity()).isPresent();
      assertThatThrownBy(database::acquireLease)
          .isInstanceOfSatisfying(
              TidelineException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_READ_ONLY));
    } finally {
      postgres.execute("DROP OWNED BY lookout", "DROP ROLE lookout");
    }
  }

  @Test
  void theReadersOwnTransactionsCannotWrite() throws SQLException {
    ConnectionUrl url =
        ConnectionUrl.of(new io.tideline.dialect.DatabaseUrl(postgres.url("postgres")));
    try (Session reading = Sessions.reading(url)) {
      assertThatThrownBy(() -> reading.execute("CREATE TABLE t (id int)"))
          .hasMessageContaining("read-only transaction");
    }
  }
}
