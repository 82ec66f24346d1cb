package io.tideline.cli;

import com.google.gson.JsonObject;
import io.tideline.Tideline;
import io.tideline.archive.ArchiveView;
import io.tideline.archive.ArchivedTree;
import io.tideline.cli.output.Form;
import io.tideline.cli.output.Words;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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
          + " overwritten. A tree as JSON is one document."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tideline export --to ./export",
      "  tideline export --table request_logs --format jsonl --to -",
      "  tideline export --tree runs/run-123 --format json --to -"
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
      names = "--tree",
      paramLabel = "TABLE/KEY",
      description =
          "Only the tree of this root, for example runs/run-123: the root and what went with it, in"
              + " the newest copy.")
  @Nullable String tree;

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
    ExportFiles files = new ExportFiles(locations().path(to));
    try (Tideline tideline = open()) {
      Optional<ArchivedTree> found =
          Optional.ofNullable(tree).map(name -> tideline.tree(name, runs, inDoubt));
      if (found.isPresent() && format == Form.JSON) {
        document(found.get(), standard, files);
      } else {
        tables(found.map(ExportCommand::views).orElseGet(() -> tideline.views(inDoubt)), files);
      }
      sayInDoubt(tideline);
    }
    if (common.json) {
      JsonObject document = new JsonObject();
      document.add("files", files.written());
      printJson(document);
    } else if (files.written().isEmpty() && !standard) {
      out().println("The archive shows no rows" + (tables.isEmpty() ? "." : " of these tables."));
    }
    return ExitCode.DONE;
  }

  private static List<ArchiveView> views(ArchivedTree tree) {
    return Stream.concat(tree.tables().stream(), tree.detached().stream()).toList();
  }

  private void document(ArchivedTree found, boolean standard, ExportFiles files) {
    if (!tables.isEmpty()) {
      throw badArgument(
          "Cannot leave tables out of a tree's document.",
          "Leave --table out, or use csv or jsonl.");
    }
    TreeDocument document = new TreeDocument(found);
    if (standard) {
      document.write(out());
      requireWritten();
    } else {
      say(files.write("tree", found.name(), format.word(), document::write));
    }
  }

  private void tables(List<ArchiveView> all, ExportFiles files) {
    List<ArchiveView> views = chosen(all);
    boolean standard = to.equals("-");
    if (standard && views.size() > 1) {
      throw badArgument(
          "Cannot export " + views.size() + " tables to standard output.", "Choose one: --table.");
    }
    ArchiveRows rows = new ArchiveRows(runs);
    for (ArchiveView view : views) {
      if (standard) {
        rows.write(view, format.to(out(), style()));
        requireWritten();
      } else {
        say(
            files.write(
                "table",
                view.table(),
                format.word(),
                out -> rows.write(view, format.to(out, style()))));
      }
    }
  }

  private void say(JsonObject file) {
    if (!common.json) {
      out()
          .println(
              file.get("file").getAsString()
                  + ": "
                  + Words.count(file.get("rows").getAsLong(), "row"));
    }
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
}
