package io.tideline.core.plan;

import io.tideline.core.closure.Member;
import io.tideline.core.closure.Shape;
import io.tideline.core.rule.Rule;
import io.tideline.plan.Finding;
import io.tideline.policy.Action;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds policies by which rows go less safely than with their roots, and before them: where rows of
 * a third table, which those trees do not take, have to go in between.
 */
final class LessSafe {
  private LessSafe() {}

  /**
   * What is to be told of a policy that has rows to take.
   *
   * @param later what goes after it
   */
  static List<Finding> look(Rule rule, Tally tally, TableSurvey survey, List<TableSurvey> later) {
    if (!rule.acts() || tally.rows() == 0) {
      return List.of();
    }
    return later.stream()
        .flatMap(each -> each.shapes().values().stream())
        .flatMap(shape -> finding(rule, tally, survey, shape).stream())
        .toList();
  }

  private static Optional<Finding> finding(
      Rule rule, Tally tally, TableSurvey survey, Shape shape) {
    return shape
        .takesMoreSafely(survey.rules().table().name(), rule.policy().action())
        .map(member -> finding(rule, tally, shape, member));
  }

  private static Finding finding(Rule rule, Tally tally, Shape shape, Member member) {
    String table = member.table().name().toString();
    String safe = member.action().name().toLowerCase(Locale.ROOT);
    return new Finding(
        "goes-before-root",
        (rule.policy().action() == Action.DELETE
                ? "deletes without a copy "
                : "moves to the archive table ")
            + (tally.rows() == 1 ? "1 row of " : tally.rows() + " rows of ")
            + table
            + " before the trees of policy '"
            + shape.rule().policy().name()
            + "' go, in which rows of "
            + table
            + " are "
            + (member.action() == Action.ARCHIVE ? "archived" : "moved")
            + ": those whose root goes in the same run do not come back with it",
        "action: " + safe + " for policy '" + rule.policy().name() + "'");
  }
}
