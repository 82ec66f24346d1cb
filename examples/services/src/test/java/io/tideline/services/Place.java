package io.tideline.services;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.testkit.EmbeddedPostgresServer;
import io.tideline.testkit.PostgresTestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** A database of one kind or the other, and the variables of services on it. */
public final class Place implements AutoCloseable {
  private static final Path EXAMPLES = Path.of("..").toAbsolutePath().normalize();

  private final Path folder;
  private final PostgresTestDatabase postgres;

  private Place(Path folder, PostgresTestDatabase postgres) {
    this.folder = folder;
    this.postgres = postgres;
  }

  public static Place sqlite(Path folder) {
    return new Place(folder, null);
  }

  /** By the word of a parameter. */
  public static Place of(String kind, Path folder) {
    return new Place(
        folder, kind.equals("sqlite") ? null : EmbeddedPostgresServer.shared().freshDatabase());
  }

  public String url() {
    return postgres == null ? "sqlite:" + folder.resolve("store.db") : postgres.url();
  }

  /** The variables of the accounts service, without a refresh, and these. */
  public Map<String, String> accounts(String... others) {
    Map<String, String> env = new HashMap<>();
    env.put("CODEX_LB_DATABASE_URL", url());
    env.put("CODEX_LB_PORT", "0");
    env.put("CODEX_LB_USAGE_REFRESH_ENABLED", "false");
    env.put(
        "CODEX_LB_RETENTION_POLICIES",
        EXAMPLES.resolve("accounts-service/tideline.yaml").toString());
    env.put("CODEX_LB_ARCHIVE", folder.resolve("archive").toString());
    env.put("CODEX_LB_REQUEST_LOGS_SET_ASIDE", folder.resolve("set-aside.jsonl").toString());
    return with(env, others);
  }

  /** The variables of the trace service, and these. */
  public Map<String, String> traces(String... others) {
    Map<String, String> env = new HashMap<>();
    env.put("TRACES_DATABASE_URL", url());
    env.put("TRACES_PORT", "0");
    env.put(
        "TRACES_RETENTION_POLICIES", EXAMPLES.resolve("trace-service/tideline.yaml").toString());
    env.put("TRACES_ARCHIVE", folder.resolve("archive").toString());
    env.put("TRACES_SET_ASIDE", folder.resolve("set-aside.jsonl").toString());
    return with(env, others);
  }

  private static Map<String, String> with(Map<String, String> env, String... others) {
    for (int i = 0; i < others.length; i += 2) {
      env.put(others[i], others[i + 1]);
    }
    return env;
  }

  /** Takes the lock that keeps others from writing; closing gives it back. */
  public AutoCloseable lock() throws SQLException {
    Connection connection = connect();
    try (Statement statement = connection.createStatement()) {
      if (postgres == null) {
        statement.execute("BEGIN IMMEDIATE");
      } else {
        connection.setAutoCommit(false);
        statement.execute("LOCK TABLE request_logs, accounts IN EXCLUSIVE MODE");
      }
    }
    return connection;
  }

  public Connection connect() throws SQLException {
    return postgres == null ? DriverManager.getConnection("jdbc:" + url()) : postgres.connect();
  }

  /** Accounts {@code acc-00} and on, active. */
  public void makeAccounts(int count) throws SQLException {
    try (Connection connection = connect();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO accounts (id, email, status) VALUES (?, ?, 'active')")) {
      for (int i = 0; i < count; i++) {
        insert.setString(1, "acc-0" + i);
        insert.setString(2, "user" + i + "@example.com");
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  public long number(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  public List<String> texts(String sql) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        texts.add(row.getString(1));
      }
    }
    return texts;
  }

  public void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Waits for what another thread brings about; fails if it does not come. */
  public static void await(String what, BooleanSupplier come) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!come.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.sleep(20);
    }
  }

  @Override
  public void close() {
    if (postgres != null) {
      postgres.close();
    }
  }
}
