package io.tideline.cli;

import com.google.gson.JsonObject;
import io.tideline.Tideline;
import io.tideline.cli.output.Json;
import io.tideline.config.ConfigFile;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.plan.Proposal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a configuration for a database. */
@CommandLine.Command(
    name = "init",
    description = {
      "Writes a tideline.yaml for a database.",
      "Reads the catalogue, finds the tables that grow by time, their time columns and how the"
          + " times are written, and proposes a policy for each, all of them off, with row counts,"
          + " sizes and ages as comments. The database is not changed. The JSON Schema, by which"
          + " editors complete the file, is written beside it, into the folder .tideline."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tideline init ./store.db",
      "  tideline init 'postgresql://me:$${DB_PASSWORD}@localhost/app'"
    },
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.INPUT, Exits.BUSY, Exits.CORRUPT, Exits.DEFECT})
final class InitCommand extends DatedCommand {
  @Parameters(
      paramLabel = "DATABASE",
      description =
          "A SQLite file, sqlite:/path/to.db, or postgresql://user@host:5432/name. $${ENV} and"
              + " $${file:/path} are put in, and written to the file as they stand.")
  String database = "";

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = ConfigFile.NAME,
      description = "The file to write; tideline.yaml of the current folder by default.")
  Path file = Path.of(ConfigFile.NAME);

  @Option(names = "--force", description = "Write over a file that exists.")
  boolean force;

  InitCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    Path target = path(file);
    if (Files.exists(target) && !force) {
      throw badArgument(
          "Cannot write " + target + ": it exists.",
          "Give --force to write over it, or name another file with --out.");
    }
    Clock clock = clock();
    DatabaseUrl url = ConfigFile.databaseUrl(database, terminal.folder(), terminal.env());
    List<Proposal> proposals = Tideline.propose(url, clock);
    ConfigText text = new ConfigText(target, database, url, clock.instant());
    write(target, text.of(proposals));
    if (common.json) {
      JsonObject document = new JsonObject();
      document.addProperty("file", target.toString());
      document.add("proposals", Json.tree(proposals));
      printJson(document);
    } else {
      print(target, proposals);
    }
    return ExitCode.DONE;
  }

  private void print(Path target, List<Proposal> proposals) {
    new ProposalPrinter(table()).print(proposals, out());
    out().println("Wrote " + target + ". Every policy in it is off.");
    if (!proposals.isEmpty()) {
      out().println("Next: set 'retain' of a policy, then see what would go with: tideline plan");
    }
    ConfigText.passwordVariable(database)
        .ifPresent(
            name ->
                out().println("The password is not in the file: set the variable " + name + "."));
  }

  static void write(Path target, String text) {
    try {
      Path folder = target.resolveSibling(".tideline");
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(ConfigFile.SCHEMA_NAME), ConfigFile.schema());
      Files.writeString(target, text);
    } catch (IOException e) {
      throw new TidelineException(
          ErrorCode.ARGUMENT_INVALID,
          "Cannot write " + target + ": " + e + ".",
          "The database is unchanged.",
          "Name a file in a folder that you may write to with --out.",
          e);
    }
  }
}
