package io.tideline.benchmarks;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A PostgreSQL server of our own with its default settings, fsync included; gone when closed. */
final class PostgresCluster implements AutoCloseable {
  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
  private static final String USER = "postgres";
  private static final int BATCH = 1_000;

  private final Path binaries;
  private final Path folder;
  private final int port;

  private PostgresCluster(Path binaries, Path folder, int port) {
    this.binaries = binaries;
    this.folder = folder;
    this.port = port;
  }

  /** The folder of the newest server installed: {@code initdb} on the path, or Debian's. */
  static Optional<Path> binaries() throws IOException {
    if (Files.isDirectory(DEBIAN)) {
      try (Stream<Path> versions = Files.list(DEBIAN)) {
        return versions
            .map(version -> version.resolve("bin"))
            .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
            .max(Comparator.comparing(Path::toString));
      }
    }
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .map(Path::of)
        .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
        .findFirst();
  }

  /** Makes and starts a server in a folder of the workspace. */
  static PostgresCluster start(Path binaries, Workspace workspace) throws IOException {
    Path folder = Files.createDirectory(workspace.file("cluster"));
    if (System.getProperty("user.name").equals("root")) {
      Shell.run(List.of("chown", USER, folder.toString()), "");
    }
    PostgresCluster cluster = new PostgresCluster(binaries, folder, freePort());
    cluster.program(
        "initdb",
        "-D",
        cluster.data(),
        "-U",
        USER,
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-instructions");
    cluster.program(
        "pg_ctl",
        "-D",
        cluster.data(),
        "-w",
        "-l",
        folder.resolve("log").toString(),
        "-o",
        "-p " + cluster.port + " -c listen_addresses=127.0.0.1 -k " + folder,
        "start");
    return cluster;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  private void program(String name, String... arguments) {
    List<String> command =
        Stream.concat(Stream.of(binaries.resolve(name).toString()), Stream.of(arguments)).toList();
    // The server would keep our pipe open: what it says goes to its log.
    String line =
        String.join(" ", command.stream().map(word -> "'" + word + "'").toList())
            + " > '"
            + folder.resolve(name + ".out")
            + "' 2>&1";
    Shell.run(Shell.as(USER, List.of("sh", "-c", line)), "");
  }

  /** The URL of a database as Tideline takes it. */
  String url(String database) {
    return "postgresql://%s@127.0.0.1:%d/%s?schema=public".formatted(USER, port, database);
  }

  /** A connection as a person would open it for many inserts. */
  Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/%s?user=%s&reWriteBatchedInserts=true"
            .formatted(port, database, USER));
  }

  /** Runs statements one by one. */
  void execute(String database, String... statements) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes a database with the table. */
  void create(String database, RequestTable table) {
    execute("postgres", "CREATE DATABASE " + database);
    execute(database, RequestTable.POSTGRES);
    insert(database, table, table.rows());
    execute(database, RequestTable.INDEXES);
    execute(database, "VACUUM ANALYZE request_logs");
  }

  /** Makes a durable copy of a database. */
  void copy(String source, String target) {
    execute(
        "postgres",
        "DROP DATABASE IF EXISTS " + target,
        "CREATE DATABASE %s TEMPLATE %s STRATEGY FILE_COPY".formatted(target, source),
        "CHECKPOINT");
  }

  void drop(String database) {
    execute("postgres", "DROP DATABASE " + database + " WITH (FORCE)");
  }

  /**
   * Inserts the first rows, 1,000 at a time in one transaction.
   *
   * @return the seconds that the driver and the server took, without making the rows
   */
  double insert(String database, RequestTable table, int count) {
    double seconds = 0;
    try (Connection connection = connect(database);
        PreparedStatement insert = connection.prepareStatement(RequestTable.INSERT)) {
      connection.setAutoCommit(false);
      for (int first = 1; first <= count; first += BATCH) {
        Object[][] rows = new Object[Math.min(BATCH, count - first + 1)][];
        for (int i = 0; i < rows.length; i++) {
          rows[i] = table.row(first + i);
        }
        seconds +=
            Times.of(
                () -> {
                  for (Object[] row : rows) {
                    RequestTable.bind(insert, row);
                    insert.addBatch();
                  }
                  insert.executeBatch();
                });
      }
      seconds += Times.of(connection::commit);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return seconds;
  }

  long count(String database, String table) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT count(*) FROM " + table)) {
      result.next();
      return result.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs psql. @return the seconds it took */
  double psql(String database, String script) {
    List<String> command =
        List.of(
            binaries.resolve("psql").toString(),
            "-q",
            "-X",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            "127.0.0.1",
            "-p",
            Integer.toString(port),
            "-U",
            USER,
            "-d",
            database);
    return Times.of(() -> Shell.run(command, script));
  }

  /** The command of {@code pgbench} on a database. */
  List<String> pgbench(String database, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                binaries.resolve("pgbench").toString(),
                "-h",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-U",
                USER));
    command.addAll(List.of(arguments));
    command.add(database);
    return command;
  }

  @Override
  public void close() {
    program("pg_ctl", "-D", data(), "-w", "-m", "fast", "stop");
  }
}
