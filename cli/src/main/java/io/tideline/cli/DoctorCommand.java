package io.tideline.cli;

import com.google.gson.JsonObject;
import io.tideline.cli.output.Json;
import io.tideline.cli.output.Table;
import io.tideline.cli.output.Words;
import io.tideline.config.ConfigFile;
import io.tideline.core.Databases;
import io.tideline.dialect.Database;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.dialect.Examination;
import io.tideline.error.ExitCode;
import io.tideline.health.Finding;
import io.tideline.health.Inspection;
import io.tideline.health.TableHealth;
import io.tideline.maintenance.inspect.Inspector;
import io.tideline.maintenance.inspect.Request;
import io.tideline.maintenance.inspect.Trouble;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Leads through a trouble. */
@CommandLine.Command(
    name = "doctor",
    description = {
      "Leads through a trouble: what is the matter, and what to do, in order.",
      "locked: who holds the lock. slow: what is waited for, and what queries lack. full: what frees"
          + " most space soonest, first what needs no disk. Looks as inspect does; changes nothing,"
          + " and writes nothing."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = "%nExamples:%n",
    footer = {"  tideline doctor locked", "  tideline doctor full --database ./store.db"},
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {
      "0:Nothing was found that explains it.",
      "1:Something was found.",
      Exits.INPUT,
      Exits.STOPPED,
      Exits.CORRUPT,
      Exits.DEFECT
    })
final class DoctorCommand extends DatedCommand {
  private static final int TABLES = 5;
  private static final int STATEMENTS = 10;

  @Parameters(paramLabel = "TROUBLE", description = "locked, slow or full.")
  String trouble = "";

  @Option(
      names = "--database",
      paramLabel = "DATABASE",
      description = "Look at this database, without a configuration.")
  @Nullable String database;

  DoctorCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    Trouble which = trouble();
    Inspection inspection = inspection();
    List<Finding> causes = which.of(inspection);
    if (common.json) {
      JsonObject document = new JsonObject();
      document.addProperty("trouble", trouble);
      document.add("steps", Json.tree(causes));
      document.add("unseen", Json.tree(inspection.unseen()));
      document.add("activity", Json.tree(inspection.activity()));
      printJson(document);
    } else {
      print(which, inspection, causes);
    }
    return causes.isEmpty() ? ExitCode.DONE : ExitCode.FINDINGS;
  }

  private Trouble trouble() {
    for (Trouble each : Trouble.values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(trouble)) {
        return each;
      }
    }
    throw badArgument("Cannot help with '" + trouble + "'.", "Write one of: locked, slow, full.");
  }

  private Inspection inspection() {
    String named = database;
    Optional<ConfigFile> config = named == null ? Optional.of(config()) : Optional.empty();
    DatabaseUrl url =
        config
            .map(each -> each.settings().database())
            .orElseGet(
                () ->
                    ConfigFile.databaseUrl(
                        String.valueOf(named), terminal.folder(), terminal.env()));
    Request request =
        new Request(
            Examination.USUAL,
            List.of(),
            config.map(ConfigFile::suppressions).orElse(List.of()),
            Optional.empty(),
            config.map(each -> each.settings().policies()).orElse(List.of()),
            List.of());
    try (Database opened = Databases.open(url)) {
      return Inspector.inspect(opened, request, clock());
    }
  }

  private void print(Trouble which, Inspection inspection, List<Finding> causes) {
    out()
        .println(
            style()
                .bold(
                    switch (which) {
                      case LOCKED -> "Who holds what others wait for";
                      case SLOW -> "What makes it slow";
                      case FULL -> "What frees space, soonest first";
                    }));
    if (which == Trouble.FULL) {
      out().println(Sizes.display(inspection.storage().size()) + disk(inspection));
    }
    FindingPrinter printer = new FindingPrinter(out(), style());
    ActivityPrinter activity = new ActivityPrinter(out(), style());
    int step = 1;
    for (Finding cause : causes) {
      printer.print(step++ + ". " + (which == Trouble.FULL ? gain(cause) : ""), cause);
    }
    if (causes.isEmpty()) {
      out().println("Nothing was found that explains it.");
    }
    switch (which) {
      case LOCKED -> activity.processes(inspection.activity().processes());
      case SLOW -> activity.statements(inspection.activity().statements(), STATEMENTS);
      case FULL -> largest(inspection);
    }
    inspection
        .unseen()
        .forEach(
            each ->
                out().println(style().dim("Not looked at: " + each.what() + ", " + each.why())));
  }

  private static String disk(Inspection inspection) {
    return inspection.diskFree().isPresent()
        ? "; the disk has " + Words.bytes(inspection.diskFree().getAsLong()) + " free"
        : "";
  }

  private static String gain(Finding finding) {
    String disk = Trouble.needsDisk(finding) ? "needs disk meanwhile" : "needs no disk";
    return finding.frees() == 0
        ? disk + " "
        : "frees " + Words.bytes(finding.frees()) + ", " + disk + " ";
  }

  private void largest(Inspection inspection) {
    out().println();
    Table table = table().text("LARGEST TABLES").number("BYTES WITH INDEXES");
    List<TableHealth> tables = inspection.tables();
    for (TableHealth each : tables.subList(0, Math.min(TABLES, tables.size()))) {
      table.row(each.size().name().toString(), Words.bytes(each.size().total()));
    }
    table.end();
    out()
        .println(
            "Old rows leave with 'tideline run', which archives them first; 'tideline inspect"
                + " --policies' says how much that frees.");
  }
}
