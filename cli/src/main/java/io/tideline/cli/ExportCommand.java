package io.tideline.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.tideline.Tideline;
import io.tideline.archive.ArchiveView;
import io.tideline.cli.output.Form;
import io.tideline.cli.output.Words;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Writes archived rows as text that a person can read. */
@CommandLine.Command(
    name = "export",
    description = {
      "Writes archived rows as CSV, JSON or JSONL.",
      "The rows that did not come back, one file per table, with the columns _outcome, _run and"
          + " _archived_at besides. Reads the archive only. A file that exists is never"
          + " overwritten."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tideline export --to ./export",
      "  tideline export --table request_logs --format jsonl --to -"
    },
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.INPUT, Exits.STOPPED, Exits.CORRUPT, Exits.DEFECT})
final class ExportCommand extends Command {
  @Option(names = "--table", paramLabel = "TABLE", description = "Only this table; repeatable.")
  List<String> tables = new ArrayList<>();

  @Option(
      names = "--run",
      paramLabel = "RUN",
      description = "Only rows that this run archived; repeatable.")
  List<String> runs = new ArrayList<>();

  @Option(
      names = "--format",
      paramLabel = "csv|json|jsonl",
      defaultValue = "csv",
      description = "The form of the files; csv by default.")
  Form format = Form.CSV;

  @Option(
      names = "--to",
      paramLabel = "DIR|-",
      defaultValue = "export",
      description = "The folder, made if missing; ./export by default. '-' is standard output.")
  String to = "export";

  @Option(
      names = "--in-doubt",
      description = "Also rows of segments whose outcome is not known yet.")
  boolean inDoubt;

  ExportCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    boolean standard = to.equals("-");
    if (format == Form.TABLE || standard && common.json) {
      throw badArgument(
          standard && common.json
              ? "Cannot print rows and a JSON document to one place."
              : "Cannot export as a table.",
          standard && common.json
              ? "Leave --json out, or name a folder."
              : "Use csv, json or jsonl.");
    }
    JsonArray files = new JsonArray();
    try (Tideline tideline = open()) {
      List<ArchiveView> views = chosen(tideline.views(inDoubt));
      if (standard && views.size() > 1) {
        throw badArgument(
            "Cannot export " + views.size() + " tables to standard output.",
            "Choose one: --table.");
      }
      ArchiveRows rows = new ArchiveRows(runs);
      for (ArchiveView view : views) {
        if (standard) {
          rows.write(view, format.to(out(), style()));
          requireWritten();
        } else {
          files.add(toFile(rows, view));
        }
      }
      sayInDoubt(tideline);
    }
    if (common.json) {
      JsonObject document = new JsonObject();
      document.add("files", files);
      printJson(document);
    } else if (files.isEmpty() && !standard) {
      out().println("The archive shows no rows" + (tables.isEmpty() ? "." : " of these tables."));
    }
    return ExitCode.DONE;
  }

  private List<ArchiveView> chosen(List<ArchiveView> views) {
    for (String table : tables) {
      if (views.stream().noneMatch(view -> view.table().equalsIgnoreCase(table))) {
        throw new TidelineException(
            ErrorCode.TABLE_UNKNOWN,
            "Cannot export '" + table + "': the archive holds no such table.",
            "Nothing was changed.",
            "It holds: "
                + String.join(", ", views.stream().map(ArchiveView::table).toList())
                + ".");
      }
    }
    return views.stream()
        .filter(
            view -> tables.isEmpty() || tables.stream().anyMatch(view.table()::equalsIgnoreCase))
        .toList();
  }

  private JsonObject toFile(ArchiveRows rows, ArchiveView view) {
    Path folder = locations().path(to);
    Path file =
        folder.resolve(view.table().replaceAll("[^\\p{L}\\p{N}_.-]", "_") + "." + format.word());
    long count;
    try {
      Files.createDirectories(folder);
      try (PrintStream out =
          new PrintStream(
              Files.newOutputStream(file, StandardOpenOption.CREATE_NEW),
              false,
              StandardCharsets.UTF_8)) {
        count = rows.write(view, format.to(out, style()));
        if (out.checkError()) {
          throw failed(file, "the file could not be written to its end", null);
        }
      }
    } catch (FileAlreadyExistsException e) {
      throw failed(file, "it exists already", e);
    } catch (IOException e) {
      throw failed(file, String.valueOf(e.getMessage()), e);
    }
    if (!common.json) {
      out().println(file + ": " + Words.count(count, "row"));
    }
    JsonObject object = new JsonObject();
    object.addProperty("table", view.table());
    object.addProperty("file", file.toString());
    object.addProperty("rows", count);
    return object;
  }

  private static TidelineException failed(Path file, String why, @Nullable Exception cause) {
    return new TidelineException(
        cause instanceof FileAlreadyExistsException
            ? ErrorCode.ARGUMENT_INVALID
            : ErrorCode.ARCHIVE_WRITE_FAILED,
        "Cannot export to " + file + ": " + why + ".",
        "Database and archive are unchanged.",
        "Name another folder with --to.",
        cause);
  }
}
