package io.tideline.tuning;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.util.ArrayList;
import java.util.List;

/** Cuts a statement into its parts. What only one of the engines would understand is refused. */
final class SqlScanner {
  private final String sql;
  private final List<SqlPart> parts = new ArrayList<>();
  private final StringBuilder open = new StringBuilder();
  private int at;

  SqlScanner(String sql) {
    this.sql = sql;
  }

  /** The parts of the only statement, without a semicolon at its end. */
  List<SqlPart> statement() {
    int end = -1;
    while (at < sql.length()) {
      int from = at;
      SqlPart part = next();
      if (end >= 0 && part.kind() != SqlPart.Kind.SPACE && !part.is(";")) {
        throw refused(from, "it is more than one statement", "Write each query by itself.");
      }
      if (part.is(";")) {
        if (!open.isEmpty()) {
          throw refused(from, "a semicolon stands inside brackets", "Remove it.");
        }
        end = end < 0 ? parts.size() : end;
      }
      parts.add(part);
    }
    if (!open.isEmpty()) {
      throw refused(sql.length(), "'" + open + "' is not closed", "Balance the brackets.");
    }
    List<SqlPart> own = end < 0 ? parts : parts.subList(0, end);
    if (own.stream().allMatch(part -> part.kind() == SqlPart.Kind.SPACE)) {
      throw refused(0, "it is empty", "Write a SELECT.");
    }
    return own;
  }

  private SqlPart next() {
    char c = sql.charAt(at);
    if (Character.isWhitespace(c)) {
      return part(SqlPart.Kind.SPACE, endOfSpace());
    }
    if (sql.startsWith("--", at)) {
      return part(SqlPart.Kind.SPACE, endOfLine());
    }
    if (sql.startsWith("/*", at)) {
      return part(SqlPart.Kind.SPACE, endOfComment());
    }
    if (wordStart(c) || Character.isDigit(c)) {
      return word();
    }
    return switch (c) {
      case '\'' -> part(SqlPart.Kind.TEXT, endOfQuote(at, false));
      case '"', '`' -> part(SqlPart.Kind.NAME, endOfQuote(at, false));
      case '[' -> bracket();
      case ':' -> colon();
      case '$' -> dollar();
      default -> sign(c);
    };
  }

  private SqlPart part(SqlPart.Kind kind, int end) {
    SqlPart part = new SqlPart(kind, sql.substring(at, end));
    at = end;
    return part;
  }

  private SqlPart sign(char c) {
    switch (c) {
      case '\0' -> throw refused(at, "it has a NUL character", "Remove it.");
      case '\uFEFF' ->
          throw refused(at, "it has a byte order mark, which nobody sees", "Remove it.");
      case '(' -> open.append(c);
      case ')', ']' -> {
        int last = open.length() - 1;
        if (last < 0 || open.charAt(last) != (c == ')' ? '(' : '[')) {
          throw refused(at, "'" + c + "' closes nothing", "Balance the brackets.");
        }
        open.setLength(last);
      }
      default -> {}
    }
    return part(SqlPart.Kind.SIGN, at + 1);
  }

  /** A word, or a text that a letter precedes: {@code E'it\'s'}, {@code X'00'}, {@code N'a'}. */
  private SqlPart word() {
    int end = at + 1;
    while (end < sql.length() && wordPart(sql.charAt(end))) {
      end++;
    }
    boolean prefixed = end < sql.length() && sql.charAt(end) == '\'' && end == at + 1;
    if (prefixed) {
      boolean escapes = "eE".indexOf(sql.charAt(at)) >= 0;
      int after = endOfQuote(end, escapes);
      if (escapes) {
        checkContinued(after);
      }
      return part(SqlPart.Kind.TEXT, after);
    }
    if (end == at + 1 && "uU".indexOf(sql.charAt(at)) >= 0 && sql.startsWith("&\"", end)) {
      throw refused(at, "a name is written in Unicode escapes", "Write the name itself.");
    }
    return part(SqlPart.Kind.WORD, end);
  }

  /** On PostgreSQL the next line's quotes go on with a text, escapes included; elsewhere not. */
  private void checkContinued(int from) {
    int next = from;
    boolean newLine = false;
    while (next < sql.length() && Character.isWhitespace(sql.charAt(next))) {
      newLine |= "\n\r".indexOf(sql.charAt(next)) >= 0;
      next++;
    }
    boolean goesOn = newLine && sql.startsWith("'", next);
    if (goesOn || sql.startsWith("--", next) && quoteAfter(next)) {
      throw refused(next, "a text with escapes goes on in another line", "Write it as one text.");
    }
  }

