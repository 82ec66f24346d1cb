package io.tideline.cli;

import io.tideline.Tideline;
import io.tideline.cli.output.Words;
import io.tideline.error.ExitCode;
import io.tideline.run.Hold;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Places a hold. */
@CommandLine.Command(
    name = "add",
    description = {
      "Holds rows back from every run, whatever their age, until the hold ends or is removed.",
      "Holds lie in the archive folder and are judged again in the transaction that deletes."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tideline hold add --table orders --key 1042 --key 1043 --reason \"dispute 77\"",
      "  tideline hold add --table orders --where \"customer = 'acme'\" --reason \"audit\" --until"
          + " 2027-01-01"
    },
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.INPUT, Exits.BUSY, Exits.DEFECT})
final class HoldAddCommand extends Command {
  @Option(
      names = "--table",
      required = true,
      paramLabel = "TABLE",
      description = "The table whose rows are held.")
  String table = "";

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description =
          "The key of a row, as reports show it; repeatable. A key of several columns is a JSON array:"
              + " [\"eu\",17]; so is a typed one: [42], [{\"hex\":\"00ff\"}]. A key without a row is"
              + " refused.")
  List<String> keys = new ArrayList<>();

  @Option(
      names = "--where",
      paramLabel = "SQL",
      description = "Holds the rows for which this SQL condition is true or NULL.")
  @Nullable String where;

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "Why; kept with the hold.")
  String reason = "";

  @Option(
      names = "--until",
      paramLabel = "INSTANT",
      description = "When the hold ends by itself; never by default.")
  @Nullable String until;

  HoldAddCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    if (keys.isEmpty() == (where == null)) {
      throw badArgument(
          "Cannot tell which rows to hold: give either --key or --where.",
          "Name rows with --key KEY, or say which with --where SQL.");
    }
    Optional<Instant> end = Optional.ofNullable(until).map(t -> Common.instant(t, "--until"));
    Hold hold;
    try (Tideline tideline = open()) {
      hold = tideline.hold(table, keys, Optional.ofNullable(where), reason, end);
    }
    if (common.json) {
      printJson(hold);
    } else {
      String which = keys.isEmpty() ? "rows of " : Words.count(keys.size(), "row") + " of ";
      out().println("Hold " + hold.id() + " keeps " + which + hold.table() + ends(hold) + ".");
      out().println("Remove it with: tideline hold remove " + hold.id() + " --reason TEXT");
    }
    return ExitCode.DONE;
  }

  private static String ends(Hold hold) {
    return hold.until().map(t -> " until " + Words.time(t)).orElse(" until it is removed");
  }
}
