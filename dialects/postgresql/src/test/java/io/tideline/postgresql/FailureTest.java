package io.tideline.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.catalogue.Table;
import io.tideline.dialect.Database;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.dialect.Lease;
import io.tideline.dialect.Reader;
import io.tideline.dialect.RefusedException;
import io.tideline.dialect.Removal;
import io.tideline.dialect.Transaction;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Pace;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class FailureTest extends TableCase {
  private static void assertCode(ErrorCode code, ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TidelineException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code))
        .message()
        .contains(words)
        .doesNotContain("s3cret");
  }

  private static ThrowingCallable open(String url) {
    return () -> new PostgresDialect().open(new DatabaseUrl(url)).close();
  }

  private void kill() throws SQLException {
    postgres.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
  }

  private Table simple() throws SQLException {
    postgres.execute(
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 10) i");
    return postgres.table("t");
  }

  @Test
  void urlsThatDoNotOpen() {
    String place = "localhost:" + Postgres.port() + "/";
    assertCode(
        ErrorCode.DATABASE_MISSING,
        open("postgresql://postgres:s3cret@" + place + "nothing"),
        "Cannot open postgresql://postgres@" + place + "nothing",
        "has no database of that name");
    assertCode(
        ErrorCode.DATABASE_REFUSED_LOGIN,
        open("postgres://nobody:s3cret@" + place + postgres.name()),
        "Cannot log in to",
        "nobody");
    assertCode(
        ErrorCode.DATABASE_UNREACHABLE,
        open("jdbc:postgresql://postgres:s3cret@localhost:1/x"),
        "Cannot reach postgresql://postgres@localhost:1/x");
    assertCode(
        ErrorCode.ARGUMENT_INVALID,
        open("postgresql://postgres:s3cret@" + place + "x?shema=a"),
        "unknown parameter 'shema'");
    assertCode(ErrorCode.ARGUMENT_INVALID, open("postgresql:x"), "lacks '//'");
    assertCode(
        ErrorCode.DATABASE_UNKNOWN_PRODUCT,
        open("jdbc:mysql://postgres:s3cret@" + place + "x"),
        "it names another product");
  }

  @Test
  void urlsAreTakenApart() {
    ConnectionUrl url =
        ConnectionUrl.of(
            new DatabaseUrl(
                "postgresql://me%40home:p@ss:w%ord@[::1]:6543/my%20db?schema=S&sslmode=require"));
    assertThat(url.jdbc()).isEqualTo("jdbc:postgresql://[::1]:6543/my+db");
    assertThat(url.user()).isEqualTo("me@home");
    assertThat(url.schema()).isEqualTo("S");
    assertThat(url.properties())
        .containsEntry("password", "p@ss:w%ord")
        .containsEntry("sslmode", "require");
    assertThat(url.toString()).isEqualTo("postgresql://me@home@[::1]:6543/my db");
  }

  @Test
  void whatTheDatabaseSaysOfItself() throws SQLException {
    assertThat(postgres.database.info().product()).matches("PostgreSQL 1\\d\\.\\d+");
    assertThat(postgres.database.info().readOnly()).isEmpty();
    assertThat(Duration.between(postgres.database.clock(), Instant.now()).abs())
        .isLessThan(Duration.ofSeconds(5));
    assertThat(postgres.database.size().total()).isGreaterThan(1_000_000);
    assertThat(lease.identity().sameAs(postgres.database.identity().orElseThrow())).isTrue();
    postgres.execute(
        "ALTER DATABASE " + postgres.name() + " SET default_transaction_read_only = on");
    try (Database readOnly = postgres.open("postgres")) {
      assertThat(readOnly.info().readOnly())
          .isEqualTo("the server sets default_transaction_read_only");
      assertCode(ErrorCode.DATABASE_READ_ONLY, readOnly::acquireLease, "Cannot write to");
    }
  }

  @Test
  void oneLeaseAtATime() throws SQLException {
    assertCode(
        ErrorCode.LEASE_HELD,
        postgres.database::acquireLease,
        "process ",
        "(tideline, role postgres) holds it");
    assertThat(postgres.database.leased()).isTrue();
    lease.close();
    assertThat(postgres.database.leased()).isFalse();
    try (Lease again = postgres.database.acquireLease()) {
      assertThat(again.identity().dialect()).isEqualTo("postgresql");
    }
    lease = postgres.database.acquireLease();
    writer = lease.openWriter(Pace.GENTLE);
  }

  @Test
  void locksDoNotHang() throws SQLException {
    Table table = simple();
    try (Connection other =
            DriverManager.getConnection(Postgres.jdbc(postgres.name()), "postgres", "");
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("UPDATE t SET v = 'x' WHERE id = 5");
      try (Transaction transaction = writer.begin(List.of(table))) {
        assertThatThrownBy(() -> transaction.lookUp(table, keys(4, 5), List.of(), row -> true))
            .isInstanceOfSatisfying(RefusedException.class, e -> assertThat(e.passing()).isTrue())
            .hasMessageStartingWith("locked by another session");
      }
      statement.execute("LOCK TABLE t IN SHARE MODE");
      assertCode(
          ErrorCode.DATABASE_BUSY,
          () -> writer.begin(List.of(table)),
          "Cannot begin a transaction: canceling statement due to lock timeout");
      other.rollback();
    }
    try (Transaction transaction = writer.begin(List.of(table))) {
      transaction.commit(true);
    }
    writer.makeDurable();
    writer.relax(Pace.GENTLE);
  }

  @Test
  void aKilledSessionLosesNothing() throws SQLException {
    Table table = simple();
    Transaction transaction = writer.begin(List.of(table));
    transaction.removeRange(scan(table, List.of(column("id"))), new Removal.Delete(), row -> true);
    kill();
    assertCode(
        ErrorCode.CONNECTION_LOST,
        () -> transaction.lookUp(table, keys(1), List.of(), row -> true),
        "Cannot lock rows of t");
    transaction.close();
    assertCode(ErrorCode.CONNECTION_LOST, () -> reader.count(table, List.of()), "Cannot read");
    assertThat(postgres.query("SELECT count(*) FROM t")).containsExactly("10");
    assertThat(postgres.database.catalogue().tables()).hasSize(1);
  }

  @Test
  void aSessionKilledAtCommitHasAnUnknownOutcome() throws SQLException {
    Table table = simple();
    Transaction transaction = writer.begin(List.of(table));
    transaction.removeRange(scan(table, List.of(column("id"))), new Removal.Delete(), row -> true);
    kill();
    assertCode(
        ErrorCode.COMMIT_UNKNOWN,
        () -> transaction.commit(false),
        "the connection was lost while it was committed",
        "Whether it was is not known");
    transaction.close();
    assertThat(postgres.query("SELECT count(*) FROM t")).containsExactly("10");
  }

  @Test
  void missingRightsNameTheGrant() throws SQLException {
    postgres.execute(
        "CREATE TABLE t (id int PRIMARY KEY)",
        "CREATE TABLE u (id int PRIMARY KEY)",
        "INSERT INTO t VALUES (1)",
        "DROP ROLE IF EXISTS weak",
        "CREATE ROLE weak LOGIN",
        "GRANT SELECT, DELETE ON t TO weak");
    lease.close();
    try (Database database = postgres.open("weak");
        Reader weak = database.openReader();
        Lease mine = database.acquireLease()) {
      Table table = database.resolve(database.catalogue(), "t");
      Table hidden = database.resolve(database.catalogue(), "u");
      assertCode(
          ErrorCode.RIGHTS_MISSING,
          () -> weak.count(hidden, List.of()),
          "permission denied for table u",
          "GRANT SELECT ON \"public\".\"u\" TO \"weak\";");
      try (Transaction transaction = mine.openWriter(Pace.GENTLE).begin(List.of(table))) {
        assertThat(
                transaction.removeKeys(
                    table, keys(1), List.of(), List.of(), new Removal.Delete(), row -> true))
            .isEqualTo(1);
        assertCode(
            ErrorCode.RIGHTS_MISSING,
            () -> transaction.lookUp(table, keys(1), List.of(), row -> true),
            "GRANT SELECT, UPDATE ON \"public\".\"t\" TO \"weak\";");
      }
    } finally {
      postgres.execute("DROP OWNED BY weak", "DROP ROLE weak");
    }
  }
}
