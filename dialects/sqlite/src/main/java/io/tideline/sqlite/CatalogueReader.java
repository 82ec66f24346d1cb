package io.tideline.sqlite;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Column;
import io.tideline.catalogue.Index;
import io.tideline.catalogue.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sqlite.SQLiteErrorCode;

/**
 * Reads the catalogue of a database.
 *
 * @see <a href="https://sqlite.org/pragma.html#pragma_table_list">The pragmas</a>
 */
final class CatalogueReader {
  static final String SCHEMA = "main";

  private static final String TABLES =
      """
      SELECT l.name, l.type, l.wr, l.strict, s.sql
      FROM pragma_table_list AS l LEFT JOIN main.sqlite_schema AS s
        ON s.name = l.name AND s.type IN ('table', 'view')
      WHERE l.schema = 'main' AND lower(substr(l.name, 1, 7)) <> 'sqlite_'
      ORDER BY l.name""";
  private static final String COLUMNS =
      """
      SELECT name, type, "notnull", pk, hidden FROM pragma_table_xinfo(?, 'main') ORDER BY cid""";

  /** The primary key's first: people name a row by the first unique index. */
  private static final String INDEXES =
      """
      SELECT name, "unique", origin, partial
      FROM pragma_index_list(?, 'main')
      ORDER BY origin <> 'pk', seq""";

  private static final String INDEX_COLUMNS =
      """
      SELECT name, coll FROM pragma_index_xinfo(?, 'main') WHERE "key" = 1 ORDER BY seqno""";
  private static final String FOREIGN_KEYS =
      """
      SELECT id, "table", "from", "to", on_delete
      FROM pragma_foreign_key_list(?, 'main') ORDER BY id, seq""";
  private static final String TRIGGERS =
      """
      SELECT name, tbl_name, sql FROM main.sqlite_schema WHERE type = 'trigger' ORDER BY name""";
  private static final String STATISTICS =
      """
      SELECT tbl, max(CAST(stat AS INTEGER)) FROM main.sqlite_stat1 GROUP BY tbl""";

  private final Session session;

  private CatalogueReader(Session session) {
    this.session = session;
  }

  /** Reads it; the session is in a transaction, so that all is of one moment. */
  static Catalogue read(Session session) {
    try {
      return new CatalogueReader(session).read();
    } catch (SQLException e) {
      throw Failures.reading("Cannot read the catalogue of " + session.file().path(), e);
    }
  }

  private Catalogue read() throws SQLException {
    String version = session.pragma("schema_version");
    CatalogueBuilder builder = new CatalogueBuilder();
    for (String[] row : session.strings(TABLES)) {
      RawTable table = table(row);
      builder.add(table);
      if (table.ordinary()) {
        builder.foreignKeys(table, foreignKeys(table.name().name()));
        refusal(table).ifPresent(words -> builder.refused(table, words));
      }
    }
    for (String[] row : session.strings(TRIGGERS)) {
      builder.trigger(row[1], row[0], row[2]);
    }
    builder.statistics(statistics());
    return builder.build(version);
  }

  /**
   * Why SQLite would refuse a DELETE whatever the row, if it would: a trigger that asks for a
   * missing table or function, a foreign key or an index that cannot work.
   */
  private Optional<String> refusal(RawTable table) throws SQLException {
    try {
      session.prepareOnly(session.sql().add("DELETE FROM " + Sql.quote(table.name()) + " WHERE 0"));
      return Optional.empty();
    } catch (SQLException e) {
      if (Failures.primary(e) == SQLiteErrorCode.SQLITE_ERROR) {
        return Optional.of(Failures.reason(e));
      }
      throw e;
    }
  }

  private RawTable table(String[] row) throws SQLException {
    String name = row[0];
    String definition = row[4] == null ? "" : row[4];
    TableName full = new TableName(SCHEMA, name);
    boolean strict = row[3].equals("1");
    boolean withoutRowid = row[2].equals("1");
    List<String[]> columns = columns(name, row[1]);
    List<String[]> indexes =
        row[1].equals("table") ? session.strings(INDEXES, name) : List.<String[]>of();
    List<String> primaryKey =
        columns.stream()
            .filter(c -> !c[3].equals("0"))
            .sorted(Comparator.comparingInt(c -> Integer.parseInt(c[3])))
            .map(c -> c[0])
            .toList();
    boolean primaryIndexed = indexes.stream().anyMatch(i -> i[2].equals("pk"));
    boolean alias = primaryKey.size() == 1 && !primaryIndexed && !withoutRowid;
    return new RawTable(
        full,
        row[1],
        withoutRowid,
        strict,
        columns.stream().map(c -> column(c, strict, withoutRowid, alias)).toList(),
        primaryKey,
        primaryIndexed,
        indexes(indexes, new Collations(session, full, definition)),
        definition);
  }

  /**
   * A view over missing tables, or a virtual table of an unknown module, has columns for nobody.
   */
  private List<String[]> columns(String table, String type) throws SQLException {
    try {
      return session.strings(COLUMNS, table);
    } catch (SQLException e) {
      if (type.equals("view") || type.equals("virtual")) {
        return List.of();
      }
      throw e;
    }
  }

  private static Column column(String[] row, boolean strict, boolean withoutRowid, boolean alias) {
    boolean key = !row[3].equals("0");
    boolean generated = row[4].equals("2") || row[4].equals("3");
    String declared = row[1] == null ? "" : row[1];
    boolean neverNull =
        row[2].equals("1")
            || (key && withoutRowid)
            || (key && alias && declared.equalsIgnoreCase("INTEGER"));
    return new Column(
        row[0],
        declared,
        Affinity.natural(declared, strict),
        !neverNull,
        generated ? Column.Origin.GENERATED : Column.Origin.STORED);
  }

  private List<Index> indexes(List<String[]> rows, Collations collations) throws SQLException {
    List<Index> indexes = new ArrayList<>();
    for (String[] row : rows) {
      List<String> columns = new ArrayList<>();
      for (String[] column : session.strings(INDEX_COLUMNS, row[0])) {
        boolean served = column[0] != null && collations.same(column[0], column[1]);
        columns.add(served ? column[0] : "");
      }
      indexes.add(new Index(row[0], columns, row[1].equals("1"), row[3].equals("1")));
    }
    return indexes;
  }

  /** The foreign keys of a table, each as its rows in order. */
  private List<List<String[]>> foreignKeys(String table) throws SQLException {
    List<List<String[]>> keys = new ArrayList<>();
    String id = "";
    for (String[] row : session.strings(FOREIGN_KEYS, table)) {
      if (!row[0].equals(id)) {
        keys.add(new ArrayList<>());
        id = row[0];
      }
      keys.get(keys.size() - 1).add(row);
    }
    return keys;
  }

  private Map<String, Long> statistics() throws SQLException {
    Map<String, Long> rows = new HashMap<>();
    boolean gathered =
        !session.strings("SELECT 1 FROM main.sqlite_schema WHERE name = 'sqlite_stat1'").isEmpty();
    if (gathered) {
      for (String[] row : session.strings(STATISTICS)) {
        rows.put(Names.fold(row[0]), Long.parseLong(row[1]));
      }
    }
    return rows;
  }
}
