package io.tideline.cli;

import com.google.gson.JsonObject;
import io.tideline.Tideline;
import io.tideline.cli.output.Json;
import io.tideline.error.ExitCode;
import io.tideline.plan.PayloadPlan;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Shows what a sweep would do. */
@CommandLine.Command(
    name = "plan",
    description = {
      "Shows which files of the payload store a sweep would take away; changes nothing.",
      "Also what is missing, misfiled, never referred to or malformed."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = "%nExamples:%n",
    footer = {"  tideline payloads plan", "  tideline payloads plan --list > files.txt"},
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.INPUT, Exits.CORRUPT, Exits.DEFECT})
final class PayloadsPlanCommand extends DatedCommand {
  @Option(
      names = "--list",
      description =
          "Print one line per file that is not plainly held, and per missing one, instead of the"
              + " bill: goes, orphan, young, misfiled, strange, link, trashed or missing; bytes;"
              + " path.")
  boolean list;

  PayloadsPlanCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    try (Tideline tideline = open()) {
      if (list) {
        list(tideline);
        return ExitCode.DONE;
      }
      PayloadPlan plan = tideline.payloads().plan(PayloadPlan.Listing.NONE);
      if (common.json) {
        printJson(plan);
      } else {
        new PayloadPrinter(out(), style()).plan(plan);
        if (plan.goes().files() > 0) {
          out().println("Carry it out with: tideline payloads sweep");
        }
      }
    }
    return ExitCode.DONE;
  }

  private void list(Tideline tideline) {
    String[] separator = {"{\"files\":["};
    tideline
        .payloads()
        .plan(
            (state, path, bytes) -> {
              if (common.json) {
                JsonObject file = new JsonObject();
                file.addProperty("state", state.word());
                file.addProperty("bytes", bytes);
                file.addProperty("path", path);
                out().print(separator[0] + Json.text(file));
                separator[0] = ",\n";
              } else {
                out().println(state.word() + "\t" + bytes + "\t" + printable(path));
              }
            });
    if (common.json) {
      out().println(separator[0].startsWith("{") ? separator[0] + "]}" : "]}");
    }
    requireWritten();
  }

  /** A name may hold anything, line breaks too; one line stays one line. */
  private static String printable(String path) {
    return path.replaceAll("\\p{Cntrl}", "?");
  }
}
