package io.tideline.cli;

import io.tideline.Tideline;
import io.tideline.cli.output.Answer;
import io.tideline.cli.output.Form;
import io.tideline.error.ExitCode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs SQL over the archive. */
@CommandLine.Command(
    name = "query",
    description = {
      "Runs one SQL query over the archive.",
      "Every archived table is a view of its own name that shows the rows that left the database"
          + " and did not come back, with the columns _outcome, _run and _archived_at besides. The"
          + " query (DuckDB's SQL) reads nothing but the archive and changes nothing. Rows of"
          + " interrupted runs are left out unless --in-doubt."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tideline query \"SELECT status, count(*) FROM request_logs GROUP BY status\"",
      "  tideline query \"SELECT * FROM request_logs\" --format csv > logs.csv"
    },
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.INPUT, Exits.CORRUPT, Exits.DEFECT})
final class QueryCommand extends Command {
  @Parameters(paramLabel = "SQL", description = "One query.")
  String sql = "";

  @Option(
      names = "--format",
      paramLabel = "table|csv|json",
      description = "The form of the answer; table by default, json with --json.")
  @Nullable Form format;

  @Option(
      names = "--in-doubt",
      description = "Show rows of segments whose outcome is not known yet, marked in _outcome.")
  boolean inDoubt;

  QueryCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    Form form = common.json ? Form.JSON : format == null ? Form.TABLE : format;
    try (Tideline tideline = open()) {
      Answer answer = form.to(out(), style());
      tideline.query(sql, inDoubt, answer);
      answer.end();
      requireWritten();
      sayInDoubt(tideline);
    }
    return ExitCode.DONE;
  }
}
