package io.tideline.sqlite;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The foreign keys of a {@code CREATE TABLE} statement, as far as no pragma tells them: whether one
 * waits for the commit without being asked.
 *
 * @see <a href="https://sqlite.org/foreignkeys.html#fk_deferred">Deferred constraints</a>
 */
final class ForeignKeyText {
  private ForeignKeyText() {}

  /**
   * For each foreign key, in the order of its id in {@code foreign_key_list} (the last declared is
   * the first), whether it is {@code DEFERRABLE INITIALLY DEFERRED}.
   */
  static List<Boolean> initiallyDeferred(String definition) {
    List<Boolean> found = new ArrayList<>();
    List<String> words = new SqlTokens(definition).words(Integer.MAX_VALUE);
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).equals("REFERENCES")) {
        found.add(false);
      } else if (!found.isEmpty() && deferred(words, i)) {
        found.set(found.size() - 1, true);
      }
    }
    Collections.reverse(found);
    return found;
  }

  private static boolean deferred(List<String> words, int i) {
    return words.size() >= i + 3
        && words.subList(i, i + 3).equals(List.of("DEFERRABLE", "INITIALLY", "DEFERRED"))
        && !words.get(i - 1).equals("NOT");
  }
}
