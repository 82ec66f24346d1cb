package io.tideline.maintenance.bench;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Asks targets for a while and tells how they answered. Writes nothing; whatever kills it leaves
 * nothing. Belongs to one thread, but for {@link #stop}.
 */
public final class Bench {
  private final List<Target> targets;
  private final Load load;
  private final String version;
  private final Machine machine;
  private final Clock clock;
  private final Ticker ticker;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final List<LoadGenerator> generators = new CopyOnWriteArrayList<>();

  /**
   * @param targets at least one
   * @param version of what measures, for the report
   */
  public Bench(
      List<Target> targets,
      Load load,
      String version,
      Machine machine,
      Clock clock,
      Ticker ticker) {
    this.targets = List.copyOf(targets);
    this.load = load;
    this.version = version;
    this.machine = machine;
    this.clock = clock;
    this.ticker = ticker;
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("Cannot bench nothing");
    }
  }

  /** What must be the same for other figures to be comparable, in words. */
  public static Map<String, String> identity(Target target, Load load) {
    Map<String, String> words = new TreeMap<>(load.identity());
    words.putAll(target.identity());
    return words;
  }

  /**
   * Ends it soon, with the figures so far; what is in flight is given up and counts for nothing.
   * Any thread may call it.
   */
  public void stop() {
    stopping.set(true);
    generators.forEach(LoadGenerator::giveUp);
  }

  /**
   * Measures all targets. Rounds of several targets take turns, so that whatever else happens on
   * the machine meets all of them.
   *
   * @throws TidelineException if a target cannot be asked at all
   */
  public BenchReport run(BenchListener listener) {
    Instant at = Instant.now(clock);
    try {
      List<First> firsts = new ArrayList<>();
      for (Target target : targets) {
        LoadGenerator generator = new LoadGenerator(target, load, ticker);
        generators.add(generator);
        firsts.add(first(generator));
      }
      generators.forEach(generator -> warmUp(generator, listener));
      List<List<Measured>> rounds = rounds(listener);
      List<TargetReport> reports = new ArrayList<>();
      for (int i = 0; i < targets.size(); i++) {
        reports.add(TargetReport.of(targets.get(i), "", Optional.of(firsts.get(i)), rounds.get(i)));
      }
      return report(at, reports, Optional.empty());
    } finally {
      generators.forEach(LoadGenerator::close);
    }
  }

  /**
   * Measures the first target before, while and after something else goes on.
   *
   * @param beside begun after as many rounds as the load says; as many follow when it has ended
   */
  public BenchReport during(Beside beside, BenchListener listener) {
    Instant at = Instant.now(clock);
    try (LoadGenerator generator = new LoadGenerator(targets.get(0), load, ticker)) {
      generators.add(generator);
      First first = first(generator);
      warmUp(generator, listener);
      List<Measured> before = rounds(listener).get(0);
      List<Measured> during = new ArrayList<>();
      List<Measured> after = new ArrayList<>();
      if (!stopping.get()) {
        beside.begin();
        while (goesOn(beside)) {
          String what = "beside it, round " + (during.size() + 1);
          during.add(generator.measure(what, load.round(), () -> goesOn(beside), listener));
        }
        after = rounds(listener).get(0);
      }
      Target target = generator.target();
      List<TargetReport> reports =
          List.of(
              TargetReport.of(target, "before", Optional.of(first), before),
              TargetReport.of(target, "during", Optional.empty(), during),
              TargetReport.of(target, "after", Optional.empty(), after));
      return report(at, reports, Optional.of(comparison(reports)));
    }
  }

  private static First first(LoadGenerator generator) {
    First first = First.of(generator.first());
    if (first.answer().equals(HttpTarget.NOT_CONNECTED)) {
      throw new TidelineException(
          ErrorCode.BENCH_IMPOSSIBLE,
          "Cannot ask " + generator.target().name() + ": nobody listens there.",
          "Nothing was asked.",
          "Start what shall answer, and look at the host and the port.");
    }
    return first;
  }

  private boolean goesOn(Beside beside) {
    return beside.goesOn() && !stopping.get();
  }

  private static Comparison comparison(List<TargetReport> phases) {
    return Comparison.of("before", List.of(run(phases.get(0))), run(phases.get(1)));
  }

  private static Baseline.Run run(TargetReport report) {
    return new Baseline.Run(
        Instant.EPOCH, "", report.rounds().stream().map(Baseline.Sample::of).toList());
  }

  private void warmUp(LoadGenerator generator, BenchListener listener) {
    if (!load.warmUp().isZero() && !stopping.get()) {
      generator.measure("warming up", load.warmUp(), goOn(), listener);
    }
  }

  private List<List<Measured>> rounds(BenchListener listener) {
    List<List<Measured>> all = new ArrayList<>();
    generators.forEach(generator -> all.add(new ArrayList<>()));
    for (int round = 0; round < load.rounds(); round++) {
      for (int i = 0; i < generators.size() && !stopping.get(); i++) {
        // Every other round in the other order: none is always the one after the dearest.
        int which = round % 2 == 0 ? i : generators.size() - 1 - i;
        String what = "round " + (round + 1) + " of " + load.rounds();
        LoadGenerator generator = generators.get(which);
        String whom = generators.size() == 1 ? what : generator.target().name() + ", " + what;
        all.get(which).add(generator.measure(whom, load.round(), goOn(), listener));
      }
    }
    return all;
  }

  private BooleanSupplier goOn() {
    return () -> !stopping.get();
  }

  private BenchReport report(
      Instant at, List<TargetReport> reports, Optional<Comparison> comparison) {
    return new BenchReport(
        at,
        version,
        machine,
        load,
        identity(targets.get(0), load),
        reports,
        Notes.of(load, reports),
        comparison,
        List.of(),
        stopping.get());
  }

  /** How long it takes, if nothing else goes on. */
  public static Duration expected(Load load, int targets) {
    return load.warmUp().plus(load.round().multipliedBy(load.rounds())).multipliedBy(targets);
  }
}
