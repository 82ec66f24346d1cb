package io.tideline.cli;

import io.tideline.error.ExitCode;
import picocli.AutoComplete;
import picocli.CommandLine;

/** Prints a completion script. */
@CommandLine.Command(
    name = "completion",
    description = "Prints a script by which bash and zsh complete commands and options.",
    optionListHeading = Exits.OPTIONS,
    footerHeading = Exits.EXAMPLE,
    footer = "  source <(tideline completion)",
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE})
final class CompletionCommand extends Command {
  CompletionCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    CommandLine all = Commands.commandLine(new String[0], terminal);
    out().print(AutoComplete.bash("tideline", all));
    return ExitCode.DONE;
  }
}
