package io.tideline.testkit.chaos;

import io.tideline.testkit.Product;
import io.tideline.testkit.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A server of the PostgreSQL that is installed here, fsync on, which can be crashed. */
final class InstalledServer implements Server {
  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
  private static final String USER = "postgres";

  private final Path binaries;
  private final Path folder;
  private final int port;
  private int databases;

  private InstalledServer(Path binaries, Path folder, int port) {
    this.binaries = binaries;
    this.folder = folder;
    this.port = port;
  }

  /** Starts one in an empty folder; nothing where none is installed as Debian does it. */
  static Optional<Server> start(Path folder) {
    if (!Files.isDirectory(DEBIAN)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(DEBIAN);
        ServerSocket free = new ServerSocket(0)) {
      Optional<Path> binaries =
          versions
              .map(version -> version.resolve("bin"))
              .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
              .max(Comparator.comparing(Path::toString));
      if (binaries.isEmpty()) {
        return Optional.empty();
      }
      Files.createDirectories(folder);
      InstalledServer server = new InstalledServer(binaries.get(), folder, free.getLocalPort());
      free.close();
      server.initialize();
      return Optional.of(server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void initialize() {
    if (root()) {
      Commands.run(List.of("chown", USER, folder.toString()));
    }
    program("initdb", "-D", data(), "-U", USER, "-A", "trust", "-E", "UTF8");
    start();
  }

  /** A standby of this server, in an empty folder, which tells it what its queries still see. */
  InstalledServer standby(Path folder) throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      Files.createDirectories(folder);
      InstalledServer standby = new InstalledServer(binaries, folder, free.getLocalPort());
      free.close();
      if (root()) {
        Commands.run(List.of("chown", USER, folder.toString()));
      }
      String from = "host=127.0.0.1 user=%s port=%d".formatted(USER, port);
      standby.program(
          "pg_basebackup", "-d", from, "-D", standby.data(), "-R", "-X", "stream", "-c", "fast");
      Files.writeString(
          Path.of(standby.data(), "postgresql.auto.conf"),
          "hot_standby_feedback = on\nwal_receiver_status_interval = 1\n",
          StandardOpenOption.APPEND);
      standby.start();
      return standby;
    }
  }

  private static boolean root() {
    return "root".equals(System.getProperty("user.name"));
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  private void start() {
    String options =
        "-p %d -c listen_addresses=127.0.0.1 -k %s -c fsync=on".formatted(port, folder);
    program("pg_ctl", "-D", data(), "-w", "-l", folder + "/log", "-o", options, "start");
  }

  /** The server would keep our pipe open: what it says goes to a file. */
  private void program(String name, String... arguments) {
    List<String> words = new ArrayList<>(List.of(binaries.resolve(name).toString()));
    words.addAll(List.of(arguments));
    String line =
        String.join(" ", words.stream().map(word -> "'" + word + "'").toList())
            + " > '%s/%s.out' 2>&1".formatted(folder, name);
    Commands.run(
        root()
            ? List.of(
                "setpriv", "--reuid", USER, "--regid", USER, "--clear-groups", "sh", "-c", line)
            : List.of("sh", "-c", line));
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public TestDatabase freshDatabase() {
    String name = "chaos" + ++databases;
    new Database("postgres").execute("CREATE DATABASE " + name);
    return new Database(name);
  }

  @Override
  public String url(TestDatabase database, int through) {
    return "postgresql://%s@localhost:%d/%s".formatted(USER, through, ((Database) database).name);
  }

  @Override
  public boolean crashes() {
    return true;
  }

  @Override
  public void crash() {
    program("pg_ctl", "-D", data(), "-w", "-m", "immediate", "stop");
    start();
  }

  @Override
  public String description() {
    return "PostgreSQL of " + binaries.getParent() + ", fsync on";
  }

  @Override
  public void close() {
    program("pg_ctl", "-D", data(), "-w", "-m", "fast", "stop");
  }

  /** A database of it. */
  private final class Database extends TestDatabase {
    private final String name;

    private Database(String name) {
      this.name = name;
    }

    @Override
    public Product product() {
      return Product.POSTGRESQL;
    }

    @Override
    public String url() {
      return InstalledServer.this.url(this, port);
    }

    @Override
    public Connection connect() throws SQLException {
      return DriverManager.getConnection(
          "jdbc:postgresql://localhost:%d/%s?options=-c%%20TimeZone=UTC".formatted(port, name),
          USER,
          "");
    }

    @Override
    public TestDatabase sibling() {
      return freshDatabase();
    }

    @Override
    protected String exactText(String column) {
      return column + "::text";
    }

    @Override
    public void close() {
      new Database("postgres").execute("DROP DATABASE " + name + " WITH (FORCE)");
    }
  }
}
