package io.tideline.sqlite;

import io.tideline.catalogue.TableName;
import io.tideline.health.ForeignKeyFacts;
import io.tideline.health.IndexFacts;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** Reads the indexes and foreign keys of all tables, each by one query. */
final class IndexReader {
  private static final String TABLES =
      """
      t.schema = 'main' AND t.type = 'table' AND lower(substr(t.name, 1, 7)) <> 'sqlite_'""";

  private static final String INDEXES =
      """
      SELECT t.name, i.name, i."unique", i.origin, s.sql, x.cid, x.name, x.coll, x."desc",
        i.partial, i.origin <> 'c' AND own.sql LIKE '%%conflict%%' AS replaces, x."key"
      FROM pragma_table_list AS t, pragma_index_list(t.name, 'main') AS i,
        pragma_index_xinfo(i.name, 'main') AS x
      LEFT JOIN main.sqlite_schema AS s ON s.type = 'index' AND s.name = i.name
      LEFT JOIN main.sqlite_schema AS own ON own.type = 'table' AND own.name = t.name
      WHERE (x."key" = 1 OR t.wr = 0 OR i.origin <> 'pk') AND %s
      ORDER BY t.name, i.name, x.seqno"""
          .formatted(TABLES);

  /** An INTEGER PRIMARY KEY has no index: it is the order of the table itself. */
  static final String ROWIDS =
      """
      SELECT t.name, max(c.name), own.sql LIKE '%%conflict%%' AS replaces
      FROM pragma_table_list AS t, pragma_table_xinfo(t.name, 'main') AS c
      LEFT JOIN main.sqlite_schema AS own ON own.type = 'table' AND own.name = t.name
      WHERE c.pk > 0 AND t.wr = 0 AND %s
        AND NOT EXISTS (SELECT 1 FROM pragma_index_list(t.name, 'main') WHERE origin = 'pk')
      GROUP BY t.name HAVING count(*) = 1"""
          .formatted(TABLES);

  /** The rowid of a table that gives it no name: no part of an index equals it. */
  private static final IndexFacts.Part UNNAMED =
      new IndexFacts.Part("", "the rowid", "BINARY", "", false, true);

  private IndexReader() {}

  static List<IndexFacts> indexes(Session session, TreeSizes sizes) throws SQLException {
    Map<String, List<String[]>> rows = new LinkedHashMap<>();
    for (String[] row : session.strings(INDEXES)) {
      rows.computeIfAbsent(row[1], unused -> new ArrayList<>()).add(row);
    }
    List<IndexFacts> indexes = new ArrayList<>();
    Map<String, String> rowids = new HashMap<>();
    for (String[] row : session.strings(ROWIDS)) {
      rowids.put(row[0], row[1]);
      indexes.add(rowid(row[0], row[1], forbids(row[2])));
    }
    IndexedBy named = IndexedBy.of(session);
    for (List<String[]> each : rows.values()) {
      indexes.add(index(each, rowids.getOrDefault(each.get(0)[0], ""), named, sizes));
    }
    return indexes;
  }

  private static IndexFacts index(
      List<String[]> rows, String rowid, IndexedBy named, TreeSizes sizes) {
    String[] first = rows.get(0);
    IndexDefinition text =
        first[4] == null ? IndexDefinition.NONE : IndexDefinition.parse(first[4]);
    List<IndexFacts.Part> parts = new ArrayList<>();
    List<IndexFacts.Part> following = new ArrayList<>();
    for (String[] row : rows) {
      if (row[11].equals("1")) {
        parts.add(
            part(row, parts.size() >= text.parts().size() ? "" : text.parts().get(parts.size())));
      } else if (row[6] == null) {
        following.add(rowid.isEmpty() ? UNNAMED : rowid(rowid));
      } else {
        following.add(part(row, ""));
      }
    }
    return new IndexFacts(
        first[1],
        new TableName(CatalogueReader.SCHEMA, first[0]),
        "btree",
        parts,
        following,
        List.of(),
        predicate(first[9].equals("1"), first[1], text),
        first[2].equals("1") && forbids(first[10]),
        false,
        !first[3].equals("c") || named.names(first[1]),
        true,
        false,
        sizes.bytes(first[1]),
        OptionalLong.empty());
  }

  /** ON CONFLICT REPLACE forbids nothing. */
  private static boolean forbids(String replaces) {
    return !replaces.equals("1");
  }

  private static IndexFacts.Part part(String[] row, String expression) {
    boolean descending = row[8].equals("1");
    return row[6] == null
        ? new IndexFacts.Part("", expression, row[7], "", descending, !descending)
        : new IndexFacts.Part(row[6], "", row[7], "", descending, !descending);
  }

  private static IndexFacts.Part rowid(String column) {
    return new IndexFacts.Part(column, "", "BINARY", "", false, true);
  }

  /** What was not understood equals no other predicate. */
  private static String predicate(boolean partial, String index, IndexDefinition text) {
    if (!partial) {
      return "";
    }
    return text.predicate().isEmpty() ? "the predicate of " + index : text.predicate();
  }

  private static IndexFacts rowid(String table, String column, boolean unique) {
    return new IndexFacts(
        "rowid of " + table,
        new TableName(CatalogueReader.SCHEMA, table),
        "btree",
        List.of(rowid(column)),
        List.of(),
        List.of(),
        "",
        unique,
        false,
        true,
        true,
        false,
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  static List<ForeignKeyFacts> foreignKeys(Session session) throws SQLException {
    Set<String> rowids = new HashSet<>();
    for (String[] row : session.strings(ROWIDS)) {
      rowids.add(Names.fold(row[0]) + "." + Names.fold(row[1]));
    }
    return ForeignKeyReader.read(session, rowids);
  }
}
