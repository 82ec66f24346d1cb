package io.tideline.sqlite;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the planner knows of an index: a line of {@code sqlite_stat1}.
 *
 * @param rows how many rows it holds
 * @param alike how many of them have the same values in its first column, its first two, and so on
 * @param flags what stands behind the numbers
 * @see <a href="https://sqlite.org/fileformat2.html#stat1tab">sqlite_stat1</a>
 */
record StatLine(long rows, List<Long> alike, String flags) {
  /** ANALYZE of PostgreSQL draws the same line: more kinds than this share grow with the table. */
  private static final double GROWING = 0.1;

  StatLine {
    alike = List.copyOf(alike);
  }

  /** A line as SQLite keeps it. What is no number ends the numbers. */
  static StatLine parse(String text) {
    List<Long> numbers = new ArrayList<>();
    List<String> words = List.of(text.strip().split("\\s+"));
    int at = 0;
    while (at < words.size() && words.get(at).matches("\\d{1,18}")) {
      numbers.add(Long.parseLong(words.get(at++)));
    }
    String flags = String.join(" ", words.subList(at, words.size()));
    return numbers.isEmpty()
        ? new StatLine(0, List.of(), flags)
        : new StatLine(numbers.get(0), numbers.subList(1, numbers.size()), flags);
  }

  /**
   * The same index when its table has become {@code factor} times as large. Where nearly every row
   * is of its own kind, kinds grow with the rows; else each kind does.
   */
  StatLine scaled(double factor) {
    List<Long> scaled = new ArrayList<>();
    for (long each : alike) {
      boolean growing = rows > 0 && (double) rows / Math.max(1, each) > GROWING * rows;
      scaled.add(growing ? each : Math.max(1, Math.round(each * factor)));
    }
    return new StatLine(Math.max(1, Math.round(rows * factor)), scaled, flags);
  }

  String text() {
    return Stream.concat(
            Stream.concat(Stream.of(rows), alike.stream()).map(String::valueOf),
            Stream.of(flags).filter(word -> !word.isEmpty()))
        .collect(Collectors.joining(" "));
  }
}
