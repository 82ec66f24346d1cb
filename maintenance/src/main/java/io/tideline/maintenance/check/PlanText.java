package io.tideline.maintenance.check;

import io.tideline.tuning.Breach;
import io.tideline.tuning.PlanNode;
import io.tideline.tuning.QueryPlan;
import java.util.ArrayList;
import java.util.List;

/** A plan as a tree of lines, in which what is to blame is marked. */
public final class PlanText {
  private static final String MARK = "> ";
  private static final String NONE = "  ";

  private PlanText() {}

  /**
   * A line.
   *
   * @param culprit whether it is to blame
   * @param text with the mark and the branches before it
   */
  public record Line(boolean culprit, String text) {}

  /** The lines of a plan. */
  public static List<Line> lines(QueryPlan plan, List<Breach> breaches) {
    List<Line> lines = new ArrayList<>();
    List<String> culprits = breaches.stream().map(Breach::culprit).toList();
    add(plan.steps(), "", culprits, lines);
    return lines;
  }

  private static void add(
      List<PlanNode> steps, String indent, List<String> culprits, List<Line> lines) {
    for (int i = 0; i < steps.size(); i++) {
      PlanNode step = steps.get(i);
      boolean last = i == steps.size() - 1;
      boolean culprit = culprits.contains(step.text());
      lines.add(
          new Line(
              culprit, (culprit ? MARK : NONE) + indent + (last ? "`-- " : "|-- ") + words(step)));
      add(step.children(), indent + (last ? "    " : "|   "), culprits, lines);
    }
  }

  /** The engine's words, and the table where they only have an alias. */
  private static String words(PlanNode step) {
    String table = step.table().substring(step.table().lastIndexOf('.') + 1);
    boolean named =
        table.isEmpty() || (" " + step.text().replace('.', ' ') + " ").contains(" " + table + " ");
    return step.text() + (named ? "" : "  [" + table + "]");
  }
}
