package io.tideline.cli;

import io.tideline.Tideline;
import io.tideline.cli.output.Table;
import io.tideline.cli.output.Words;
import io.tideline.config.ConfigFile;
import io.tideline.dialect.DatabaseInfo;
import io.tideline.error.ExitCode;
import io.tideline.run.RunReport;
import io.tideline.run.Status;
import picocli.CommandLine;

/** Shows how database and archive stand. */
@CommandLine.Command(
    name = "status",
    description = {
      "Shows how the database and its archive stand.",
      "The database and its size, whether a run goes on, what is archived, holds, segments in"
          + " doubt, and how the last run ended. Changes nothing."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = Exits.EXAMPLE,
    footer = "  tideline status",
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.INPUT, Exits.DEFECT})
final class StatusCommand extends DatedCommand {
  StatusCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    ConfigFile config = config();
    Status status;
    try (Tideline tideline = open(config.settings())) {
      status = tideline.status();
    }
    if (common.json) {
      printJson(status);
    } else {
      print(config, status);
    }
    return ExitCode.DONE;
  }

  private void print(ConfigFile config, Status status) {
    Table table = table().text("").text("");
    table.row("Configuration", config.path().toString());
    table.row(
        "Database",
        status
            .database()
            .map(database -> database.place() + " (" + database.product() + ")")
            .orElse("no answer: " + status.unreachable()));
    status.identity().ifPresent(identity -> table.row("Identity", identity.id()));
    status.size().ifPresent(size -> table.row("Size", Sizes.display(size)));
    status
        .database()
        .map(DatabaseInfo::readOnly)
        .filter(why -> !why.isEmpty())
        .ifPresent(why -> table.row("Read-only", why));
    if (status.database().isPresent()) {
      table.row("Running", status.running() ? "yes, another process holds the lease" : "no");
    }
    table.row("Archive", config.settings().archive().toString());
    table.row(
        "Archived",
        Words.count(status.archivedRows(), "row")
            + " in "
            + Words.count(status.segments(), "segment")
            + ", "
            + Words.bytes(status.archiveBytes()));
    table.row("Last run", status.last().map(StatusCommand::last).orElse("none yet"));
    table.end();
    status.warnings().forEach(each -> out().println(style().warn(each)));
    if (!status.inDoubt().isEmpty()) {
      out().println();
      InDoubt.print(out(), style(), status.inDoubt().size());
      status.inDoubt().forEach(manifest -> out().println("  " + manifest));
    }
    if (!status.holds().isEmpty()) {
      out().println();
      HoldListCommand.print(table(), status.holds());
    }
  }

  private static String last(RunReport report) {
    return report.run()
        + " ("
        + report.kind()
        + "), ended "
        + Words.time(report.finishedAt())
        + ", exit "
        + report.exit().number()
        + (report.failure().isEmpty() ? "" : ": " + report.failure());
  }
}
