package io.tideline.core.restore;

import io.tideline.run.RestoreReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rows of one table that a restore leaves where they are without trying them. */
final class LeftOut {
  private static final int EXAMPLES = 5;

  private final List<String> examples = new ArrayList<>();
  private long rows;

  /** Counts a row, by its key for a person and the reason. */
  void add(String key, String why) {
    rows++;
    if (examples.size() < EXAMPLES) {
      examples.add(key + ": " + why);
    }
  }

  /** Counts rows that have one reason. */
  void add(long more, String why) {
    rows += more;
    if (examples.size() < EXAMPLES) {
      examples.add(why);
    }
  }

  /** Counts the rows of another. */
  void add(LeftOut more) {
    rows += more.rows;
    more.examples.stream().limit(EXAMPLES - examples.size()).forEach(examples::add);
  }

  /** How many they are, with some of them; empty if there is none. */
  Optional<String> told() {
    String more = rows > examples.size() ? ", …" : "";
    return isEmpty()
        ? Optional.empty()
        : Optional.of(rows + " (" + String.join(", ", examples) + more + ")");
  }

  /** Whether there is none. */
  boolean isEmpty() {
    return rows == 0;
  }

  /** A table's report with these rows among those that were left. */
  RestoreReport.OfTable in(RestoreReport.OfTable report) {
    List<String> all = new ArrayList<>(report.examples());
    all.addAll(examples);
    return new RestoreReport.OfTable(
        report.table(),
        report.inserted(),
        report.identical(),
        report.overwritten(),
        report.different() + rows,
        report.refused(),
        all.subList(0, Math.min(EXAMPLES, all.size())));
  }
}
