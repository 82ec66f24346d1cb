package io.tideline.cli;

import io.tideline.RunControl;
import io.tideline.error.ExitCode;
import java.util.Map;
import picocli.CommandLine;

/** Lets a run that waits go on. */
@CommandLine.Command(
    name = "resume",
    description = {"Lets a run go on that 'tideline pause' asked to wait."},
    optionListHeading = Exits.OPTIONS,
    footerHeading = Exits.EXAMPLE,
    footer = "  tideline resume",
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.INPUT, Exits.DEFECT})
final class ResumeCommand extends Command {
  ResumeCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    boolean waited = RunControl.of(config().settings()).resume();
    if (common.json) {
      printJson(Map.of("resumed", waited));
    } else {
      out().println(waited ? "The run goes on." : "Nothing was asked to wait.");
    }
    return ExitCode.DONE;
  }
}
