package io.tideline.cli;

import io.tideline.cli.demo.CodexLbStore;
import io.tideline.cli.demo.DemoFolder;
import io.tideline.config.ConfigFile;
import io.tideline.error.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * Loads the classes that most commands need, by calling them on a tiny database of its own, while
 * the launcher lets the JVM write a class data archive (JDK 17, "Class Data Sharing").
 */
@CommandLine.Command(
    name = "warm-up",
    hidden = true,
    description = "Loads what most commands need; the launcher calls it to make starts quick.",
    optionListHeading = Exits.OPTIONS,
    footerHeading = Exits.EXAMPLE,
    footer = "  tideline warm-up",
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.DEFECT})
final class WarmUpCommand extends Command {
  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("init", "store.db", "--out", "proposed.yaml"),
          List.of("plan"),
          List.of("plan", "--json"),
          List.of("stats"),
          List.of("status"),
          List.of("history"),
          List.of("archives"),
          List.of("hold", "list"),
          List.of("plan", "--help"),
          List.of("plan", "--unknown"));

  WarmUpCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    try {
      Path folder = Files.createTempDirectory("tideline-warm-up");
      try {
        new DemoFolder(folder)
            .make(new CodexLbStore(3, 60, 60, 1), Instant.now(), ConfigFile.schema());
        Terminal silent = silent(folder);
        COMMANDS.forEach(command -> Main.run(command.toArray(String[]::new), silent));
      } finally {
        remove(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ExitCode.DONE;
  }

  private static Terminal silent(Path folder) {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    return new Terminal(
        InputStream.nullInputStream(), nowhere, nowhere, false, false, false, Map.of(), folder);
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
