package io.tideline.testkit.trees;

import io.tideline.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Random rows of a graph, as literals by column: those of one table are one list. */
final class GraphRows {
  private static final int MOST_ROWS = 45;
  private static final String NULL = "NULL";

  private final Graph graph;
  private final Random random;
  private final List<List<Map<String, String>>> tables = new ArrayList<>();
  private int seconds;

  /** Makes rows for every table of a graph. */
  GraphRows(Graph graph, Random random) {
    this.graph = graph;
    this.random = random;
    for (int i = 0; i < graph.tables().size(); i++) {
      List<Map<String, String>> rows = new ArrayList<>();
      int count = 3 + random.nextInt(random.nextInt(4) == 0 ? MOST_ROWS : MOST_ROWS / 2);
      for (int number = 0; number < count; number++) {
        rows.add(row(i, "t" + i + "-" + number, number));
      }
      tables.add(rows);
    }
    // What a primary key is part of first: rows are referred to by it.
    graph.keys().stream().filter(key -> key.columns().contains("b")).forEach(this::refer);
    graph.keys().stream().filter(key -> !key.columns().contains("b")).forEach(this::refer);
  }

  /** The rows of a table. */
  List<Map<String, String>> of(int table) {
    return tables.get(table);
  }

  /** The tag of a row. */
  static String tag(Map<String, String> row) {
    return row.get("tag").replace("'", "");
  }

  /** A row that refers to nothing yet; the number tells its keys from those of others. */
  private Map<String, String> row(int table, String tag, int number) {
    Map<String, String> row = new LinkedHashMap<>();
    graph
        .tables()
        .get(table)
        .columns()
        .forEach((name, type) -> row.put(name, value(name, type, tag, number)));
    return row;
  }

  private String value(String name, String type, String tag, int number) {
    return switch (name) {
      case "id" ->
          type.startsWith("text") ? "'k" + number * 7 % 100 + "-" + number + "'" : "" + number;
      case "a" -> "'a" + number % 3 + "'";
      case "b" -> "" + number;
      case "u" -> random.nextInt(10) == 0 ? NULL : "" + (1000 + number);
      case "tag" -> "'" + tag + "'";
      case "at" -> time();
      case "w" -> random.nextInt(8) == 0 ? NULL : "" + random.nextInt(5);
      case "k" -> random.nextInt(40) == 0 ? NULL : random.nextInt(20) == 0 ? "1" : "0";
      case "payload" -> random.nextInt(5) == 0 ? NULL : "'payload of " + tag + "'";
      default -> NULL;
    };
  }

  /** Distinct, so that it is clear which is the newest; expired, at the cutoff, fresh or none. */
  private String time() {
    int second = seconds++;
    return switch (random.nextInt(20)) {
      case 0 -> NULL;
      case 1 -> second == 0 ? "'" + GraphPolicy.CUTOFF + "'" : old(second);
      case 2, 3, 4, 5, 6 -> fresh(second);
      default -> old(second);
    };
  }

  static String old(int second) {
    return "'2026-01-%02d %02d:%02d:%02d'"
        .formatted(1 + second % 27, second / 3600 % 24, second / 60 % 60, second % 60);
  }

  static String fresh(int second) {
    return "'2026-09-20 %02d:%02d:%02d'"
        .formatted(second / 3600 % 24, second / 60 % 60, second % 60);
  }

  private void refer(Graph.Key key) {
    List<Map<String, String>> children = tables.get(key.child());
    List<Map<String, String>> parents = tables.get(key.parent());
    Graph.Table from = graph.tables().get(key.child());
    boolean nullable = key.columns().stream().allMatch(from::nullable);
    for (int i = 0; i < children.size(); i++) {
      Map<String, String> child = children.get(i);
      if (key.columns().contains("b")) {
        // Part of the primary key: the other part must tell rows of one parent apart.
        child.put("a", "'a" + i + "'");
      }
      if (nullable && random.nextInt(5) == 0) {
        continue;
      }
      if (key.orphans() && random.nextInt(12) == 0) {
        orphan(key, child);
      } else {
        refer(key, child, parents, near(i, children.size(), parents.size()), nullable);
      }
    }
  }

  private void orphan(Graph.Key key, Map<String, String> child) {
    for (String column : key.columns()) {
      if (Graph.own(key, column)) {
        String type = graph.tables().get(key.child()).columns().get(column);
        child.put(column, type.startsWith("text") ? "'nothing'" : "987654");
      }
    }
  }

  /** Mostly the row at the same height of the other table, so that trees stay small. */
  private int near(int i, int children, int parents) {
    if (random.nextInt(8) == 0) {
      return random.nextInt(parents);
    }
    int at = i * parents / children - random.nextInt(3);
    return Math.max(0, at);
  }

  private void refer(
      Graph.Key key,
      Map<String, String> child,
      List<Map<String, String>> parents,
      int first,
      boolean nullable) {
    for (int i = 0; i < parents.size(); i++) {
      Map<String, String> parent = parents.get((first + i) % parents.size());
      if (fits(key, child, parent)) {
        for (int c = 0; c < key.columns().size(); c++) {
          child.put(key.columns().get(c), parent.get(key.toColumns().get(c)));
        }
        return;
      }
    }
    if (!nullable) {
      throw new IllegalStateException("no row to refer to over " + key);
    }
  }

  private static boolean fits(
      Graph.Key key, Map<String, String> child, Map<String, String> parent) {
    for (int c = 0; c < key.columns().size(); c++) { // a column of another key too is not changed
      String to = parent.get(key.toColumns().get(c));
      String column = key.columns().get(c);
      boolean open = Graph.own(key, column) || column.equals("b");
      if (to.equals(NULL) || !open && !child.get(column).equals(to)) {
        return false;
      }
    }
    return true;
  }

  /** Leaves rows out, and those that refer to them. */
  void leaveOut(Set<String> tags) {
    Set<String> out = new HashSet<>(tags);
    boolean more = true;
    while (more) {
      more = false;
      for (Graph.Key key : graph.keys()) {
        for (Map<String, String> parent : tables.get(key.parent())) {
          for (Map<String, String> child : tables.get(key.child())) {
            more |= out.contains(tag(parent)) && refers(key, child, parent) && out.add(tag(child));
          }
        }
      }
    }
    tables.forEach(rows -> rows.removeIf(row -> out.contains(tag(row))));
  }

  private static boolean refers(
      Graph.Key key, Map<String, String> child, Map<String, String> parent) {
    for (int c = 0; c < key.columns().size(); c++) {
      String to = parent.get(key.toColumns().get(c));
      if (to.equals(NULL) || !to.equals(child.get(key.columns().get(c)))) {
        return false;
      }
    }
    return true;
  }

  /** Inserts the rows while nothing checks foreign keys, and then lets the schema be complete. */
  void insertInto(TestDatabase database) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      if (graph.product() == io.tideline.testkit.Product.SQLITE) {
        statement.execute("PRAGMA foreign_keys = OFF");
      }
      connection.setAutoCommit(false);
      for (int i = 0; i < tables.size(); i++) {
        for (Map<String, String> row : tables.get(i)) {
          statement.execute(graph.insert(i, row));
        }
      }
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot insert the rows: " + e.getMessage(), e);
    }
    database.execute(graph.ddlAfterwards());
  }

  @Override
  public String toString() {
    StringBuilder sql = new StringBuilder();
    for (int i = 0; i < tables.size(); i++) {
      for (Map<String, String> row : tables.get(i)) {
        sql.append(graph.insert(i, row)).append(";\n");
      }
    }
    return sql.toString();
  }
}
