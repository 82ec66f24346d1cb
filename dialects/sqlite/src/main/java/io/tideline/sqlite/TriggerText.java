package io.tideline.sqlite;

import io.tideline.catalogue.Trigger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The head of a {@code CREATE TRIGGER} statement, read token by token: SQLite has no pragma that
 * tells the event.
 *
 * @see <a href="https://sqlite.org/lang_createtrigger.html">CREATE TRIGGER</a>
 */
final class TriggerText {
  /** More than the longest head before the event has, comments left out. */
  private static final int HEAD = 16;

  private final String sql;
  private int at;

  private TriggerText(String sql) {
    this.sql = sql;
  }

  /** The trigger that the statement makes; one that cannot be read is taken to fire on anything. */
  static Trigger parse(String name, String sql) {
    String event = new TriggerText(sql).event();
    boolean unknown = !List.of("DELETE", "INSERT", "UPDATE").contains(event);
    return new Trigger(
        name,
        unknown || event.equals("DELETE"),
        unknown || event.equals("INSERT"),
        unknown || event.equals("UPDATE"));
  }

  private String event() {
    List<String> words = new ArrayList<>();
    while (words.size() < HEAD && at < sql.length()) {
      String word = next();
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    int i = words.indexOf("TRIGGER") + 1;
    if (words.size() > i + 3 && words.subList(i, i + 3).equals(List.of("IF", "NOT", "EXISTS"))) {
      i += 3;
    }
    i += i + 1 < words.size() && words.get(i + 1).equals(".") ? 3 : 1;
    if (i < words.size() && List.of("BEFORE", "AFTER").contains(words.get(i))) {
      i++;
    } else if (i < words.size() && words.get(i).equals("INSTEAD")) {
      i += 2;
    }
    return i < words.size() ? words.get(i) : "";
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
