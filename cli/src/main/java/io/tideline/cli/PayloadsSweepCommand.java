package io.tideline.cli;

import io.tideline.Tideline;
import io.tideline.cli.output.Progress;
import io.tideline.cli.output.Words;
import io.tideline.error.ExitCode;
import io.tideline.plan.PayloadPlan;
import io.tideline.run.PayloadSweep;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Takes files away that nothing holds. */
@CommandLine.Command(
    name = "sweep",
    description = {
      "Moves files that no reference holds to the trash of the store, puts back those that are"
          + " referred to again, and removes what lay there longer than the grace.",
      "Plans, asks, sweeps. What was removed is recorded in the archive."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = "%nExamples:%n",
    footer = {"  tideline payloads sweep", "  tideline payloads sweep --yes --json"},
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {
      Exits.DONE,
      Exits.CONFIRM,
      "3:Done, but some files could not be moved; each is reported.",
      Exits.STOPPED,
      Exits.BUSY,
      Exits.CORRUPT,
      Exits.DEFECT
    })
final class PayloadsSweepCommand extends Command {
  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask, and do not plan first.")
  boolean yes;

  PayloadsSweepCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    PayloadSweep sweep;
    try (Tideline tideline = open()) {
      if (!yes) {
        confirm(tideline.payloads().plan(PayloadPlan.Listing.NONE));
      }
      try (Progress progress = progress();
          Interrupts.Listening stops = terminal.interrupts().listen(tideline::stop)) {
        sweep = tideline.payloads().sweep(progress);
      }
    }
    if (common.json) {
      printJson(sweep);
    } else {
      new PayloadPrinter(out(), style()).sweep(sweep);
    }
    return sweep.exit();
  }

  private void confirm(PayloadPlan plan) {
    if (!common.json) {
      new PayloadPrinter(out(), style()).plan(plan);
    }
    if (plan.goes().files() + plan.trash().files() > 0) {
      new Confirmation(terminal)
          .ask(
              "Move "
                  + Words.count(plan.goes().files(), "file")
                  + " ("
                  + Words.bytes(plan.goes().bytes())
                  + ") to the trash, and remove what lay there long enough?");
    }
  }
}
