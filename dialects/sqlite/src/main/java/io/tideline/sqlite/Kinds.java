package io.tideline.sqlite;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How many different values a table has in some columns together, told from the rows of it that
 * stand in the stand-in.
 */
final class Kinds {
  private static final String COUNT =
      """
      SELECT count(*), coalesce(sum(c), 0), coalesce(sum(c = 1), 0)
      FROM (SELECT count(*) AS c FROM %s%s GROUP BY %s)""";

  /** Of each further column nothing is known: so many kinds within each of the columns before. */
  private static final double UNKNOWN = 10;

  private final Session copy;
  private final String table;
  private final long rows;
  private final Map<String, Long> declared;

  /**
   * @param rows how many rows the table has
   * @param declared what the user says of columns, by folded name
   */
  Kinds(Session copy, String table, long rows, Map<String, Long> declared) {
    this.copy = copy;
    this.table = table;
    this.rows = rows;
    this.declared = declared;
  }

  /**
   * One term of an index.
   *
   * @param column its column; empty for an expression
   * @param sql the term as GROUP BY writes it
   */
  record Term(String column, String sql) {}

  /**
   * The line of an index.
   *
   * @param predicate which rows it holds; empty for all
   * @return empty if nothing is known, so that SQLite's own guess is as good
   */
  Optional<StatLine> line(List<Term> terms, String predicate, boolean unique) throws SQLException {
    long sampled = number("SELECT count(*) FROM " + SampledRows.name(table));
    boolean known =
        terms.stream().anyMatch(term -> declared.containsKey(Names.fold(term.column())));
    if (sampled == 0 && !known) {
      return Optional.empty();
    }
    double held = sampled == 0 ? rows : held(predicate, sampled);
    List<Long> alike = new ArrayList<>();
    double kinds = 1;
    for (int i = 1; i <= terms.size(); i++) {
      kinds = Math.min(held, Math.max(kinds, kinds(terms.subList(0, i), predicate, held, kinds)));
      boolean one = unique && i == terms.size();
      alike.add(one ? 1 : Math.max(1, Math.round(held / Math.max(1, kinds))));
    }
    return Optional.of(new StatLine(Math.max(1, Math.round(held)), alike, ""));
  }

  private double held(String predicate, long sampled) throws SQLException {
    if (predicate.isEmpty()) {
      return rows;
    }
    String count = "SELECT count(*) FROM " + SampledRows.name(table) + " WHERE " + predicate;
    return Math.max(1, (double) rows * number(count) / sampled);
  }

  private double kinds(List<Term> terms, String predicate, double held, double before)
      throws SQLException {
    Long told = declared.get(Names.fold(terms.get(terms.size() - 1).column()));
    String where = predicate.isEmpty() ? "" : " WHERE " + predicate;
    String by = String.join(", ", terms.stream().map(Term::sql).toList());
    String[] counted = copy.strings(COUNT.formatted(SampledRows.name(table), where, by)).get(0);
    double seen = Double.parseDouble(counted[1]);
    if (told != null) {
      return terms.size() == 1 ? told : Math.max(told, Math.min(held, before * told));
    }
    if (seen == 0) {
      return before * UNKNOWN;
    }
    return estimated(Double.parseDouble(counted[0]), seen, Double.parseDouble(counted[2]), held);
  }

  /**
   * From those among some rows to those among all: the estimator of Haas and Stokes, as ANALYZE of
   * PostgreSQL uses it.
   *
   * @param once how many of them were seen once
   */
  private static double estimated(double kinds, double seen, double once, double all) {
    return all <= seen ? kinds : seen * kinds / (seen - once + once * seen / all);
  }

  private long number(String sql) throws SQLException {
    return Long.parseLong(copy.strings(sql).get(0)[0]);
  }
}
