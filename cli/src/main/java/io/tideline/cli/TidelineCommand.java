package io.tideline.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command without a command: prints what there is. */
@CommandLine.Command(
    name = "tideline",
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Archives, verifies, deletes and restores old rows of SQLite and PostgreSQL databases by"
          + " policy.",
      "No row leaves a database before its copy is verified."
    },
    optionListHeading = Exits.OPTIONS,
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  tideline demo                  see it work on a database it makes",
      "  tideline init ./store.db       write a tideline.yaml for a database",
      "  tideline plan                  see what would go; changes nothing",
      "  tideline run                   archive, verify, delete",
      "  tideline help COMMAND          options, exit codes and an example"
    },
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {
      Exits.DONE,
      "1:A check found something.",
      Exits.INPUT,
      Exits.LEFT,
      Exits.STOPPED,
      Exits.FORBIDDEN,
      Exits.BUSY,
      Exits.CORRUPT,
      Exits.UNKNOWN,
      Exits.DEFECT
    })
final class TidelineCommand implements Callable<Integer> {
  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Print the version.")
  boolean version;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this text.")
  boolean help;

  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandSpec own = spec;
    if (own != null) {
      own.commandLine().usage(own.commandLine().getOut());
    }
    return 0;
  }
}
