package io.tideline.dialect;

import java.util.Locale;
import java.util.Optional;

/**
 * Where a database is: {@code sqlite:/path/to.db} or {@code postgresql://user@host:5432/name}.
 * Secrets may stand in it, so it prints itself only without them.
 */
public final class DatabaseUrl {
  private final String text;

  /**
   * @param text the URL with its secrets; a path that a scheme does not precede is SQLite's
   */
  public DatabaseUrl(String text) {
    this.text = text.matches("(?s)[A-Za-z][A-Za-z0-9+]+:.*") ? text : "sqlite:" + text;
  }

  /** What stands before the first colon, in lower case. */
  public String scheme() {
    return text.substring(0, text.indexOf(':')).toLowerCase(Locale.ROOT);
  }

  /** What stands after the first colon, secrets included: never print it. */
  public String rest() {
    return text.substring(text.indexOf(':') + 1);
  }

  /** The whole URL, secrets included: never print it. */
  public String secret() {
    return text;
  }

  /** The parameter of that name after the question mark. */
  public Optional<String> parameter(String name) {
    int question = text.indexOf('?');
    if (question < 0) {
      return Optional.empty();
    }
    for (String pair : text.substring(question + 1).split("&", -1)) {
      if (pair.startsWith(name + "=")) {
        return Optional.of(pair.substring(name.length() + 1));
      }
    }
    return Optional.empty();
  }

  /** The URL with every secret replaced by {@code ***}. */
  @Override
  public String toString() {
    return text.replaceAll("(://[^/@:]*):[^/]*@", "$1:***@")
        .replaceAll("(?i)([?&][^=&]*(?:password|secret|key)[^=&]*=)[^&]*", "$1***");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DatabaseUrl url && text.equals(url.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }
}
