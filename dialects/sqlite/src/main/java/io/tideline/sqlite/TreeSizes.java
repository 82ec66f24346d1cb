package io.tideline.sqlite;

import io.tideline.catalogue.TableName;
import io.tideline.dialect.UnseenException;
import io.tideline.health.Amount;
import io.tideline.health.TableFacts;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The rows and bytes of tables and indexes. A small file is read page by page, rows are counted; of
 * a large one some rows are looked at, and what follows is scaled to what the file really holds.
 *
 * @see <a href="https://sqlite.org/dbstat.html">dbstat</a>
 */
final class TreeSizes {
  /** Up to this size a file is read whole without being asked: a fraction of a second. */
  static final long SMALL = 256L << 20;

  /** Rows looked at from each end of a table. */
  private static final int SAMPLE = 64;

  /** What a row or an entry takes besides its values: lengths, types, its place in the page. */
  private static final int OVERHEAD = 10;

  /**
   * Where what was guessed fills less of the file than one part in so many, rows were not found.
   */
  private static final double FILLED = 2;

  private static final String COUNTED = "exact";
  private static final String ANALYZED = "estimate: statistics of the last ANALYZE";
  private static final String GAPS = "estimate: gaps between some of its rowids";
  private static final String TABLES =
      """
      SELECT name, wr FROM pragma_table_list
      WHERE schema = 'main' AND type IN ('table', 'shadow')
        AND lower(substr(name, 1, 7)) <> 'sqlite_'
      ORDER BY name""";
  private static final String INDEXES =
      """
      SELECT tbl_name, name FROM main.sqlite_schema WHERE type = 'index' ORDER BY name""";
  private static final String WALK =
      """
      SELECT name, pgsize FROM dbstat WHERE schema = 'main' AND aggregate = TRUE""";
  private static final String COLUMNS =
      """
      SELECT name FROM pragma_table_xinfo(?, 'main') WHERE hidden IN (0, 3)""";
  private static final String STATISTICS =
      """
      SELECT tbl, max(CAST(stat AS INTEGER)) FROM main.sqlite_stat1 GROUP BY tbl""";

  private final Watched watched;
  private final long used;
  private final boolean whole;
  private final Map<String, Long> statistics;
  private final Map<String, Amount> bytes = new HashMap<>();
  private final List<TableFacts> tables = new ArrayList<>();
  private final Map<String, Map<String, Double>> widths = new HashMap<>();

  /**
   * @param used the bytes that all of them take together
   * @param whole whether the file may be read whole
   */
  TreeSizes(Watched watched, long used, boolean whole) {
    this.watched = watched;
    this.used = used;
    this.whole = whole;
    this.statistics = watched.ask(TreeSizes::statistics);
    read();
  }

  /** What each table takes. */
  List<TableFacts> tables() {
    return tables;
  }

  /** The bytes of an index, or of a table without its indexes. */
  OptionalLong bytes(String tree) {
    Amount amount = bytes.get(tree);
    return amount == null ? OptionalLong.empty() : OptionalLong.of(amount.value());
  }

  /** The mean width of a column, by some of its rows. */
  double width(String table, String column) {
    return widths(table, false).getOrDefault(column, 8.0);
  }

  /** The rows of each table when its statistics were gathered, by folded name. */
  static Map<String, Long> statistics(Session session) throws SQLException {
    Map<String, Long> rows = new HashMap<>();
    String there = "SELECT 1 FROM main.sqlite_schema WHERE name = 'sqlite_stat1'";
    if (!session.strings(there).isEmpty()) {
      for (String[] row : session.strings(STATISTICS)) {
        rows.put(Names.fold(row[0]), Long.parseLong(row[1]));
      }
    }
    return rows;
  }

  private record Shape(String name, boolean rowid, Optional<Amount> rows) {
    boolean least() {
      return rows.filter(Amount::isLeast).isPresent();
    }
  }

  private void read() {
    List<Shape> shapes = new ArrayList<>();
    for (String[] row : watched.ask(session -> session.strings(TABLES))) {
      boolean rowid = row[1].equals("0");
      shapes.add(new Shape(row[0], rowid, rows(row[0], rowid)));
    }
    Map<String, List<String>> indexes = new HashMap<>();
    for (String[] row : watched.ask(session -> session.strings(INDEXES))) {
      indexes.computeIfAbsent(Names.fold(row[0]), unused -> new ArrayList<>()).add(row[1]);
    }
    if (!walked()) {
      estimate(shapes, indexes);
    }
    for (Shape shape : shapes) {
      Amount own = bytes.getOrDefault(shape.name(), Amount.exact(0));
      Amount beside =
          indexes.getOrDefault(Names.fold(shape.name()), List.of()).stream()
              .map(index -> bytes.getOrDefault(index, Amount.exact(0)))
              .reduce(new Amount(0, own.basis()), Amount::plus);
      TableName name = new TableName(CatalogueReader.SCHEMA, shape.name());
      tables.add(new TableFacts(name, shape.rows(), own, beside, OptionalLong.empty()));
    }
  }

  private boolean walked() {
    if (!whole) {
      return false;
    }
    try {
      for (String[] row : watched.ask(session -> session.strings(WALK))) {
        bytes.put(row[0], new Amount(Long.parseLong(row[1]), COUNTED));
      }
      return true;
    } catch (UnseenException e) {
      return false; // it took too long: an estimate is the next best
    }
  }

