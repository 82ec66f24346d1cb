package io.tideline.cli;

import io.tideline.Tideline;
import io.tideline.cli.output.Progress;
import io.tideline.cli.output.Words;
import io.tideline.error.ExitCode;
import io.tideline.run.VerifyReport;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** Reads segments again. */
@CommandLine.Command(
    name = "verify",
    description = {
      "Reads segments again from disk and compares every digest.",
      "Every row is decoded, and every digest compared with what was read from the database."
          + " Changes nothing."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = Exits.EXAMPLE,
    footer = "  tideline verify",
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {
      "0:Every segment is what was written.",
      Exits.INPUT,
      Exits.CORRUPT,
      Exits.DEFECT
    })
final class VerifyCommand extends Command {
  @Parameters(
      arity = "0..1",
      paramLabel = "RUN|SEGMENT",
      description = "Only this run's segments, or this one; all by default.")
  @Nullable String what;

  VerifyCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    VerifyReport report;
    try (Tideline tideline = open();
        Progress progress = progress()) {
      report = tideline.verify(Optional.ofNullable(what), progress);
    }
    if (common.json) {
      printJson(report);
    } else {
      print(report);
    }
    return report.problems().isEmpty() ? ExitCode.DONE : ExitCode.CORRUPTION;
  }

  private void print(VerifyReport report) {
    String read =
        Words.count(report.segments(), "segment")
            + ", "
            + Words.count(report.rows(), "row")
            + ", "
            + Words.bytes(report.bytes());
    if (report.problems().isEmpty()) {
      out().println(style().good("Verified") + " " + read + ": every digest is right.");
    } else {
      out().println(style().bad("Damaged") + ": read " + read + ".");
      report.problems().forEach(problem -> out().println("  " + problem));
      out().println("Copy the archive folder back from a backup, then verify again.");
    }
    InDoubt.print(out(), style(), report.inDoubt().size());
  }
}
