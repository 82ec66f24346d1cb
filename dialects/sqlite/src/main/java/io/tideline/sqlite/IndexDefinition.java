package io.tideline.sqlite;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The text of a CREATE INDEX taken apart, for what no pragma tells.
 *
 * @param parts what stands between the parentheses, one by one, without collation and direction
 * @param predicate what follows WHERE; empty if nothing does
 */
record IndexDefinition(List<String> parts, String predicate) {
  static final IndexDefinition NONE = new IndexDefinition(List.of(), "");

  private static final Pattern ENDING =
      Pattern.compile("(?is)\\s+(COLLATE\\s+\\S+|ASC|DESC|NULLS\\s+(FIRST|LAST))\\s*$");

  /** Takes a statement apart that SQLite has accepted. */
  static IndexDefinition parse(String sql) {
    int open = next(sql, 0, '(');
    if (open >= sql.length()) {
      return NONE;
    }
    List<String> parts = new ArrayList<>();
    int from = open + 1;
    int depth = 1;
    int at = from;
    while (at < sql.length() && depth > 0) {
      char c = sql.charAt(at);
      int after = skip(sql, at);
      if (after > at + 1) {
        at = after;
        continue;
      }
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (depth == 0 || depth == 1 && c == ',') {
        parts.add(plain(sql.substring(from, at)));
        from = at + 1;
      }
      at++;
    }
    String rest = spaced(sql.substring(at));
    boolean partial = rest.toUpperCase(Locale.ROOT).startsWith("WHERE");
    return new IndexDefinition(parts, partial ? rest.substring("WHERE".length()).strip() : "");
  }

  private static int next(String sql, int from, char wanted) {
    int at = from;
    while (at < sql.length() && sql.charAt(at) != wanted) {
      at = skip(sql, at);
    }
    return at;
  }

  /** The place after what begins there: a quoted name or text, a comment, or one character. */
  private static int skip(String sql, int at) {
    char c = sql.charAt(at);
    if (c == '\'' || c == '"' || c == '`' || c == '[') {
      int end = sql.indexOf(c == '[' ? ']' : c, at + 1);
      return end < 0 ? sql.length() : end + 1;
    }
    if (sql.startsWith("--", at)) {
      int end = sql.indexOf('\n', at);
      return end < 0 ? sql.length() : end + 1;
    }
    if (sql.startsWith("/*", at)) {
      int end = sql.indexOf("*/", at);
      return end < 0 ? sql.length() : end + 2;
    }
    return at + 1;
  }

  private static String plain(String part) {
    String text = spaced(part);
    String shorter = ENDING.matcher(text).replaceFirst("");
    while (!shorter.equals(text)) {
      text = shorter;
      shorter = ENDING.matcher(text).replaceFirst("");
    }
    return text;
  }

  /** One blank for whatever separates, comments too; quoted names and texts as they are. */
  private static String spaced(String text) {
    StringBuilder plain = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      int after = skip(text, at);
      if (!separates(text, at)) {
        plain.append(text, at, after);
      } else if (!plain.isEmpty() && plain.charAt(plain.length() - 1) != ' ') {
        plain.append(' ');
      }
      at = after;
    }
    return plain.toString().strip();
  }

  private static boolean separates(String text, int at) {
    return Character.isWhitespace(text.charAt(at))
        || text.startsWith("--", at)
        || text.startsWith("/*", at);
  }
}
