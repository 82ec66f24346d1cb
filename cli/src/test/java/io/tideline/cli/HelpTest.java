package io.tideline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** Every command tells what it does, what each option means, how it ends, and shows an example. */
final class HelpTest {
  @TempDir static Path dir;

  static Stream<List<String>> commands() {
    List<List<String>> all = new ArrayList<>();
    collect(whole(), List.of(), all);
    return all.stream();
  }

  private static CommandLine whole() {
    Terminal terminal =
        new Shell(dir).terminal(new ByteArrayOutputStream(), new ByteArrayOutputStream());
    return Main.commandLine(new String[0], terminal);
  }

  private static void collect(CommandLine line, List<String> words, List<List<String>> all) {
    line.getSubcommands()
        .forEach(
            (name, command) -> {
              List<String> path = Stream.concat(words.stream(), Stream.of(name)).toList();
              if (!name.equals("help")) {
                all.add(path);
                collect(command, path, all);
              }
            });
  }

  @ParameterizedTest
  @MethodSource("commands")
  void documentsItself(List<String> words) {
    CommandLine line = whole();
    for (String word : words) {
      line = line.getSubcommands().get(word);
    }
    CommandSpec spec = line.getCommandSpec();
    assertThat(spec.usageMessage().description()).isNotEmpty();
    assertThat(String.join("\n", spec.usageMessage().footer()))
        .contains("tideline " + String.join(" ", words));
    assertThat(spec.usageMessage().footerHeading()).contains("Example");
    assertThat(spec.usageMessage().exitCodeList()).isNotEmpty();
    for (ArgSpec arg : spec.args()) {
      assertThat(String.join("", arg.description())).as(arg.toString()).endsWith(".");
    }
    if (line.getSubcommands().isEmpty()) {
      assertThat(spec.optionsMap()).containsKeys("--help", "--json", "--config");
    }
  }

  @Test
  void takesAnInstantWhereTimeIsJudgedAndNowhereElse() {
    List<String> dated = new ArrayList<>();
    List<List<String>> all = new ArrayList<>();
    collect(whole(), List.of(), all);
    for (List<String> words : all) {
      CommandLine line = whole();
      for (String word : words) {
        line = line.getSubcommands().get(word);
      }
      if (line.getCommandSpec().optionsMap().containsKey("--now")) {
        dated.add(String.join(" ", words));
      }
    }
    assertThat(dated)
        .containsExactlyInAnyOrder(
            "demo",
            "init",
            "plan",
            "run",
            "stats",
            "status",
            "inspect",
            "check",
            "advise",
            "doctor",
            "hold list",
            "payloads plan");
    assertThat(new Shell(dir).run("query", "SELECT 1", "--now", "2026-05-02").err())
        .contains("Unknown option", "--now");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void printsItsHelp(List<String> words) {
    List<String> args = new ArrayList<>(words);
    args.add("--help");

    Shell.Said said = new Shell(dir).run(args.toArray(String[]::new));

    assertThat(said.exit()).isZero();
    assertThat(said.err()).isEmpty();
    assertThat(said.out())
        .startsWith("Usage: tideline " + String.join(" ", words))
        .contains("Exit codes:")
        .contains("Example")
        .doesNotContain("\u001B");
    assertThat(said.out().lines()).allSatisfy(l -> assertThat(l).hasSizeLessThanOrEqualTo(110));
  }

  @Test
  void listsEveryCommand() {
    Shell.Said said = new Shell(dir).run();

    assertThat(said.exit()).isZero();
    assertThat(said.out())
        .contains("demo", "init", "plan", "run", "stats", "status", "history", "archives", "tables")
        .contains("verify", "restore", "hold", "recover", "query", "export", "completion", "help");
    assertThat(new Shell(dir).run("help", "plan").out()).startsWith("Usage: tideline plan");
    assertThat(new Shell(dir).run("--help").out()).isEqualTo(said.out());
  }

  @Test
  void tellsTheVersion() {
    assertThat(new Shell(dir).run("--version").out()).startsWith("tideline ");
    assertThat(new Shell(dir).run("-V").exit()).isZero();
  }

  @Test
  void printsACompletionScript() {
    Shell.Said said = new Shell(dir).run("completion");

    assertThat(said.exit()).isZero();
    assertThat(said.out()).contains("#!/usr/bin/env bash", "--conflict", "complete -F");
  }

  @Test
  void usesColoursOnATerminalOnly() {
    assertThat(new Shell(dir).typing("").run("--help").out()).contains("\u001B[");
    assertThat(new Shell(dir).typing("").env("NO_COLOR", "1").run("--help").out())
        .doesNotContain("\u001B[");
    assertThat(new Shell(dir).typing("").env("TERM", "dumb").run("--help").out())
        .doesNotContain("\u001B[");
  }
}
