package io.tideline.cli;

import io.tideline.Tideline;
import io.tideline.dialect.Grant;
import io.tideline.error.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Prints the rights that the role lacks. */
@CommandLine.Command(
    name = "grants",
    description = {
      "Prints the GRANT statements that the role of the database URL lacks for the policies.",
      "What is printed is SQL, for an owner or superuser to run. Changes nothing. SQLite knows no"
          + " rights."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = "%nExamples:%n",
    footer = {"  tideline grants", "  tideline grants --policy request-logs --all"},
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {
      "0:The role has every right.",
      "1:The role lacks rights; the statements give them.",
      Exits.INPUT,
      Exits.DEFECT
    })
final class GrantsCommand extends Command {
  @Option(
      names = "--policy",
      paramLabel = "NAME",
      description = "Only what this policy needs; repeatable. All policies by default.")
  List<String> policies = new ArrayList<>();

  @Option(names = "--all", description = "Print also the rights that the role has already.")
  boolean all;

  GrantsCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    List<Grant> grants;
    try (Tideline tideline = open()) {
      grants = tideline.grants(policies);
    }
    List<Grant> shown = grants.stream().filter(grant -> all || grant.missing()).toList();
    boolean lacks = grants.stream().anyMatch(Grant::missing);
    if (common.json) {
      printJson(Map.of("grants", shown));
    } else {
      shown.forEach(grant -> out().println(grant.statement()));
      if (!lacks) {
        out().println("-- The role lacks nothing.");
      }
    }
    return lacks ? ExitCode.FINDINGS : ExitCode.DONE;
  }
}
