package io.tideline.cli;

import io.tideline.cli.output.Words;
import io.tideline.cli.output.WorkProgress;
import io.tideline.error.ExitCode;
import io.tideline.maintenance.backup.BackupStore;
import io.tideline.maintenance.backup.CheckedBackup;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a new database of a backup. */
@CommandLine.Command(
    name = "restore",
    description = {
      "Makes a new database of a backup, and checks it.",
      "Never overwrites anything. The database of the configuration is not needed and not touched."
          + " For PostgreSQL it tells the command that does it."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = Exits.EXAMPLE,
    footer = "  tideline backup restore /backup/store-20261121T030000000Z-1f2e3d.db --to new.db",
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {
      Exits.DONE,
      Exits.INPUT,
      "4:Disk full; nothing stays of it.",
      Exits.CORRUPT,
      Exits.DEFECT
    })
final class BackupRestoreCommand extends Command {
  @Parameters(paramLabel = "FILE", description = "The backup.")
  @Nullable Path file;

  @Option(names = "--to", required = true, paramLabel = "NEWFILE", description = "The new file.")
  @Nullable Path to;

  BackupRestoreCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    CheckedBackup made;
    try (WorkProgress progress = workProgress()) {
      made =
          new BackupStore(config().settings(), clock())
              .restore(path(given(file)), path(given(to)), progress);
    }
    if (common.json) {
      printJson(made);
      return ExitCode.DONE;
    }
    out()
        .println(
            style().good("Restored")
                + " "
                + Words.bytes(made.bytes())
                + " to "
                + made.file()
                + ": "
                + made.contents()
                + ".");
    return ExitCode.DONE;
  }

  /** picocli has refused what is missing. */
  private static Path given(@Nullable Path typed) {
    if (typed == null) {
      throw new IllegalStateException("Cannot know the path: picocli gave none");
    }
    return typed;
  }
}
