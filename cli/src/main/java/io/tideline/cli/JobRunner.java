package io.tideline.cli;

import io.tideline.cli.serve.Jobs;
import io.tideline.config.ConfigFile;
import io.tideline.config.JobCommands;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.schedule.Job;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Runs jobs by the command objects of the command line, in this process and without a shell. What
 * they print goes to a file of the state's folder, which the next run of the job replaces.
 */
final class JobRunner implements Jobs {
  private static final long MOST_OUTPUT = 4L << 20;

  private final Terminal terminal;

  /**
   * @param terminal whose environment and error stream the jobs have
   */
  JobRunner(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public List<String> problems(ConfigFile config) {
    List<String> problems = new ArrayList<>();
    for (Job job : config.timetable().jobs()) {
      Terminal nowhere = at(config, stream(OutputStream.nullOutputStream()), stop -> () -> {});
      CommandLine line = Main.commandLine(job.command().toArray(String[]::new), nowhere);
      try {
        String[] words = words(job, command(line, job)).toArray(String[]::new);
        String typed = typed(line.parseArgs(words));
        if (!JobCommands.known().contains(typed)) {
          problems.add("Job '" + job.name() + "' cannot be run: '" + typed + "' may be no job.");
        }
      } catch (ParameterException e) {
        problems.add("Job '" + job.name() + "' cannot be run: " + sentence(e.getMessage()));
      }
    }
    return problems;
  }

  @Override
  public End run(ConfigFile config, Job job, Consumer<Runnable> stopper) {
    try (PrintStream out = stream(output(config, job))) {
      Terminal own =
          at(
              config,
              out,
              stop -> {
                stopper.accept(stop);
                return () -> stopper.accept(() -> {});
              });
      CommandLine line = Main.commandLine(job.command().toArray(String[]::new), own);
      CommandLine command = command(line, job);
      if (command.getCommand() instanceof Command known) {
        known.goBy(config);
      }
      String[] words = words(job, command).toArray(String[]::new);
      AtomicReference<String> what = new AtomicReference<>("");
      Failures failures = new Failures(own, words);
      line.setParameterExceptionHandler((e, rest) -> failures.badArguments(e));
      line.setExecutionExceptionHandler(
          (e, which, result) -> {
            what.set(
                e instanceof TidelineException known
                    ? known.getMessage()
                    : "This is a defect of Tideline: " + e.getClass().getName() + ".");
            return failures.failed(e);
          });
      return new End(exit(line.execute(words)), String.valueOf(what.get()));
    }
  }

  /** The words of a job, told not to ask; options come before what `--` may begin. */
  private static List<String> words(Job job, CommandLine command) {
    int own = JobCommands.of(job.command()).orElse(job.command().get(0)).split(" ").length;
    List<String> words = new ArrayList<>(job.command().subList(0, own));
    boolean asks = command.getCommandSpec().findOption("--yes") != null;
    if (asks && job.command().stream().noneMatch(List.of("-y", "--yes")::contains)) {
      words.add("--yes");
    }
    words.addAll(job.command().subList(own, job.command().size()));
    return words;
  }

  /** The command that words are of, which options may part: {@code backup --to x restore}. */
  private static String typed(ParseResult parsed) {
    List<String> names = new ArrayList<>();
    ParseResult at = parsed;
    while (at.hasSubcommand()) {
      at = at.subcommand();
      names.add(at.commandSpec().name());
    }
    return String.join(" ", names);
  }

  /** The object of the command that a job's words begin with. */
  private static CommandLine command(CommandLine line, Job job) {
    CommandLine at = line;
    for (String word : JobCommands.of(job.command()).orElse(job.command().get(0)).split(" ")) {
      at = Optional.ofNullable(at.getSubcommands().get(word)).orElse(at);
    }
    return at;
  }

  private Terminal at(ConfigFile config, PrintStream out, Interrupts interrupts) {
    Path folder = Optional.ofNullable(config.path().getParent()).orElse(terminal.folder());
    return new Terminal(
        InputStream.nullInputStream(),
        out,
        out,
        false,
        false,
        false,
        terminal.env(),
        folder,
        interrupts);
  }

  private OutputStream output(ConfigFile config, Job job) {
    Path file = config.settings().state().resolve("jobs").resolve(job.name() + ".txt");
    try {
      Files.createDirectories(file.getParent());
      OutputStream out = Files.newOutputStream(file);
      ownersOnly(file);
      return new BoundedOutput(out, MOST_OUTPUT);
    } catch (IOException e) {
      return OutputStream.nullOutputStream(); // its exit code is told all the same
    }
  }

  /** It may hold rows. */
  private static void ownersOnly(Path file) throws IOException {
    if (Files.getFileStore(file).supportsFileAttributeView(PosixFileAttributeView.class)) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
  }

  private static PrintStream stream(OutputStream out) {
    return new PrintStream(out, false, StandardCharsets.UTF_8);
  }

  /** The exit code of a number. */
  static ExitCode exit(int number) {
    return Arrays.stream(ExitCode.values())
        .filter(each -> each.number() == number)
        .findFirst()
        .orElse(ExitCode.DEFECT);
  }

  private static String sentence(@Nullable String text) {
    String told = String.valueOf(text);
    return told.endsWith(".") ? told : told + ".";
  }
}
