package io.tideline.cli;

import io.tideline.RunControl;
import io.tideline.cli.output.Words;
import io.tideline.error.ExitCode;
import io.tideline.policy.Span;
import io.tideline.run.Running;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Asks a run in another terminal to wait. */
@CommandLine.Command(
    name = "pause",
    description = {
      "Asks the run that goes on to wait between two batches, with nothing locked.",
      "It goes on by itself when the time is over, or when 'tideline resume' says so. Says so if"
          + " none runs."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = Exits.EXAMPLE,
    footer = "  tideline pause --for 20m",
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.INPUT, Exits.DEFECT})
final class PauseCommand extends Command {
  @Option(
      names = "--for",
      paramLabel = "TIME",
      defaultValue = "1h",
      description = "How long at most: 90s, 30m, 2h. By default ${DEFAULT-VALUE}.")
  String time = "";

  PauseCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    Duration most = Span.parse(time, "--for");
    Optional<Running> run = RunControl.of(config().settings()).pause(most);
    if (common.json) {
      printJson(Map.of("run", run.map(Running::run).orElse("")));
    } else {
      out()
          .println(
              run.map(
                      each ->
                          "Run "
                              + each.run()
                              + " waits after its batch, for "
                              + Words.duration(most)
                              + " at most; 'tideline resume' lets it go on.")
                  .orElse("No run goes on."));
    }
    return ExitCode.DONE;
  }
}
