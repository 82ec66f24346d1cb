package io.tideline.benchmarks;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One line of the result: our time beside another's.
 *
 * @param what what is compared
 * @param rows rows that either side handled; 0 where none are
 * @param ours our times
 * @param theirs what a person would pick instead; empty where only a bound in seconds is set
 * @param wanted the ratio of rates to reach, or the seconds not to exceed
 */
record Comparison(String what, long rows, Times ours, Optional<Times> theirs, double wanted) {
  private static final List<String> TITLES =
      List.of("comparison", "Tideline s", "k rows/s", "other s", "ratio", "wanted", "");

  /** How many times as fast as the other; the seconds themselves where there is no other. */
  double ratio() {
    return theirs.map(other -> other.median() / ours.median()).orElse(ours.median());
  }

  /** Whether it is what was wanted. */
  boolean reached() {
    return theirs.isPresent() ? ratio() >= wanted : ratio() <= wanted;
  }

  private List<String> cells() {
    String bound = theirs.isPresent() ? "≥ %.2f" : "≤ %.2f s";
    return List.of(
        what,
        ours.toString(),
        rows == 0 ? "" : String.format(Locale.ROOT, "%.0f", rows / ours.median() / 1000),
        theirs.map(Times::toString).orElse(""),
        String.format(Locale.ROOT, "%.2f", ratio()),
        String.format(Locale.ROOT, bound, wanted),
        reached() ? "reached" : "MISSED");
  }

  /** Prints comparisons as a table. */
  static void print(List<Comparison> comparisons, PrintStream out) {
    List<List<String>> lines =
        Stream.concat(Stream.of(TITLES), comparisons.stream().map(Comparison::cells)).toList();
    int[] widths =
        IntStream.range(0, TITLES.size())
            .map(i -> lines.stream().mapToInt(line -> line.get(i).length()).max().orElse(0))
            .toArray();
    for (List<String> line : lines) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        int pad = widths[i] - line.get(i).length();
        boolean left = i == 0 || i == widths.length - 1;
        text.append(left ? line.get(i) + " ".repeat(pad) : " ".repeat(pad) + line.get(i));
        text.append("  ");
      }
      out.println(text.toString().stripTrailing());
    }
  }
}
