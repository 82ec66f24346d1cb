package io.tideline.cli;

import io.tideline.cli.output.Words;
import io.tideline.cli.output.WorkProgress;
import io.tideline.error.ExitCode;
import io.tideline.maintenance.backup.BackupStore;
import io.tideline.maintenance.backup.CheckedBackup;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** Reads a backup again. */
@CommandLine.Command(
    name = "verify",
    description = {
      "Reads a backup again: its SHA-256, and its content as a restore would.",
      "The database is not needed. A backup that is found damaged does not count for the guard"
          + " 'backup' any more."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = Exits.EXAMPLE,
    footer = "  tideline backup verify",
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {"0:It is whole.", Exits.INPUT, Exits.CORRUPT, Exits.DEFECT})
final class BackupVerifyCommand extends Command {
  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "The backup; the newest verified one by default.")
  @Nullable Path file;

  BackupVerifyCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    CheckedBackup checked;
    try (WorkProgress progress = workProgress()) {
      checked =
          new BackupStore(config().settings(), clock())
              .verify(Optional.ofNullable(file).map(this::path), progress);
    }
    if (common.json) {
      printJson(checked);
      return ExitCode.DONE;
    }
    out()
        .println(
            style().good("Verified")
                + " "
                + checked.file()
                + " ("
                + Words.bytes(checked.bytes())
                + "): "
                + checked.contents()
                + (checked.recorded()
                    ? ", and its SHA-256 is the one that was recorded."
                    : ". The archive has no record of it."));
    return ExitCode.DONE;
  }
}
