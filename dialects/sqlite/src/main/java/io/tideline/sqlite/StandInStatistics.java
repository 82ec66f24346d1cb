package io.tideline.sqlite;

import io.tideline.dialect.UnseenException;
import io.tideline.health.Figures;
import io.tideline.health.TableFacts;
import io.tideline.tuning.TableSize;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells the planner of a stand-in how large the tables of the file are, or those of production.
 *
 * @see <a href="https://sqlite.org/lang_analyze.html#manual_control">statistics by hand</a>
 */
final class StandInStatistics {
  private static final String KEPT =
      """
      SELECT tbl, coalesce(idx, ''), stat FROM main.sqlite_stat1 WHERE stat IS NOT NULL""";

  private static final String SAMPLES =
      """
      SELECT tbl, idx, neq, nlt, ndlt, sample FROM main.sqlite_stat4 WHERE tbl = ?""";

  /** What ANALYZE found when the table was so many times smaller or larger is not believed. */
  private static final double STALE = 10;

  private static final double UNKNOWN_WIDTH = 8;

  private final StandIn standIn;
  private final Map<String, TableSize> sizes;
  private final Map<String, Map<String, StatLine>> kept = new HashMap<>();
  private final Map<String, Long> counted = new HashMap<>();
  private final Map<String, Told> told = new TreeMap<>();
  private final Map<String, String> sampled = new HashMap<>();
  private final boolean samples;

  /**
   * What the planner was told of a table.
   *
   * @param rows how many rows it takes it to have
   * @param basis where that is from
   */
  record Told(long rows, String basis) {}

  /**
   * @param sizes those of production that the user declares, by folded name
   */
  StandInStatistics(StandIn standIn, Map<String, TableSize> sizes) throws SQLException {
    this.standIn = standIn;
    this.sizes = sizes;
    Session source = standIn.source();
    if (has("sqlite_stat1")) {
      for (String[] row : source.strings(KEPT)) {
        String index = Names.fold(row[1].isEmpty() ? row[0] : row[1]);
        Map<String, StatLine> ofTable =
            kept.computeIfAbsent(Names.fold(row[0]), unused -> new TreeMap<>());
        ofTable.put(row[1].isEmpty() ? "" : index, StatLine.parse(row[2]));
      }
    }
    samples = has("sqlite_stat4");
    count(source);
  }

  private boolean has(String table) throws SQLException {
    String there = "SELECT 1 FROM main.sqlite_schema WHERE name = '" + table + "'";
    return !standIn.source().strings(there).isEmpty() && !standIn.copy().strings(there).isEmpty();
  }

  private void count(Session source) throws SQLException {
    long page = Long.parseLong(source.pragma("page_size"));
    long pages = Long.parseLong(source.pragma("page_count"));
    long free = Long.parseLong(source.pragma("freelist_count"));
    try {
      TreeSizes trees =
          new TreeSizes(
              new Watched(source, Watched.USUAL),
              (pages - free) * page,
              pages * page <= TreeSizes.SMALL);
      for (TableFacts table : trees.tables()) {
        table.rows().ifPresent(r -> counted.put(Names.fold(table.name().name()), r.value()));
      }
    } catch (UnseenException e) {
      counted.clear(); // what ANALYZE kept is the next best, then nothing
    }
  }

  /** What the planner was told of each table, by name. */
  Map<String, Told> told() {
    return told;
  }

  /**
   * Tells it of a table, once.
   *
   * @return whether it was told anything new, so that statistics must be loaded
   */
  boolean tell(String table) throws SQLException {
    if (told.containsKey(table)) {
      return false;
    }
    String folded = Names.fold(table);
    Map<String, StatLine> lines = kept.getOrDefault(folded, Map.of());
    long then = lines.values().stream().mapToLong(StatLine::rows).max().orElse(0);
    long now = counted.getOrDefault(folded, then);
    TableSize size = sizes.get(folded);
    if (size != null) {
      told.put(table, new Told(size.rows(), "declared"));
      scaled(table, lines, size.distinct().isEmpty() && then > 0 ? size.rows() / (double) then : 0);
    } else if (then > 0 && now <= STALE * then && then <= STALE * Math.max(1, now)) {
      told.put(table, new Told(then, "ANALYZE of the file"));
      scaled(table, lines, 1);
    } else {
      told.put(table, new Told(now, then > 0 ? "counted, ANALYZE is out of date" : "counted"));
      scaled(table, lines, then > 0 && now > 0 ? now / (double) then : 0);
    }
    return true;
  }

