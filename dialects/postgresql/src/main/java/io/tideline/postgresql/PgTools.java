package io.tideline.postgresql;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
  private static final int MOST_WORDS = 1 << 16;
  private static final long LOOK_MILLIS = 100;

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

  /**
   * @param env the environment, in which programs are looked for
   */
  PgTools(ConnectionUrl url, Map<String, String> env) {
    this.url = url;
    this.env = env;
  }

  /**
   * How a program ended.
   *
   * @param code its exit code
   * @param words what it said, both streams, its beginning
   */
  record Ended(int code, String words) {
    /** The last line that says anything. */
    String reason() {
      List<String> lines = words.lines().filter(line -> !line.isBlank()).toList();
      return lines.isEmpty()
          ? "it ended with code " + code
          : lines.get(lines.size() - 1).strip().replaceFirst("\\.$", "");
    }
  }

  /**
   * A program that serves a server.
   *
   * @param major the server's major version; 0 if any will do
   * @throws TidelineException {@code BACKUP_IMPOSSIBLE} if there is none, or only older ones
   */
  Path find(String name, int major) {
    Optional<Path> found = candidates(name, major).stream().filter(Files::isExecutable).findFirst();
    String mend =
        "Install it (Debian and Ubuntu: apt-get install postgresql-client-"
            + (major == 0 ? "17" : major)
            + "), or set "
            + FOLDER
            + " to its folder.";
    if (found.isEmpty()) {
      throw impossible(
          "Cannot find the program " + name + ", which makes and reads backups.", mend);
    }
    int its = version(found.get());
    if (its < major) {
      throw impossible(
          "Cannot use "
              + found.get()
              + ": it is of PostgreSQL "
              + its
              + ", and the server of "
              + major
              + ".",
          mend);
    }
    return found.get();
  }

  private List<Path> candidates(String name, int major) {
    List<Path> places = new ArrayList<>();
    String folder = env.getOrDefault(FOLDER, "");
    if (!folder.isEmpty()) {
      return List.of(Path.of(folder).resolve(name));
    }
    if (major > 0) {
      places.add(Path.of("/usr/lib/postgresql/" + major + "/bin").resolve(name));
    }
    Arrays.stream(env.getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .filter(each -> !each.isEmpty())
        .forEach(each -> places.add(Path.of(each).resolve(name)));
    return places;
  }

  private int version(Path program) {
    Matcher version = VERSION.matcher(run(List.of(program.toString(), "--version")).words());
    if (!version.find()) {
      throw impossible(
          "Cannot use " + program + ": it does not tell its version.",
          "Set " + FOLDER + " to the folder of PostgreSQL's programs.");
    }
    return Integer.parseInt(version.group(1));
  }

  /** Runs a program to its end. */
  Ended run(List<String> command) {
    return run(command, process -> {});
  }

  /**
   * Runs a program to its end.
   *
   * @param watch is given the process again and again while it works
   */
  Ended run(List<String> command, Consumer<Process> watch) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(login());
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      StringBuilder words = new StringBuilder();
      Thread reader = new Thread(() -> read(process.getInputStream(), words), "tideline-pg-tool");
      reader.setDaemon(true);
      reader.start();
      while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        watch.accept(process);
      }
      reader.join();
      return new Ended(process.exitValue(), words.toString());
    } catch (IOException e) {
      throw impossible(
          "Cannot run " + command.get(0) + ": " + e.getMessage() + ".", "Mend its installation.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TidelineException(
          ErrorCode.INTERRUPTED,
          "Cannot wait for " + command.get(0) + ": interrupted.",
          "Nothing was changed.",
          "Run the same command again.",
          e);
    }
  }

  /** Reads to the end, or the program would wait; keeps the beginning. */
  private static void read(InputStream in, StringBuilder words) {
    byte[] buffer = new byte[8192];
    try {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        if (words.length() < MOST_WORDS) {
          words.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
        }
      }
    } catch (IOException e) {
      return; // it was ended; its exit code tells
    }
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
