package io.tideline.cli;

import io.tideline.plan.Proposal;
import io.tideline.plan.ProposedDependent;
import io.tideline.policy.Dependent;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The lines of a proposed policy that say what goes with its rows. */
final class DependentsText {
  private DependentsText() {}

  /** Nothing where no table refers to the policy's. */
  static String of(List<ProposedDependent> dependents) {
    if (dependents.isEmpty()) {
      return "";
    }
    StringBuilder text =
        new StringBuilder(
            """
                dependents:                 # what refers to these rows: it goes with them, or they stay
            """);
    for (ProposedDependent each : dependents) {
      text.append("      - ").append(entry(each.dependent()));
      text.append("  # ").append(ConfigText.oneLine(String.join(", ", each.over()))).append('\n');
      each.remarks()
          .forEach(
              remark ->
                  text.append("        # note: ").append(ConfigText.oneLine(remark)).append('\n'));
    }
    return text.toString();
  }

  /** The tables whose proposed policies take rows of this one along. */
  static List<String> rootsOf(String table, List<Proposal> proposals) {
    return proposals.stream()
        .filter(
            proposal ->
                proposal.dependents().stream()
                    .map(ProposedDependent::dependent)
                    .anyMatch(d -> d.table().equals(table) && d.on() == Dependent.OnRoot.DELETE))
        .map(Proposal::table)
        .toList();
  }

  private static String entry(Dependent dependent) {
    boolean plain = dependent.via().isEmpty() && dependent.on() == Dependent.OnRoot.DELETE;
    if (plain) {
      return name(dependent.table());
    }
    String via =
        dependent.via().isEmpty()
            ? ""
            : dependent.via().stream()
                .map(DependentsText::name)
                .collect(Collectors.joining(", ", ", via: [", "]"));
    String on = dependent.on().name().toLowerCase(Locale.ROOT);
    return "{table: " + name(dependent.table()) + via + ", on: " + on + "}";
  }

  private static String name(String name) {
    return ConfigText.quote(ConfigText.escape(name));
  }
}
