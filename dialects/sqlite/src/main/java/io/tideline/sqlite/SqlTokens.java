package io.tideline.sqlite;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The tokens of a statement that SQLite keeps. */
final class SqlTokens {
  private final String sql;
  private int at;

  SqlTokens(String sql) {
    this.sql = sql;
  }

  /** The next tokens that are not space or comment, at most {@code limit}. */
  List<String> words(int limit) {
    List<String> words = new ArrayList<>();
    while (words.size() < limit && at < sql.length()) {
      String word = next();
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    return words;
  }

  /** The next token in upper case: a word, a quoted name, one sign; empty for space or comment. */
  private String next() {
    int from = at;
    char c = sql.charAt(at);
    if (sql.startsWith("--", at)) {
      at = after("\n", at);
      return "";
    }
    if (sql.startsWith("/*", at)) {
      at = after("*/", at + 2);
      return "";
    }
    if (c == '"' || c == '\'' || c == '`') {
      do {
        at = after(String.valueOf(c), at + 1);
      } while (at < sql.length() && sql.charAt(at) == c);
      return sql.substring(from, at);
    }
    if (c == '[') {
      at = after("]", at);
      return sql.substring(from, at);
    }
    at++;
    if (Character.isWhitespace(c)) {
      return "";
    }
    while (wordChar(c) && at < sql.length() && wordChar(sql.charAt(at))) {
      at++;
    }
    return sql.substring(from, at).toUpperCase(Locale.ROOT);
  }

  private int after(String end, int from) {
    int found = sql.indexOf(end, from);
    return found < 0 ? sql.length() : found + end.length();
  }

  private static boolean wordChar(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c >= 0x80;
  }
}
