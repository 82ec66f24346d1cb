package io.tideline.cli;

import io.tideline.config.ConfigFile;
import io.tideline.core.Databases;
import io.tideline.dialect.Database;
import io.tideline.error.ExitCode;
import io.tideline.error.Nearest;
import io.tideline.maintenance.check.CheckReport;
import io.tideline.maintenance.check.LivePlans;
import io.tideline.maintenance.check.PlanSource;
import io.tideline.maintenance.check.QueryCheck;
import io.tideline.policy.Span;
import io.tideline.tuning.QuerySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Judges the plans of the application's queries. */
@CommandLine.Command(
    name = "check",
    description = {
      "Explains the queries of the configuration on the live schema and judges their plans.",
      "Prints the plan of each query that is not as expected as a tree with the culprit marked, and"
          + " ends with exit code 1 if there is one. Changes nothing: a query that does more than"
          + " read is refused. A query is run only to count the rows that it reads, where"
          + " 'max_examined' limits them."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tideline check",
      "  tideline check latest-per-account",
      "  tideline check --plans",
      "  tideline check --json"
    },
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {
      "0:Every query is as expected.",
      "1:A query is not as expected, or was refused.",
      Exits.INPUT,
      Exits.STOPPED,
      Exits.DEFECT
    })
final class CheckCommand extends DatedCommand {
  @Parameters(
      paramLabel = "NAME",
      arity = "0..*",
      description = "Check these queries only, and print their plans.")
  List<String> names = new ArrayList<>();

  @Option(names = "--plans", description = "Print the plans of all queries.")
  boolean plans;

  @Option(
      names = "--longest",
      paramLabel = "TIME",
      defaultValue = "30s",
      description = "End a query that runs longer than this; 30s by default.")
  String longest = "30s";

  CheckCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    ConfigFile config = config();
    List<QuerySpec> queries = chosen(config.queries());
    CheckReport report;
    try (Database database = Databases.open(config.settings().database());
        PlanSource source = LivePlans.open(database, Span.parse(longest, "--longest"));
        Interrupts.Listening stops = terminal.interrupts().listen(source::cancel)) {
      report =
          new QueryCheck(source, Instant.now(clock()))
              .run(config.settings().database().toString(), queries);
    }
    if (common.json) {
      printJson(report);
    } else {
      new CheckPrinter(out(), style(), plans || !names.isEmpty()).print(report);
    }
    return report.failed() > 0 ? ExitCode.FINDINGS : ExitCode.DONE;
  }

  private List<QuerySpec> chosen(List<QuerySpec> all) {
    if (all.isEmpty()) {
      throw badArgument(
          "Cannot check queries: the configuration has none.",
          "Add 'queries:' with the SQL and what is expected; see docs/check.md.");
    }
    List<String> known = all.stream().map(QuerySpec::name).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        throw badArgument(
            "Cannot check the query '" + name + "': the configuration has no such query.",
            Nearest.sentence("queries", name, known));
      }
    }
    return all.stream().filter(query -> names.isEmpty() || names.contains(query.name())).toList();
  }
}
