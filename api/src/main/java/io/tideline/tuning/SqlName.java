package io.tideline.tuning;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names that a user gives things of a database, such as collations. */
public final class SqlName {
  private static final String PART = "(?:\"((?:[^\"\0]|\"\")+)\"|(\\w[\\w$-]*))";
  private static final Pattern NEXT = Pattern.compile("(?U)" + PART + "(\\.|$)");
  private static final Pattern QUALIFIED = Pattern.compile("(?U)" + PART + "(\\." + PART + ")*");

  private SqlName() {}

  /**
   * The parts of a name that may stand in quotes and behind that of a schema, each as spelt: {@code
   * pg_catalog."C"} has two.
   *
   * @throws IllegalArgumentException if it is no such name
   */
  public static List<String> parts(String name) {
    if (!QUALIFIED.matcher(name).matches()) {
      throw new IllegalArgumentException("'" + name + "' is not a name");
    }
    List<String> parts = new ArrayList<>();
    Matcher matcher = NEXT.matcher(name);
    while (matcher.find()) {
      String quoted = matcher.group(1);
      parts.add(quoted == null ? matcher.group(2) : quoted.replace("\"\"", "\""));
    }
    return parts;
  }

  /** A name that is quoted before it is used. */
  static void check(String of, String name) {
    if (name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("A " + of + " cannot be named with a NUL character");
    }
  }

  /** A name of parts; it may be empty. */
  static void checkQualified(String of, String name) {
    if (!name.isEmpty() && !QUALIFIED.matcher(name).matches()) {
      throw new IllegalArgumentException("'" + name + "' is not the name of a " + of);
    }
  }
}
