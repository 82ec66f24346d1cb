package io.tideline.testkit.chaos;

import java.io.PrintStream;
import java.util.EnumMap;
import java.util.Map;

/** What a campaign did, added up. */
final class Tally {
  private final Map<Fault, Integer> injected = new EnumMap<>(Fault.class);
  private int episodes;
  private long rows;
  private long commits;
  private int runs;
  private int findings;

  void add(Episode.Result result) {
    episodes++;
    rows += result.rows();
    commits += result.commits();
    runs += result.runs();
    findings += result.findings().size();
    result.injected().forEach((fault, times) -> injected.merge(fault, times, Integer::sum));
  }

  int findings() {
    return findings;
  }

  int episodes() {
    return episodes;
  }

  Map<Fault, Integer> injected() {
    return injected;
  }

  void print(PrintStream out) {
    out.println();
    for (Fault fault : Fault.values()) {
      out.printf("%-22s %,9d%n", fault.word(), injected.getOrDefault(fault, 0));
    }
    int faults = injected.values().stream().mapToInt(Integer::intValue).sum();
    out.println();
    out.printf("%-22s %,9d%n", "episodes", episodes);
    out.printf("%-22s %,9d%n", "faults injected", faults);
    out.printf("%-22s %,9d%n", "other processes", runs);
    out.printf("%-22s %,9d%n", "writers' commits", commits);
    out.printf("%-22s %,9d%n", "rows checked", rows);
    out.printf("%-22s %,9d%n", "findings", findings);
  }
}
