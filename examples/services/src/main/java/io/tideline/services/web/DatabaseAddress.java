package io.tideline.services.web;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where a database is: {@code sqlite:file}, {@code sqlite:///file} or {@code
 * postgresql://user:password@host:port/name}. A driver's name, as SQLAlchemy writes it, is left
 * out: {@code sqlite+aiosqlite:///store.db}.
 *
 * @param text the address for Tideline's own configuration
 * @param file the file of SQLite; empty for PostgreSQL
 */
public record DatabaseAddress(String text, Optional<Path> file) {
  /** The address of a variable; relative to the folder that the service was started in. */
  public static DatabaseAddress of(String variable, String value) {
    String plain = value.replaceFirst("^(sqlite|postgresql|postgres)\\+\\w+:", "$1:");
    if (plain.startsWith("sqlite:")) {
      // Three slashes before a relative path, four before an absolute one.
      String path = plain.substring("sqlite:".length()).replaceFirst("^///", "");
      if (!path.isBlank() && !path.startsWith("//")) {
        Path file = Path.of(path).toAbsolutePath().normalize();
        return new DatabaseAddress("sqlite:" + file, Optional.of(file));
      }
    }
    if (plain.startsWith("postgresql://") || plain.startsWith("postgres://")) {
      return parsed(plain.replaceFirst("^postgres:", "postgresql:"))
          .filter(uri -> uri.getHost() != null && uri.getPath().length() > 1)
          .map(uri -> new DatabaseAddress(uri.toString(), Optional.empty()))
          .orElseThrow(() -> wrong(variable));
    }
    throw wrong(variable);
  }

  private static IllegalArgumentException wrong(String variable) {
    return Environment.wrong(
        variable,
        "sqlite:FILE or postgresql://USER:PASSWORD@HOST:PORT/NAME, with signs in the password that"
            + " mean something in an address as %XX");
  }

  /** An address that cannot be parsed is not shown: a password may be why. */
  private static Optional<URI> parsed(String text) {
    try {
      return Optional.of(new URI(text));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  /** Whether it is a file of SQLite. */
  public boolean isSqlite() {
    return file.isPresent();
  }

  /** The address for JDBC, without role and password. */
  public String jdbc() {
    URI uri = URI.create(text);
    int port = uri.getPort() < 0 ? 5432 : uri.getPort();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return "jdbc:postgresql://" + uri.getHost() + ":" + port + uri.getRawPath() + query;
  }

  /** Role and password of PostgreSQL, as far as the address has them. */
  public Map<String, String> login() {
    String user = URI.create(text).getUserInfo();
    if (user == null) {
      return Map.of();
    }
    String[] parts = user.split(":", 2);
    return parts.length == 2
        ? Map.of("user", parts[0], "password", parts[1])
        : Map.of("user", parts[0]);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return text.replaceFirst("//[^@/]*@", "//");
  }
}
