package io.tideline.cli;

import io.tideline.RunControl;
import io.tideline.error.ExitCode;
import io.tideline.run.Running;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;

/** Asks a run in another terminal to end. */
@CommandLine.Command(
    name = "stop",
    description = {
      "Asks the run that goes on to end after its batch.",
      "As Ctrl-C does there: nothing is lost, and the next run goes on. Says so if none runs. A"
          + " file named 'stop' in the folder of the state stops every run while it is there."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = Exits.EXAMPLE,
    footer = "  tideline stop",
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.INPUT, Exits.DEFECT})
final class StopCommand extends Command {
  StopCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    Optional<Running> run = RunControl.of(config().settings()).stop();
    if (common.json) {
      printJson(Map.of("run", run.map(Running::run).orElse("")));
    } else {
      out()
          .println(
              run.map(each -> "Run " + each.run() + " ends after its batch.")
                  .orElse("No run goes on."));
    }
    return ExitCode.DONE;
  }
}
