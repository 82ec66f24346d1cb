package io.tideline.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The group of commands about payload stores. */
@CommandLine.Command(
    name = "payloads",
    synopsisSubcommandLabel = "COMMAND",
    description = "Sweeps a folder of files named by their hash, which rows refer to.",
    optionListHeading = Exits.OPTIONS,
    commandListHeading = "%nCommands:%n",
    footerHeading = Exits.EXAMPLE,
    footer = "  tideline payloads plan",
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.INPUT})
final class PayloadsCommand implements Callable<Integer> {
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
