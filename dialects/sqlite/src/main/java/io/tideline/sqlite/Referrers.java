package io.tideline.sqlite;

import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.Item;
import io.tideline.dialect.Range;
import io.tideline.dialect.ReferrerPath;
import io.tideline.dialect.ReferringRows;
import io.tideline.dialect.SurpriseException;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import io.tideline.row.RowSink;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds the rows that refer to values of another table's columns.
 *
 * <p>SQLite compares the value referred to, with the affinity and the collation of its column, with
 * the column that refers (https://sqlite.org/foreignkeys.html, section 3, and sqlite3FkScanChildren
 * in fkey.c). So the values are put in a temporary table whose columns have just that affinity and
 * collation, and the comparison is written with it on the left.
 */
final class Referrers {
  /** Values looked up by one statement. */
  private static final int VALUES = 65_536;

  /** A column that an index compares, in the words of EXPLAIN QUERY PLAN. */
  private static final Pattern COMPARED = Pattern.compile("=\\?");

  private static final String COLUMNS =
      """
      SELECT x.name, x.type, l.strict
      FROM pragma_table_list(?) AS l, pragma_table_xinfo(l.name, 'main') AS x
      WHERE l.schema = 'main'""";

  private final Session session;
  private final ReferringRows rows;
  private final ForeignKey key;
  private final Table from;
  private final String values;

  private Referrers(Session session, ReferringRows rows) throws SQLException {
    this.session = session;
    this.rows = rows;
    this.key = rows.key();
    this.from = rows.from();
    this.values = session.temporary().make(declarations());
  }

  /**
   * Prepares the question. A reader has no transaction open: what is made in one that is rolled
   * back would have to be made again.
   */
  static Referrers of(Session session, ReferringRows rows) {
    try {
      return new Referrers(session, rows);
    } catch (SQLException e) {
      throw Failures.reading(what(session, rows.from()), e);
    }
  }

  /** As the other, of no values: to ask how it would be answered. */
  static Referrers of(Session session, ForeignKey key, Table from) {
    return of(session, new ReferringRows(key, from, new PackedRows(key.columns().size())));
  }

  /** Gives the number of each value and the items of each row that refers to it. */
  void find(List<Item> items, RowSink sink) {
    List<Sql> expressions = new ArrayList<>();
    expressions.add(session.sql().add(TemporaryTables.NUMBER));
    expressions.addAll(new RowSql(from, session.encoding()).items(items));
    read(expressions, "", sink);
  }

  /** Gives the number of each value and how many rows refer to it, if any does. */
  void count(RowSink sink) {
    Sql number = session.sql().add(TemporaryTables.NUMBER);
    read(List.of(number, session.sql().add("count(*)")), " GROUP BY 1", sink);
  }

  private void read(List<Sql> expressions, String grouped, RowSink sink) {
    boolean[] more = {true};
    inChunks(
        joined -> {
          Sql sql = session.sql().add("SELECT ").results(expressions);
          sql.add(" FROM " + joined).add(filter()).add(grouped);
          session.query(what(), sql, row -> more[0] = sink.accept(row));
          return more[0];
        });
  }

  /**
   * Deletes the rows that refer to the values and gives the items of each: they are listed, then
   * deleted, and with the write lock held nobody comes between.
   */
  long remove(Losses losses, List<Item> items, RowSink sink) {
    ScanSql sqls = new ScanSql(from, session.encoding());
    String key =
        Queries.keyOf(from).columns().stream()
            .map(column -> Sql.column(from, column))
            .collect(Collectors.joining(", "));
    long[] removed = {0};
    boolean[] more = {true};
    inChunks(
        joined -> {
          long listed = -1;
          if (!items.isEmpty()) {
            Sql list = session.sql().add("SELECT ").results(sqls.rows().items(items));
            listed =
                session.write(
                    what(),
                    list.add(" FROM " + joined).add(filter()),
                    row -> more[0] = sink.accept(row));
          }
          long before = losses.totalChanges();
          Sql delete = sqls.delete().add(" WHERE (" + key + ") IN (SELECT " + key);
          long deleted =
              session.update(what(), delete.add(" FROM " + joined).add(filter()).add(")"));
          if (more[0] && listed >= 0 && listed != deleted
              || deleted != losses.totalChanges() - before) {
            throw new SurpriseException(
                "table " + from.name() + ": " + listed + " rows listed, " + deleted + " deleted");
          }
          removed[0] += deleted;
          return more[0];
        });
    if (items.isEmpty()) {
      Row nothing = new Row(0);
      for (long row = 0; row < removed[0] && more[0]; row++) {
        more[0] = sink.accept(nothing);
      }
    }
    return removed[0];
  }

  private Sql filter() {
    return new ScanSql(from, session.encoding()).where(rows.filter(), Range.all(List.of()));
  }

  /** What is done with the values that the temporary table holds, joined; false ends it. */
  private interface Step {
    boolean with(String joined);
  }

