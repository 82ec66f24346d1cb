package io.tideline.sqlite;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.WhatIf;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.QueryPlan;
import io.tideline.tuning.QueryText;
import io.tideline.tuning.SqlPart;
import io.tideline.tuning.TableSize;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A stand-in in memory: SQLite plans by schema and statistics alone, so that a database without
 * rows plans as the file does.
 *
 * @see <a href="https://sqlite.org/optoverview.html">The query planner</a>
 */
final class SqliteWhatIf implements WhatIf {
  /** What an entry of an index takes besides its values: lengths, types, its place in the page. */
  private static final int OVERHEAD = 8;

  /** The pages of an index that grew by insertion are not full. */
  private static final double FILLED = 0.75;

  /** https://sqlite.org/src/file/src/util.c: LogEst. */
  private static final double LOGARITHM = 10;

  private final StandIn standIn;
  private final SchemaNames names;
  private final String version;
  private final StandInStatistics statistics;
  private final Catalogue catalogue;
  private final Map<String, List<String>> views = new HashMap<>();

  private SqliteWhatIf(StandIn standIn, Catalogue catalogue, List<TableSize> sizes)
      throws SQLException {
    this.standIn = standIn;
    this.catalogue = catalogue;
    this.names = new SchemaNames(standIn.copy());
    this.version = standIn.copy().strings("SELECT sqlite_version()").get(0)[0];
    Map<String, TableSize> known = new HashMap<>();
    for (TableSize size : sizes) {
      Table table = Names.table(catalogue, size.table());
      Map<String, Long> distinct = new HashMap<>();
      size.distinct().forEach((c, values) -> distinct.put(Names.column(table, c), values));
      known.put(
          Names.fold(table.name().name()),
          new TableSize(table.name().name(), size.rows(), distinct));
    }
    statistics = new StandInStatistics(standIn, known);
    for (String[] view :
        standIn.copy().strings("SELECT name, sql FROM main.sqlite_schema WHERE type = 'view'")) {
      views.put(Names.fold(view[0]), words(view[1]));
    }
  }

  static SqliteWhatIf open(DatabaseFile file, Catalogue catalogue, List<TableSize> sizes) {
    try {
      StandIn standIn = StandIn.of(file);
      try {
        return new SqliteWhatIf(standIn, catalogue, sizes);
      } catch (SQLException | RuntimeException e) {
        standIn.close();
        throw e;
      }
    } catch (SQLException e) {
      throw Failures.reading("Cannot make a stand-in of " + file.path(), e);
    }
  }

  @Override
  public QueryPlan explain(QueryText text, List<@Nullable Object> values) {
    tell(text);
    Session copy = standIn.copy();
    try {
      PlanNames.Schema schema = names.read();
      ReadingOnly.check(copy, text);
      List<PlanLines.Line> lines = new ArrayList<>();
      double cost = cost(text.jdbc(), values, lines);
      PlanLines reader = new PlanLines(PlanNames.of(schema, text), version);
      return new QueryPlan("SQLite " + version, reader.read(lines), Optional.of(cost));
    } catch (SQLException e) {
      throw failed("Cannot explain the query on a stand-in", e);
    }
  }

  /**
   * Reads the lines of a plan, and adds up what SQLite reckons that each loop costs. That stands in
   * the third column, which the documentation calls unused, as ten times a logarithm; sorting is
   * not in it.
   */
  private double cost(String sql, List<@Nullable Object> values, List<PlanLines.Line> lines)
      throws SQLException {
    double cost = 0;
    try (PreparedStatement statement = standIn.copy().prepareOwn("EXPLAIN QUERY PLAN " + sql)) {
      SqliteGuardedSession.bind(statement, values);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          String line = String.valueOf(rows.getString(4));
          lines.add(new PlanLines.Line(rows.getInt(1), rows.getInt(2), line));
          boolean reads = line.startsWith("SCAN ") || line.startsWith("SEARCH ");
          cost += reads ? Math.pow(2, rows.getInt(3) / LOGARITHM) : 0;
        }
      }
    }
    return cost;
  }

  /** Tells the planner of the tables that a query may name. */
  private void tell(QueryText text) {
    Set<String> words = new HashSet<>();
    text.tokens().stream().filter(SqlPart::isName).forEach(p -> words.add(Names.fold(p.name())));
    for (int before = 0; before < words.size(); ) {
      before = words.size();
      for (String word : List.copyOf(words)) {
        words.addAll(views.getOrDefault(word, List.of()));
      }
    }
    try {
      boolean told = false;
      for (Table table : catalogue.tables()) {
        String name = table.name().name();
        if (words.contains(Names.fold(name)) && !views.containsKey(Names.fold(name))) {
          told |= statistics.tell(name);
        }
      }
      if (told) {
        statistics.load();
      }
    } catch (SQLException e) {
      throw failed("Cannot tell the stand-in how large its tables are", e);
    }
  }

  private static List<String> words(String sql) {
    return new SqlTokens(sql)
        .words(Integer.MAX_VALUE).stream().map(word -> Names.fold(Names.unquoted(word))).toList();
  }

  @Override
  public long add(Table table, IndexSpec index) {
    String name = table.name().name();
    try {
      standIn.copy().execute(IndexText.of(index, table));
      List<Kinds.Term> terms = IndexTerms.of(standIn.copy(), index.name()).terms();
      statistics.tell(name);
      long rows = statistics.estimate(name, index.name(), terms, index.where(), index.unique());
      statistics.load();
      return (long) (rows * (statistics.width(name, terms) + OVERHEAD) / FILLED);
    } catch (SQLException e) {
      drop(index, e);
      throw failed("Cannot try the index " + index.name() + " on " + table.name(), e);
    }
  }

  private void drop(IndexSpec index, SQLException reason) {
    try {
      standIn.copy().execute("DROP INDEX IF EXISTS main." + Sql.quote(index.name()));
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }

  @Override
  public void remove(Table table, IndexSpec index) {
    try {
      standIn.copy().execute("DROP INDEX main." + Sql.quote(index.name()));
    } catch (SQLException e) {
      throw failed("Cannot take the index " + index.name() + " back", e);
    }
  }

  @Override
  public OptionalLong rows(TableName table) {
    return statistics.told().containsKey(table.name())
        ? OptionalLong.of(statistics.told(table.name()))
        : OptionalLong.empty();
  }

  @Override
  public String statement(Table table, IndexSpec index) {
    return IndexText.of(index, table) + ";";
  }

  @Override
  public List<String> basis() {
    List<String> basis = new ArrayList<>(statistics.basis());
    if (!standIn.lacks().isEmpty()) {
      basis.add("The stand-in lacks " + String.join(", ", standIn.lacks()) + ".");
    }
    return basis;
  }

  private RuntimeException failed(String what, SQLException e) {
    return Failures.reading(what, e);
  }

  @Override
  public void close() {
    standIn.close();
  }
}
