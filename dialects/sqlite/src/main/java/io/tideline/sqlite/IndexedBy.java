package io.tideline.sqlite;

import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The indexes that views and triggers name, which fail once such an index is gone.
 *
 * @see <a href="https://sqlite.org/lang_indexedby.html">INDEXED BY</a>
 */
final class IndexedBy {
  private static final String TEXTS =
      """
      SELECT sql FROM main.sqlite_schema WHERE type IN ('view', 'trigger') AND sql LIKE '%indexed%'""";

  private final Set<String> names = new HashSet<>();

  private IndexedBy() {}

  static IndexedBy of(Session session) throws SQLException {
    IndexedBy found = new IndexedBy();
    for (String[] row : session.strings(TEXTS)) {
      found.add(new SqlTokens(row[0]).words(Integer.MAX_VALUE));
    }
    return found;
  }

  private void add(List<String> words) {
    for (int i = 0; i + 2 < words.size(); i++) {
      if (words.get(i).equals("INDEXED") && words.get(i + 1).equals("BY")) {
        names.add(words.get(i + 2).toUpperCase(Locale.ROOT));
      }
    }
  }

  boolean names(String index) {
    String upper = index.toUpperCase(Locale.ROOT);
    return names.contains(upper)
        || names.contains("[" + upper + "]")
        || List.of("\"", "`", "'").stream()
            .anyMatch(quote -> names.contains(quote + upper.replace(quote, quote + quote) + quote));
  }
}