  private void inChunks(Step step) {
    try {
      String joined = joined();
      PackedRows wanted = rows.values();
      boolean more = true;
      for (int first = 0; first < wanted.size() && more; first += VALUES) {
        int count = Math.min(VALUES, wanted.size() - first);
        session.temporary().fill(values, wanted, first, count);
        more = step.with(joined);
      }
    } catch (SQLException e) {
      throw Failures.reading(what(), e);
    }
  }

  private String what() {
    return what(session, from);
  }

  private static String what(Session session, Table from) {
    return "Cannot read table " + from.name() + " of " + session.file().path();
  }

  /**
   * The tables in the order in which they are to be read: CROSS JOIN makes SQLite keep it
   * (https://sqlite.org/optoverview.html#crossjoin). Where no index of the referring table serves,
   * that table is read once.
   */
  private String joined() throws SQLException {
    return sought() == 0 ? Sql.quote(from.name()) + " CROSS JOIN " + values + on() : seek();
  }

  private String seek() {
    return values + " CROSS JOIN " + Sql.quote(from.name()) + on();
  }

  /** By how many columns an index leads to the rows; 0 if the table is read. */
  private int sought() throws SQLException {
    List<String[]> plan = session.strings("EXPLAIN QUERY PLAN SELECT 1 FROM " + seek());
    String last = plan.get(plan.size() - 1)[3];
    boolean seeks =
        last.startsWith("SEARCH") && !last.contains("AUTOMATIC") && !last.contains("ANY(");
    Matcher compared = COMPARED.matcher(last.substring(last.lastIndexOf(" (") + 1));
    return seeks ? (int) compared.results().count() : 0;
  }

  /** How the rows are found. */
  ReferrerPath path() {
    try {
      int columns = sought();
      return columns == 0
          ? ReferrerPath.SCAN
          : columns < key.columns().size() ? ReferrerPath.PART : ReferrerPath.INDEX;
    } catch (SQLException e) {
      throw Failures.reading(what(), e);
    }
  }

  /**
   * The columns of an index by which the rows would be found, as CREATE INDEX writes them; empty if
   * there can be none, because the value of each row would have to be converted first
   * (https://sqlite.org/datatype3.html#comparisons, sqlite3IndexAffinityOk in expr.c).
   */
  Optional<String> indexed() {
    try {
      List<String> columns = new ArrayList<>();
      for (int i = 0; i < key.columns().size(); i++) {
        String column = key.columns().get(i);
        String to = key.toColumns().get(i);
        if (!affinity(key.to(), to).comparedByIndexOf(affinity(from.name(), column))) {
          return Optional.empty();
        }
        String wanted = collation(key.to(), to);
        boolean same = wanted.equals(collation(from.name(), column));
        columns.add(Sql.quote(column) + (same ? "" : " COLLATE " + wanted));
      }
      return Optional.of(String.join(", ", columns));
    } catch (SQLException e) {
      throw Failures.reading(what(), e);
    }
  }

  private String on() {
    StringBuilder on = new StringBuilder(" ON ");
    for (int i = 0; i < key.columns().size(); i++) {
      on.append(i == 0 ? "" : " AND ").append(TemporaryTables.column(i)).append(" = ");
      on.append(Sql.column(from, key.columns().get(i)));
    }
    return on.toString();
  }

  /** The type and collation of each column referred to. */
  private List<String> declarations() throws SQLException {
    List<String> declarations = new ArrayList<>();
    for (String name : key.toColumns()) {
      Affinity affinity = affinity(key.to(), name);
      String type = affinity == Affinity.NONE ? "BLOB" : affinity.name().toUpperCase(Locale.ROOT);
      declarations.add(type + " COLLATE " + collation(key.to(), name));
    }
    return declarations;
  }

  private Affinity affinity(TableName table, String column) throws SQLException {
    // What is no column of the table is its rowid.
    return session.strings(COLUMNS, table.name()).stream()
        .filter(row -> row[0].equals(column))
        .findFirst()
        .map(row -> affinity(row[1] == null ? "" : row[1], row[2].equals("1")))
        .orElse(Affinity.INTEGER);
  }

  private static Affinity affinity(String declared, boolean strict) {
    return strict && declared.equalsIgnoreCase("ANY") ? Affinity.NONE : Affinity.of(declared);
  }

  /**
   * The collation of a column, which no pragma tells unless an index has it: the program for a
   * comparison names it as {@code NOCASE-8}; a comparison of rowids has none
   * (https://sqlite.org/opcode.html#Eq).
   */
  private String collation(TableName table, String column) throws SQLException {
    String compare =
        "EXPLAIN SELECT %s.%s = ?1 FROM %s"
            .formatted(Sql.quote(table.name()), Sql.quote(column), Sql.quote(table));
    for (String[] row : session.strings(compare)) {
      if ((row[1].equals("Eq") || row[1].equals("Ne")) && row[5] != null) {
        return Sql.quote(row[5].substring(0, row[5].lastIndexOf('-')));
      }
    }
    return Sql.quote("BINARY");
  }
}
