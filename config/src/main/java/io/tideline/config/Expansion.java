package io.tideline.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Puts in what {@code ${NAME}}, {@code ${NAME:-default}} and {@code ${file:path}} stand for; {@code
 * $${} is a literal {@code ${}. What was put in is not expanded again.
 */
final class Expansion {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final Map<String, String> env;
  private final Locations locations;

  Expansion(Map<String, String> env, Locations locations) {
    this.env = env;
    this.locations = locations;
  }

  /** Why a text cannot be expanded, without any value. */
  static final class Failure extends Exception {
    private static final long serialVersionUID = 1L;
    private final String mend;

    Failure(String what, String mend) {
      super(what);
      this.mend = mend;
    }

    String mend() {
      return mend;
    }
  }

  String expand(String text) throws Failure {
    StringBuilder all = new StringBuilder();
    int at = 0;
    for (int start = text.indexOf("${"); start >= 0; start = text.indexOf("${", at)) {
      if (start > at && text.charAt(start - 1) == '$') {
        all.append(text, at, start - 1).append("${");
        at = start + 2;
        continue;
      }
      int end = text.indexOf('}', start);
      if (end < 0) {
        throw new Failure("'${' is not closed.", "Close it with '}', or write '$${' for the text.");
      }
      all.append(text, at, start).append(value(text.substring(start + 2, end)));
      at = end + 1;
    }
    return all.append(text, at, text.length()).toString();
  }

  private String value(String inside) throws Failure {
    if (inside.startsWith("file:")) {
      return content(inside.substring("file:".length()));
    }
    int dash = inside.indexOf(":-");
    String name = dash < 0 ? inside : inside.substring(0, dash);
    if (!NAME.matcher(name).matches()) {
      throw new Failure(
          "'${" + inside + "}' names no environment variable.",
          "Write '${NAME}', '${NAME:-default}' or '${file:/path}'.");
    }
    String value = env.get(name);
    if (dash >= 0) {
      return value == null || value.isEmpty() ? inside.substring(dash + 2) : value;
    }
    if (value == null) {
      throw new Failure(
          "The environment variable " + name + " is not set.",
          "Set it, or write '${" + name + ":-default}'.");
    }
    return value;
  }

  private String content(String path) throws Failure {
    try {
      return Files.readString(locations.path(path)).stripTrailing();
    } catch (IOException | InvalidPathException e) {
      throw new Failure(
          "The file " + path + " cannot be read (" + e.getClass().getSimpleName() + ").",
          "Make it readable UTF-8 text, or name another file.");
    }
  }
}
