package io.tideline.cli;

import io.tideline.Tideline;
import io.tideline.cli.report.HtmlReport;
import io.tideline.config.ConfigFile;
import io.tideline.core.Databases;
import io.tideline.dialect.Database;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.dialect.Examination;
import io.tideline.error.ExitCode;
import io.tideline.health.Inspection;
import io.tideline.health.PolicyGain;
import io.tideline.health.Severity;
import io.tideline.health.Thresholds;
import io.tideline.maintenance.inspect.Inspector;
import io.tideline.maintenance.inspect.Request;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RunListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Says what hurts a database, and what mends it. */
@CommandLine.Command(
    name = "inspect",
    description = {
      "Says what hurts a database, how bad it is, and the exact command that mends it.",
      "Sizes, rows and their ages, growth since earlier inspections and when the disk is full;"
          + " indexes, foreign keys, statistics, bloat, locks, transactions. Changes nothing in the"
          + " database; each question ends after 5 s and waits 50 ms for a lock."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tideline inspect",
      "  tideline inspect --database ./store.db",
      "  tideline inspect --by-day request_logs.requested_at --html report.html",
      "  tideline inspect --fail-on warning --json"
    },
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {
      Exits.DONE,
      "1:A finding is as bad as --fail-on says, or worse.",
      Exits.INPUT,
      Exits.STOPPED,
      Exits.CORRUPT,
      Exits.DEFECT
    })
final class InspectCommand extends DatedCommand {
  @Option(
      names = "--database",
      paramLabel = "DATABASE",
      description =
          "Inspect this database, without a configuration: a SQLite file, sqlite:/path/to.db, or"
              + " postgresql://user@host:5432/name. Nothing is remembered then.")
  @Nullable String database;

  @Option(
      names = "--by-day",
      paramLabel = "TABLE.COLUMN",
      description =
          "Count the rows of each of the last 30 days by this time column; repeatable. Reads those"
              + " rows.")
  List<String> byDay = new ArrayList<>();

  @Option(
      names = "--exact",
      description = "Count rows and read pages where an estimate would do, however long it takes.")
  boolean exact;

  @Option(
      names = "--integrity",
      description = "Let SQLite check every page of the file, however long it takes.")
  boolean integrity;

  @Option(
      names = "--policies",
      description = "Say also what each policy would free now, as plan does.")
  boolean gains;

  @Option(
      names = "--fail-on",
      paramLabel = "SEVERITY",
      description =
          "End with exit code 1 if a finding is as bad as this or worse: info, warning, critical.")
  @Nullable String failOn;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a report with charts to this file, which opens offline.")
  @Nullable Path html;

  InspectCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    Optional<Severity> limit = Optional.ofNullable(failOn).map(InspectCommand::severity);
    Inspection inspection = inspection();
    Path file = html;
    if (file != null) {
      write(path(file), HtmlReport.of(inspection));
    }
    if (common.json) {
      printJson(inspection);
    } else {
      new InspectionPrinter(out(), style()).print(inspection);
      if (file != null) {
        out().println();
        out().println("Wrote " + path(file) + ".");
      }
    }
    boolean failed =
        limit
            .flatMap(least -> inspection.worst().filter(worst -> worst.compareTo(least) >= 0))
            .isPresent();
    return failed ? ExitCode.FINDINGS : ExitCode.DONE;
  }

  private static Severity severity(String word) {
    for (Severity severity : Severity.values()) {
      if (severity.name().toLowerCase(Locale.ROOT).equals(word)) {
        return severity;
      }
    }
    throw badArgument(
        "Cannot fail on '" + word + "': it is no severity.",
        "Write info, warning or critical after --fail-on.");
  }

  private Inspection inspection() {
    Examination asked = new Examination(exact, integrity, Thresholds.USUAL);
    String named = database;
    if (named != null) {
      DatabaseUrl url = ConfigFile.databaseUrl(named, terminal.folder(), terminal.env());
      return inspect(
          url, new Request(asked, byDay, List.of(), Optional.empty(), List.of(), List.of()));
    }
    ConfigFile config = config();
    Settings settings = config.settings();
    return inspect(
        settings.database(),
        new Request(
            asked,
            byDay,
            config.suppressions(),
            Optional.of(settings.state()),
            settings.policies(),
            gains ? gains(settings) : List.of()));
  }

  private Inspection inspect(DatabaseUrl url, Request request) {
    try (Database opened = Databases.open(url)) {
      return Inspector.inspect(opened, request, clock());
    }
  }

  private List<PolicyGain> gains(Settings settings) {
    try (Tideline tideline = open(settings)) {
      return tideline.plan(Selection.all(), RunListener.NONE).policies().stream()
          .filter(plan -> plan.acts())
          .map(
              plan ->
                  new PolicyGain(
                      plan.policy().name(), plan.table().toString(), plan.allRows(), plan.bytes()))
          .toList();
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw badArgument(
          "Cannot write " + file + ": " + e + ".",
          "Name a file in a folder that you may write to with --html.");
    }
  }
}
