package io.tideline.testkit.chaos;

import static io.tideline.testkit.TestDatabase.quote;

import io.tideline.policy.Action;
import io.tideline.policy.Dependent;
import io.tideline.policy.Policy;
import io.tideline.testkit.Product;
import io.tideline.testkit.chaos.audit.Column;
import io.tideline.testkit.chaos.audit.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * A random schema and policy: one table, or a tree of two or three.
 *
 * @param product the database it is for
 * @param tables parents before those that refer to them
 * @param textKeys whether keys are texts, else whole numbers
 * @param ddl the statements that make it
 * @param policy what becomes of the trees of the first table
 */
record Shape(
    Product product, List<Table> tables, boolean textKeys, List<String> ddl, Policy policy) {
  static final Duration RETAIN = Duration.ofDays(30);

  Shape {
    tables = List.copyOf(tables);
    ddl = List.copyOf(ddl);
  }

  static Shape any(Product product, Random random) {
    boolean textKeys = random.nextBoolean();
    List<Table> tables = new ArrayList<>();
    tables.add(table(product, "events", Optional.empty(), textKeys));
    int others = random.nextInt(3);
    if (others > 0) {
      tables.add(table(product, "items", Optional.of("events"), textKeys));
    }
    if (others > 1) {
      String parent = random.nextBoolean() ? "events" : "items";
      tables.add(table(product, "parts", Optional.of(parent), textKeys));
    }
    List<String> ddl = new ArrayList<>();
    boolean clustered = product == Product.SQLITE && textKeys && random.nextBoolean();
    boolean indexed = random.nextBoolean();
    for (Table table : tables) {
      ddl.add(create(product, table) + (clustered ? " WITHOUT ROWID" : ""));
      if (table.parent().isPresent()) {
        ddl.add("CREATE INDEX " + table.name() + "_up ON " + table.name() + "(up)");
      } else if (indexed) {
        ddl.add("CREATE INDEX events_at ON events(at)");
      }
    }
    return new Shape(product, tables, textKeys, ddl, policy(tables, random));
  }

  private static Table table(
      Product product, String name, Optional<String> parent, boolean textKeys) {
    boolean sqlite = product == Product.SQLITE;
    Column.Kind keyKind = textKeys ? Column.Kind.TEXT : Column.Kind.INTEGER;
    String keyType = textKeys ? "TEXT" : sqlite ? "INTEGER" : "bigint";
    List<Column> columns = new ArrayList<>();
    columns.add(new Column("id", keyType, keyKind));
    parent.ifPresent(each -> columns.add(new Column("up", keyType, keyKind)));
    columns.add(new Column("at", sqlite ? "TEXT" : "timestamptz", Column.Kind.INSTANT));
    columns.add(new Column("n", sqlite ? "INTEGER" : "bigint", Column.Kind.INTEGER));
    columns.add(new Column("r", sqlite ? "REAL" : "double precision", Column.Kind.REAL));
    columns.add(new Column("s", "TEXT", Column.Kind.TEXT));
    columns.add(new Column("b", sqlite ? "BLOB" : "bytea", Column.Kind.BLOB));
    columns.add(new Column("x", sqlite ? "" : "jsonb", Column.Kind.TEXT));
    columns.add(new Column("d", sqlite ? "NUMERIC" : "numeric(20,4)", Column.Kind.TEXT));
    return new Table(name, columns, parent);
  }

  private static String create(Product product, Table table) {
    List<String> parts = new ArrayList<>();
    for (Column column : table.columns()) {
      boolean key = column.name().equals("id");
      parts.add(quote(column.name()) + " " + column.type() + (key ? " NOT NULL PRIMARY KEY" : ""));
    }
    table.parent().ifPresent(to -> parts.add("FOREIGN KEY (up) REFERENCES " + to + "(id)"));
    return parts.stream()
        .collect(Collectors.joining(", ", "CREATE TABLE " + table.name() + " (", ")"));
  }

  private static Policy policy(List<Table> tables, Random random) {
    int drawn = random.nextInt(10);
    Action action = drawn < 7 ? Action.ARCHIVE : drawn < 9 ? Action.MOVE : Action.DELETE;
    return Policy.of("chaos", "events")
        .time("at")
        .retain(RETAIN)
        .action(action)
        .format(random.nextBoolean() ? "parquet" : "jsonl")
        .dependents(tables.stream().skip(1).map(table -> Dependent.of(table.name())).toList())
        .build();
  }

  /** The tables whose rows belong to rows of a table. */
  List<Table> children(Table table) {
    return tables.stream().filter(each -> each.parent().equals(Optional.of(table.name()))).toList();
  }

  boolean archives() {
    return policy.action() == Action.ARCHIVE;
  }

  boolean deletes() {
    return policy.action() == Action.DELETE;
  }

  /** Statements that make the tables where moved rows lie. */
  List<String> archiveTables() {
    if (policy.action() != Action.MOVE) {
      return List.of();
    }
    String time = product == Product.SQLITE ? "TEXT" : "timestamptz";
    return tables.stream()
        .map(
            table ->
                table.columns().stream()
                    .map(column -> quote(column.name()) + " " + column.type())
                    .collect(
                        Collectors.joining(
                            ", ",
                            "CREATE TABLE " + table.archiveTable() + " (",
                            ", archived_at " + time + ")")))
        .toList();
  }

  @Override
  public String toString() {
    return "%s %s %s %s"
        .formatted(
            product.name().toLowerCase(java.util.Locale.ROOT),
            policy.action().name().toLowerCase(java.util.Locale.ROOT),
            policy.format(),
            tables.stream().map(Table::name).collect(Collectors.joining("+")));
  }
}
