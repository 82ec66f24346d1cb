package io.tideline.postgresql;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * PostgreSQL's own client programs. They are told how to log in by their environment, never by an
 * argument, which every user of the machine can read.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-envars.html">the variables</a>
 */
final class PgTools {
  /** Where a person says that they are. */
  static final String FOLDER = "TIDELINE_PG_BIN";

  private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)");
  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

  private static final Map<String, String> VARIABLES =
      Map.of(
          "user", "PGUSER",
          "password", "PGPASSWORD",
          "sslmode", "PGSSLMODE",
          "sslrootcert", "PGSSLROOTCERT",
          "sslcert", "PGSSLCERT",
          "sslkey", "PGSSLKEY",
          "connectTimeout", "PGCONNECT_TIMEOUT",
          "ApplicationName", "PGAPPNAME");

  private final ConnectionUrl url;
  private final Map<String, String> env;
  private final Path debian;

  /**
   * @param env the environment, in which programs are looked for
   */
  PgTools(ConnectionUrl url, Map<String, String> env) {
    this(url, env, DEBIAN);
  }

  /**
   * @param debian where Debian puts each version's programs
   */
  PgTools(ConnectionUrl url, Map<String, String> env, Path debian) {
    this.url = url;
    this.env = env;
    this.debian = debian;
  }

  /**
   * A program that serves a server: where Debian puts that of its version, or else the first that
   * is no older.
   *
   * @param major the server's major version; 0 for the latest program that there is
   * @throws TidelineException {@code BACKUP_IMPOSSIBLE} if there is none, or only older ones
   */
  Path find(String name, int major) {
    Optional<Path> best = Optional.empty();
    int latest = 0;
    for (Path each : candidates(name, major)) {
      int its = version(each);
      if (major > 0 && its >= major) {
        return each;
      }
      if (its > latest || best.isEmpty()) {
        best = Optional.of(each);
        latest = its;
      }
    }
    if (best.isEmpty()) {
      throw impossible(
          "Cannot find the program " + name + ", which makes and reads backups.", mend(major));
    }
    if (latest == 0) {
      throw impossible(
          "Cannot use " + best.get() + ": it does not tell its version.",
          "Set " + FOLDER + " to the folder of PostgreSQL's programs.");
    }
    if (latest < major) {
      throw impossible(
          "Cannot use "
              + best.get()
              + ": it is of PostgreSQL "
              + latest
              + ", and the server of "
              + major
              + ".",
          mend(major));
    }
    return best.get();
  }

  static String mend(int major) {
    return "Install it (Debian and Ubuntu: apt-get install postgresql-client-"
        + (major == 0 ? "17" : major)
        + "), or set "
        + FOLDER
        + " to its folder.";
  }

  private List<Path> candidates(String name, int major) {
    List<Path> folders = new ArrayList<>();
    String folder = env.getOrDefault(FOLDER, "");
    if (!folder.isEmpty()) {
      folders.add(Path.of(folder));
    } else {
      folders.add(debian.resolve(major + "/bin"));
      Arrays.stream(env.getOrDefault("PATH", "").split(File.pathSeparator, -1))
          .filter(each -> !each.isEmpty())
          .forEach(each -> folders.add(Path.of(each)));
      folders.addAll(versions());
    }
    return folders.stream()
        .map(each -> each.resolve(name))
        .filter(each -> Files.isRegularFile(each) && Files.isExecutable(each))
        .distinct()
        .toList();
  }

  /** Debian's folders, one for each version that is installed. */
  private List<Path> versions() {
    try (Stream<Path> versions = Files.list(debian)) {
      return versions.sorted().map(version -> version.resolve("bin")).toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** The major version; 0 if it does not tell. */
  private int version(Path program) {
    StringBuilder said = new StringBuilder();
    run(List.of(program.toString(), "--version"), line -> said.append(line).append(' '));
    Matcher version = VERSION.matcher(said);
    return version.find() ? Integer.parseInt(version.group(1)) : 0;
  }

  /**
   * Runs a program to its end.
   *
   * @param lines is given each line of its output
   */
  Program.Ended run(List<String> command, Consumer<String> lines) {
    return program(command).run(lines, process -> {});
  }

  /**
   * Runs a program to its end.
   *
   * @param watch is given the process again and again while it works
   */
  Program.Ended watch(List<String> command, Consumer<Process> watch) {
    return program(command).run(line -> {}, watch);
  }

  /**
   * It speaks English, by which its words are told apart; and a dump is written in the encoding of
   * its database, whatever else is asked for here: in another one, not every byte may be valid.
   */
  private Program program(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(login());
    builder.environment().put("LC_ALL", "C");
    builder.environment().remove("PGCLIENTENCODING");
    return new Program(builder);
  }

  /** How the programs log in; a password that is not in the URL they find themselves. */
  Map<String, String> login() {
    Map<String, String> login = new HashMap<>();
    VARIABLES.forEach(
        (property, variable) -> {
          String value = url.properties().getProperty(property);
          if (value != null) {
            login.put(variable, value);
          }
        });
    List<String> hosts = new ArrayList<>();
    List<String> ports = new ArrayList<>();
    String start = "jdbc:postgresql://";
    String address = url.jdbc().substring(start.length(), url.jdbc().lastIndexOf('/'));
    for (String each : address.split(",", -1)) {
      int colon = each.indexOf(':', Math.max(0, each.lastIndexOf(']')));
      hosts.add((colon < 0 ? each : each.substring(0, colon)).replaceAll("[\\[\\]]", ""));
      ports.add(colon < 0 ? "5432" : each.substring(colon + 1));
    }
    login.put("PGHOST", String.join(",", hosts));
    login.put("PGPORT", String.join(",", ports));
    login.put("PGDATABASE", url.name());
    return login;
  }

  static TidelineException impossible(String what, String mend) {
    return new TidelineException(ErrorCode.BACKUP_IMPOSSIBLE, what, "Nothing was changed.", mend);
  }
}
