package io.tideline.cli;

import io.tideline.Tideline;
import io.tideline.error.ExitCode;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Ends a hold. */
@CommandLine.Command(
    name = "remove",
    description = {
      "Ends a hold.",
      "That it was there, and the reasons, stay written in the archive."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = Exits.EXAMPLE,
    footer = "  tideline hold remove HOLD --reason \"dispute settled\"",
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.INPUT, Exits.BUSY, Exits.DEFECT})
final class HoldRemoveCommand extends Command {
  @Parameters(paramLabel = "HOLD", description = "The hold's id, as 'tideline hold list' shows it.")
  String hold = "";

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "Why; kept with the hold.")
  String reason = "";

  HoldRemoveCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    try (Tideline tideline = open()) {
      tideline.release(hold, reason);
    }
    if (common.json) {
      printJson(Map.of("removed", hold));
    } else {
      out().println("Hold " + hold + " is removed.");
    }
    return ExitCode.DONE;
  }
}
