package io.tideline.sqlite;

import io.tideline.catalogue.Table;
import io.tideline.dialect.AccessPath;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code EXPLAIN QUERY PLAN}, whose words are those of the SQLite that is linked in.
 *
 * @see <a href="https://sqlite.org/eqp.html">EXPLAIN QUERY PLAN</a>
 */
final class ScanPlan {
  private static final Pattern USING =
      Pattern.compile(
          "^SEARCH .*? USING (?:(?:AUTOMATIC )?(?:PARTIAL )?(?:COVERING )?INDEX (?<index>.+?)"
              + "|(?<rowid>INTEGER PRIMARY KEY)|(?<key>PRIMARY KEY))(?: \\(.*)?$");

  private ScanPlan() {}

  static AccessPath read(Session session, Sql query, Table table) throws SQLException {
    List<String[]> rows = session.strings(session.sql().add("EXPLAIN QUERY PLAN ").add(query));
    List<String> lines = rows.stream().map(row -> row[3]).toList();
    // Lines below another belong to a subquery; the first of the top is the table's own.
    String own =
        rows.stream()
            .filter(row -> row[1].equals("0"))
            .map(row -> row[3])
            .filter(line -> line.startsWith("SEARCH ") || line.startsWith("SCAN "))
            .findFirst()
            .orElse("");
    return new AccessPath(index(own, table), String.join("; ", lines));
  }

  private static String index(String line, Table table) {
    Matcher matcher = USING.matcher(line);
    if (!matcher.matches()) {
      return "";
    }
    String index = matcher.group("index");
    if (index == null) {
      return matcher.group("rowid") != null ? "INTEGER PRIMARY KEY" : "PRIMARY KEY";
    }
    // A name may hold " (": take the longest that the table has.
    return table.indexes().stream()
        .map(known -> known.name())
        .filter(name -> line.contains(" INDEX " + name))
        .max((a, b) -> Integer.compare(a.length(), b.length()))
        .orElse(index);
  }
}
