package io.tideline.cli;

import io.tideline.cli.output.Words;
import io.tideline.cli.output.WorkProgress;
import io.tideline.error.ExitCode;
import io.tideline.maintenance.backup.BackupReport;
import io.tideline.maintenance.backup.BackupStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Copies the whole database. */
@CommandLine.Command(
    name = "backup",
    description = {
      "Copies the whole database beside live traffic, and reads the copy again.",
      "The copy holds the database as it is at one moment. It is checked, recorded in the archive,"
          + " where the guard 'backup' looks for it, and older ones are removed as the"
          + " configuration says. Needs no lease: a run may go on meanwhile."
    },
    optionListHeading = Exits.OPTIONS,
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  tideline backup",
      "  tideline backup --to /backup",
      "  tideline backup restore /backup/store-20261121T030000000Z-1f2e3d.db --to new.db"
    },
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {
      Exits.DONE,
      Exits.INPUT,
      "4:Stopped or disk full; no backup was made.",
      Exits.BUSY,
      Exits.CORRUPT,
      Exits.DEFECT
    })
final class BackupCommand extends Command {
  @Option(
      names = "--to",
      paramLabel = "FOLDER",
      description = "The folder; by default that of 'backup:' in the configuration.")
  @Nullable Path to;

  BackupCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    BackupStore store = new BackupStore(config().settings(), clock());
    BackupReport report;
    long start = System.nanoTime();
    try (WorkProgress progress = workProgress();
        Interrupts.Listening stops = terminal.interrupts().listen(store::stop)) {
      report = store.make(Optional.ofNullable(to).map(this::path), progress);
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    if (common.json) {
      printJson(report);
    } else {
      print(report, took);
    }
    return ExitCode.DONE;
  }

  private void print(BackupReport report, Duration took) {
    out()
        .println(
            style().good("Backed up")
                + " "
                + Words.bytes(report.bytes())
                + " to "
                + report.file()
                + " in "
                + Words.duration(took)
                + ", as of "
                + Words.time(report.at())
                + ".");
    out().println("Read again: " + report.contents() + ".");
    out().println("SHA-256 " + report.sha256());
    report.removed().forEach(file -> out().println("Removed " + file));
    report.notes().forEach(out()::println);
  }
}
