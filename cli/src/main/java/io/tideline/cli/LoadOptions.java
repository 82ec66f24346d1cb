package io.tideline.cli;

import io.tideline.maintenance.bench.Arrivals;
import io.tideline.maintenance.bench.Load;
import io.tideline.policy.Span;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a bench asks. */
final class LoadOptions {
  private static final Pattern RATE = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)(/s|/m|/h)?");

  @Option(
      names = "--rate",
      paramLabel = "RATE",
      description =
          "Ask so often, whether earlier requests are answered or not: 100, 100/s, 30/m. Without it"
              + " each worker waits for its answer first, which hides stalls.")
  @Nullable String rate;

  @Option(
      names = "--poisson",
      description = "Let requests come by chance with that rate, as those of many users do.")
  boolean poisson;

  @Option(
      names = "--concurrency",
      paramLabel = "WORKERS",
      description = "The most requests in flight, 10 by default, 1000 at most.")
  int concurrency = 10;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      description = "How long to measure, all rounds together: 30s by default.")
  String duration = "30s";

  @Option(
      names = "--rounds",
      paramLabel = "ROUNDS",
      description = "In how many rounds, 5 by default: their spread tells the noise.")
  int rounds = 5;

  @Option(
      names = "--warm-up",
      paramLabel = "TIME",
      description = "How long to ask before, without measuring: 3s by default, 0 for none.")
  String warmUp = "3s";

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "After how long a request is given up: 10s by default.")
  String timeout = "10s";

  @Option(
      names = "--queue",
      paramLabel = "REQUESTS",
      description =
          "How many requests that are due may wait for a worker, 10000 by default; more are shed,"
              + " and that is told.")
  int queue = 10_000;

  @Option(
      names = "--cold",
      description = "Open a connection for each request, and count that. Queries only.")
  boolean cold;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      description = "Of the chance of --poisson, 1 by default.")
  long seed = 1;

  /** All of it, checked. */
  Load load() {
    Duration whole = Span.parse(duration, "--duration");
    return new Load(
        Optional.ofNullable(rate).map(LoadOptions::perSecond),
        poisson ? Arrivals.POISSON : Arrivals.FIXED,
        concurrency,
        rounds,
        rounds < 1 ? whole : whole.dividedBy(rounds),
        warmUp.equals("0") ? Duration.ZERO : Span.parse(warmUp, "--warm-up"),
        Span.parse(timeout, "--timeout"),
        queue,
        cold,
        seed);
  }

  private static double perSecond(String text) {
    Matcher form = RATE.matcher(text);
    if (!form.matches()) {
      throw Command.badArgument(
          "Cannot use '" + text + "' as --rate.", "Write a number: 100, 0.5, 100/s, 30/m, 60/h.");
    }
    double number = Double.parseDouble(form.group(1));
    String unit = form.group(2) == null ? "/s" : form.group(2);
    return switch (unit) {
      case "/m" -> number / 60;
      case "/h" -> number / 3_600;
      default -> number;
    };
  }
}
