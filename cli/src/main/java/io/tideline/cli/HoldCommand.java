package io.tideline.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The group of commands about holds. */
@CommandLine.Command(
    name = "hold",
    synopsisSubcommandLabel = "COMMAND",
    description = "Holds rows back from every run, whatever their age, until the hold is removed.",
    optionListHeading = Exits.OPTIONS,
    commandListHeading = "%nCommands:%n",
    footerHeading = Exits.EXAMPLE,
    footer = "  tideline hold add --table orders --key 1042 --reason \"dispute 77\"",
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.INPUT})
final class HoldCommand implements Callable<Integer> {
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
