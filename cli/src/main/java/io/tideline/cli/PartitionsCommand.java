package io.tideline.cli;

import io.tideline.cli.output.WorkProgress;
import io.tideline.error.ExitCode;
import io.tideline.maintenance.partitions.Partitioning;
import io.tideline.maintenance.partitions.PartitionsReport;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Keeps partitions ahead of their time. */
@CommandLine.Command(
    name = "partitions",
    description = {
      "Shows the partitions of the tables that 'partitions' of the configuration names: bounds, gaps,"
          + " how far ahead they reach, and which are missing (PostgreSQL).",
      "With --apply it makes those that are missing, each in a moment and without holding others up."
          + " It never drops one: what expires goes by 'tideline run'."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tideline partitions            tells, and changes nothing",
      "  tideline partitions --apply    makes what is missing; a job of 'tideline serve'"
    },
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {
      Exits.DONE,
      Exits.INPUT,
      "3:Done, but some partitions could not be made; each is reported.",
      "4:Stopped, or connection lost; each partition is whole or not there.",
      Exits.BUSY,
      Exits.DEFECT
    })
final class PartitionsCommand extends Command {
  @Option(names = "--apply", description = "Make the partitions that are missing.")
  boolean apply;

  PartitionsCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    PartitionsReport report;
    try (Partitioning partitioning = Partitioning.open(config().settings(), clock());
        WorkProgress progress = workProgress();
        Interrupts.Listening stops = terminal.interrupts().listen(partitioning::stop)) {
      report = apply ? partitioning.apply(progress) : partitioning.look();
    }
    if (common.json) {
      printJson(report);
    } else {
      new PartitionsPrinter(out(), style(), clock().instant()).report(report);
    }
    return report.exit();
  }
}
