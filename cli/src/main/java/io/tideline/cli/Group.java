package io.tideline.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that only groups others, and says which when it is called alone. */
@CommandLine.Command(
    synopsisSubcommandLabel = "COMMAND",
    optionListHeading = Exits.OPTIONS,
    commandListHeading = "%nCommands:%n",
    footerHeading = Exits.EXAMPLE,
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.INPUT})
abstract class Group implements Callable<Integer> {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this text.")
  boolean help;

  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandSpec own = spec;
    if (own == null) {
      throw new IllegalStateException("Cannot know the command: picocli gave no spec");
    }
    String names = String.join(", ", own.subcommands().keySet());
    throw new ParameterException(
        own.commandLine(), "Missing command after '" + own.name() + "': " + names + ".");
  }
}
