package io.tideline.core.plan;

import io.tideline.catalogue.Partition;
import io.tideline.core.rule.Guard;
import io.tideline.core.rule.PartitionChoice;
import io.tideline.core.rule.PartitionJudge;
import io.tideline.core.rule.Rule;
import io.tideline.core.rule.TableRules;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Database;
import io.tideline.dialect.OldPartitions;
import io.tideline.dialect.Reader;
import io.tideline.plan.Finding;
import io.tideline.plan.PolicyPlan;
import io.tideline.plan.WholePartition;
import java.util.ArrayList;
import java.util.List;

/** Finds the partitions all of whose rows go. */
final class PartitionSurvey {
  private final TableRules rules;
  private final Rule rule;
  private final Reader reader;

  PartitionSurvey(TableRules rules, Rule rule, Reader reader) {
    this.rules = rules;
    this.rule = rule;
    this.reader = reader;
  }

  /**
   * A plan with the partitions that go whole, or why old ones do not.
   *
   * @param surveys those of every table that a policy names
   * @param trees whether the rule removes trees
   */
  PolicyPlan complete(
      PolicyPlan plan, Database database, List<TableSurvey> surveys, boolean trees) {
    if (!rule.acts() || plan.rows() == 0) {
      return plan;
    }
    List<TableRules> tables = surveys.stream().map(TableSurvey::rules).toList();
    OldPartitions old = PartitionChoice.of(database, tables, rules, rule, trees);
    List<Finding> findings = new ArrayList<>(plan.findings());
    if (!old.obstacle().isEmpty()) {
      findings.add(
          new Finding("partitions-by-rows", "no partition goes whole: " + old.obstacle(), ""));
    }
    return plan.with(findings, whole(old.partitions()));
  }

  /** Those of some partitions that go whole; an empty one stays. */
  private List<WholePartition> whole(List<Partition> candidates) {
    if (candidates.isEmpty()) {
      return List.of();
    }
    List<Condition> filter = rules.guards(rule).stream().map(Guard::condition).toList();
    List<WholePartition> whole = new ArrayList<>();
    for (Partition each : candidates) {
      long rows = reader.count(rules.table(), each, List.of());
      if (rows > 0 && reader.count(rules.table(), each, filter) == rows && everyRowGoes(each)) {
        whole.add(new WholePartition(each, rows));
      }
    }
    return whole;
  }

  /** What the engine cannot tell by a count. */
  private boolean everyRowGoes(Partition partition) {
    boolean counted =
        Survey.nativeTime(rule.time().orElseThrow())
            && !rules.holds().judgesRows()
            && rules.keepingLatest().isEmpty();
    if (counted) {
      return true;
    }
    PartitionJudge judge = new PartitionJudge(rules, rule, List.of());
    reader.scan(judge.scan(partition), Integer.MAX_VALUE, judge::goes);
    return judge.stays().isEmpty() && judge.noneIsLatest(reader::newest);
  }
}
