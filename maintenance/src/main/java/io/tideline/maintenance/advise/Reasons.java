package io.tideline.maintenance.advise;

import io.tideline.tuning.Breach;
import io.tideline.tuning.QueryPlan;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Why no index helps a query, in words, with the query that one would help. */
final class Reasons {
  private Reasons() {}

  static String none(OneQuery.Asked asked, QueryPlan plan, BooleanSupplier over) {
    if (over.getAsBoolean()) {
      return "The time was over before an index was found.";
    }
    QueryReading reading = asked.reading();
    if (reading.windowed()) {
      return "It numbers every row of each group to keep a few, and no index saves that: its work"
          + " grows with history. Ask for the newest row of each key by itself: one seek per key,"
          + " with ORDER BY … LIMIT 1 in a subquery for each row of the table of keys;"
          + " then ask again for the index of that query.";
    }
    Optional<Mentions> sought =
        reading.mentions().stream().filter(m -> !m.sought.isEmpty()).findFirst();
    Optional<Mentions> ordered =
        reading.mentions().stream().filter(m -> !m.ordered.isEmpty()).findFirst();
    if (sought.isPresent() && ordered.isPresent() && apart(sought.get(), ordered.get())) {
      String column = ordered.get().ordered.get(0).column();
      return "It seeks in "
          + sought.get().table.name()
          + " and orders by "
          + ordered.get().table.name()
          + "."
          + column
          + ": no index spans two tables. Keep "
          + column
          + " in "
          + sought.get().table.name()
          + " too, filter and order by it there, and ask again.";
    }
    boolean compares =
        reading.mentions().stream()
            .anyMatch(m -> !m.equal.isEmpty() || !m.ranged.isEmpty() || !m.expressions.isEmpty());
    String because = because(asked.goal().judge(plan));
    if (!compares && ordered.isEmpty()) {
      return "It compares no column with a value, so that there is nothing to seek by." + because;
    }
    return "The planner uses none of the indexes that were tried, or they change nothing."
        + because;
  }

  /** The order's column lies where nothing else is sought by. */
  private static boolean apart(Mentions sought, Mentions ordered) {
    return sought != ordered
        && ordered.ordered.stream().noneMatch(o -> sought.all.contains(o.column()));
  }

  static String notWhole(List<Breach> breaches, double wanted, double gain) {
    if (!breaches.isEmpty()) {
      return "What is expected is still not met." + because(breaches);
    }
    return String.format(
        Locale.ROOT,
        "It must read %,.0f times fewer rows, and is expected to cost %,.1f times less.",
        wanted,
        gain);
  }

  private static String because(List<Breach> breaches) {
    return breaches.isEmpty() ? "" : " " + breaches.get(0).why();
  }
}
