package io.tideline.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.tideline.Tideline;
import io.tideline.cli.output.Json;
import io.tideline.cli.output.Table;
import io.tideline.cli.output.Words;
import io.tideline.error.ExitCode;
import io.tideline.policy.Retain;
import io.tideline.run.TableStats;
import java.util.List;
import picocli.CommandLine;

/** Shows how each policy's table stands. */
@CommandLine.Command(
    name = "stats",
    description = {
      "Shows how each policy's table stands.",
      "For each policy: the rows in its table, the rows that a run would remove, the rows that its"
          + " archive holds, its retention, and whether it needs archival. Changes nothing."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = Exits.EXAMPLE,
    footer = "  tideline stats --json",
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.INPUT, Exits.DEFECT})
final class StatsCommand extends DatedCommand {
  StatsCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    List<TableStats> stats;
    try (Tideline tideline = open()) {
      stats = tideline.stats();
      sayInDoubt(tideline);
    }
    if (common.json) {
      printJson(document(stats));
    } else {
      print(stats);
    }
    return ExitCode.DONE;
  }

  private static JsonObject document(List<TableStats> stats) {
    JsonArray tables = new JsonArray();
    for (TableStats table : stats) {
      JsonObject object = Json.tree(table).getAsJsonObject();
      object.addProperty("needs_archival", table.needsArchival());
      tables.add(object);
    }
    JsonObject document = new JsonObject();
    document.add("tables", tables);
    return document;
  }

  private void print(List<TableStats> stats) {
    Table table =
        table()
            .text("POLICY")
            .text("TABLE")
            .number("ACTIVE")
            .number("ARCHIVABLE")
            .number("ARCHIVED")
            .number("RETENTION")
            .text("NEEDS ARCHIVAL");
    for (TableStats row : stats) {
      table.row(
          row.policy(),
          row.table(),
          Words.count(row.active()),
          Words.count(row.archivable()),
          Words.count(row.archived()),
          row.retain().map(Retain::display).orElse("off"),
          row.needsArchival() ? "yes" : "no");
    }
    table.end();
  }
}
