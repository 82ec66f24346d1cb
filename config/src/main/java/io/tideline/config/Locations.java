package io.tideline.config;

import io.tideline.dialect.DatabaseUrl;
import java.nio.file.Path;
import java.util.Map;

/**
 * Reads paths and database URLs as a person writes them: relative to a folder, {@code ~} for home.
 */
public final class Locations {
  private final Path base;
  private final String home;

  /**
   * @param base what relative paths are relative to
   * @param env the environment, of which {@code HOME} is used
   */
  public Locations(Path base, Map<String, String> env) {
    this.base = base.toAbsolutePath();
    this.home = env.getOrDefault("HOME", System.getProperty("user.home", "/"));
  }

  /**
   * The absolute path that is meant.
   *
   * @throws java.nio.file.InvalidPathException if it is none
   */
  public Path path(String text) {
    return base.resolve(expandHome(text)).normalize();
  }

  /** The database that is meant: a path of SQLite made absolute, any other URL as it stands. */
  public DatabaseUrl database(String text) {
    DatabaseUrl url = new DatabaseUrl(text);
    if (!url.scheme().equals("sqlite")) {
      return url;
    }
    String rest = url.rest();
    int question = rest.indexOf('?');
    String path = question < 0 ? rest : rest.substring(0, question);
    if (path.isEmpty() || path.startsWith("//") || path.startsWith(":")) {
      return url;
    }
    String parameters = question < 0 ? "" : rest.substring(question);
    return new DatabaseUrl("sqlite:" + path(path) + parameters);
  }

  private String expandHome(String text) {
    return text.equals("~") || text.startsWith("~/") ? home + text.substring(1) : text;
  }
}
