package io.tideline.postgresql;

import io.tideline.catalogue.Column;
import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Index;
import io.tideline.catalogue.Key;
import io.tideline.catalogue.Obstacle;
import io.tideline.catalogue.Partition;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.catalogue.Trigger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the whole catalogue, in a handful of queries however many tables there are. */
final class CatalogueReader {
  private final Session session;
  private final Map<Long, List<Column>> columns = new HashMap<>();
  private final Map<Long, Map<String, ColumnShape>> shapes = new HashMap<>();
  private final Map<Long, List<Index>> indexes = new HashMap<>();
  private final Map<Long, List<Key>> keys = new HashMap<>();
  private final Map<Long, List<ForeignKey>> references = new HashMap<>();
  private final Map<Long, List<ForeignKey>> referrers = new HashMap<>();
  private final Map<Long, List<ForeignKey>> directReferrers = new HashMap<>();
  private final Map<Long, List<Rule>> rules = new HashMap<>();
  private final Map<Long, List<Long>> leaves = new HashMap<>();
  private final Map<Long, List<Partition>> partitions = new HashMap<>();
  private final Set<Long> unidentified = new HashSet<>();

  private record Rule(Trigger trigger, boolean rule, boolean instead) {}

  private CatalogueReader(Session session) {
    this.session = session;
  }

  /** What takes one row of a query. */
  private interface Taker {
    void take(ResultSet row) throws SQLException;
  }

  /** Every table in order of name. */
  static List<TableShape> read(Session session) throws SQLException {
    return new CatalogueReader(session).read();
  }

  private List<TableShape> read() throws SQLException {
    each(CatalogueSql.COLUMNS, this::takeColumn);
    each(CatalogueSql.INDEXES, this::takeIndex);
    each(CatalogueSql.FOREIGN_KEYS, this::takeForeignKey);
    each(CatalogueSql.TRIGGERS, this::takeTrigger);
    each(CatalogueSql.PARTITIONS, this::takePartition);
    each(CatalogueSql.UNIDENTIFIED, row -> unidentified.add(row.getLong("oid")));
    List<TableShape> tables = new ArrayList<>();
    each(CatalogueSql.TABLES, row -> tables.add(table(row)));
    return tables;
  }

