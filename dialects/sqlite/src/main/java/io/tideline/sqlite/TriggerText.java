package io.tideline.sqlite;

import io.tideline.catalogue.Trigger;
import java.util.List;

/**
 * The head of a {@code CREATE TRIGGER} statement, read token by token: SQLite has no pragma that
 * tells the event.
 *
 * @see <a href="https://sqlite.org/lang_createtrigger.html">CREATE TRIGGER</a>
 */
final class TriggerText {
  /** More than the longest head before the event has, comments left out. */
  private static final int HEAD = 16;

  private TriggerText() {}

  /** The trigger that the statement makes; one that cannot be read is taken to fire on anything. */
  static Trigger parse(String name, String sql) {
    String event = event(new SqlTokens(sql).words(HEAD));
    boolean unknown = !List.of("DELETE", "INSERT", "UPDATE").contains(event);
    return new Trigger(
        name,
        unknown || event.equals("DELETE"),
        unknown || event.equals("INSERT"),
        unknown || event.equals("UPDATE"));
  }

  private static String event(List<String> words) {
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
}
