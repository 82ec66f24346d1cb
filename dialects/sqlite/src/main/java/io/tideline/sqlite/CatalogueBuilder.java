package io.tideline.sqlite;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Key;
import io.tideline.catalogue.Obstacle;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.catalogue.Trigger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Joins tables, foreign keys and triggers to a catalogue. Names meet whatever their case. */
final class CatalogueBuilder {
  private static final Obstacle NO_KEY =
      new Obstacle(
          "nothing names its rows: its columns hide the rowid and no key is free of NULL",
          "Declare the columns of a unique key NOT NULL, or rename the column rowid, _rowid_ or"
              + " oid.");
  private static final Obstacle COLLATED_KEY =
      new Obstacle(
          "its primary key compares by another collation than its columns",
          "Give the columns the collation that the primary key has.");

  private final Map<String, RawTable> tables = new LinkedHashMap<>();
  private final Map<String, List<Trigger>> triggers = new LinkedHashMap<>();
  private final Map<String, List<String>> triggerTexts = new LinkedHashMap<>();
  private final Map<String, List<List<String[]>>> declaredKeys = new LinkedHashMap<>();
  private final Map<String, List<Obstacle>> obstacles = new LinkedHashMap<>();
  private final Map<String, String> refusals = new LinkedHashMap<>();
  private Map<String, Long> statistics = Map.of();

  void add(RawTable table) {
    tables.put(Names.fold(table.name().name()), table);
  }

  void foreignKeys(RawTable table, List<List<String[]>> keys) {
    declaredKeys.put(Names.fold(table.name().name()), keys);
  }

  /** Tells why SQLite refuses every DELETE from a table. */
  void refused(RawTable table, String words) {
    refusals.put(Names.fold(table.name().name()), words);
  }

  void trigger(String table, String name, String sql) {
    list(triggers, Names.fold(table)).add(TriggerText.parse(name, sql));
    boolean ours = name.startsWith(ChangeCapture.PREFIX) && sql.contains(ChangeCapture.MARK);
    if (!ours) { // those that a killed compaction left change no row of a table
      list(triggerTexts, Names.fold(table)).add(sql);
    }
  }

  void statistics(Map<String, Long> rows) {
    statistics = rows;
  }

  Catalogue build(String version) {
    List<ForeignKey> all = new ArrayList<>();
    for (Map.Entry<String, List<List<String[]>>> entry : declaredKeys.entrySet()) {
      RawTable from = table(entry.getKey());
      List<Boolean> deferred = ForeignKeyText.initiallyDeferred(from.definition());
      boolean told = deferred.size() == entry.getValue().size();
      int id = 0;
      for (List<String[]> rows : entry.getValue()) {
        all.add(foreignKey(from, rows, told && deferred.get(id)));
        id++;
      }
    }
    return new Catalogue(
        tables.values().stream()
            .map(raw -> build(raw, all))
            .sorted(Comparator.comparing(Table::name))
            .toList(),
        version);
  }

  private Table build(RawTable raw, List<ForeignKey> all) {
    String name = Names.fold(raw.name().name());
    List<ForeignKey> references = all.stream().filter(k -> k.from().equals(raw.name())).toList();
    List<ForeignKey> referrers = all.stream().filter(k -> k.to().equals(raw.name())).toList();
    Optional<Key> key = raw.key();
    List<Obstacle> inTheWay = new ArrayList<>(obstacles.getOrDefault(name, List.of()));
    kindObstacle(raw).ifPresent(inTheWay::add);
    if (raw.ordinary() && key.isEmpty()) {
      inTheWay.add(raw.withoutRowid() ? COLLATED_KEY : NO_KEY);
    }
    String refusal = refusals.get(name);
    if (refusal != null && inTheWay.isEmpty()) {
      inTheWay.add(
          new Obstacle(
              "SQLite refuses every DELETE from it: " + refusal,
              "Mend or drop the trigger, foreign key or index that asks for it."));
    }
    Fingerprint fingerprint =
        new Fingerprint()
            .text(raw.name().name())
            .text(raw.definition())
            .columns(raw.columns())
            .unique(raw.indexes())
            .foreignKeys(references)
            .foreignKeys(referrers);
    triggerTexts.getOrDefault(name, List.of()).forEach(fingerprint::text);
    Long rows = statistics.get(name);
    return new Table(
        raw.name(),
        raw.columns(),
        key,
        references,
        referrers,
        raw.indexes(),
        List.of(),
        triggers.getOrDefault(name, List.of()),
        inTheWay,
        rows == null ? OptionalLong.empty() : OptionalLong.of(rows),
        raw.definition(),
        fingerprint.hex());
  }

