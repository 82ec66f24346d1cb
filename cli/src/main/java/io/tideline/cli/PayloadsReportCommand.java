package io.tideline.cli;

import com.google.gson.JsonObject;
import io.tideline.Tideline;
import io.tideline.cli.output.Json;
import io.tideline.cli.output.Words;
import io.tideline.core.payload.PayloadStore;
import io.tideline.error.ExitCode;
import io.tideline.run.PayloadRemovals;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Shows what sweeps removed. */
@CommandLine.Command(
    name = "report",
    description = {
      "Shows what sweeps removed, from the record in the archive.",
      "Each record is compared with its seal; 'tideline verify' does so too."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = "%nExamples:%n",
    footer = {"  tideline payloads report", "  tideline payloads report --list"},
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.INPUT, Exits.CORRUPT, Exits.DEFECT})
final class PayloadsReportCommand extends Command {
  @Option(
      names = "--list",
      description = "Print one line per file: the sweep's id and time, the hash, the bytes.")
  boolean list;

  PayloadsReportCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    List<PayloadRemovals> sweeps;
    try (Tideline tideline = open()) {
      PayloadStore store = tideline.payloads();
      sweeps = store.report();
      if (list) {
        list(store, sweeps);
      }
    }
    if (!list && common.json) {
      printJson(Map.of("sweeps", sweeps));
    } else if (!list) {
      print(sweeps);
    }
    boolean whole = sweeps.stream().allMatch(each -> each.problem().isEmpty());
    return whole ? ExitCode.DONE : ExitCode.CORRUPTION;
  }

  private void print(List<PayloadRemovals> sweeps) {
    if (sweeps.isEmpty()) {
      out().println("No sweep removed anything yet.");
      return;
    }
    var table =
        table().text("SWEEP").text("STARTED").number("FILES").number("BYTES").text("FOLDER");
    for (PayloadRemovals each : sweeps) {
      table.row(
          each.run(),
          Words.time(each.at()),
          Words.count(each.files()),
          Words.bytes(each.bytes()),
          each.folder());
    }
    table.end();
    sweeps.stream()
        .flatMap(each -> each.problem().stream())
        .forEach(problem -> out().println(style().bad("Damaged") + ": " + problem));
  }

  private void list(PayloadStore store, List<PayloadRemovals> sweeps) {
    String[] separator = {"{\"removed\":["};
    for (PayloadRemovals sweep : sweeps) {
      if (sweep.problem().isPresent()) {
        terminal.err().println(sweep.problem().get());
        continue;
      }
      store.removed(
          sweep.run(),
          file -> {
            if (common.json) {
              JsonObject line = new JsonObject();
              line.addProperty("sweep", sweep.run());
              line.addProperty("at", sweep.at().toString());
              line.addProperty("hash", file.hash());
              line.addProperty("bytes", file.bytes());
              out().print(separator[0] + Json.text(line));
              separator[0] = ",\n";
            } else {
              out()
                  .println(
                      sweep.run() + "\t" + sweep.at() + "\t" + file.hash() + "\t" + file.bytes());
            }
          });
    }
    if (common.json) {
      out().println(separator[0].startsWith("{") ? separator[0] + "]}" : "]}");
    }
    requireWritten();
  }
}
