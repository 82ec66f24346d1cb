package io.tideline.sqlite;

import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a line of a plan says that a table is read: the words after the table's name.
 *
 * @param way by what
 * @param index the index; empty if none
 * @param alone whether the index alone answers
 * @param terms what is sought, in brackets; empty if nothing
 * @param words all of it, as it stands at the end of the line
 */
record PlanAccess(Way way, String index, boolean alone, String terms, String words) {
  private static final PlanAccess NONE = new PlanAccess(Way.NONE, "", false, "", "");
  private static final String TERMS = "(?: (\\(.*\\)))?";
  private static final Pattern KEY = Pattern.compile(" USING (?:INTEGER )?PRIMARY KEY" + TERMS);
  private static final Pattern AUTOMATIC =
      Pattern.compile(" USING AUTOMATIC (?:PARTIAL )?(?:COVERING )?INDEX" + TERMS);
  private static final Pattern INDEX = Pattern.compile(" USING (COVERING )?INDEX (.*)");

  /** By what a table is read. */
  enum Way {
    NONE,
    KEY,
    AUTOMATIC,
    INDEX,
    UNKNOWN
  }

  /** Names may hold any words: the first place counts from which on all is understood. */
  static PlanAccess of(String line, Collection<String> indexes) {
    boolean some = false;
    for (int at = line.indexOf(" USING "); at >= 0; at = line.indexOf(" USING ", at + 1)) {
      String words = line.substring(at);
      Matcher key = KEY.matcher(words);
      if (key.matches()) {
        return new PlanAccess(Way.KEY, "", true, terms(key.group(1)), words);
      }
      Matcher automatic = AUTOMATIC.matcher(words);
      if (automatic.matches()) {
        return new PlanAccess(Way.AUTOMATIC, "", true, terms(automatic.group(1)), words);
      }
      Matcher index = INDEX.matcher(words);
      if (index.matches()) {
        some = true;
        String name = longest(String.valueOf(index.group(2)), indexes);
        if (!name.isEmpty()) {
          String terms = index.group(2).substring(name.length()).strip();
          return new PlanAccess(Way.INDEX, name, index.group(1) != null, terms, words);
        }
      }
    }
    return some ? new PlanAccess(Way.UNKNOWN, "", false, "", "") : NONE;
  }

  private static String terms(String group) {
    return group == null ? "" : group;
  }

  private static String longest(String words, Collection<String> indexes) {
    return indexes.stream()
        .filter(name -> words.equals(name) || words.startsWith(name + " (") && words.endsWith(")"))
        .max((a, b) -> Integer.compare(a.length(), b.length()))
        .orElse("");
  }
}
