package io.tideline.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.tideline.cli.output.Json;
import io.tideline.cli.report.BenchPage;
import io.tideline.config.ConfigFile;
import io.tideline.core.Databases;
import io.tideline.dialect.Database;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.error.ExitCode;
import io.tideline.error.Nearest;
import io.tideline.maintenance.bench.Baseline;
import io.tideline.maintenance.bench.Bench;
import io.tideline.maintenance.bench.BenchReport;
import io.tideline.maintenance.bench.Comparison;
import io.tideline.maintenance.bench.Judged;
import io.tideline.maintenance.bench.Load;
import io.tideline.maintenance.bench.Machine;
import io.tideline.maintenance.bench.QueryTarget;
import io.tideline.maintenance.bench.Target;
import io.tideline.maintenance.bench.TargetReport;
import io.tideline.maintenance.bench.Threshold;
import io.tideline.maintenance.bench.Ticker;
import io.tideline.tuning.QuerySpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts a query or an address under load. */
@CommandLine.Command(
    name = "bench",
    description = {
      "Asks a query or an address at a rate, and tells what its users meet.",
      "Response times count from when a request was due, so that a stall counts for all who would"
          + " have come meanwhile; service times from when it was sent. Queries are asked where"
          + " they can only read. Ctrl-C ends it with the figures so far. With --during, an exit code"
          + " of run other than 0 is that of the bench."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tideline bench latest --rate 100",
      "  tideline bench latest-window latest-seek --rate 20 --html latest.html",
      "  tideline bench --sql 'SELECT * FROM runs WHERE id = :id' --param id=7 --param id=9",
      "  tideline bench --url http://127.0.0.1:2455/api/accounts --rate 20 --fail-if 'p95>200ms'",
      "  tideline bench latest --rate 100 --baseline latest.json --fail-if worse",
      "  tideline bench latest --rate 100 --during run"
    },
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {
      Exits.DONE,
      Exits.CONFIRM,
      "4:Stopped; the figures so far are printed.",
      "9:A threshold of --fail-if was crossed.",
      Exits.DEFECT
    })
final class BenchCommand extends Command {
  @Parameters(
      arity = "0..*",
      paramLabel = "QUERY",
      description = "Ask these queries of the configuration; rounds of several take turns.")
  List<String> names = new ArrayList<>();

  @Option(names = "--sql", paramLabel = "SQL", description = "Ask this query.")
  @Nullable String sql;

  @Option(
      names = "--database",
      paramLabel = "DATABASE",
      description =
          "Ask the query of --sql in this database, without a configuration: a SQLite file,"
              + " sqlite:/path/to.db, or postgresql://user@host:5432/name.")
  @Nullable String database;

  @Mixin final SampleOptions samples = new SampleOptions();
  @Mixin final AddressOptions address = new AddressOptions();
  @Mixin final LoadOptions asking = new LoadOptions();

  @Option(
      names = "--baseline",
      paramLabel = "FILE",
      description = "Compare with the figures of this file, if they were measured alike.")
  @Nullable Path baseline;

  @Option(
      names = "--save-baseline",
      paramLabel = "FILE",
      description = "Keep the figures in this file, beside those of up to 19 earlier runs.")
  @Nullable Path save;

  @Option(
      names = "--fail-if",
      paramLabel = "THRESHOLD",
      description =
          "End with exit code 9 if this holds; repeatable: 'p99>50ms', 'service.p95>20ms',"
              + " 'errors>0', 'busy>0.1%%', 'throughput<95/s', worse.")
  List<String> failIf = new ArrayList<>();

  @Option(
      names = "--during",
      paramLabel = "COMMAND",
      description =
          "Measure before, while and after this goes on: run, or 'run --policy NAME'. It plans and"
              + " asks first, as always.")
  @Nullable String during;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask before --during.")
  boolean yes;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write the figures with charts to this file, which opens offline.")
  @Nullable Path html;

  BenchCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    Load load = asking.load();
    List<Threshold> thresholds = failIf.stream().map(Threshold::parse).toList();
    requireSense(load, thresholds);
    String url = address.url;
    if (url != null) {
      return bench(List.of(address.target(url, load.timeout(), terminal)), load, thresholds);
    }
    if (!names.isEmpty()) {
      goBy(config()); // read once, so that all of it is of one moment
    }
    List<QuerySpec> queries = queries();
    try (Database opened = Databases.open(databaseUrl())) {
      List<Target> targets = new ArrayList<>();
      queries.forEach(
          query -> targets.add(new QueryTarget(opened, query, load.timeout(), clock())));
      return bench(targets, load, thresholds);
    }
  }

  private void requireSense(Load load, List<Threshold> thresholds) {
    int kinds = (names.isEmpty() ? 0 : 1) + (sql == null ? 0 : 1) + (address.url == null ? 0 : 1);
    if (kinds != 1) {
      throw badArgument(
          "Cannot tell what to ask.",
          "Name queries of the configuration, or give --sql, or --url: one of the three.");
    }
    if (load.cold() && address.url != null) {
      throw badArgument(
          "Cannot ask an address cold.", "Leave --cold out: the first request stands apart.");
    }
    if (database != null && sql == null) {
      throw badArgument(
          "Cannot ask queries of the configuration in another database.",
          "Give --sql with --database.");
    }
    boolean several = names.size() > 1;
    if (several && (baseline != null || save != null || during != null)) {
      throw badArgument(
          "Cannot compare several queries with a baseline, or ask them beside something else.",
          "Name one query.");
    }
    if (during != null && (baseline != null || save != null)) {
      throw badArgument(
          "Cannot use a baseline and --during at once.",
          "Leave one out: --during compares with what was before it.");
    }
    if (thresholds.stream().anyMatch(Threshold::compares) && baseline == null && during == null) {
      throw badArgument(
          "Cannot tell whether it is worse: there is nothing to compare with.",
          "Name a baseline with --baseline FILE.");
    }
  }

  private List<QuerySpec> queries() {
    String text = sql;
    if (text != null) {
      return List.of(samples.query(text, terminal));
    }
    List<QuerySpec> declared = config().queries();
    return samples.vary(names.stream().map(name -> query(name, declared)).toList(), terminal);
  }

  private static QuerySpec query(String name, List<QuerySpec> declared) {
    return declared.stream()
        .filter(query -> query.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                badArgument(
                    "Cannot ask query '" + name + "': the configuration has none of that name.",
                    declared.isEmpty()
                        ? "Declare it under queries:, or give --sql."
                        : Nearest.sentence(
                            "queries", name, declared.stream().map(QuerySpec::name).toList())));
  }

  private DatabaseUrl databaseUrl() {
    String named = database;
    if (named == null) {
      return config().settings().database();
    }
    return ConfigFile.databaseUrl(named, terminal.folder(), terminal.env());
  }

  private ExitCode bench(List<Target> targets, Load load, List<Threshold> thresholds) {
    Machine here = Machine.here();
    Optional<Baseline> known = read(baseline, targets, load, here);
    Optional<Baseline> kept = read(existing(save), targets, load, here);
    Bench bench = new Bench(targets, load, Version.text(), here, clock(), Ticker.SYSTEM);
    String beside = during;
    if (beside != null) {
      return during(bench, beside, thresholds);
    }
    BenchReport report;
    try (BenchProgress progress = progressOf();
        Interrupts.Listening stops = terminal.interrupts().listen(bench::stop)) {
      report = bench.run(progress);
    }
    if (known.isPresent()) {
      report = report.with(Comparison.of(known.get(), Baseline.run(report)));
    }
    report = report.with(judged(report, thresholds));
    tell(report, Function.identity());
    keep(report, kept);
    return exit(report);
  }

  private ExitCode during(Bench bench, String words, List<Threshold> thresholds) {
    try (BesideRun beside =
        new BesideRun(List.of(words.strip().split("\\s+")), config(), yes, common.json, terminal)) {
      beside.prepare();
      BenchReport report;
      try (BenchProgress progress = progressOf();
          Interrupts.Listening stops =
              terminal
                  .interrupts()
                  .listen(
                      () -> {
                        bench.stop();
                        beside.stop();
                      })) {
        report = bench.during(beside, progress);
      }
      beside.close();
      report = report.with(judged(report, thresholds));
      tell(report, document -> withRun(document, beside.document()));
      int other = beside.end();
      return other == ExitCode.DONE.number() ? exit(report) : JobRunner.exit(other);
    }
  }

  private static JsonElement withRun(JsonElement document, JsonElement run) {
    JsonObject object = document.getAsJsonObject();
    object.add("run", run);
    return object;
  }

  private BenchProgress progressOf() {
    return new BenchProgress(terminal.err(), terminal.errTerminal());
  }

  private Optional<Baseline> read(
      @Nullable Path file, List<Target> targets, Load load, Machine here) {
    if (file == null) {
      return Optional.empty();
    }
    Baseline read = BaselineFile.read(path(file));
    read.requireLike(Bench.identity(targets.get(0), load), here);
    return Optional.of(read);
  }

  private @Nullable Path existing(@Nullable Path file) {
    return file != null && Files.exists(path(file)) ? file : null;
  }

  private static List<Judged> judged(BenchReport report, List<Threshold> thresholds) {
    List<Judged> all = new ArrayList<>();
    for (Threshold threshold : thresholds) {
      List<TargetReport> judged =
          threshold.compares() ? report.targets().subList(0, 1) : report.targets();
      judged.forEach(target -> all.add(threshold.judge(target, report.comparison())));
    }
    return all;
  }

  /** Prints the figures first: they must not be lost with a file that cannot be written. */
  private void tell(BenchReport report, Function<JsonElement, JsonElement> more) {
    if (common.json) {
      printJson(more.apply(Json.tree(report)));
    } else {
      new BenchPrinter(out(), style(), terminal.outTerminal()).print(report);
    }
    Path file = html;
    if (file != null) {
      write(path(file), BenchPage.of(report));
      say("Wrote " + path(file) + ".");
    }
  }

  private void keep(BenchReport report, Optional<Baseline> kept) {
    Path file = save;
    if (file == null) {
      return;
    }
    if (report.stopped()) {
      say("Kept no baseline: it was stopped.");
      return;
    }
    BaselineFile.write(
        path(file), kept.map(each -> each.with(report)).orElseGet(() -> Baseline.of(report)));
    say("Kept in the baseline " + path(file) + ".");
  }

  private void say(String line) {
    if (!common.json) {
      out().println(line);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw badArgument(
          "Cannot write " + file + ": " + e + ".",
          "Name a file in a folder that you may write to with --html.");
    }
  }

  private static ExitCode exit(BenchReport report) {
    if (report.stopped()) {
      return ExitCode.STOPPED;
    }
    return report.failed() ? ExitCode.THRESHOLD : ExitCode.DONE;
  }
}
