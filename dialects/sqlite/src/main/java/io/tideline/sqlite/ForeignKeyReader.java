package io.tideline.sqlite;

import io.tideline.catalogue.TableName;
import io.tideline.health.ForeignKeyFacts;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the foreign keys of all tables, and by which collations SQLite looks for rows that refer:
 * those of the columns referred to. An INTEGER PRIMARY KEY has none.
 *
 * @see <a href="https://sqlite.org/foreignkeys.html#fk_indexes">Required and suggested indexes</a>
 */
final class ForeignKeyReader {
  private static final String ALL =
      """
      SELECT t.name, f.id, f."table", f."from", coalesce(f."to",
        (SELECT c.name FROM pragma_table_xinfo(f."table", 'main') AS c WHERE c.pk = f.seq + 1))
      FROM pragma_table_list AS t, pragma_foreign_key_list(t.name, 'main') AS f
      WHERE t.schema = 'main' AND t.type = 'table' AND lower(substr(t.name, 1, 7)) <> 'sqlite_'
      ORDER BY t.name, f.id, f.seq""";

  private static final String TEXTS =
      """
      SELECT name, sql FROM main.sqlite_schema WHERE type = 'table'""";
  private static final String TAKEN =
      """
      SELECT name FROM main.sqlite_schema""";

  private final Session session;
  private final Set<String> rowids;
  private final Map<String, Collations> collations = new HashMap<>();
  private final Set<String> taken = new HashSet<>();

  /** By what each index is over: one serves every foreign key that needs just that. */
  private final Map<String, String> indexes = new HashMap<>();

  private ForeignKeyReader(Session session, Set<String> rowids) throws SQLException {
    this.session = session;
    this.rowids = rowids;
    for (String[] row : session.strings(TEXTS)) {
      TableName name = new TableName(CatalogueReader.SCHEMA, row[0]);
      collations.put(Names.fold(row[0]), new Collations(session, name, row[1]));
    }
    for (String[] row : session.strings(TAKEN)) {
      taken.add(Names.fold(row[0]));
    }
  }

  /**
   * Reads.
   *
   * @param rowids the INTEGER PRIMARY KEY of each table that has one, as {@code table.column},
   *     folded
   */
  static List<ForeignKeyFacts> read(Session session, Set<String> rowids) throws SQLException {
    ForeignKeyReader reader = new ForeignKeyReader(session, rowids);
    Map<String, List<String[]>> rows = new LinkedHashMap<>();
    for (String[] row : session.strings(ALL)) {
      rows.computeIfAbsent(row[1] + " " + row[0], unused -> new ArrayList<>()).add(row);
    }
    List<ForeignKeyFacts> keys = new ArrayList<>();
    for (List<String[]> each : rows.values()) {
      keys.add(reader.key(each));
    }
    return keys;
  }

  private ForeignKeyFacts key(List<String[]> rows) throws SQLException {
    TableName from = new TableName(CatalogueReader.SCHEMA, rows.get(0)[0]);
    TableName to = new TableName(CatalogueReader.SCHEMA, rows.get(0)[2]);
    List<String> columns = rows.stream().map(row -> row[3]).toList();
    List<String> by = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (String[] row : rows) {
      String collation = row[4] == null ? "" : collation(to, row[4]);
      boolean same = collation.isEmpty() || collation.equals(collation(from, row[3]));
      by.add(collation);
      texts.add(Sql.quote(row[3]) + (same ? "" : " COLLATE " + collation));
    }
    return new ForeignKeyFacts(
        from.name() + "(" + String.join(", ", columns) + ")",
        from,
        columns,
        by,
        to,
        index(from, columns, String.join(", ", texts)));
  }

  private String index(TableName table, List<String> columns, String texts) {
    return indexes.computeIfAbsent(
        Sql.quote(table) + " " + texts,
        unused -> IndexText.of(free(IndexText.name(table, columns)), table, texts) + ";");
  }

  /** Empty if it does not matter, or is one of the application's. */
  private String collation(TableName table, String column) throws SQLException {
    String name = Names.fold(table.name());
    Collations known = collations.get(name);
    return known == null || rowids.contains(name + "." + Names.fold(column))
        ? ""
        : known.of(column);
  }

  private String free(String wanted) {
    String name = wanted;
    for (int i = 2; !taken.add(Names.fold(name)); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }
}
