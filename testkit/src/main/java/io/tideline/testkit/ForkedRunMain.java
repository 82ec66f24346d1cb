package io.tideline.testkit;

import io.tideline.Tideline;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Selection;
import io.tideline.run.RestoreReport;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.run.Step;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** The other JVM of {@link ForkedRun}. */
final class ForkedRunMain {
  private ForkedRunMain() {}

  /** Does what the file of the first argument orders. */
  public static void main(String[] arguments) throws IOException {
    Properties orders = new Properties();
    try (Reader in = Files.newBufferedReader(Path.of(arguments[0]))) {
      orders.load(in);
    }
    RunListener listener =
        Optional.ofNullable(orders.getProperty("kill"))
            .<RunListener>map(
                step -> new KillAt(Step.valueOf(step), Integer.parseInt(orders.getProperty("nth"))))
            .orElse(ForkedRunMain::announce);
    ExitCode exit;
    try (Tideline tideline = Tideline.open(SettingsText.read(orders), clock(orders))) {
      exit =
          switch (orders.getProperty("mode")) {
            case "run" -> run(tideline, listener);
            case "restore" -> restore(tideline, listener);
            default -> verify(tideline, listener);
          };
    } catch (TidelineException e) {
      System.err.println(e.code().slug() + ": " + e.getMessage());
      exit = e.code().exitCode();
    }
    System.exit(exit.number());
  }

  private static void announce(RunEvent event) {
    if (event instanceof RunEvent.Stepped stepped && stepped.step() == Step.LEASED) {
      System.out.println(ForkedRun.LEASED);
    }
  }

  private static ExitCode verify(Tideline tideline, RunListener listener) {
    List<String> problems = new ArrayList<>(tideline.verify(Optional.empty(), listener).problems());
    problems.addAll(tideline.checkRecord(Optional.empty()).problems());
    problems.forEach(System.out::println);
    return problems.isEmpty() ? ExitCode.DONE : ExitCode.CORRUPTION;
  }

  private static Clock clock(Properties orders) {
    String now = orders.getProperty("now");
    return now == null ? Clock.systemUTC() : new SettableClock(Instant.parse(now));
  }

  private static ExitCode run(Tideline tideline, RunListener listener) {
    RunReport report = tideline.run(tideline.plan(Selection.all(), listener), listener);
    System.out.println(report);
    return report.exit();
  }

  private static ExitCode restore(Tideline tideline, RunListener listener) {
    RestoreRequest everything =
        new RestoreRequest(
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            false,
            false,
            Duration.ZERO,
            Map.of());
    RestoreReport report = tideline.restore(everything, listener);
    System.out.println(report);
    return report.exit();
  }
}
