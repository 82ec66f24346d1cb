package io.tideline.cli;

import io.tideline.cli.output.Style;
import io.tideline.cli.output.Table;
import io.tideline.maintenance.check.CheckReport;
import io.tideline.maintenance.check.CheckedQuery;
import io.tideline.maintenance.check.CheckedQuery.Verdict;
import io.tideline.maintenance.check.PlanText;
import java.io.PrintStream;
import java.util.Locale;

/** Prints what a check of queries found. */
final class CheckPrinter {
  private final PrintStream out;
  private final Style style;
  private final boolean everyPlan;

  CheckPrinter(PrintStream out, Style style, boolean everyPlan) {
    this.out = out;
    this.style = style;
    this.everyPlan = everyPlan;
  }

  void print(CheckReport report) {
    for (CheckedQuery query : report.queries()) {
      if (everyPlan || query.verdict().bad()) {
        plan(query);
        out.println();
      }
    }
    summary(report);
    long all = report.queries().size();
    String of = report.basis() + " of " + report.database();
    out.println();
    out.println(
        report.failed() == 0
            ? style.good(count(all) + " as expected") + " on " + of + "."
            : style.bad(report.failed() + " of " + count(all) + " not as expected")
                + " on "
                + of
                + ".");
  }

  private static String count(long queries) {
    return queries + (queries == 1 ? " query" : " queries");
  }

  private void plan(CheckedQuery query) {
    out.println(style.bold(query.name()) + "  " + word(query.verdict()));
    query
        .plan()
        .ifPresent(
            plan -> {
              for (PlanText.Line line : PlanText.lines(plan, query.breaches())) {
                out.println("  " + (line.culprit() ? style.bad(line.text()) : line.text()));
              }
            });
    query
        .breaches()
        .forEach(breach -> out.println("  " + breach.rule().word() + ": " + breach.why()));
    if (!query.failure().isEmpty()) {
      out.println("  " + query.failure());
    }
    query
        .work()
        .ifPresent(
            work ->
                out.println(
                    String.format(
                        Locale.ROOT,
                        "  %,d rows read, %,d given. %s",
                        work.examined(),
                        work.returned(),
                        work.basis())));
  }

  private void summary(CheckReport report) {
    Table table =
        new Table(out, style, "")
            .text("QUERY")
            .text("VERDICT")
            .number("READ")
            .number("GIVEN")
            .text("NOT AS EXPECTED");
    for (CheckedQuery query : report.queries()) {
      table.row(
          query.name(),
          plain(query.verdict()),
          query.work().map(work -> number(work.examined())).orElse(""),
          query.work().map(work -> number(work.returned())).orElse(""),
          String.join(
              ", ",
              query.breaches().stream().map(breach -> breach.rule().word()).distinct().toList()));
    }
    table.end();
  }

  private static String number(long rows) {
    return String.format(Locale.ROOT, "%,d", rows);
  }

  private String word(Verdict verdict) {
    return switch (verdict) {
      case PASSES -> style.good(plain(verdict));
      case NOT_JUDGED -> style.dim(plain(verdict));
      case FAILS, IMPOSSIBLE -> style.bad(plain(verdict));
    };
  }

  private static String plain(Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
