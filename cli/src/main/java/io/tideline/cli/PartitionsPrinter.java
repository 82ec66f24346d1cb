package io.tideline.cli;

import io.tideline.cli.output.Style;
import io.tideline.cli.output.Table;
import io.tideline.cli.output.Words;
import io.tideline.maintenance.partitions.PartitionsReport;
import io.tideline.maintenance.partitions.PartitionsReport.OfTable;
import io.tideline.maintenance.partitions.PartitionsReport.State;
import io.tideline.maintenance.partitions.PartitionsReport.Wanted;
import io.tideline.tuning.PartitionFacts;
import io.tideline.tuning.PartitionedTable;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Prints which partitions there are, and which are missing. */
final class PartitionsPrinter {
  /** Of many, the last are shown. */
  private static final int SHOWN = 12;

  private final PrintStream out;
  private final Style style;
  private final Instant now;

  PartitionsPrinter(PrintStream out, Style style, Instant now) {
    this.out = out;
    this.style = style;
    this.now = now;
  }

  void report(PartitionsReport report) {
    report.tables().forEach(this::table);
    if (report.stopped()) {
      out.println(style.warn("Stopped") + ": what is missing still is made by the next call.");
    }
  }

  private void table(OfTable table) {
    out.println(
        style.bold(table.table().toString())
            + " by "
            + table.by()
            + ", every "
            + table.every()
            + ": "
            + reach(table.reaches()));
    Table printed = new Table(out, style, "  ");
    printed.text("partition").text("from").text("to").number("rows about").number("size");
    int hidden = Math.max(0, table.partitions().size() - SHOWN);
    if (hidden > 0) {
      out.println("  " + Words.count(hidden, "earlier partition") + ", and:");
    }
    table.partitions().stream().skip(hidden).forEach(each -> row(printed, each));
    table.fallback().ifPresent(each -> row(printed, each.facts()));
    printed.end();
    table.gaps().forEach(gap -> note("no partition from " + span(gap.from(), gap.to())));
    table.fallback().filter(each -> each.counted() > 0).ifPresent(this::fallback);
    wanted(table.wanted());
  }

  private static void row(Table printed, PartitionFacts each) {
    printed.row(
        each.name().toString(),
        each.fallback() ? "all others" : each.from().map(PartitionsPrinter::time).orElse("ever"),
        each.fallback() ? "" : each.to().map(PartitionsPrinter::time).orElse("ever"),
        each.rows() < 0 ? "-" : Words.count(each.rows()),
        Words.bytes(each.bytes()));
  }

  private String reach(Optional<Instant> reaches) {
    if (reaches.isEmpty()) {
      return style.warn("there is no partition for now");
    }
    return reaches.get().equals(Instant.MAX)
        ? "there is one for every later time"
        : "they reach to "
            + time(reaches.get())
            + ", "
            + Words.age(now, reaches.get())
            + " from now";
  }

  private void fallback(PartitionedTable.Fallback each) {
    String times =
        each.oldest().isPresent() && each.newest().isPresent()
            ? ", from " + span(each.oldest().get(), each.newest().get())
            : "";
    note(
        "the default partition "
            + each.facts().name()
            + " holds "
            + (each.more() ? "more than " : "")
            + Words.count(each.counted(), "row")
            + times);
  }

  private void wanted(List<Wanted> wanted) {
    for (Wanted each : wanted) {
      String what = each.name() + " from " + span(each.from(), each.to());
      switch (each.state()) {
        case MADE -> out.println("  " + style.good("made") + " " + what);
        case MISSING -> out.println("  missing " + what);
        case BLOCKED -> {
          out.println("  " + style.warn("cannot be made") + ": " + what);
          out.println("    " + each.why());
        }
      }
    }
    if (wanted.stream().anyMatch(each -> each.state() == State.MISSING)) {
      out.println("  `tideline partitions --apply` makes what is missing.");
    }
  }

  private void note(String text) {
    out.println("  " + style.warn("Note") + ": " + text + ".");
  }

  private static String span(Instant from, Instant to) {
    return time(from) + " to " + time(to);
  }

  /** Midnight is a date. */
  private static String time(Instant instant) {
    String text = Words.time(instant);
    return text.endsWith(" 00:00:00Z") ? text.substring(0, text.length() - 10) : text;
  }
}
