package io.tideline.testkit.trees;

import static io.tideline.testkit.TestDatabase.quote;

import io.tideline.policy.Reference;
import io.tideline.testkit.Product;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A random schema: tables {@code t0}, {@code t1} and so on, and the foreign keys between them, some
 * of which only the settings know. Every table has a tag, which names its rows in the test, and a
 * unique number {@code u}.
 *
 * @param tables the tables
 * @param keys the foreign keys
 */
record Graph(Product product, List<Table> tables, List<Key> keys) {
  private static final int MOST_TABLES = 7;

  /**
   * A table.
   *
   * @param key the columns of its primary key; none if nothing but a hidden key names its rows
   * @param columns the columns and what is declared of them
   * @param suffix what follows the definition
   */
  record Table(String name, List<String> key, Map<String, String> columns, String suffix) {
    boolean nullable(String column) {
      return !key.contains(column) && !columns.get(column).contains("NOT NULL");
    }

    private boolean text(String column) {
      return columns.get(column).startsWith("text");
    }
  }

  /**
   * A relation of two tables.
   *
   * @param declared whether the schema knows of it
   * @param orphans whether some rows refer to nothing
   */
  record Key(
      int number,
      int child,
      int parent,
      List<String> columns,
      List<String> toColumns,
      String rest,
      boolean declared,
      boolean orphans,
      boolean indexed) {}