  /** Whether nothing but comments stands between here and a quote. */
  private boolean quoteAfter(int from) {
    int next = from;
    while (sql.startsWith("--", next)) {
      int end = sql.indexOf('\n', next);
      next = end < 0 ? sql.length() : end;
      while (next < sql.length() && Character.isWhitespace(sql.charAt(next))) {
        next++;
      }
    }
    return sql.startsWith("'", next);
  }

  private int endOfSpace() {
    int end = at;
    while (end < sql.length() && Character.isWhitespace(sql.charAt(end))) {
      end++;
    }
    return end;
  }

  /** At a lone carriage return a comment of PostgreSQL ends, and one of SQLite goes on. */
  private int endOfLine() {
    int found = sql.indexOf('\n', at);
    int end = found < 0 ? sql.length() : found;
    int returned = sql.indexOf('\r', at);
    if (returned >= 0 && returned < end - 1 || returned == end - 1 && found < 0) {
      throw refused(returned, "a carriage return stands in a comment", "End the line with \\n.");
    }
    return end;
  }

  /** PostgreSQL nests comments, SQLite does not: where they would differ, neither is asked. */
  private int endOfComment() {
    int end = sql.indexOf("*/", at + 2);
    int nested = sql.indexOf("/*", at + 2);
    if (end < 0) {
      throw refused(at, "a comment is not closed", "Close it with */.");
    }
    if (nested >= 0 && nested < end) {
      throw refused(nested, "a comment stands inside a comment", "Remove the inner one.");
    }
    return end + 2;
  }

  private int endOfQuote(int from, boolean escapes) {
    char quote = sql.charAt(from);
    for (int i = from + 1; i < sql.length(); i++) {
      char c = sql.charAt(i);
      if (c == '\\' && escapes) {
        i++;
      } else if (c == quote) {
        if (i + 1 == sql.length() || sql.charAt(i + 1) != quote) {
          return i + 1;
        }
        i++;
      }
    }
    throw refused(from, "the quote " + quote + " is not closed", "Close it.");
  }

  /** A name of SQLite's, or the start of PostgreSQL's subscript or array. */
  private SqlPart bracket() {
    boolean array =
        open.indexOf("[") >= 0 || !parts.isEmpty() && subscripted(parts.get(parts.size() - 1));
    if (array || afterWord("ARRAY")) {
      open.append('[');
      return part(SqlPart.Kind.SIGN, at + 1);
    }
    int end = sql.indexOf(']', at);
    if (end < 0) {
      throw refused(at, "'[' is not closed", "Close it with ].");
    }
    return part(SqlPart.Kind.NAME, end + 1);
  }

  private static boolean subscripted(SqlPart before) {
    return before.isName()
        || before.kind() == SqlPart.Kind.PARAMETER
        || before.is(")")
        || before.is("]");
  }

  private boolean afterWord(String word) {
    for (int i = parts.size() - 1; i >= 0; i--) {
      if (parts.get(i).kind() != SqlPart.Kind.SPACE) {
        return parts.get(i).is(word);
      }
    }
    return false;
  }

  private SqlPart colon() {
    if (sql.startsWith("::", at)) {
      return part(SqlPart.Kind.SIGN, at + 2);
    }
    boolean slice =
        open.toString().endsWith("[")
            && !parts.isEmpty()
            && subscripted(parts.get(parts.size() - 1));
    int end = at + 1;
    if (slice || end == sql.length() || !wordStart(sql.charAt(end))) {
      return part(SqlPart.Kind.SIGN, at + 1);
    }
    while (end < sql.length() && namePart(sql.charAt(end))) {
      end++;
    }
    return part(SqlPart.Kind.PARAMETER, end);
  }

  private SqlPart dollar() {
    int tag = at + 1;
    boolean number = tag < sql.length() && Character.isDigit(sql.charAt(tag));
    while (tag < sql.length() && namePart(sql.charAt(tag))) {
      tag++;
    }
    if (!number && tag < sql.length() && sql.charAt(tag) == '$') {
      String quote = sql.substring(at, tag + 1);
      int end = sql.indexOf(quote, tag + 1);
      if (end < 0) {
        throw refused(at, "the quote " + quote + " is not closed", "Close it.");
      }
      return part(SqlPart.Kind.TEXT, end + quote.length());
    }
    throw refused(
        at, "the parameter '" + sql.substring(at, tag) + "' is not of ours", "Write it as :name.");
  }

  private static boolean wordStart(char c) {
    return Character.isLetter(c) || c == '_';
  }

  private static boolean namePart(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  private static boolean wordPart(char c) {
    return namePart(c) || c == '$';
  }

  private static TidelineException refused(int at, String why, String mend) {
    return new TidelineException(
        ErrorCode.ARGUMENT_INVALID,
        "Cannot use this as a query: " + why + " (character " + (at + 1) + ").",
        "Nothing was run.",
        mend);
  }
}
