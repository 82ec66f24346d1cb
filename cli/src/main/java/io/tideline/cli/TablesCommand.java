package io.tideline.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The group of commands about archive tables. */
@CommandLine.Command(
    name = "tables",
    synopsisSubcommandLabel = "COMMAND",
    description = "Makes the archive tables that policies with 'action: move' need.",
    optionListHeading = Exits.OPTIONS,
    commandListHeading = "%nCommands:%n",
    footerHeading = Exits.EXAMPLE,
    footer = "  tideline tables create",
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.INPUT})
final class TablesCommand implements Callable<Integer> {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this text.")
  boolean help;

  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    throw Groups.incomplete(spec);
  }
}
