package io.tideline.testkit.trees;

import io.tideline.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The rows of a graph's tables, read by plain JDBC: each by its tag, its values as exact text. */
final class GraphState {
  private final Graph graph;
  private final List<Map<String, Row>> tables = new ArrayList<>();

  /**
   * A row.
   *
   * @param values its values as exact text, by column
   * @param at its time; null if it has none
   */
  record Row(int table, String tag, Map<String, String> values, String at) {
    /** Its tag alone: the values take long. */
    @Override
    public int hashCode() {
      return tag.hashCode();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Row row && row.tag.equals(tag) && row.values.equals(values);
    }

    boolean isNull(String column) {
      return isNullText(values.get(column));
    }

    /** The value of an integer column. */
    Optional<Integer> number(String column) {
      return isNull(column)
          ? Optional.empty()
          : Optional.of(Integer.valueOf(values.get(column).replaceFirst(".*[:=]", "")));
    }

    /** The values of some columns; empty if one is null. */
    Optional<List<String>> complete(List<String> columns) {
      return columns.stream().anyMatch(this::isNull)
          ? Optional.empty()
          : Optional.of(columns.stream().map(values::get).toList());
    }

    /** The same row with some columns null. */
    Row without(List<String> columns) {
      String none = values.values().stream().anyMatch(v -> v.startsWith("=")) ? "null" : "null:";
      Map<String, String> others = new LinkedHashMap<>(values);
      columns.forEach(column -> others.put(column, none));
      return new Row(table, tag, others, at);
    }
  }

  static boolean isNullText(String text) {
    return text.equals("null") || text.equals("null:");
  }

  private GraphState(Graph graph) {
    this.graph = graph;
    graph.tables().forEach(table -> tables.add(new TreeMap<>()));
  }

  /** The live rows. */
  static GraphState live(TestDatabase database, Graph graph) {
    return read(database, graph, "");
  }

  /** What the archive tables hold. */
  static GraphState moved(TestDatabase database, Graph graph) {
    return read(database, graph, "_archive");
  }

  private static GraphState read(TestDatabase database, Graph graph, String suffix) {
    GraphState state = new GraphState(graph);
    try (Connection connection = database.connect()) {
      Set<String> there = new HashSet<>();
      try (ResultSet names = connection.getMetaData().getTables(null, null, "t%", null)) {
        while (names.next()) {
          there.add(names.getString("TABLE_NAME"));
        }
      }
      for (int i = 0; i < graph.tables().size(); i++) {
        if (there.contains(graph.tables().get(i).name() + suffix)) {
          state.read(database, connection, i, suffix, "");
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot read the rows: " + e.getMessage(), e);
    }
    return state;
  }

  /** One row, as a connection sees it. */
  static Optional<Row> row(
      TestDatabase database, Connection connection, Graph graph, int table, String tag)
      throws SQLException {
    GraphState state = new GraphState(graph);
    state.read(database, connection, table, "", " WHERE tag = '" + tag + "'");
    return Optional.ofNullable(state.tables.get(table).get(tag));
  }

  private void read(
      TestDatabase database, Connection connection, int table, String suffix, String where)
      throws SQLException {
    List<String> columns = List.copyOf(graph.tables().get(table).columns().keySet());
    String values =
        columns.stream()
            .map(column -> database.rowText(List.of(column)))
            .collect(Collectors.joining(", "));
    String sql =
        "SELECT tag, CAST(at AS text), %s FROM %s%s%s"
            .formatted(values, graph.tables().get(table).name(), suffix, where);
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
          row.put(columns.get(i), result.getString(i + 3));
        }
        Row read = new Row(table, result.getString(1), row, result.getString(2));
        if (tables.get(table).put(read.tag(), read) != null) {
          throw new IllegalStateException("Two rows have the tag " + read.tag());
        }
      }
    }
  }

  GraphState copy() {
    GraphState copy = new GraphState(graph);
    for (int i = 0; i < tables.size(); i++) {
      copy.tables.get(i).putAll(tables.get(i));
    }
    return copy;
  }

  /** The rows of a table by tag. */
  Map<String, Row> of(int table) {
    return tables.get(table);
  }

  /** Every row by tag. */
  Map<String, Row> all() {
    Map<String, Row> all = new TreeMap<>();
    tables.forEach(all::putAll);
    return all;
  }

  void put(Row row) {
    tables.get(row.table()).put(row.tag(), row);
  }

  void remove(Row row) {
    tables.get(row.table()).remove(row.tag());
  }

  /** The rows that refer over a key, by what they refer to. */
  Map<List<String>, List<Row>> referring(Graph.Key key) {
    Map<List<String>, List<Row>> rows = new HashMap<>();
    for (Row row : tables.get(key.child()).values()) {
      row.complete(key.columns())
          .ifPresent(value -> rows.computeIfAbsent(value, v -> new ArrayList<>()).add(row));
    }
    return rows;
  }

  /** The rows that refer to nothing, each with the number of the key. */
  Set<String> violations(boolean declaredOnly) {
    Set<String> violations = new TreeSet<>();
    for (Graph.Key key : graph.keys()) {
      if (declaredOnly && !key.declared()) {
        continue;
      }
      Set<List<String>> there = new HashSet<>();
      tables
          .get(key.parent())
          .values()
          .forEach(r -> r.complete(key.toColumns()).ifPresent(there::add));
      referring(key)
          .forEach(
              (value, rows) -> {
                if (!there.contains(value)) {
                  rows.forEach(row -> violations.add(row.tag() + " over key " + key.number()));
                }
              });
    }
    return violations;
  }

  @Override
  public String toString() {
    return all().keySet().toString();
  }
}