  private Optional<Amount> rows(String table, boolean rowid) {
    if (whole) {
      try {
        return Optional.of(Amount.exact(number("SELECT count(*) FROM " + quote(table))));
      } catch (UnseenException e) {
        // It took too long: an estimate is the next best.
      }
    }
    Long gathered = statistics.get(Names.fold(table));
    Optional<Amount> live = rowid ? byGaps(table) : Optional.empty();
    if (gathered != null && live.filter(each -> each.value() < gathered / 2).isEmpty()) {
      return Optional.of(new Amount(gathered, ANALYZED));
    }
    return live;
  }

  /** Never more than the file has room for. */
  private Optional<Amount> byGaps(String table) {
    try {
      double width = widths(table, true).values().stream().mapToDouble(Double::doubleValue).sum();
      long most = (long) (used / (width + OVERHEAD));
      OptionalLong rows =
          watched.ask(session -> RowidGaps.rows(session, columns(session, table), quote(table)));
      return rows.isEmpty()
          ? Optional.empty()
          : Optional.of(new Amount(Math.min(rows.getAsLong(), most), GAPS));
    } catch (UnseenException e) {
      return Optional.empty();
    }
  }

  private static List<String> columns(Session session, String table) throws SQLException {
    return session.strings(COLUMNS, table).stream().map(row -> row[0]).toList();
  }

  private void estimate(List<Shape> shapes, Map<String, List<String>> indexes) {
    Map<String, Double> guesses = guesses(shapes, indexes);
    if (sum(guesses) < used / FILLED) {
      shapes.replaceAll(this::unfound);
      guesses = guesses(shapes, indexes);
    }
    double sum = sum(guesses);
    boolean missing = sum < used / FILLED && shapes.stream().anyMatch(Shape::least);
    double scale = missing ? 1 : sum == 0 ? 0 : used / sum; // the missing rows are not the others'
    guesses.forEach(
        (name, guess) ->
            bytes.put(
                name,
                new Amount((long) (guess * scale), "estimate: some rows, scaled to the file")));
  }

  /** Keys that come in bursts leave most places in gaps: the usual guess is far too small then. */
  private Shape unfound(Shape shape) {
    Optional<Amount> rows = shape.rows().filter(each -> each.basis().equals(GAPS));
    if (rows.isEmpty()) {
      return shape;
    }
    Long gathered = statistics.get(Names.fold(shape.name()));
    Amount better = gathered == null ? rows.get().atLeast() : new Amount(gathered, ANALYZED);
    return new Shape(shape.name(), shape.rowid(), Optional.of(better));
  }

  private static double sum(Map<String, Double> guesses) {
    return guesses.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  private Map<String, Double> guesses(List<Shape> shapes, Map<String, List<String>> indexes) {
    Map<String, Double> guesses = new HashMap<>();
    for (Shape shape : shapes) {
      double rows = shape.rows().map(Amount::value).orElse(0L);
      Map<String, Double> widths = widths(shape.name(), shape.rowid());
      double all = widths.values().stream().mapToDouble(Double::doubleValue).sum();
      guesses.put(shape.name(), rows * (all + OVERHEAD));
      for (String index : indexes.getOrDefault(Names.fold(shape.name()), List.of())) {
        guesses.put(index, rows * (width(index, widths) + OVERHEAD));
      }
    }
    return guesses;
  }

  private double width(String index, Map<String, Double> widths) {
    double width = 0;
    for (String[] row :
        watched.ask(s -> s.strings("SELECT name FROM pragma_index_info(?, 'main')", index))) {
      @Nullable String column = row[0];
      width += column == null ? 8 : widths.getOrDefault(column, 4.0);
    }
    return width;
  }

  private Map<String, Double> widths(String table, boolean rowid) {
    return widths.computeIfAbsent(table, unused -> sampled(table, rowid));
  }

  /** The mean width of each column among some rows of both ends. */
  private Map<String, Double> sampled(String table, boolean rowid) {
    Map<String, Double> widths = new HashMap<>();
    try {
      List<String> columns = watched.ask(session -> columns(session, table));
      String lengths =
          String.join(
              ", ", columns.stream().map(c -> "octet_length(" + Sql.quote(c) + ")").toList());
      List<String[]> sample = new ArrayList<>();
      for (String end : rowid ? List.of(" ORDER BY rowid", " ORDER BY rowid DESC") : List.of("")) {
        sample.addAll(
            watched.ask(
                s ->
                    s.strings(
                        "SELECT " + lengths + " FROM " + quote(table) + end + " LIMIT " + SAMPLE)));
      }
      for (int i = 0; i < columns.size(); i++) {
        int at = i;
        widths.put(
            columns.get(i),
            sample.stream()
                .mapToLong(row -> row[at] == null ? 0 : Long.parseLong(row[at]))
                .average()
                .orElse(0));
      }
    } catch (UnseenException e) {
      widths.clear(); // its share is what the number of its rows alone tells
    }
    return widths;
  }

  private long number(String sql) {
    return Long.parseLong(watched.ask(session -> session.strings(sql)).get(0)[0]);
  }

  private static String quote(String table) {
    return Sql.quote(new TableName(CatalogueReader.SCHEMA, table));
  }
}