  private static Optional<Obstacle> kindObstacle(RawTable raw) {
    return switch (raw.type()) {
      case "view" ->
          Optional.of(new Obstacle("it is a view", "Name the table that the view reads."));
      case "virtual" ->
          Optional.of(new Obstacle("it is a virtual table", "Name the table that holds the rows."));
      case "shadow" ->
          Optional.of(
              new Obstacle(
                  "it is a shadow table of a virtual table",
                  "Leave it to the virtual table's module."));
      default -> Optional.empty();
    };
  }

  /** One row per column: id, parent, column, parent's column or nothing, action. */
  private ForeignKey foreignKey(RawTable from, List<String[]> rows, boolean initiallyDeferred) {
    String[] first = rows.get(0);
    List<String> columns = rows.stream().map(row -> from.column(row[2]).orElse(row[2])).toList();
    RawTable parent = tables.get(Names.fold(first[1]));
    TableName to = parent == null ? new TableName(CatalogueReader.SCHEMA, first[1]) : parent.name();
    List<String> toColumns = parent == null ? List.of() : parentColumns(parent, rows);
    if (parent == null || !parent.ordinary()) {
      broken(from, "its foreign key refers to missing table " + first[1]);
    } else if (toColumns.isEmpty()) {
      broken(from, "its foreign key refers to missing columns of " + to);
    } else if (!parent.unique(toColumns)) {
      broken(from, "its foreign key refers to columns of " + to + " that are not unique");
      broken(parent, "a foreign key of " + from.name() + " refers to columns that are not unique");
    }
    String action = first[4].toUpperCase(Locale.ROOT);
    return new ForeignKey(
        from.name() + "_" + String.join("_", columns) + "_fkey",
        from.name(),
        columns,
        to,
        toColumns,
        action,
        action.startsWith("SET ") ? columns : List.of(),
        // PRAGMA defer_foreign_keys lets every check wait for the commit, that of RESTRICT too
        // (fkActionTrigger in fkey.c).
        true,
        initiallyDeferred,
        false,
        true,
        // SQLite takes MATCH FULL for MATCH SIMPLE (https://sqlite.org/foreignkeys.html, section
        // 6).
        false);
  }

  private static List<String> parentColumns(RawTable parent, List<String[]> rows) {
    if (rows.get(0)[3] == null) {
      return parent.primaryKey().size() == rows.size() ? parent.primaryKey() : List.of();
    }
    List<String> columns = new ArrayList<>();
    for (String[] row : rows) {
      parent.column(row[3]).ifPresent(columns::add);
    }
    return columns.size() == rows.size() ? columns : List.of();
  }

  private void broken(RawTable table, String what) {
    list(obstacles, Names.fold(table.name().name()))
        .add(new Obstacle(what, "Mend or drop the foreign key: SQLite refuses changes under it."));
  }

  private RawTable table(String folded) {
    RawTable table = tables.get(folded);
    if (table == null) {
      throw new IllegalStateException("Cannot find a table that was just read");
    }
    return table;
  }

  private static <T> List<T> list(Map<String, List<T>> lists, String name) {
    return lists.computeIfAbsent(name, unused -> new ArrayList<>());
  }
}
