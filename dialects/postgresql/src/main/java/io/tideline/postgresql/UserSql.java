package io.tideline.postgresql;

import java.util.function.Function;

/**
 * Walks over SQL that a user wrote and that {@link io.tideline.policy.Predicate} has checked: no
 * comments, no dollar quotes, no escape strings, so that a quote ends at the next lone one.
 */
final class UserSql {
  private UserSql() {}

  /**
   * Replaces {@code :now} and {@code :cutoff} outside quotes.
   *
   * @param literal the SQL of the parameter of that name
   */
  static String bind(String sql, Function<String, String> literal) {
    StringBuilder bound = new StringBuilder(sql.length() + 32);
    int i = 0;
    while (i < sql.length()) {
      int end = endOfToken(sql, i);
      String name = parameter(sql, i);
      bound.append(name.isEmpty() ? sql.substring(i, end) : literal.apply(name));
      i = name.isEmpty() ? end : i + 1 + name.length();
    }
    return bound.toString();
  }

  /** Doubles the question marks outside quotes, as the driver's parser wants them. */
  static String doubleQuestionMarks(String sql) {
    StringBuilder doubled = new StringBuilder(sql.length() + 8);
    int i = 0;
    while (i < sql.length()) {
      int end = endOfToken(sql, i);
      doubled.append(sql.charAt(i) == '?' ? "??" : sql.substring(i, end));
      i = end;
    }
    return doubled.toString();
  }

  /** The name of the parameter that begins at {@code i}; empty if none does. */
  private static String parameter(String sql, int i) {
    if (sql.charAt(i) != ':' || (i > 0 && (sql.charAt(i - 1) == ':' || word(sql.charAt(i - 1))))) {
      return "";
    }
    for (String name : new String[] {"now", "cutoff"}) {
      int end = i + 1 + name.length();
      if (sql.startsWith(name, i + 1) && (end == sql.length() || !word(sql.charAt(end)))) {
        return name;
      }
    }
    return "";
  }

  private static int endOfToken(String sql, int start) {
    char quote = sql.charAt(start);
    if (quote != '\'' && quote != '"') {
      return start + 1;
    }
    // A doubled quote reads as two quoted parts, which comes to the same.
    int end = sql.indexOf(quote, start + 1);
    return end < 0 ? sql.length() : end + 1;
  }

  private static boolean word(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$';
  }
}
