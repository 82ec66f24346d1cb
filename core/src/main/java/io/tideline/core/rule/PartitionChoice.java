package io.tideline.core.rule;

import io.tideline.catalogue.Partition;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Database;
import io.tideline.dialect.OldPartitions;
import io.tideline.policy.Action;
import io.tideline.policy.KeepLatest;
import io.tideline.policy.Predicate;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Tells which partitions of a table a rule could take whole, before their rows are looked at. */
public final class PartitionChoice {
  private static final Pattern SUBQUERY = Pattern.compile("(?i)\\bselect\\b");

  private PartitionChoice() {}

  /**
   * The partitions, none for a rule that removes trees.
   *
   * @param tables the rules of every table that a policy names: a partition that one names is its
   */
  public static OldPartitions of(
      Database database, List<TableRules> tables, TableRules rules, Rule rule, boolean trees) {
    OldPartitions old = byBounds(database, rules, rule, trees);
    if (old.partitions().isEmpty()) {
      return OldPartitions.NONE;
    }
    String obstacle =
        readsOtherRows(rules, rule)
            ? "a predicate of a policy or hold reads other rows"
            : old.obstacle();
    return obstacle.isEmpty()
        ? new OldPartitions(unnamed(old.partitions(), tables), "")
        : new OldPartitions(List.of(), obstacle);
  }

  /** Whether a rule could take a partition whole that is detached now. */
  public static boolean allows(Database database, TableRules rules, Rule rule, boolean trees) {
    return plain(rule, trees)
        && !readsOtherRows(rules, rule)
        && byBounds(database, rules, rule, trees).obstacle().isEmpty();
  }

  private static boolean plain(Rule rule, boolean trees) {
    return rule.acts() && rule.byAge() && rule.policy().action() != Action.MOVE && !trees;
  }

  private static OldPartitions byBounds(
      Database database, TableRules rules, Rule rule, boolean trees) {
    return plain(rule, trees) && rule.selection().get(0) instanceof Condition.TimeBefore age
        ? database.oldPartitions(rules.table(), age)
        : OldPartitions.NONE;
  }

  private static List<Partition> unnamed(List<Partition> partitions, List<TableRules> tables) {
    List<TableName> named = tables.stream().map(each -> each.table().name()).toList();
    return partitions.stream().filter(each -> !named.contains(each.name())).toList();
  }

  /**
   * Whether something looks at more than the row itself, perhaps at rows of the same table: among
   * them it would not find those of a detached partition.
   */
  private static boolean readsOtherRows(TableRules rules, Rule rule) {
    Stream<String> guards =
        rules.guards(rule).stream().flatMap(guard -> predicates(guard.condition()));
    Stream<String> groups =
        rules.keepingLatest().stream()
            .flatMap(each -> each.policy().keepLatest().orElseThrow().per().stream())
            .filter(KeepLatest.Part::sql)
            .map(KeepLatest.Part::text);
    return Stream.concat(guards, groups).anyMatch(sql -> SUBQUERY.matcher(sql).find());
  }

  private static Stream<String> predicates(Condition condition) {
    if (condition instanceof Condition.IsTrue is) {
      return sql(is.predicate());
    }
    if (condition instanceof Condition.IsFalse is) {
      return sql(is.predicate());
    }
    if (condition instanceof Condition.Not not) {
      return predicates(not.condition());
    }
    return condition instanceof Condition.All all
        ? all.conditions().stream().flatMap(PartitionChoice::predicates)
        : Stream.of();
  }

  private static Stream<String> sql(Predicate predicate) {
    return Stream.of(predicate.sql());
  }
}
