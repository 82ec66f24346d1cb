package io.tideline.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes the database of an example: {@code make NAME DATABASE [options]}. */
public final class Make {
  private static final Map<String, Example> EXAMPLES =
      new TreeMap<>(
          Map.of(
              "codex-lb", new CodexLb(),
              "elspeth", new Elspeth(),
              "selfos", new SelfOs(),
              "traces", new Traces()));

  private final Path folder;
  private final PrintStream out;

  /**
   * @param folder the folder of the examples, with their schemas
   * @param out where the number of rows of each table goes
   */
  public Make(Path folder, PrintStream out) {
    this.folder = folder;
    this.out = out;
  }

  /** Exits with 0, or with 2 if it could not make the database. */
  public static void main(String[] args) {
    Path folder = Path.of(System.getProperty("tideline.examples", "examples"));
    try {
      new Make(folder, System.out).make(List.of(args));
    } catch (IllegalArgumentException | SQLException | IOException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    }
  }

  /**
   * Makes a database, all of it or nothing.
   *
   * @param args the example's name, the database, and options
   * @throws IllegalArgumentException if an argument is wrong or the SQLite file exists
   */
  public void make(List<String> args) throws SQLException, IOException {
    Deque<String> rest = new ArrayDeque<>(args);
    Example example = EXAMPLES.get(String.valueOf(rest.poll()));
    String database = rest.poll();
    if (example == null || database == null || database.startsWith("-")) {
      throw usage();
    }
    Example.Order order = order(rest);
    String schema = schema(args.get(0), example, database);
    try (Store store = Store.open(database)) {
      store.script(schema);
      example.fill(store, order);
      store.commit().forEach((table, rows) -> out.printf("%-22s %,9d%n", table, rows));
    }
  }

  private String schema(String name, Example example, String database) throws IOException {
    boolean postgres = database.startsWith("postgresql://");
    if (postgres ? !example.onPostgres() : !example.onSqlite()) {
      throw new IllegalArgumentException(
          "The example " + name + " is for " + (postgres ? "SQLite." : "PostgreSQL."));
    }
    String file = postgres ? "schema.postgresql.sql" : "schema.sqlite.sql";
    return Files.readString(folder.resolve(name).resolve(file));
  }

  private static Example.Order order(Deque<String> options) {
    Instant now = Instant.now();
    long seed = Example.SEED;
    int scale = 1;
    Path payloads = Path.of("payloads");
    while (!options.isEmpty()) {
      String option = options.remove();
      String value = String.valueOf(options.poll());
      try {
        switch (option) {
          case "--now" -> now = Instant.parse(value);
          case "--seed" -> seed = Long.parseLong(value);
          case "--scale" -> scale = Math.max(1, Integer.parseInt(value));
          case "--payloads" -> payloads = Path.of(value);
          default -> throw usage();
        }
      } catch (NumberFormatException | DateTimeParseException e) {
        throw new IllegalArgumentException("Cannot read '" + value + "' as " + option + ".", e);
      }
    }
    return new Example.Order(now, seed, scale, payloads);
  }

  private static IllegalArgumentException usage() {
    return new IllegalArgumentException(
        "Usage: make "
            + String.join("|", EXAMPLES.keySet())
            + " DATABASE [--now INSTANT] [--seed N] [--scale N] [--payloads FOLDER]");
  }
}
