package io.tideline.cli;

import io.tideline.Tideline;
import io.tideline.cli.output.Words;
import io.tideline.error.ExitCode;
import io.tideline.run.RecoverReport;
import picocli.CommandLine;

/** Makes the ledger anew. */
@CommandLine.Command(
    name = "recover",
    description = {
      "Makes the ledger anew from the archive folder.",
      "The archive folder is the truth. Tells what is in doubt or left over. The database is not"
          + " changed."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = Exits.EXAMPLE,
    footer = "  tideline recover",
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.INPUT, Exits.BUSY, Exits.CORRUPT, Exits.DEFECT})
final class RecoverCommand extends Command {
  RecoverCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    RecoverReport report;
    try (Tideline tideline = open()) {
      report = tideline.recover();
    }
    if (common.json) {
      printJson(report);
      return ExitCode.DONE;
    }
    out()
        .println(
            "The ledger is made anew from "
                + Words.count(report.runs(), "report")
                + " and "
                + Words.count(report.manifests(), "manifest")
                + ".");
    if (!report.record().isEmpty()) {
      out().println("The deletion record tells from now on that this was accepted:");
      report.record().forEach(problem -> out().println("  " + problem));
    }
    InDoubt.print(out(), style(), report.inDoubt().size());
    report.inDoubt().forEach(manifest -> out().println("  " + manifest));
    if (!report.leftovers().isEmpty()) {
      out().println("Files that belong to no manifest; the next run removes them:");
      report.leftovers().forEach(file -> out().println("  " + file));
    }
    return ExitCode.DONE;
  }
}