  private void each(String sql, Taker taker) throws SQLException {
    try (Statement statement = session.statement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        taker.take(rows);
      }
    }
  }

  private static <T> List<T> list(Map<Long, List<T>> map, long oid) {
    return map.computeIfAbsent(oid, key -> new ArrayList<>());
  }

  private static <T> List<T> found(Map<Long, List<T>> map, long oid) {
    return map.getOrDefault(oid, List.of());
  }

  private static String string(ResultSet row, String column) throws SQLException {
    return Objects.requireNonNull(row.getString(column), column);
  }

  private static List<String> strings(ResultSet row, String column) throws SQLException {
    return Arrays.stream((Object[]) row.getArray(column).getArray()).map(String::valueOf).toList();
  }

  private void takeColumn(ResultSet row) throws SQLException {
    long oid = row.getLong("attrelid");
    String name = string(row, "attname");
    String schema = string(row, "type_schema");
    String type = string(row, "type_name");
    Codec codec = Codec.of(schema, type);
    Column.Origin origin =
        !string(row, "attgenerated").isEmpty()
            ? Column.Origin.GENERATED
            : switch (string(row, "attidentity")) {
              case "a" -> Column.Origin.IDENTITY_ALWAYS;
              case "d" -> Column.Origin.IDENTITY;
              default -> Column.Origin.STORED;
            };
    list(columns, oid)
        .add(
            new Column(
                name,
                string(row, "declared"),
                codec.natural(row.getInt("typmod")),
                !row.getBoolean("never_null"),
                origin));
    shapes
        .computeIfAbsent(oid, key -> new LinkedHashMap<>())
        .put(
            name,
            new ColumnShape(
                name,
                codec,
                Sql.quote(schema) + "." + Sql.quote(type),
                string(row, "plain"),
                Sql.quote(string(row, "output_schema"))
                    + "."
                    + Sql.quote(string(row, "output_name")),
                row.getInt("typlen"),
                Sql.quote(string(row, "operators")),
                collation(row)));
  }

  private static String collation(ResultSet row) throws SQLException {
    String name = row.getString("collation_name");
    return name == null ? "" : Sql.quote(string(row, "collation_schema")) + "." + Sql.quote(name);
  }

  private void takeIndex(ResultSet row) throws SQLException {
    long oid = row.getLong("indrelid");
    List<String> names = strings(row, "columns");
    list(indexes, oid)
        .add(
            new Index(
                string(row, "relname"),
                names,
                row.getBoolean("indisunique"),
                row.getBoolean("partial")));
    if (row.getBoolean("exact")) {
      boolean primary = row.getBoolean("indisprimary");
      list(keys, oid).add(new Key(names, primary ? Key.Kind.PRIMARY : Key.Kind.UNIQUE));
    }
  }

  private void takeForeignKey(ResultSet row) throws SQLException {
    String action =
        switch (string(row, "confdeltype")) {
          case "r" -> "RESTRICT";
          case "c" -> "CASCADE";
          case "n" -> "SET NULL";
          case "d" -> "SET DEFAULT";
          default -> "NO ACTION";
        };
    ForeignKey key =
        new ForeignKey(
            string(row, "conname"),
            new TableName(string(row, "from_schema"), string(row, "from_name")),
            strings(row, "columns"),
            new TableName(string(row, "to_schema"), string(row, "to_name")),
            strings(row, "to_columns"),
            action,
            setColumns(row, action),
            row.getBoolean("condeferrable"),
            row.getBoolean("condeferred"),
            row.getBoolean("convalidated"),
            row.getBoolean("enforced"),
            row.getBoolean("match_full"));
    if (row.getBoolean("outgoing")) {
      list(references, row.getLong("conrelid")).add(key);
    }
    if (row.getBoolean("incoming")) {
      list(referrers, row.getLong("confrelid")).add(key);
    }
    if (row.getBoolean("direct")) {
      list(directReferrers, row.getLong("confrelid")).add(key);
    }
  }

  private static List<String> setColumns(ResultSet row, String action) throws SQLException {
    if (!action.startsWith("SET ")) {
      return List.of();
    }
    List<String> some = strings(row, "set_columns");
    return some.isEmpty() ? strings(row, "columns") : some;
  }

  private void takePartition(ResultSet row) throws SQLException {
    long oid = row.getLong("oid");
    long part = row.getLong("part");
    list(leaves, oid).add(part);
    if (row.getInt("level") == 1) {
      list(partitions, oid)
          .add(
              new Partition(
                  new TableName(string(row, "nspname"), string(row, "relname")),
                  part,
                  string(row, "bounds"),
                  row.getBoolean("divided")));
    }
  }

  private void takeTrigger(ResultSet row) throws SQLException {
    Trigger trigger =
        new Trigger(
            string(row, "name"),
            row.getBoolean("on_delete"),
            row.getBoolean("on_insert"),
            row.getBoolean("on_update"));
    list(rules, row.getLong("relation"))
        .add(new Rule(trigger, string(row, "kind").equals("r"), row.getBoolean("instead")));
  }

  private TableShape table(ResultSet row) throws SQLException {
    long oid = row.getLong("oid");
    TableName name = new TableName(string(row, "nspname"), string(row, "relname"));
    Optional<Key> key = key(oid);
    List<Rule> fired = fired(oid);
    double guess = row.getDouble("estimate");
    OptionalLong estimate =
        row.wasNull() || guess < 0 ? OptionalLong.empty() : OptionalLong.of(Math.round(guess));
    Table table =
        new Table(
            name,
            found(columns, oid),
            key,
            found(references, oid),
            referrers(oid),
            found(indexes, oid),
            found(partitions, oid),
            fired.stream().map(Rule::trigger).toList(),
            obstacles(row, name, key, found(rules, oid)),
            estimate,
            "",
            string(row, "fingerprint"));
    return new TableShape(
        table,
        oid,
        string(row, "relkind").equals("p"),
        found(rules, oid).stream()
            .anyMatch(r -> r.rule() && (r.trigger().onDelete() || r.trigger().onInsert())),
        shapes.getOrDefault(oid, Map.of()));
  }

  /** The foreign keys that refer to a table, or to one of its partitions by name. */
  private List<ForeignKey> referrers(long oid) {
    List<ForeignKey> all = new ArrayList<>(found(referrers, oid));
    found(leaves, oid).forEach(part -> all.addAll(found(directReferrers, part)));
    return all;
  }

  /** The triggers of a table and, a name once, of its partitions, which fire as well. */
  private List<Rule> fired(long oid) {
    Map<String, Rule> byName = new LinkedHashMap<>();
    found(rules, oid).forEach(rule -> byName.put(rule.trigger().name(), rule));
    for (long partition : found(leaves, oid)) {
      found(rules, partition).forEach(rule -> byName.putIfAbsent(rule.trigger().name(), rule));
    }
    return List.copyOf(byName.values());
  }

  private Optional<Key> key(long oid) {
    Map<String, Column> byName =
        found(columns, oid).stream().collect(Collectors.toMap(Column::name, c -> c));
    return found(keys, oid).stream()
        .filter(key -> key.columns().stream().allMatch(name -> names(byName.get(name))))
        .min(
            Comparator.comparing((Key key) -> key.kind())
                .thenComparing(key -> key.columns().size()));
  }

  private static boolean names(@org.jspecify.annotations.Nullable Column column) {
    return column != null && !column.nullable() && column.archived();
  }

  private List<Obstacle> obstacles(ResultSet row, TableName name, Optional<Key> key, List<Rule> own)
      throws SQLException {
    return Obstacles.of(
        new Obstacles.Facts(
            name,
            session.role(),
            string(row, "relkind"),
            key.isPresent(),
            row.getBoolean("may_enter"),
            row.getBoolean("may_select"),
            row.getBoolean("secured"),
            own.stream()
                .filter(rule -> rule.instead() && rule.trigger().onDelete())
                .map(rule -> rule.trigger().name())
                .toList(),
            unidentified(row.getLong("oid")),
            session.raw()
                && !(ascii(name.schema() + name.name())
                    && found(columns, row.getLong("oid")).stream()
                        .allMatch(c -> ascii(c.name())))));
  }

  private boolean unidentified(long oid) {
    return unidentified.contains(oid)
        || found(leaves, oid).stream().anyMatch(unidentified::contains);
  }

  private static boolean ascii(String text) {
    return text.chars().allMatch(c -> c < 128);
  }
}
