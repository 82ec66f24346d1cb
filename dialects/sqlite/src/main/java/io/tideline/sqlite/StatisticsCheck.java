package io.tideline.sqlite;

import io.tideline.health.Amount;
import io.tideline.health.Certainty;
import io.tideline.health.Check;
import io.tideline.health.Figures;
import io.tideline.health.Finding;
import io.tideline.health.IndexFacts;
import io.tideline.health.IndexSurvey;
import io.tideline.health.Remedy;
import io.tideline.health.Severity;
import io.tideline.health.TableFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whether the planner knows how large the tables are.
 *
 * @see <a href="https://sqlite.org/lang_analyze.html">ANALYZE</a>
 */
final class StatisticsCheck {
  /** Below so many rows any plan is good enough. */
  private static final long MANY = 10_000;

  /** So many times more or fewer rows make other plans best. */
  private static final int TIMES = 10;

  private StatisticsCheck() {}

  static List<Finding> look(Watched watched, TreeSizes sizes, IndexSurvey indexes) {
    Map<String, Long> gathered = watched.ask(TreeSizes::statistics);
    List<String> missing = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    for (TableFacts table : sizes.tables()) {
      Amount now = table.rows().orElse(Amount.exact(0));
      Long then = gathered.get(Names.fold(table.name().name()));
      boolean chosen = indexes.indexes().stream().filter(i -> choice(i, table)).count() > 1;
      if (then == null && now.value() >= MANY && chosen) {
        missing.add(table.name().name());
      } else if (then != null && stale(now, then)) {
        findings.add(stale(table, now, then));
      }
    }
    if (!missing.isEmpty()) {
      findings.add(missing(missing));
    }
    return findings;
  }

  /** The table's own order is no index. */
  private static boolean choice(IndexFacts index, TableFacts table) {
    return index.table().equals(table.name()) && index.bytes().isPresent();
  }

  /** An estimate is an upper bound: only a count proves that rows became fewer. */
  private static boolean stale(Amount now, long then) {
    boolean more = now.value() >= TIMES * Math.max(1, then) && now.value() - then >= MANY;
    boolean fewer = now.isExact() && then >= TIMES * Math.max(1, now.value()) && then >= MANY;
    return more || fewer;
  }

  private static Finding stale(TableFacts table, Amount now, long then) {
    return Finding.of(
            Check.STATISTICS_STALE,
            Severity.WARNING,
            table.name().toString(),
            "its statistics tell of "
                + Figures.count(then, "row")
                + ", it has "
                + Figures.count(now.value(), "row"))
        .by(now.basis(), now.isExact() ? Certainty.SURE : Certainty.GUESS)
        .mend(analyze("ANALYZE " + Sql.quote(table.name()) + ";"));
  }

  private static Finding missing(List<String> tables) {
    String some = String.join(", ", tables.subList(0, Math.min(5, tables.size())));
    return Finding.of(
            Check.STATISTICS_MISSING,
            Severity.INFO,
            "the file",
            "no statistics of "
                + some
                + (tables.size() > 5 ? " and " + (tables.size() - 5) + " more" : ""))
        .mend(analyze("ANALYZE;"));
  }

  private static Remedy analyze(String statement) {
    return Remedy.sql(
        statement,
        "PRAGMA analysis_limit = 1000; before it makes it quick on a large file; connections that"
            + " are open read the statistics when they open again");
  }
}
