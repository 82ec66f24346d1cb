package io.tideline.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.tideline.cli.output.Json;
import io.tideline.cli.output.Table;
import io.tideline.cli.output.Words;
import io.tideline.error.ExitCode;
import io.tideline.maintenance.backup.BackupStore;
import io.tideline.maintenance.backup.StoredBackup;
import java.util.List;
import picocli.CommandLine;

/** Lists backups. */
@CommandLine.Command(
    name = "list",
    description = {
      "Lists the backups that the archive knows of, the oldest first.",
      "Reads no backup: 'tideline backup verify' does. Changes nothing."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = Exits.EXAMPLE,
    footer = "  tideline backup list",
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.INPUT, Exits.DEFECT})
final class BackupListCommand extends Command {
  BackupListCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    List<StoredBackup> backups = new BackupStore(config().settings(), clock()).list();
    if (common.json) {
      JsonArray array = new JsonArray();
      backups.forEach(each -> array.add(Json.tree(each)));
      JsonObject document = new JsonObject();
      document.add("backups", array);
      printJson(document);
    } else if (backups.isEmpty()) {
      out().println("The archive knows of no backup. Make one with 'tideline backup'.");
    } else {
      print(backups);
    }
    return ExitCode.DONE;
  }

  private void print(List<StoredBackup> backups) {
    Table table = table().text("AS OF").number("SIZE").text("VERIFIED").text("PLACE");
    for (StoredBackup backup : backups) {
      table.row(
          Words.time(backup.at()),
          backup.there() ? Words.bytes(backup.bytes()) : "not here",
          backup.verified() ? "yes" : "no",
          backup.place());
    }
    table.end();
  }
}
