package io.tideline.core.rule;

import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Table;
import io.tideline.dialect.Condition;
import io.tideline.plan.Reason;
import io.tideline.policy.Action;
import java.util.ArrayList;
import java.util.List;

/**
 * Every policy on one table, in the order of the file, with the holds on it.
 *
 * @param table the table
 * @param rules its policies; the first that acts and expires a row takes it, any may protect it
 * @param holds the holds on it
 * @param protecting the foreign keys over which a row that refers protects the row referred to
 */
public record TableRules(
    Table table, List<Rule> rules, HoldRules holds, List<ForeignKey> protecting) {
  /** Copies the lists. */
  public TableRules {
    rules = List.copyOf(rules);
    protecting = List.copyOf(protecting);
  }

  /** Rules on a table whose rows every foreign key protects. */
  public TableRules(Table table, List<Rule> rules, HoldRules holds) {
    this(table, rules, holds, table.referrers());
  }

  /** Everything that the engine can judge of a row that a rule takes, age first. */
  public List<Guard> guards(Rule rule) {
    List<Guard> guards = new ArrayList<>();
    for (Condition condition : rule.selection()) {
      boolean age = condition instanceof Condition.TimeBefore;
      guards.add(new Guard(condition, age ? Reason.FRESH : Reason.WHERE, ""));
    }
    guards.addAll(earlier(rule));
    guards.addAll(protections());
    if (rule.policy().action() == Action.ARCHIVE) {
      guards.add(
          new Guard(new Condition.ValuesAtMost(rule.policy().maxValue()), Reason.TOO_LARGE, ""));
    }
    return guards;
  }

  /**
   * What an earlier rule that acts selects is not for a later one, whatever became of it: the first
   * in the file acts. The engine judges the age by the bound, which may be a little wider than the
   * cutoff.
   */
  private List<Guard> earlier(Rule rule) {
    List<Guard> guards = new ArrayList<>();
    for (Rule each : rules) {
      if (each.policy().name().equals(rule.policy().name())) {
        break;
      }
      if (each.acts()) {
        Condition selected = new Condition.Not(new Condition.All(each.selection()));
        guards.add(new Guard(selected, Reason.OTHER_POLICY, each.policy().name()));
      }
    }
    return guards;
  }

  /** What protects rows of the table from every rule, as far as the engine can judge. */
  public List<Guard> protections() {
    List<Guard> guards = new ArrayList<>();
    for (Rule rule : rules) {
      rule.keepIf()
          .ifPresent(
              condition -> guards.add(new Guard(condition, Reason.KEEP_IF, rule.policy().name())));
    }
    holds.conditions().forEach(condition -> guards.add(new Guard(condition, Reason.HOLD, "")));
    for (ForeignKey key : protecting) {
      guards.add(new Guard(new Condition.NotReferred(key), Reason.REFERRED_TO, key.display()));
    }
    return guards;
  }

  /** The rules that keep the newest rows of groups. */
  public List<Rule> keepingLatest() {
    return rules.stream().filter(rule -> rule.policy().keepLatest().isPresent()).toList();
  }

  /** The same rules, where only some foreign keys protect the rows that they refer to. */
  public TableRules protectedBy(List<ForeignKey> referrers) {
    return new TableRules(table, rules, holds, referrers);
  }

  /** The same rules under other holds. */
  public TableRules withHolds(HoldRules others) {
    return new TableRules(table, rules, others, protecting);
  }
}
