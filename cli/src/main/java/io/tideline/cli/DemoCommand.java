package io.tideline.cli;

import com.google.gson.JsonObject;
import io.tideline.cli.demo.CodexLbStore;
import io.tideline.cli.demo.Counts;
import io.tideline.cli.demo.DemoFolder;
import io.tideline.cli.output.Json;
import io.tideline.config.ConfigFile;
import io.tideline.error.ExitCode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the whole story on a database that it makes. */
@CommandLine.Command(
    name = "demo",
    description = {
      "Shows the main job from end to end on a database that it makes.",
      "Makes a database of real size in a new folder (the store of a proxy: 33 accounts, 90,000"
          + " usage rows, 48,000 request logs) and walks with the real commands: plan, run, query"
          + " the archive, restore a day, verify. It counts for itself, by plain SQL, that no row"
          + " is lost. The folder stays, for you to go on with; calling demo again makes it anew."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = Exits.EXAMPLE,
    footer = "  tideline demo /tmp/tideline-demo",
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {
      "0:Done, and the counts add up.",
      Exits.INPUT,
      "7:The counts do not add up.",
      Exits.DEFECT
    })
final class DemoCommand extends DatedCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      defaultValue = "tideline-demo",
      description =
          "The folder, ./tideline-demo by default. One that is not empty is refused, unless a"
              + " demonstration made it.")
  Path folder = Path.of("tideline-demo");

  @Option(
      names = "--keep",
      description = "Keep a copy of the database as it was, original.db, to compare with.")
  boolean keep;

  DemoCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    Instant now = clock().instant();
    Path target = path(folder);
    DemoFolder demo = new DemoFolder(target);
    long start = System.nanoTime();
    demo.make(CodexLbStore.ofRealSize(), now, ConfigFile.schema());
    try {
      if (keep) {
        demo.keepOriginal();
      }
      Counts before = Counts.in(demo.store());
      DemoWalk walk = new DemoWalk(stage(target), demo, this, now);
      ExitCode exit = walk.go(before);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      if (common.json) {
        printJson(document(target, before, walk, took, exit));
      } else if (exit == ExitCode.DONE) {
        walk.farewell(folder, took);
      }
      return exit;
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot count the rows of the demonstration", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The terminal of the walk: in the demo's folder, and silent if one JSON document is wanted. */
  private Terminal stage(Path target) {
    PrintStream out =
        common.json
            ? new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)
            : out();
    return new Terminal(
        terminal.in(),
        out,
        terminal.err(),
        terminal.inTerminal(),
        terminal.outTerminal(),
        terminal.errTerminal(),
        terminal.env(),
        target);
  }

  private static JsonObject document(
      Path target, Counts before, DemoWalk walk, Duration took, ExitCode exit) {
    JsonObject document = new JsonObject();
    document.addProperty("folder", target.toString());
    document.add("before", Json.tree(before));
    document.add("live", Json.tree(walk.live()));
    document.add("archived", Json.tree(walk.archived()));
    document.addProperty("took", took.toString());
    document.addProperty("exit", exit.number());
    return document;
  }
}
