package io.tideline.postgresql;

import io.tideline.dialect.AccessPath;
import io.tideline.dialect.Scan;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a plan of the planner, by the node that reads the table.
 *
 * @see <a href="https://www.postgresql.org/docs/current/using-explain.html">Using EXPLAIN</a>
 */
final class Explanation {
  /** A slice of the usual size: without a limit the planner would rather sort the whole table. */
  private static final int SLICE = 10_000;

  private static final String NAME = "(\"(?:[^\"]|\"\")+\"|\\S+)";
  private static final Pattern SCAN =
      Pattern.compile(
          "(?:Parallel )?(?:(Index(?: Only)? Scan(?: Backward)?) using "
              + NAME
              + "|Bitmap Heap Scan|Seq Scan|Tid Range Scan|Sample Scan) on .*");
  private static final Pattern BITMAP = Pattern.compile("Bitmap Index Scan on " + NAME + ".*");

  /** The value of a subquery: {@code $0}, and since PostgreSQL 17 {@code (InitPlan 1).col1}. */
  private static final Pattern SUBQUERY = Pattern.compile("\\$\\d+|\\(InitPlan \\d+\\)");

  private Explanation() {}

  static AccessPath of(Session session, TableShape table, Scan scan) throws SQLException {
    List<String> nodes = nodes(session, Query.scan(session, table, scan, SLICE).sql());
    for (int i = 0; i < nodes.size(); i++) {
      Matcher node = SCAN.matcher(nodes.get(i));
      if (node.matches()) {
        String index = node.group(2) == null ? bitmap(nodes, i) : node.group(2);
        return new AccessPath(unquoted(index), nodes.get(i));
      }
    }
    return new AccessPath("", nodes.isEmpty() ? "" : nodes.get(0));
  }

  private static List<String> nodes(Session session, String query) throws SQLException {
    List<String> nodes = new ArrayList<>();
    try (Statement statement = session.statement();
        ResultSet lines = statement.executeQuery("EXPLAIN (COSTS OFF) " + query)) {
      while (lines.next()) {
        nodes.add(String.valueOf(lines.getString(1)).replaceFirst("^[\\s>-]*", ""));
      }
    }
    return nodes;
  }

  /**
   * An index by which a query asks for what subqueries stand for.
   *
   * @param name its name; empty if a table is read whole
   * @param compared how many subqueries it is compared with
   */
  record Sought(String name, int compared) {}

  /**
   * The index by which each table of a query is read if any can be. Whether that pays for so few
   * rows as there are now is not asked.
   */
  static List<Sought> soughtBy(Session session, String query) throws SQLException {
    session.joinByIndex(true);
    List<String> nodes = nodes(session, query);
    session.joinByIndex(false);
    List<Sought> sought = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      Matcher node = SCAN.matcher(nodes.get(i));
      if (node.matches()) {
        String index = node.group(2) == null ? bitmap(nodes, i) : node.group(2);
        sought.add(new Sought(unquoted(index), compared(nodes.subList(i + 1, nodes.size()))));
      }
    }
    return sought;
  }

  /** Up to the next table. */
  private static int compared(List<String> lines) {
    for (String line : lines) {
      if (line.startsWith("Index Cond: ")) {
        return (int) SUBQUERY.matcher(line).results().count();
      } else if (SCAN.matcher(line).matches()) {
        return 0;
      }
    }
    return 0;
  }

  private static String bitmap(List<String> nodes, int heap) {
    if (!nodes.get(heap).contains("Bitmap")) {
      return "";
    }
    for (String line : nodes.subList(heap, nodes.size())) {
      Matcher index = BITMAP.matcher(line);
      if (index.matches()) {
        return String.valueOf(index.group(1));
      }
    }
    return "";
  }

  private static String unquoted(String name) {
    return name.startsWith("\"")
        ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
        : name;
  }
}
