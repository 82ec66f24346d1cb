package io.tideline.cli;

import io.tideline.RunControl;
import io.tideline.Tideline;
import io.tideline.cli.output.Json;
import io.tideline.cli.output.Table;
import io.tideline.cli.output.Words;
import io.tideline.config.ConfigFile;
import io.tideline.dialect.DatabaseInfo;
import io.tideline.error.ExitCode;
import io.tideline.run.RunReport;
import io.tideline.run.Running;
import io.tideline.run.Status;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Shows how database and archive stand. */
@CommandLine.Command(
    name = "status",
    description = {
      "Shows how the database and its archive stand.",
      "The database and its size, whether a run goes on, what is archived, holds, segments in"
          + " doubt, and how the last run ended. Changes nothing."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = "%nExamples:%n",
    footer = {"  tideline status", "  tideline status --watch     how far the run is"},
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.INPUT, Exits.DEFECT})
final class StatusCommand extends DatedCommand {
  @Option(
      names = "--watch",
      description = "Tell every second how far the run is that goes on, until it ends.")
  boolean watch;

  StatusCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    ConfigFile config = config();
    if (watch) {
      watch(config);
      return ExitCode.DONE;
    }
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

  /**
   * On a terminal one line that is written anew; else a line a second, or a document with --json.
   */
  private void watch(ConfigFile config) {
    RunControl control = RunControl.of(config.settings());
    boolean inPlace = terminal.outTerminal() && !common.json;
    Optional<Running> running = control.running();
    String none = running.isPresent() ? "The run has ended." : "No run goes on.";
    while (running.isPresent() && !out().checkError()) {
      if (common.json) {
        out().println(Json.tree(running.get()));
      } else if (inPlace) {
        out().print("\r\u001B[K" + going(running.get()));
      } else {
        out().println(going(running.get()));
      }
      out().flush();
      pause();
      running = control.running();
    }
    if (!common.json) {
      out().println((inPlace ? "\r\u001B[K" : "") + none);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(1_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
      table.row("Running", running(status));
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

  private static String running(Status status) {
    if (!status.running()) {
      return "no";
    }
    return status.going().map(StatusCommand::going).orElse("yes, another process holds the lease");
  }

  /** How far a run is, on one line. */
  private static String going(Running running) {
    String rows =
        running.work().isEmpty()
            ? "beginning"
            : running.work()
                + ": "
                + Words.count(running.archived())
                + " archived, "
                + Words.count(running.removed())
                + (running.kind().equals("restore") ? " restored" : " removed")
                + " of "
                + Words.count(running.expected(), "row");
    return running.kind()
        + " "
        + running.run()
        + " since "
        + Words.time(running.startedAt())
        + ", "
        + rows
        + (running.pace().isEmpty() ? "" : "; " + running.pace())
        + (running.waiting().isEmpty() ? "" : "; waiting: " + running.waiting());
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
