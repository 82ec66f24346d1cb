package io.tideline.cli;

import io.tideline.Tideline;
import io.tideline.archive.QueryEngine;
import io.tideline.cli.demo.Counts;
import io.tideline.cli.demo.DemoFolder;
import io.tideline.cli.output.Style;
import io.tideline.cli.output.Words;
import io.tideline.config.ConfigFile;
import io.tideline.error.ExitCode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The walk of the demonstration: the real commands, one after the other, with a heading each. */
final class DemoWalk {
  private static final String QUERY =
      "SELECT model, count(*) AS requests, sum(output_tokens) AS output_tokens,"
          + " round(avg(latency_ms)) AS avg_ms FROM request_logs GROUP BY model ORDER BY model";

  /** The commands of the walk that judge no age. */
  private static final Set<String> TIMELESS = Set.of("query", "verify", "restore");

  private final Terminal stage;
  private final DemoFolder demo;
  private final DemoCommand demonstration;
  private final Instant now;
  private Counts live = new Counts(0, 0);
  private Counts archived = new Counts(0, 0);
  private int step;

  DemoWalk(Terminal stage, DemoFolder demo, DemoCommand demonstration, Instant now) {
    this.stage = stage;
    this.demo = demo;
    this.demonstration = demonstration;
    this.now = now;
  }

  Counts live() {
    return live;
  }

  Counts archived() {
    return archived;
  }

  /** Goes through; ends at the first command that fails. */
  ExitCode go(Counts before) throws SQLException, IOException {
    heading("A database that only grows");
    out().println(demo.store() + ": " + Words.bytes(Files.size(demo.store())));
    out().println("usage_history " + Words.count(before.usage(), "row"));
    out().println("request_logs  " + Words.count(before.logs(), "row"));
    LocalDate day = LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(45);
    List<List<String>> commands =
        List.of(
            List.of("What would go", "plan"),
            List.of("Archive, verify, delete", "run", "--yes", "--pace", "offline"),
            List.of("What is there now", "status"),
            List.of("Ask the archive", "query", QUERY),
            List.of(
                "Bring one day back",
                "restore",
                "--table",
                "request_logs",
                "--from",
                day.toString(),
                "--to",
                day.plusDays(1).toString()),
            List.of("Read the archive again, every row", "verify"));
    for (List<String> command : commands) {
      int exit = command(command.get(0), command.subList(1, command.size()));
      if (exit != 0) {
        out().println("The command ended with exit code " + exit + "; the demonstration stops.");
        return exit(exit);
      }
    }
    return check(before);
  }

  private int command(String title, List<String> words) {
    heading(title);
    StringBuilder shown = new StringBuilder("$ tideline");
    words.forEach(word -> shown.append(' ').append(word.contains(" ") ? '"' + word + '"' : word));
    out().println(stage.style().dim(shown.toString()));
    List<String> args = new ArrayList<>(words);
    String asked = demonstration.moment.now;
    if (asked != null && !TIMELESS.contains(words.get(0))) {
      args.addAll(List.of("--now", asked));
    }
    if (demonstration.common.verbose) {
      args.add("--verbose");
    }
    return Main.run(args.toArray(String[]::new), stage);
  }

  private ExitCode check(Counts before) throws SQLException {
    heading("Count by plain SQL that no row is lost");
    live = Counts.in(demo.store());
    ConfigFile config = ConfigFile.load(stage.folder().resolve(ConfigFile.NAME), stage.env());
    try (Tideline tideline = demonstration.open(config.settings())) {
      archived = new Counts(count(tideline, "usage_history"), count(tideline, "request_logs"));
    }
    line("usage_history", live.usage(), archived.usage(), before.usage());
    line("request_logs ", live.logs(), archived.logs(), before.logs());
    boolean right = live.plus(archived).equals(before);
    Style style = stage.style();
    out()
        .println(
            right
                ? style.good("Every row is in the database or in the archive, none in both.")
                : style.bad("The counts do not add up: this is a defect of Tideline."));
    return right ? ExitCode.DONE : ExitCode.CORRUPTION;
  }

  private static long count(Tideline tideline, String table) {
    AtomicLong count = new AtomicLong();
    tideline.query(
        "SELECT count(*) FROM " + table,
        false,
        new QueryEngine.Result() {
          @Override
          public void columns(List<String> names, List<String> types) {}

          @Override
          public boolean row(@Nullable Object[] values) {
            if (values[0] instanceof Number number) {
              count.set(number.longValue());
            }
            return false;
          }
        });
    return count.get();
  }

  private void line(String table, long inDatabase, long inArchive, long before) {
    out()
        .println(
            table
                + "  "
                + Words.count(inDatabase)
                + " in the database + "
                + Words.count(inArchive)
                + " in the archive = "
                + Words.count(inDatabase + inArchive)
                + (inDatabase + inArchive == before ? " = " : ", not ")
                + Words.count(before)
                + " before");
  }

  /** Tells what to type next. */
  void farewell(Path folder, Duration took) {
    heading("Now with your own database");
    out().println("  tideline init /path/to/your.db     writes tideline.yaml; every policy is off");
    out().println("  tideline plan                      what would go; changes nothing");
    out().println("  tideline run                       asks, archives, verifies, deletes");
    out().println();
    out().println("Or look around in " + folder + ": cd there and try 'tideline status'.");
    out().println(stage.style().dim("The demonstration took " + Words.duration(took) + "."));
  }

  private void heading(String title) {
    step++;
    out().println();
    out().println(stage.style().bold(step + ". " + title));
  }

  private PrintStream out() {
    return stage.out();
  }

  private static ExitCode exit(int number) {
    for (ExitCode code : ExitCode.values()) {
      if (code.number() == number) {
        return code;
      }
    }
    return ExitCode.DEFECT;
  }
}
