package io.tideline.cli;

import io.tideline.Tideline;
import io.tideline.error.ExitCode;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** Makes archive tables ahead of time. */
@CommandLine.Command(
    name = "create",
    description = {
      "Makes the archive tables of policies with 'action: move', or adds the columns they lack.",
      "A run does the same when it needs them; this does it ahead of time, for example with rights"
          + " that the run will not have. Nothing else is changed."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = Exits.EXAMPLE,
    footer = "  tideline tables create",
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.INPUT, Exits.BUSY, Exits.DEFECT})
final class TablesCreateCommand extends Command {
  TablesCreateCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    List<String> done;
    try (Tideline tideline = open()) {
      done = tideline.createArchiveTables();
    }
    if (common.json) {
      printJson(Map.of("done", done));
    } else if (done.isEmpty()) {
      out().println("Nothing to do: every archive table is there and fits.");
    } else {
      done.forEach(out()::println);
    }
    return ExitCode.DONE;
  }
}
