package io.tideline.sqlite;

import io.tideline.catalogue.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The tables of a database, as far as a compact copy of it can be made beside live traffic. */
final class CompactedTables {
  private static final String NAMES =
      """
      t.schema = 'main' AND t.type = 'table' AND lower(substr(t.name, 1, 7)) <> 'sqlite_'
        AND t.name <> ?""";
  private static final String VIRTUAL =
      """
      SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'virtual' ORDER BY name""";
  private static final String TABLES =
      """
      SELECT t.name, t.wr, coalesce(s.sql, '') FROM pragma_table_list AS t
      LEFT JOIN main.sqlite_schema AS s ON s.type = 'table' AND s.name = t.name
      WHERE %s ORDER BY t.name"""
          .formatted(NAMES);
  private static final String COLUMNS =
      """
      SELECT t.name, c.name, c.pk, c.hidden
      FROM pragma_table_list AS t, pragma_table_xinfo(t.name, 'main') AS c
      WHERE %s ORDER BY t.name, c.cid"""
          .formatted(NAMES);
  private static final String UNIQUE_INDEXES =
      """
      SELECT t.name, i.name, i.origin FROM pragma_table_list AS t, pragma_index_list(t.name, 'main') AS i
      WHERE i."unique" = 1 AND %s"""
          .formatted(NAMES);
  private static final String COLLATIONS =
      "SELECT name, coll FROM pragma_index_xinfo(?, 'main') WHERE \"key\" = 1 ORDER BY seqno";

  private static final String STORED = "3"; // https://sqlite.org/pragma.html#pragma_table_xinfo

  /** More names than this are no help. */
  private static final int NAMED = 5;

  private final Session session;
  private List<Found> known = List.of();

  CompactedTables(Session session) {
    this.session = session;
  }

  /**
   * What SQLite tells of a table.
   *
   * @param columns table, name, place in the primary key, and whether it is hidden
   * @param unique table, name and origin of its unique indexes
   */
  private record Found(
      String name, boolean rowid, String text, List<String[]> columns, List<String[]> unique) {
    List<String> key() {
      return columns.stream()
          .filter(column -> !column[2].equals("0"))
          .sorted(Comparator.comparingInt(column -> Integer.parseInt(column[2])))
          .map(column -> column[1])
          .toList();
    }

    List<String> columns(String hidden) {
      return columns.stream().filter(c -> c[3].equals(hidden)).map(c -> c[1]).toList();
    }

    List<String> indexes(boolean ofKey) {
      return unique.stream().filter(i -> ofKey == i[2].equals("pk")).map(i -> i[1]).toList();
    }

    /** Whether its key is the rowid itself, which alone is never NULL for certain. */
    boolean keyIsRowid() {
      return rowid && indexes(true).isEmpty();
    }

    /** A rowid that is not the key is a second unique one, which a statement may name. */
    CompactedTable numbered(int number) {
      boolean counted = !indexes(false).isEmpty() || (rowid && !keyIsRowid());
      return new CompactedTable(
          number, name, key(), keyIsRowid(), columns("0"), columns(STORED), counted);
    }
  }

  /** Read once, by few queries: a database may have ten thousand tables. */
  private List<Found> found() throws SQLException {
    if (known.isEmpty()) {
      Map<String, List<String[]>> columns = byTable(COLUMNS);
      Map<String, List<String[]>> unique = byTable(UNIQUE_INDEXES);
      known =
          session.strings(TABLES, ChangeCapture.LOG).stream()
              .map(
                  row ->
                      new Found(
                          row[0],
                          row[1].equals("0"),
                          row[2],
                          columns.getOrDefault(row[0], List.of()),
                          unique.getOrDefault(row[0], List.of())))
              .toList();
    }
    return known;
  }

  private Map<String, List<String[]>> byTable(String query) throws SQLException {
    return session.strings(query, ChangeCapture.LOG).stream()
        .collect(Collectors.groupingBy(row -> row[0]));
  }

  /** Why no compact copy can be made; empty if one can. */
  String refusal(FileState state) {
    if (!state.log()) {
      return "It needs a write-ahead log (PRAGMA journal_mode=WAL): without one, readers would wait"
          + " too.";
    }
    if (state.pages() < 3) {
      return "There is nothing to compact.";
    }
    try {
      return refusal();
    } catch (SQLException e) {
      throw Failures.reading("Cannot read the tables of " + session.file().path(), e);
    }
  }

  /** As the other, of the tables alone. */
  String refusal() throws SQLException {
    List<String> virtual = session.strings(VIRTUAL).stream().map(row -> row[0]).toList();
    if (!virtual.isEmpty()) {
      return "A virtual table's changes cannot be followed: " + named(virtual) + ".";
    }
    List<String> keyless = new ArrayList<>();
    List<String> collated = new ArrayList<>();
    for (Found table : found()) {
      if (table.key().isEmpty()) {
        keyless.add(table.name());
      } else if (otherwiseCollated(table)) {
        collated.add(table.name());
      }
    }
    if (!keyless.isEmpty()) {
      return "Rows of a table without a primary key cannot be told apart, for VACUUM may give them"
          + " other rowids: "
          + named(keyless)
          + ".";
    }
    return collated.isEmpty()
        ? ""
        : "A primary key that has another collation than its columns, or one that only the"
            + " application knows, cannot be sought by: "
            + named(collated)
            + ".";
  }

  /** Such a key's index serves no comparison of its columns: each row would be sought in all. */
  private boolean otherwiseCollated(Found table) throws SQLException {
    if (!table.text().toLowerCase(Locale.ROOT).contains("collate")) {
      return false;
    }
    Collations collations =
        new Collations(session, new TableName(CatalogueReader.SCHEMA, table.name()), table.text());
    for (String index : table.indexes(true)) {
      for (String[] column : session.strings(COLLATIONS, index)) {
        if (!collations.same(column[0], column[1])) {
          return true;
        }
      }
    }
    return false;
  }

  private static String named(List<String> names) {
    return names.stream().limit(NAMED).collect(Collectors.joining(", "))
        + (names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "");
  }

  /** The tables, numbered. */
  List<CompactedTable> read() throws SQLException {
    List<CompactedTable> tables = new ArrayList<>();
    for (Found table : found()) {
      tables.add(table.numbered(tables.size()));
    }
    return tables;
  }

  /** The tables whose rows are counted under the lock; empty if there is none. */
  String counted() {
    try {
      return named(
          read().stream().filter(CompactedTable::counted).map(CompactedTable::name).toList());
    } catch (SQLException e) {
      throw Failures.reading("Cannot read the tables of " + session.file().path(), e);
    }
  }

  /**
   * A table with a row whose key holds NULL, which SQLite lets happen for reasons of history; empty
   * if there is none. NULL equals nothing, so that such a row could not be followed.
   *
   * @see <a href="https://sqlite.org/lang_createtable.html#primkeyconst">Primary keys</a>
   */
  String withoutName() throws SQLException {
    for (Found table : found()) {
      if (!table.rowid() || table.keyIsRowid()) {
        continue;
      }
      for (String column : table.key()) {
        String sql =
            "SELECT 1 FROM main."
                + Sql.quote(table.name())
                + " WHERE "
                + Sql.quote(column)
                + " IS NULL LIMIT 1";
        if (!session.strings(sql).isEmpty()) {
          return table.name();
        }
      }
    }
    return "";
  }
}
