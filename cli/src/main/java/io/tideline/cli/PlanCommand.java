package io.tideline.cli;

import io.tideline.Tideline;
import io.tideline.cli.output.Progress;
import io.tideline.error.ExitCode;
import io.tideline.plan.Plan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what a run would do. */
@CommandLine.Command(
    name = "plan",
    description = {
      "Shows what a run would do now; changes nothing.",
      "Like a bill: per policy the cutoff, the rows and bytes that go, the rows that stay and why,"
          + " the index or scan used, triggers, an estimate, and findings with their mend."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tideline plan",
      "  tideline plan --policy request-logs --retain 14d",
      "  tideline plan --out purge.plan     then: tideline run purge.plan",
      "  tideline plan --list --columns id,status"
    },
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.INPUT, Exits.FORBIDDEN, Exits.BUSY, Exits.DEFECT})
final class PlanCommand extends Command {
  @Mixin final Moment moment = new Moment();
  @Mixin final Choice choice = new Choice();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "Save the plan, for 'tideline run FILE'. A saved plan is good for 24 hours and while"
              + " tables, policies and holds stay the same.")
  @Nullable Path save;

  @Option(
      names = "--list",
      description = "Print one line per row that would go, instead of the bill.")
  boolean list;

  @Option(
      names = "--columns",
      split = ",",
      paramLabel = "COLUMN",
      description = "The columns that --list prints; the time and the key by default.")
  List<String> columns = new ArrayList<>();

  PlanCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    if (!columns.isEmpty() && !list) {
      throw badArgument("Cannot use --columns without --list.", "Add --list.");
    }
    try (Tideline tideline = open()) {
      Plan plan;
      try (Progress progress = progress()) {
        plan = tideline.plan(choice.selection(), moment.instant(clock()), progress);
      }
      Path file = save == null ? null : path(save);
      if (file != null) {
        Tideline.savePlan(plan, file);
      }
      if (list) {
        new RowLister(terminal, common.json).print(tideline, plan, columns);
      } else if (common.json) {
        printJson(Documents.plan(plan));
      } else {
        new PlanPrinter(out(), style()).whole(plan);
        next(plan, file);
      }
    }
    return ExitCode.DONE;
  }

  private void next(Plan plan, @Nullable Path file) {
    if (file != null) {
      out().println("The plan is saved; carry it out with: tideline run " + save);
    } else if (plan.rows() > 0) {
      out().println("Carry it out with: tideline run");
    }
  }
}
