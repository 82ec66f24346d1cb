package io.tideline.testkit.trees;

import io.tideline.testkit.TestDatabase;
import io.tideline.testkit.trees.GraphState.Row;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An application at work on a graph: a thread that inserts rows, changes, re-parents and deletes
 * them with plain JDBC, each in a transaction of its own, and remembers what it committed.
 */
final class GraphTraffic implements AutoCloseable {
  private final TestDatabase database;
  private final Graph graph;
  private final Random random;
  private final List<List<String>> tags = new ArrayList<>();
  private final Map<String, Row> last = new TreeMap<>();
  private final Set<String> deleted = new TreeSet<>();
  private final Thread thread = new Thread(this::work, "graph-traffic");
  private volatile boolean stopped;
  private volatile @Nullable Throwable failure;
  private int made;

  GraphTraffic(TestDatabase database, Graph graph, GraphState before, long seed) {
    this.database = database;
    this.graph = graph;
    this.random = new Random(seed);
    for (int i = 0; i < graph.tables().size(); i++) {
      tags.add(new ArrayList<>(before.of(i).keySet()));
    }
    thread.start();
  }

  /** Ends it; afterwards the other methods may be called. */
  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw new IllegalStateException("The traffic failed: " + failure.getMessage(), failure);
    }
  }

  /** The rows that it inserted or changed, as it left them, by tag. */
  Map<String, Row> last() {
    return last;
  }

  /** The tags of rows that it deleted. */
  Set<String> deleted() {
    return deleted;
  }

  private void work() {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      while (!stopped) {
        step(connection, statement);
        Thread.sleep(1);
      }
    } catch (SQLException | RuntimeException e) {
      failure = e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void step(Connection connection, Statement statement) throws SQLException {
    int table = random.nextInt(graph.tables().size());
    int kind = random.nextInt(8);
    String tag = kind < 2 ? "t" + table + "-new" + ++made : any(table);
    if (tag.isEmpty()) {
      return;
    }
    try {
      int changed =
          kind < 2
              ? insert(statement, table, tag)
              : statement.executeUpdate(
                  kind < 3 ? delete(table, tag) : update(statement, table, tag));
      Optional<Row> now = GraphState.row(database, connection, graph, table, tag);
      connection.commit();
      if (changed > 0) {
        remember(table, tag, now);
      }
    } catch (SQLException e) {
      connection.rollback();
      if (!everyday(e)) {
        throw e;
      }
    }
  }

  private void remember(int table, String tag, Optional<Row> now) {
    if (now.isPresent()) {
      if (last.put(tag, now.get()) == null && tag.contains("new")) {
        tags.get(table).add(tag);
      }
    } else {
      last.remove(tag);
      deleted.add(tag);
    }
  }

  /** Another's lock, a constraint, a trigger: part of an application's life. */
  private static boolean everyday(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    boolean sqlite = e.getErrorCode() == 5 || e.getErrorCode() == 19;
    return sqlite || state.startsWith("23") || state.equals("40P01") || state.equals("P0001");
  }

  private String any(int table) {
    List<String> known = tags.get(table);
    return known.isEmpty() ? "" : known.get(random.nextInt(known.size()));
  }

  private int insert(Statement statement, int table, String tag) throws SQLException {
    Map<String, String> row = new LinkedHashMap<>();
    for (Map.Entry<String, String> column : graph.tables().get(table).columns().entrySet()) {
      row.put(column.getKey(), value(column.getKey(), column.getValue(), tag));
    }
    for (Graph.Key key : graph.keys()) {
      if (key.child() == table) {
        row.putAll(parent(statement, key, true));
      }
    }
    return statement.executeUpdate(graph.insert(table, row));
  }

  private String value(String name, String type, String tag) {
    String number = Integer.toString(5_000 + made);
    return switch (name) {
      case "id" -> type.startsWith("text") ? "'n" + number + "'" : number;
      case "a" -> "'n" + number + "'";
      case "b", "u" -> number;
      case "tag" -> "'" + tag + "'";
      case "at" -> random.nextBoolean() ? GraphRows.old(made) : GraphRows.fresh(made);
      case "w", "k" -> "0";
      case "payload" -> "'made later'";
      default -> "NULL";
    };
  }

  /** Columns that refer to some row that is there now; none of them if there is none. */
  private Map<String, String> parent(Statement statement, Graph.Key key, boolean inserts)
      throws SQLException {
    Map<String, String> columns = new LinkedHashMap<>();
    boolean own = key.columns().stream().allMatch(column -> Graph.own(key, column));
    if (!own && !(inserts && key.columns().contains("b"))) {
      return columns;
    }
    String sql =
        "SELECT %s FROM %s WHERE %s ORDER BY random() LIMIT 1"
            .formatted(
                String.join(", ", key.toColumns()),
                graph.tables().get(key.parent()).name(),
                key.toColumns().stream()
                    .map(column -> column + " IS NOT NULL")
                    .collect(Collectors.joining(" AND ")));
    try (ResultSet result = statement.executeQuery(sql)) {
      if (result.next()) {
        for (int i = 0; i < key.columns().size(); i++) {
          columns.put(key.columns().get(i), "'" + result.getString(i + 1) + "'");
        }
      }
    }
    return columns;
  }

  private String update(Statement statement, int table, String tag) throws SQLException {
    Map<String, String> columns = new LinkedHashMap<>();
    List<Graph.Key> keys = graph.keys().stream().filter(key -> key.child() == table).toList();
    int kind = random.nextInt(4);
    if (kind == 0) {
      columns.put("at", GraphRows.fresh(random.nextInt(1000)));
    } else if (kind < 3 && !keys.isEmpty()) {
      columns.putAll(parent(statement, keys.get(random.nextInt(keys.size())), false));
    }
    if (columns.isEmpty()) {
      columns.put("payload", "'changed " + random.nextInt(1000) + "'");
    }
    String set =
        columns.entrySet().stream()
            .map(each -> each.getKey() + " = " + each.getValue())
            .collect(Collectors.joining(", "));
    return "UPDATE %s SET %s WHERE tag = '%s'"
        .formatted(graph.tables().get(table).name(), set, tag);
  }

  /** Deletes a row that no other refers to: nothing else shall change with it. */
  private String delete(int table, String tag) {
    String name = graph.tables().get(table).name();
    StringBuilder sql = new StringBuilder("DELETE FROM " + name + " WHERE tag = '" + tag + "'");
    for (Graph.Key key : graph.keys()) {
      if (key.parent() == table) {
        List<String> equal = new ArrayList<>();
        for (int i = 0; i < key.columns().size(); i++) {
          equal.add("c." + key.columns().get(i) + " = " + name + "." + key.toColumns().get(i));
        }
        sql.append(" AND NOT EXISTS (SELECT 1 FROM ")
            .append(graph.tables().get(key.child()).name())
            .append(" c WHERE ")
            .append(String.join(" AND ", equal))
            .append(")");
      }
    }
    return sql.toString();
  }
}
