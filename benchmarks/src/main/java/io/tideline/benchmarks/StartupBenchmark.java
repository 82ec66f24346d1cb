package io.tideline.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The command, from the key press to the end. */
final class StartupBenchmark implements Benchmark {
  private static final int ROUNDS = 9;
  private static final double VERSION_SECONDS = 0.3;
  private static final double PLAN_SECONDS = 1;

  @Override
  public String name() {
    return "startup";
  }

  @Override
  public List<Comparison> measure(Options options, Workspace workspace) throws IOException {
    Path launcher = options.root().toAbsolutePath().normalize().resolve("tideline");
    if (!Files.isExecutable(launcher)) {
      System.out.println("Skipped: start-up, for there is no launcher " + launcher);
      return List.of();
    }
    Path demo = workspace.file("demo");
    run(launcher, "demo", demo.toString());
    return List.of(
        measure("tideline --version", VERSION_SECONDS, launcher, "--version"),
        measure(
            "tideline plan, demo store",
            PLAN_SECONDS,
            launcher,
            "plan",
            "--config",
            demo.resolve("tideline.yaml").toString()));
  }

  private static Comparison measure(
      String what, double wanted, Path launcher, String... arguments) {
    run(launcher, arguments);
    Times times = new Times();
    for (int round = 0; round < ROUNDS; round++) {
      times.add(Times.of(() -> run(launcher, arguments)));
    }
    System.out.printf("%s: %s s%n", what, times);
    return new Comparison(what, 0, times, Optional.empty(), wanted);
  }

  /** Starts what is built: looking for newer sources is for developers. */
  private static void run(Path launcher, String... arguments) {
    List<String> command =
        new ArrayList<>(List.of("env", "TIDELINE_BUILD=no", launcher.toString()));
    command.addAll(List.of(arguments));
    Shell.run(command, "");
  }
}
