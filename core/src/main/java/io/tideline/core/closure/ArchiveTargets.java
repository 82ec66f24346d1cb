package io.tideline.core.closure;

import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.core.rule.ArchiveTables;
import io.tideline.core.rule.Rule;
import io.tideline.core.rule.TableRules;
import io.tideline.policy.Action;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The archive tables that policies need: for their own tables, and for what is moved with them. */
public final class ArchiveTargets {
  private ArchiveTargets() {}

  /** The archive tables, with the table whose rows each takes. */
  public static Map<TableName, Table> of(
      List<TableRules> tables, ShapeFinder finder, Predicate<Rule> wanted) {
    Map<TableName, Table> targets = new LinkedHashMap<>();
    for (TableRules rules : tables) {
      for (Rule rule : rules.rules()) {
        if (!wanted.test(rule)) {
          continue;
        }
        if (finder.trees(rules, rule)) {
          finder.of(rules, rule, false).members().stream()
              .filter(member -> member.action() == Action.MOVE)
              .forEach(member -> targets.put(member.archiveTable(rule.policy()), member.table()));
        } else if (rule.policy().action() == Action.MOVE) {
          targets.put(ArchiveTables.of(rule.policy(), rules.table().name()), rules.table());
        }
      }
    }
    return targets;
  }
}
