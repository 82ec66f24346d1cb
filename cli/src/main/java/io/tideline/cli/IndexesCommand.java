package io.tideline.cli;

import io.tideline.cli.output.WorkProgress;
import io.tideline.config.ConfigFile;
import io.tideline.dialect.IndexTask;
import io.tideline.error.ExitCode;
import io.tideline.maintenance.indexes.IndexReport;
import io.tideline.maintenance.indexes.IndexRequest;
import io.tideline.maintenance.indexes.Indexes;
import io.tideline.maintenance.indexes.IndexesDone;
import io.tideline.policy.Span;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Compares the declared indexes with the real ones, and makes them so. */
@CommandLine.Command(
    name = "indexes",
    description = {
      "Compares the indexes that the configuration declares with the real ones.",
      "Tells which are missing, different, invalid or being built, and which real ones nobody reads"
          + " or repeat others. With --apply it makes what is missing, mends what is invalid, and"
          + " drops what is declared absent: on PostgreSQL beside live traffic, on SQLite in a"
          + " window. Ctrl-C ends it soon; the next call tidies and goes on."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tideline indexes                        tells, and changes nothing",
      "  tideline indexes --apply",
      "  tideline indexes --apply --blocking     SQLite: writers wait meanwhile",
      "  tideline indexes --apply --replace      also what differs"
    },
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {
      "0:All is as declared.",
      "1:Something is not as declared, each told; with --apply, what could not be made so.",
      Exits.INPUT,
      "4:Stopped, disk full or connection lost; the next call goes on.",
      "5:No window is open, and --blocking was not given; nothing done.",
      Exits.BUSY,
      Exits.CORRUPT,
      Exits.DEFECT
    })
final class IndexesCommand extends Command {
  @Option(names = "--apply", description = "Make it so.")
  boolean apply;

  @Option(
      names = "--replace",
      description =
          "With --apply: put the declared index in the place of a different one of its name, never"
              + " without either.")
  boolean replace;

  @Option(
      names = "--blocking",
      description =
          "With --apply, on SQLite: hold writers off now, outside a window. The plain report says"
              + " for how long.")
  boolean blocking;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      description =
          "With --apply: how long to wait for others in one go: 90s, 30m, 2h. By default 10m.")
  @Nullable String wait;

  IndexesCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    String needless =
        replace ? "--replace" : blocking ? "--blocking" : wait != null ? "--wait" : "";
    if (!apply && !needless.isEmpty()) {
      throw badArgument(
          "Cannot take " + needless + " without --apply.", "Add --apply, or leave it out.");
    }
    ConfigFile config = config();
    try (Indexes indexes = Indexes.open(config.settings(), clock())) {
      return apply ? apply(indexes) : report(indexes.report(config.suppressions()));
    }
  }

  private ExitCode report(IndexReport report) {
    if (common.json) {
      printJson(report);
    } else {
      new IndexesPrinter(out(), style()).report(report);
    }
    return report.asDeclared() ? ExitCode.DONE : ExitCode.FINDINGS;
  }

  private ExitCode apply(Indexes indexes) {
    IndexRequest request =
        new IndexRequest(
            replace, blocking, wait == null ? IndexTask.PATIENCE : Span.parse(wait, "--wait"));
    try (WorkProgress progress = workProgress();
        Interrupts.Listening stops = terminal.interrupts().listen(indexes::stop)) {
      IndexesDone done = indexes.apply(request, progress);
      progress.close();
      if (common.json) {
        printJson(done);
      } else {
        new IndexesPrinter(out(), style()).done(done);
      }
      if (done.stopped()) {
        return ExitCode.STOPPED;
      }
      return done.asDeclared() ? ExitCode.DONE : ExitCode.FINDINGS;
    }
  }
}