  /**
   * @param factor by how much what was kept is scaled; 0 if it is not used
   */
  private void scaled(String table, Map<String, StatLine> lines, double factor)
      throws SQLException {
    List<String[]> indexes =
        standIn.copy().strings("SELECT name FROM pragma_index_list(?, 'main') ORDER BY seq", table);
    put(table, null, new StatLine(Math.max(1, told(table)), List.of(), ""));
    for (String[] row : indexes) {
      @Nullable StatLine known = factor == 0 ? null : line(table, lines, row[0]);
      if (known != null) {
        put(table, row[0], factor == 1 ? known : known.scaled(factor));
      } else {
        IndexTerms terms = IndexTerms.of(standIn.copy(), row[0]);
        estimate(table, row[0], terms.terms(), terms.predicate(), terms.unique());
      }
    }
    if (factor == 1 && samples) {
      samples(table);
    }
  }

  /** The key of a table without rowid is kept under the table's name. */
  private static @Nullable StatLine line(String table, Map<String, StatLine> lines, String index) {
    StatLine own = lines.get(Names.fold(index));
    boolean key = Names.fold(index).startsWith("sqlite_autoindex_");
    return own == null && key ? lines.get(Names.fold(table)) : own;
  }

  private void samples(String table) throws SQLException {
    Session copy = standIn.copy();
    for (String[] row :
        standIn.source().strings(SAMPLES.replace("sample FROM", "hex(sample) FROM"), table)) {
      Sql sql = copy.sql().add("INSERT INTO main.sqlite_stat4 VALUES (");
      for (int i = 0; i < 5; i++) {
        sql.value(row[i]).add(", ");
      }
      copy.update(sql.add("unhex(").value(row[5]).add("))"));
    }
  }

  /** The rows that the planner takes a table to have. */
  long told(String table) {
    Told known = told.get(table);
    return known == null ? 0 : known.rows();
  }

  /**
   * Tells it of an index what some rows of the table let guess.
   *
   * @return how many rows the index holds
   */
  long estimate(
      String table, String index, List<Kinds.Term> terms, String predicate, boolean unique)
      throws SQLException {
    bring(table);
    Map<String, Long> declared = new HashMap<>();
    TableSize size = sizes.get(Names.fold(table));
    if (size != null) {
      size.distinct().forEach((column, values) -> declared.put(Names.fold(column), values));
    }
    Kinds kinds = new Kinds(standIn.copy(), table, told(table), declared);
    StatLine line = kinds.line(terms, predicate, unique).orElse(null);
    if (line == null) {
      return told(table);
    }
    put(table, index, line);
    return line.rows();
  }

  /** How many bytes the values of some terms take in a row, and what names the row. */
  double width(String table, List<Kinds.Term> terms) throws SQLException {
    String lengths =
        terms.stream()
            .map(term -> "coalesce(octet_length(" + term.sql() + "), 0)")
            .collect(Collectors.joining(" + "));
    String width =
        standIn
            .copy()
            .strings("SELECT avg(" + lengths + ") FROM " + SampledRows.name(table))
            .get(0)[0];
    return width == null ? UNKNOWN_WIDTH * terms.size() : Double.parseDouble(width);
  }

  /** Brings some rows of a table beside the stand-in, once. */
  void bring(String table) throws SQLException {
    if (!sampled.containsKey(table)) {
      long rows = counted.getOrDefault(Names.fold(table), told(table));
      sampled.put(table, SampledRows.bring(standIn.source(), standIn.copy(), table, rows));
    }
  }

  private void put(String table, @Nullable String index, StatLine line) throws SQLException {
    Session copy = standIn.copy();
    Sql sql = copy.sql().add("INSERT INTO main.sqlite_stat1 VALUES (").value(table).add(", ");
    sql = index == null ? sql.add("NULL") : sql.value(index);
    copy.update(sql.add(", ").value(line.text()).add(")"));
  }

  /** Lets the planner go by what it was told. */
  void load() throws SQLException {
    standIn.copy().execute("ANALYZE sqlite_schema");
  }

  /** One phrase for each table that the planner was told of. */
  List<String> basis() {
    List<String> phrases = new ArrayList<>();
    told.forEach(
        (table, known) -> {
          String how = sampled.getOrDefault(table, "");
          phrases.add(
              table
                  + ": "
                  + Figures.count(known.rows(), "row")
                  + " ("
                  + known.basis()
                  + (how.isEmpty() ? "" : "; different values told from " + how)
                  + ")");
        });
    return phrases;
  }
}
