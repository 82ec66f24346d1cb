package io.tideline.tuning;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is expected of a query's plan. The judge does not ask where a plan comes from: from the live
 * schema or from a stand-in.
 *
 * @param usesIndex indexes that the plan must use, all of them
 * @param noFullScan whether no table may be read whole
 * @param mayScan tables that may be read whole in spite of it, because they stay small
 * @param noSort whether nothing may be sorted, or collected to be told apart
 * @param maxExamined how many rows may be read for each row of the answer; empty if any number
 */
public record Expectations(
    List<String> usesIndex,
    boolean noFullScan,
    List<String> mayScan,
    boolean noSort,
    Optional<Double> maxExamined) {
  /** Nothing is expected. */
  public static final Expectations NONE =
      new Expectations(List.of(), false, List.of(), false, Optional.empty());

  /** Copies the lists. */
  public Expectations {
    usesIndex = List.copyOf(usesIndex);
    mayScan = List.copyOf(mayScan);
  }

  /** Whether anything is expected. */
  public boolean any() {
    return !usesIndex.isEmpty() || noFullScan || noSort || maxExamined.isPresent();
  }

  /**
   * Judges a plan, and the work that the query took.
   *
   * @param work empty if the query was not run; where rows are limited, that is a breach
   * @return what is not met; empty if all is
   */
  public List<Breach> judge(QueryPlan plan, Optional<Work> work) {
    List<Breach> breaches = new ArrayList<>(judge(plan));
    maxExamined.ifPresent(limit -> examined(limit, work).ifPresent(breaches::add));
    return List.copyOf(breaches);
  }

  /** Judges a plan, without the work. */
  public List<Breach> judge(QueryPlan plan) {
    List<Breach> breaches = new ArrayList<>();
    usesIndex.forEach(index -> missing(index, plan).ifPresent(breaches::add));
    plan.all().forEach(step -> judge(step).ifPresent(breaches::add));
    return List.copyOf(breaches);
  }

  private static Optional<Breach> missing(String index, QueryPlan plan) {
    if (plan.all().anyMatch(step -> named(step.index(), index))) {
      return Optional.empty();
    }
    String others =
        plan.all()
            .map(PlanNode::index)
            .filter(each -> !each.isEmpty())
            .distinct()
            .collect(Collectors.joining(", "));
    String culprit =
        plan.all()
            .filter(step -> step.kind().readsAll())
            .findFirst()
            .or(() -> plan.all().filter(step -> !step.table().isEmpty()).findFirst())
            .map(PlanNode::text)
            .orElse("");
    return Optional.of(
        new Breach(
            Breach.Rule.USES_INDEX,
            "It does not use the index "
                + index
                + (others.isEmpty() ? "; it uses none." : "; it uses " + others + "."),
            culprit));
  }

  private Optional<Breach> judge(PlanNode step) {
    boolean plan = noFullScan || noSort;
    if (step.kind() == PlanNode.Kind.UNKNOWN && plan) {
      return breach(
          Breach.Rule.UNDERSTOOD,
          "This step is not known here, so it is not known to be good",
          step);
    }
    if (step.kind() == PlanNode.Kind.SORT && noSort) {
      return breach(
          Breach.Rule.NO_SORT, "It collects rows and sorts them before it gives the first", step);
    }
    boolean small = mayScan.stream().anyMatch(table -> named(step.table(), table));
    if (!noFullScan || small || !step.kind().readsAll()) {
      return Optional.empty();
    }
    String table = step.table().isEmpty() ? "a table" : step.table();
    return breach(
        Breach.Rule.NO_FULL_SCAN,
        switch (step.kind()) {
          case FULL_SCAN -> "It reads all of " + table;
          case WHOLE_INDEX ->
              "It reads the index "
                  + step.index()
                  + " from its beginning, which is as long as "
                  + table
                  + ", without seeking in it";
          default -> "It reads all of " + table + " to build an index that it throws away";
        },
        step);
  }

  private static Optional<Breach> breach(Breach.Rule rule, String why, PlanNode step) {
    return Optional.of(new Breach(rule, why + ".", step.text()));
  }

  private static Optional<Breach> examined(double limit, Optional<Work> work) {
    if (work.isEmpty()) {
      return Optional.of(
          new Breach(Breach.Rule.MAX_EXAMINED, "How many rows it reads was not counted.", ""));
    }
    Work had = work.get();
    if (had.complete() && had.perRow() <= limit) {
      return Optional.empty();
    }
    String why =
        had.complete()
            ? String.format(
                Locale.ROOT,
                "It reads %,d rows to give %,d: %,.1f for each, where %s may be.",
                had.examined(),
                had.returned(),
                had.perRow(),
                number(limit))
            : "It had not ended when its time was over, so what it reads is not known.";
    return Optional.of(new Breach(Breach.Rule.MAX_EXAMINED, why, ""));
  }

  private static String number(double limit) {
    return limit == Math.rint(limit)
        ? String.format(Locale.ROOT, "%,.0f", limit)
        : String.valueOf(limit);
  }

  /** Whether a name of the catalogue is what a person wrote, with its schema or without. */
  private static boolean named(String real, String written) {
    return real.equalsIgnoreCase(written)
        || real.toLowerCase(Locale.ROOT).endsWith("." + written.toLowerCase(Locale.ROOT));
  }
}
