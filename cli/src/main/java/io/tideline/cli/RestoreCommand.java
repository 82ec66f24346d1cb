package io.tideline.cli;

import io.tideline.Tideline;
import io.tideline.cli.output.Progress;
import io.tideline.config.ConfigFile;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Retain;
import io.tideline.run.RestoreReport;
import io.tideline.run.RestoreRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Brings archived rows back. */
@CommandLine.Command(
    name = "restore",
    description = {
      "Brings archived rows back, into the database or another one.",
      "They come back bit for bit. Rows that are there already and identical count as restored;"
          + " different ones stay as they are and are listed, unless --conflict overwrite. The next"
          + " runs leave restored rows alone for 7 days."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tideline restore --table request_logs --from 2026-05-02 --to 2026-05-03",
      "  tideline restore --tree runs/run-123",
      "  tideline restore --where \"account_id = 'acc-17'\" --into sqlite:copy.db",
      "  tideline restore --run RUN --conflict overwrite --hold none"
    },
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {
      Exits.DONE,
      Exits.INPUT,
      Exits.LEFT,
      Exits.STOPPED,
      Exits.BUSY,
      Exits.CORRUPT,
      Exits.UNKNOWN,
      Exits.DEFECT
    })
final class RestoreCommand extends Command {
  /** What happens to a live row that differs from the archived one. */
  enum Conflict {
    SKIP,
    OVERWRITE
  }

  @Option(
      names = "--run",
      paramLabel = "RUN",
      description = "Only rows that this run archived; repeatable.")
  List<String> runs = new ArrayList<>();

  @Option(names = "--table", paramLabel = "TABLE", description = "Only this table; repeatable.")
  List<String> tables = new ArrayList<>();

  @Option(
      names = "--tree",
      paramLabel = "TABLE/KEY",
      description =
          "Only the tree of this root, for example runs/run-123: the root and what went with it, in"
              + " the newest copy.")
  @Nullable String tree;

  @Option(
      names = "--from",
      paramLabel = "INSTANT",
      description = "Only rows whose time is not older (an instant, or a date, UTC).")
  @Nullable String from;

  @Option(
      names = "--to",
      paramLabel = "INSTANT",
      description = "Only rows whose time is strictly older.")
  @Nullable String to;

  @Option(
      names = "--where",
      paramLabel = "SQL",
      description = "Only rows of the archive's view for which this SQL condition is true.")
  @Nullable String where;

  @Option(
      names = "--into",
      paramLabel = "URL",
      description = "Restore into this database instead; its tables must exist.")
  @Nullable String into;

  @Option(
      names = "--conflict",
      paramLabel = "skip|overwrite",
      defaultValue = "skip",
      description =
          "A live row that differs: skip leaves and lists it (the default), overwrite archives it"
              + " first, then replaces it.")
  Conflict conflict = Conflict.SKIP;

  @Option(
      names = "--gone",
      description = "Bring back also rows that the application itself deleted.")
  boolean gone;

  @Option(
      names = "--in-doubt",
      description = "With --into: also rows of segments whose outcome is not known yet.")
  boolean inDoubt;

  @Option(
      names = "--hold",
      paramLabel = "TIME|none",
      defaultValue = "7d",
      description = "How long runs leave the restored rows alone; 7d by default.")
  String hold = "7d";

  @Option(
      names = "--map",
      paramLabel = "OLD=NEW",
      description =
          "An archived column that has another name now; repeatable. An empty new name leaves the"
              + " column out.")
  Map<String, String> map = new LinkedHashMap<>();

  @Option(
      names = "--adopt",
      description =
          "Let the archive folder serve this database although it was made for another one.")
  boolean adopt;

  RestoreCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    RestoreRequest request = request();
    RestoreReport report;
    try (Tideline tideline = open()) {
      if (adopt) {
        tideline.adoptWhenWriting();
      }
      try (Progress progress = progress();
          Interrupts.Listening stops = terminal.interrupts().listen(tideline::stop)) {
        report = tideline.restore(request, progress);
      }
      sayInDoubt(tideline);
    }
    if (common.json) {
      printJson(report);
    } else {
      new RestorePrinter(out(), style()).print(report);
    }
    return report.exit();
  }

  private RestoreRequest request() {
    Optional<DatabaseUrl> other =
        Optional.ofNullable(into)
            .map(url -> ConfigFile.databaseUrl(url, terminal.folder(), terminal.env()));
    if (inDoubt && other.isEmpty()) {
      throw badArgument(
          "Cannot restore rows in doubt into the source: they may still be there.",
          "Add --into URL, or let 'tideline run' settle them first.");
    }
    return new RestoreRequest(
        runs,
        tables,
        instant(from, "--from"),
        instant(to, "--to"),
        Optional.ofNullable(where),
        other,
        conflict == Conflict.OVERWRITE,
        gone,
        inDoubt,
        holding(),
        map,
        Optional.ofNullable(tree));
  }

  private Duration holding() {
    if (hold.equals("none")) {
      return Duration.ZERO;
    }
    try {
      return Retain.parse(hold, "--hold").orElseThrow(this::noHolding);
    } catch (TidelineException e) {
      throw noHolding();
    }
  }

  private TidelineException noHolding() {
    return badArgument(
        "Cannot hold restored rows for '" + hold + "'.",
        "Write '--hold none', or a whole number above zero of days ('7' or '7d'), hours ('12h') or"
            + " weeks ('2w').");
  }

  private static Optional<Instant> instant(@Nullable String text, String option) {
    return text == null ? Optional.empty() : Optional.of(Common.instant(text, option));
  }
}
