package io.tideline.cli;

import io.tideline.Tideline;
import io.tideline.cli.output.Answer;
import io.tideline.cli.output.Form;
import io.tideline.plan.Plan;
import io.tideline.plan.PolicyPlan;
import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prints one line per row that a plan would remove, the policy first. */
final class RowLister {
  private final Terminal terminal;
  private final boolean json;

  RowLister(Terminal terminal, boolean json) {
    this.terminal = terminal;
    this.json = json;
  }

  void print(Tideline tideline, Plan plan, List<String> columns) {
    List<PolicyPlan> acting =
        plan.policies().stream().filter(p -> p.acts() && p.rows() > 0).toList();
    if (!json) {
      for (PolicyPlan policy : acting) {
        terminal.out().println(policy.policy().name() + " (" + policy.table() + ")");
        list(tideline, plan, policy, columns, Form.TABLE);
      }
      if (acting.isEmpty()) {
        terminal.out().println("No row would go.");
      }
      return;
    }
    String separator = "{";
    for (PolicyPlan policy : acting) {
      terminal.out().print(separator + "\"" + policy.policy().name() + "\": ");
      list(tideline, plan, policy, columns, Form.JSON);
      separator = ",";
    }
    terminal.out().println(acting.isEmpty() ? "{}" : "}");
  }

  private void list(
      Tideline tideline, Plan plan, PolicyPlan policy, List<String> columns, Form form) {
    List<String> names = columns.isEmpty() ? policy.order() : columns;
    Answer answer = form.to(terminal.out(), terminal.style());
    answer.columns(names, Collections.nCopies(names.size(), ""));
    tideline.list(plan, policy.policy().name(), names, row -> answer.row(values(row)));
    answer.end();
  }

  private static @Nullable Object[] values(Row row) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < row.width(); i++) {
      values.add(Values.stored(row, i));
    }
    return values.toArray();
  }
}
