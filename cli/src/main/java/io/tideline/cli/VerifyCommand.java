package io.tideline.cli;

import io.tideline.Tideline;
import io.tideline.cli.output.Progress;
import io.tideline.cli.output.Words;
import io.tideline.error.ExitCode;
import io.tideline.run.RecordHead;
import io.tideline.run.RecordReport;
import io.tideline.run.VerifyReport;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads segments again. */
@CommandLine.Command(
    name = "verify",
    description = {
      "Reads segments again from disk and compares every digest.",
      "Every row is decoded, and every digest compared with what was read from the database."
          + " With --ledger, only the deletion record is checked: its chain, the lines that manifests"
          + " and reports note, and the manifests and outcomes that it tells of. Changes nothing."
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

  @Option(
      names = "--ledger",
      description = "Checks only the deletion record, and reads no segment.")
  boolean ledger;

  @Option(
      names = "--head",
      paramLabel = "N:HASH",
      description =
          "With --ledger: a head of the record that was noted elsewhere, as 'tideline history"
              + " --proof' prints it.")
  @Nullable String head;

  VerifyCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    if (head != null && !ledger) {
      throw badArgument("Cannot compare --head without --ledger.", "Give both.");
    }
    return ledger ? record() : segments();
  }

  private ExitCode record() {
    if (what != null) {
      throw badArgument(
          "Cannot check the record of '" + what + "' alone.", "Give --ledger without a run.");
    }
    RecordReport report;
    try (Tideline tideline = open()) {
      report = tideline.checkRecord(Optional.ofNullable(head).map(VerifyCommand::noted));
    }
    if (common.json) {
      printJson(report);
    } else {
      print(report);
    }
    return report.problems().isEmpty() ? ExitCode.DONE : ExitCode.CORRUPTION;
  }

  private static RecordHead noted(String text) {
    try {
      return RecordHead.parse(text);
    } catch (IllegalArgumentException e) {
      throw badArgument(
          "Cannot read the head '" + text + "': it is " + e.getMessage() + ".",
          "Give it as 'tideline history --proof' printed it: the number, a colon, 64 digits.");
    }
  }

  private void print(RecordReport report) {
    String read = Words.count(report.lines(), "line") + " of the record";
    if (report.problems().isEmpty()) {
      out().println(style().good("Verified") + " " + read + ": nothing was changed or removed.");
    } else {
      out().println(style().bad("Damaged") + ": read " + read + ".");
      report.problems().forEach(problem -> out().println("  " + problem));
      out().println("Bring the file back from a copy of the archive, then verify again.");
    }
    report.pending().forEach(each -> out().println("Note: " + each));
    report.head().ifPresent(last -> out().println("Head: " + last.display()));
  }

  private ExitCode segments() {
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
