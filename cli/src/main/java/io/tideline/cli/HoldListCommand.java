package io.tideline.cli;

import io.tideline.Tideline;
import io.tideline.cli.output.Table;
import io.tideline.cli.output.Words;
import io.tideline.error.ExitCode;
import io.tideline.run.Hold;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** Lists the holds in force. */
@CommandLine.Command(
    name = "list",
    description = "Lists the holds in force, those that restores placed among them.",
    optionListHeading = Exits.OPTIONS,
    footerHeading = Exits.EXAMPLE,
    footer = "  tideline hold list",
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.INPUT, Exits.DEFECT})
final class HoldListCommand extends DatedCommand {
  /** Characters of a condition; --json tells all of it. */
  private static final int SHOWN = 80;

  HoldListCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    List<Hold> holds;
    try (Tideline tideline = open()) {
      holds = tideline.holds();
      sayInDoubt(tideline);
    }
    if (common.json) {
      printJson(Map.of("holds", holds));
    } else if (holds.isEmpty()) {
      out().println("No hold is in force.");
    } else {
      print(table(), holds);
    }
    return ExitCode.DONE;
  }

  static void print(Table table, List<Hold> holds) {
    table.text("HOLD").text("TABLE").text("ROWS").text("UNTIL").text("REASON");
    for (Hold hold : holds) {
      table.row(
          hold.id(),
          hold.table(),
          rows(hold),
          hold.until().map(Words::time).orElse("removed"),
          hold.reason());
    }
    table.end();
  }

  private static String shortened(String sql) {
    return sql.length() <= SHOWN ? sql : sql.substring(0, SHOWN).strip() + " …";
  }

  private static String rows(Hold hold) {
    return hold.where()
        .map(sql -> "where " + shortened(sql))
        .or(() -> hold.restore().map(id -> "of restore " + id))
        .orElseGet(
            () ->
                hold.keys().size() <= 3
                    ? "key " + String.join("; ", hold.keys())
                    : Words.count(hold.keys().size(), "key"));
  }
}