  /** A random schema. */
  static Graph any(Product product, Random random) {
    int size = 2 + random.nextInt(MOST_TABLES - 1);
    List<Table> tables = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      tables.add(table(product, "t" + i, random));
    }
    Graph graph = new Graph(product, tables, new ArrayList<>());
    for (int child = 0; child < size; child++) {
      for (int parent : parents(child, size, random)) {
        graph.keys().add(graph.key(child, parent, random));
      }
    }
    return graph;
  }

  private static List<Integer> parents(int child, int size, Random random) {
    List<Integer> parents = new ArrayList<>();
    if (child > 0) {
      parents.add(random.nextInt(child));
      if (random.nextInt(3) == 0) {
        parents.add(random.nextInt(child));
      }
    }
    if (random.nextInt(4) == 0) {
      parents.add(child);
    }
    if (child < size - 1 && random.nextInt(8) == 0) {
      parents.add(child + 1 + random.nextInt(size - child - 1));
    }
    return parents;
  }

  private static Table table(Product product, String name, Random random) {
    boolean sqlite = product == Product.SQLITE;
    Map<String, String> columns = new LinkedHashMap<>();
    List<String> key = new ArrayList<>();
    int kind = random.nextInt(sqlite ? 5 : 3);
    switch (kind) {
      case 0 -> {
        columns.put("id", "integer NOT NULL");
        key.add("id");
      }
      case 1 -> {
        columns.put("id", "text NOT NULL");
        key.add("id");
      }
      case 2 -> {
        columns.put("a", "text NOT NULL");
        columns.put("b", "integer NOT NULL");
        key.addAll(random.nextBoolean() ? List.of("a", "b") : List.of("b", "a"));
      }
      case 3 -> {
        columns.put("id", "bigint NOT NULL");
        key.add("id");
      }
      default -> {} // only the rowid
    }
    columns.put("u", "integer UNIQUE");
    columns.put("tag", "text NOT NULL");
    columns.put("at", sqlite ? "text" : "timestamp");
    columns.put("w", "integer");
    columns.put("k", "integer");
    columns.put("payload", "text");
    boolean withoutRowid = sqlite && !key.isEmpty() && random.nextInt(3) == 0;
    return new Table(name, key, columns, withoutRowid ? " WITHOUT ROWID" : "");
  }

  private Key key(int child, int parent, Random random) {
    Table from = tables.get(child);
    Table to = tables.get(parent);
    int number = keys.size();
    boolean unique = to.key().isEmpty() || random.nextInt(5) == 0;
    List<String> toColumns = unique ? List.of("u") : to.key();
    boolean nullable = random.nextInt(3) > 0;
    List<String> columns = new ArrayList<>();
    boolean partOfKey =
        child != parent
            && from.key().contains("b")
            && toColumns.size() == 1
            && !to.text(toColumns.get(0))
            && keys.stream().noneMatch(key -> key.child() == child)
            && random.nextInt(3) == 0;
    for (String each : toColumns) {
      columns.add(
          partOfKey
              ? "b"
              : column(from, number, to, each, nullable, columns, toColumns.size(), random));
    }
    boolean loose = columns.stream().allMatch(from::nullable);
    boolean declared = random.nextInt(10) > 0;
    boolean orphans = !partOfKey && random.nextInt(8) == 0;
    return new Key(
        number,
        child,
        parent,
        List.copyOf(columns),
        List.copyOf(toColumns),
        onDelete(loose, random) + deferral(random),
        declared,
        orphans,
        random.nextInt(3) > 0);
  }

  /** A new column, or one that another foreign key has too; the last is always new. */
  private String column(
      Table from,
      int number,
      Table to,
      String target,
      boolean nullable,
      List<String> already,
      int width,
      Random random) {
    boolean text = to.text(target);
    if (nullable && already.size() + 1 < width && random.nextInt(2) == 0) {
      for (String name : from.columns().keySet()) {
        boolean foreign = name.startsWith("f") && !already.contains(name);
        if (foreign && from.nullable(name) && from.text(name) == text) {
          return name;
        }
      }
    }
    String name = "f" + number + "_" + already.size();
    from.columns().put(name, (text ? "text" : "integer") + (nullable ? "" : " NOT NULL"));
    return name;
  }

  private static String onDelete(boolean nullable, Random random) {
    return switch (random.nextInt(nullable ? 10 : 7)) {
      case 0 -> " ON DELETE RESTRICT";
      case 1, 2 -> " ON DELETE CASCADE";
      case 7, 8 -> " ON DELETE SET NULL";
      case 9 -> " ON DELETE SET DEFAULT";
      default -> "";
    };
  }

  private static String deferral(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> " DEFERRABLE INITIALLY DEFERRED";
      case 1 -> " DEFERRABLE INITIALLY IMMEDIATE";
      default -> "";
    };
  }

  /** Whether some table refers to itself, directly or over others. */
  boolean cyclic() {
    Set<Integer> open = new HashSet<>();
    keys.forEach(key -> open.add(key.child()));
    boolean more = true;
    while (more) { // takes away the tables that refer to none of those left
      more =
          open.removeIf(
              table ->
                  keys.stream()
                      .noneMatch(key -> key.child() == table && open.contains(key.parent())));
    }
    return !open.isEmpty();
  }

  /** Whether a column was made for this foreign key. */
  static boolean own(Key key, String column) {
    return column.startsWith("f" + key.number() + "_");
  }

  /** The tables, on SQLite with their foreign keys if wanted. */
  List<String> ddl(boolean foreignKeys) {
    List<String> sql = new ArrayList<>();
    for (int i = 0; i < tables.size(); i++) {
      int number = i;
      Table table = tables.get(i);
      List<String> parts = new ArrayList<>();
      table.columns().forEach((name, type) -> parts.add(name + " " + type));
      if (!table.key().isEmpty()) {
        parts.add("PRIMARY KEY (" + String.join(", ", table.key()) + ")");
      }
      if (foreignKeys && product == Product.SQLITE) {
        keys.stream()
            .filter(key -> key.declared() && key.child() == number)
            .forEach(key -> parts.add(constraint(key)));
      }
      sql.add(
          "CREATE TABLE " + table.name() + " (" + String.join(", ", parts) + ")" + table.suffix());
    }
    return sql;
  }

  /** What is made once the rows are there: on PostgreSQL the foreign keys, and the indexes. */
  List<String> ddlAfterwards() {
    List<String> sql = new ArrayList<>();
    for (Key key : keys) {
      String child = tables.get(key.child()).name();
      if (key.declared() && product == Product.POSTGRESQL) {
        String valid = key.orphans() ? " NOT VALID" : "";
        sql.add("ALTER TABLE " + child + " ADD " + constraint(key) + valid);
      }
      if (key.indexed()) {
        sql.add(
            "CREATE INDEX i%d ON %s (%s)"
                .formatted(key.number(), child, String.join(", ", key.columns())));
      }
    }
    return sql;
  }

  private String constraint(Key key) {
    return "FOREIGN KEY (%s) REFERENCES %s (%s)%s"
        .formatted(
            String.join(", ", key.columns()),
            tables.get(key.parent()).name(),
            String.join(", ", key.toColumns()),
            key.rest());
  }

  /** The relations that the schema does not know. */
  List<Reference> references() {
    return keys.stream()
        .filter(key -> !key.declared())
        .map(
            key ->
                new Reference(
                    tables.get(key.child()).name(),
                    key.columns(),
                    tables.get(key.parent()).name(),
                    key.toColumns()))
        .toList();
  }

  /** An insertion of a row, given by literals. */
  String insert(int table, Map<String, String> row) {
    return "INSERT INTO %s (%s) VALUES (%s)"
        .formatted(
            tables.get(table).name(),
            row.keySet().stream().map(name -> quote(name)).collect(Collectors.joining(", ")),
            String.join(", ", row.values()));
  }

  @Override
  public String toString() {
    String undeclared =
        keys.stream()
            .filter(key -> !key.declared())
            .map(key -> "\n" + tables.get(key.child()).name() + " undeclared " + constraint(key))
            .collect(Collectors.joining());
    return String.join(";\n", ddl(true)) + ";\n" + String.join(";\n", ddlAfterwards()) + undeclared;
  }
}
