package io.tideline.cli;

import io.tideline.cli.output.Table;
import io.tideline.error.ExitCode;
import io.tideline.error.Nearest;
import io.tideline.health.Check;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** Tells what a finding means. */
@CommandLine.Command(
    name = "explain",
    description = {
      "Tells what a finding of inspect means, when it is made, and how to mend it.",
      "Without a name, lists all findings. Needs no database."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = Exits.EXAMPLE,
    footer = "  tideline explain unused-index",
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.INPUT, Exits.DEFECT})
final class ExplainCommand extends Command {
  @Parameters(paramLabel = "FINDING", arity = "0..1", description = "Its name.")
  String finding = "";

  ExplainCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    if (finding.isEmpty()) {
      list();
    } else {
      explain(Check.of(finding).orElseThrow(() -> unknown()));
    }
    return ExitCode.DONE;
  }

  private RuntimeException unknown() {
    List<String> all = Arrays.stream(Check.values()).map(Check::slug).toList();
    return badArgument(
        "Cannot explain '" + finding + "': there is no such finding.",
        Nearest.sentence("findings", finding, all));
  }

  private void list() {
    if (common.json) {
      printJson(Map.of("findings", Arrays.stream(Check.values()).map(Check::slug).toList()));
      return;
    }
    Table table = table().text("FINDING").text("WHY IT MATTERS");
    for (Check check : Check.values()) {
      table.row(check.slug(), check.why());
    }
    table.end();
  }

  private void explain(Check check) {
    String text = Explanations.of(check);
    if (common.json) {
      printJson(Map.of("finding", check.slug(), "why", check.why(), "text", text));
      return;
    }
    out().println(style().bold(check.slug()));
    out().println();
    out().println(text);
  }
}
