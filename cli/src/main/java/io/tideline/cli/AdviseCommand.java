package io.tideline.cli;

import io.tideline.error.ExitCode;
import io.tideline.maintenance.advise.AdviceReport;
import io.tideline.maintenance.advise.Advise;
import io.tideline.maintenance.advise.AdviseRequest;
import io.tideline.maintenance.advise.QueryAdvice;
import io.tideline.tuning.Expectations;
import io.tideline.tuning.QueryParameter;
import io.tideline.tuning.QuerySpec;
import io.tideline.tuning.QueryText;
import io.tideline.tuning.QueryValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds the indexes that would mend queries. */
@CommandLine.Command(
    name = "advise",
    description = {
      "Finds the indexes that would mend the queries of the configuration, or one that is given.",
      "Each index is tried on a stand-in of the database before it is advised; the database itself"
          + " is only read. Says so where no index helps."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tideline advise",
      "  tideline advise latest-usage --json",
      "  tideline advise --sql 'SELECT * FROM runs WHERE status = :s' --value s=failed",
      "  tideline advise --size usage_history=9000000  as if it had so many rows"
    },
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {
      Exits.DONE,
      "1:A query was refused, or the database objects to it; the others were looked at.",
      Exits.INPUT,
      "4:The time was over, or it was interrupted, before every query was looked at.",
      Exits.BUSY,
      Exits.DEFECT
    })
final class AdviseCommand extends DatedCommand {
  @Parameters(
      paramLabel = "NAME",
      arity = "0..*",
      description = "Only these queries of the configuration.")
  List<String> queries = new ArrayList<>();

  @Option(names = "--sql", description = "This query, instead of those of the configuration.")
  @Nullable String sql;

  @Option(
      names = "--value",
      paramLabel = "NAME=VALUE",
      description = "The value of a parameter of --sql: a number, 'null', or text.")
  Map<String, String> values = new LinkedHashMap<>();

  @Option(
      names = "--size",
      paramLabel = "TABLE=ROWS",
      description =
          "Plan as if the table had so many rows, as in production. TABLE.COLUMN=VALUES says how"
              + " many different values a column has there.")
  Map<String, Long> sizes = new LinkedHashMap<>();

  AdviseCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    AdviseRequest request = new AdviseRequest(asked(), SizeOptions.of(sizes), AdviseRequest.USUAL);
    try (Advise advise = Advise.open(config().settings(), clock());
        QueryProgress progress = new QueryProgress(terminal);
        Interrupts.Listening stops = terminal.interrupts().listen(advise::stop)) {
      AdviceReport report = advise.advise(request, progress);
      progress.close();
      if (common.json) {
        printJson(report);
      } else {
        new AdvicePrinter(out(), style()).print(report);
      }
      return any(report, QueryAdvice.Outcome.FAILED)
          ? ExitCode.FINDINGS
          : any(report, QueryAdvice.Outcome.LEFT) ? ExitCode.STOPPED : ExitCode.DONE;
    }
  }

  private static boolean any(AdviceReport report, QueryAdvice.Outcome outcome) {
    return report.queries().stream().anyMatch(query -> query.outcome() == outcome);
  }

  private List<QuerySpec> asked() {
    if (sql == null) {
      return QueryChoice.of(config().queries(), queries);
    }
    if (!queries.isEmpty()) {
      throw badArgument("Cannot use both --sql and the name of a query.", "Leave one of them out.");
    }
    QueryText text = QueryText.of(sql);
    List<QueryParameter> parameters = new ArrayList<>();
    for (String name : text.names()) {
      String value = values.get(name);
      if (value == null) {
        throw badArgument(
            "Cannot ask the query: its parameter :" + name + " has no value.",
            "Add --value " + name + "=VALUE.");
      }
      parameters.add(QueryParameter.of(name, value(value)));
    }
    for (String name : values.keySet()) {
      if (!text.names().contains(name)) {
        throw badArgument(
            "Cannot ask the query: it has no parameter :" + name + ".", "Correct the name.");
      }
    }
    return List.of(new QuerySpec("sql", text, parameters, Expectations.NONE));
  }

  private static QueryValue value(String text) {
    if (text.equals("null")) {
      return new QueryValue.Nothing();
    }
    if (text.matches("-?\\d{1,18}")) {
      return new QueryValue.Whole(Long.parseLong(text));
    }
    return text.matches("-?\\d+\\.\\d+")
        ? new QueryValue.Real(Double.parseDouble(text))
        : new QueryValue.Text(text);
  }
}
