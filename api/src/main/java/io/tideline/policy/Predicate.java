package io.tideline.policy;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.util.regex.Pattern;

/**
 * A predicate or expression that the user wrote. It cannot break out of the parentheses that it is
 * always put in: brackets balance at every prefix, quotes are closed, and there is no comment and
 * no semicolon outside quotes. Forms whose end depends on the engine (escape strings, dollar
 * quotes, brackets inside back quotes) are refused.
 *
 * @param sql the text, stripped
 */
public record Predicate(String sql) {
  /**
   * Checks the text.
   *
   * @throws TidelineException {@code PREDICATE_INVALID} with the position and the mend
   */
  public Predicate {
    sql = sql.strip();
    check(sql);
  }

  /** Whether the predicate uses a named parameter such as {@code :now}. */
  public boolean uses(String parameter) {
    return Pattern.compile("(?<![:\\w])" + parameter + "\\b").matcher(sql).find();
  }

  private static void check(String sql) {
    if (sql.isEmpty()) {
      throw refused(sql, 0, "it is empty", "Write a condition or leave the key out.");
    }
    StringBuilder open = new StringBuilder();
    for (int i = 0; i < sql.length(); i++) {
      char c = sql.charAt(i);
      switch (c) {
        case '\'', '"', '`' -> i = endOfQuote(sql, i);
        case '(', '[' -> open.append(c);
        case ')', ']' -> {
          int last = open.length() - 1;
          if (last < 0 || open.charAt(last) != (c == ')' ? '(' : '[')) {
            throw refused(sql, i, "'" + c + "' closes nothing", "Balance the brackets.");
          }
          open.setLength(last);
        }
        case ';' -> throw refused(sql, i, "it has a semicolon", "Write one condition.");
        case '\0' -> throw refused(sql, i, "it has a NUL character", "Remove it.");
        case '-', '/' -> {
          if (sql.startsWith(c == '-' ? "--" : "/*", i)) {
            throw refused(sql, i, "it has a comment", "Put comments into YAML.");
          }
        }
        case '$' -> {
          if (dollarQuote(sql, i)) {
            throw refused(sql, i, "it has a dollar quote", "Use single quotes.");
          }
        }
        default -> {}
      }
    }
    if (!open.isEmpty()) {
      throw refused(sql, sql.length(), "'" + open + "' is not closed", "Balance the brackets.");
    }
  }

  private static boolean dollarQuote(String sql, int at) {
    int i = at + 1;
    while (i < sql.length() && (Character.isLetterOrDigit(sql.charAt(i)) || sql.charAt(i) == '_')) {
      i++;
    }
    return i < sql.length() && sql.charAt(i) == '$';
  }

  private static int endOfQuote(String sql, int start) {
    char quote = sql.charAt(start);
    boolean escapes =
        quote == '\''
            && start > 0
            && "eE&".indexOf(sql.charAt(start - 1)) >= 0
            && (start < 2 || sql.charAt(start - 1) == '&' || !wordChar(sql.charAt(start - 2)));
    if (escapes) {
      throw refused(sql, start, "it has an escape string", "Use a plain string in single quotes.");
    }
    for (int i = start + 1; i < sql.length(); i++) {
      char c = sql.charAt(i);
      if (c == quote) {
        if (i + 1 < sql.length() && sql.charAt(i + 1) == quote) {
          i++;
        } else {
          return i;
        }
      } else if (quote == '`' && "()[]'\";-/$".indexOf(c) >= 0) {
        throw refused(sql, i, "a back-quoted name has '" + c + "'", "Use double quotes.");
      }
    }
    throw refused(sql, start, "the quote " + quote + " is not closed", "Close it.");
  }

  private static boolean wordChar(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$';
  }

  private static TidelineException refused(String sql, int at, String why, String mend) {
    return new TidelineException(
        ErrorCode.PREDICATE_INVALID,
        "Cannot use the predicate \"" + sql + "\": " + why + " (character " + (at + 1) + ").",
        "Nothing was changed.",
        mend);
  }
}
