package io.tideline.sqlite;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.row.Row;
import org.jspecify.annotations.Nullable;

/**
 * SQL that the user wrote, made safe to stand inside ours: {@code :now} and {@code :cutoff} become
 * bound values, no other parameter is let through, and names in double quotes are put in back
 * quotes, because SQLite takes a double-quoted name that no column has for a text
 * (https://sqlite.org/quirks.html#dblquote): a misspelt column would be true of every row.
 */
final class UserSql {
  private final String text;
  private final Sql sql;
  private final @Nullable Row parameters;

  private UserSql(String text, Sql sql, @Nullable Row parameters) {
    this.text = text;
    this.sql = sql;
    this.parameters = parameters;
  }

  /**
   * Appends {@code text} in parentheses.
   *
   * @param parameters the values of {@code :now} and {@code :cutoff}; null if there are none
   * @throws TidelineException {@code SQL_FAILED} for another parameter
   */
  static void append(String text, Sql sql, @Nullable Row parameters) {
    sql.add("(");
    new UserSql(text, sql, parameters).append();
    sql.add(")");
  }

  private void append() {
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      at =
          switch (c) {
            case '\'', '`' -> copy(at, endOfQuote(at));
            case '"' -> backQuoted(at);
            case '[' -> copy(at, text.indexOf(']', at) + 1);
            case ':' -> parameter(at);
            case '?', '@', '$', '#' -> throw foreign(at);
            default ->
                Character.isLetter(c) || c == '_' ? copy(at, endOfWord(at)) : copy(at, at + 1);
          };
    }
  }

  private int copy(int from, int to) {
    int end = to <= from ? text.length() : to;
    sql.add(text.substring(from, end));
    return end;
  }

  private int backQuoted(int from) {
    int end = endOfQuote(from);
    String name = text.substring(from + 1, end - 1).replace("\"\"", "\"");
    sql.add("`" + name.replace("`", "``") + "`");
    return end;
  }

  private int parameter(int from) {
    int end = endOfWord(from + 1);
    String name = text.substring(from + 1, end);
    if (parameters == null || !(name.equals("now") || name.equals("cutoff"))) {
      throw foreign(from);
    }
    sql.value(parameters, name.equals("now") ? 0 : 1);
    return end;
  }

  /** The position after the quote that opens at {@code from}; a doubled one does not close. */
  private int endOfQuote(int from) {
    char quote = text.charAt(from);
    int at = from + 1;
    while (at < text.length()) {
      if (text.charAt(at) == quote) {
        if (at + 1 >= text.length() || text.charAt(at + 1) != quote) {
          return at + 1;
        }
        at++;
      }
      at++;
    }
    return text.length();
  }

  private int endOfWord(int from) {
    int at = from;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || "_$".indexOf(text.charAt(at)) >= 0)) {
      at++;
    }
    return at;
  }

  private TidelineException foreign(int at) {
    int end = Math.max(at + 1, endOfWord(at + 1));
    return new TidelineException(
        ErrorCode.SQL_FAILED,
        "Cannot use \"" + text + "\": nothing gives a value to " + text.substring(at, end) + ".",
        "Nothing was changed.",
        "Only :now and :cutoff can be used, and only in where and keep_if.");
  }
}
