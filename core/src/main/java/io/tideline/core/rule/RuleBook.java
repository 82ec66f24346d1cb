package io.tideline.core.rule;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Obstacle;
import io.tideline.catalogue.Table;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Database;
import io.tideline.dialect.Grant;
import io.tideline.dialect.Item;
import io.tideline.dialect.Reader;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.plan.TimeEncoding;
import io.tideline.policy.Action;
import io.tideline.policy.KeepLatest;
import io.tideline.policy.Policy;
import io.tideline.policy.Predicate;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.policy.TimeColumn;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns the policies of a file into rules on the tables of the present catalogue, checking all of
 * it.
 */
public final class RuleBook {
  private final Database database;
  private final Catalogue catalogue;
  private final Reader reader;
  private final Settings settings;
  private final HoldLoader holds;

  /** A rule book for the present catalogue. */
  public RuleBook(
      Database database, Catalogue catalogue, Reader reader, Settings settings, HoldLoader holds) {
    this.database = database;
    this.catalogue = catalogue;
    this.reader = reader;
    this.settings = settings;
    this.holds = holds;
  }

  /**
   * The rules of every table that a policy names, tables that refer to others first.
   *
   * @param known encodings found before, by policy; others are found by a sample
   * @throws TidelineException if a policy cannot act: the table, a column, a predicate, its time
   */
  public List<TableRules> rules(Selection selection, Instant now, Map<String, TimeEncoding> known) {
    Selected selected = new Selected(settings, selection);
    ArchiveTables.check(database, catalogue, settings.policies());
    Map<Table, List<Policy>> byTable = new LinkedHashMap<>();
    for (Policy policy : settings.policies()) {
      Table table = database.resolve(catalogue, policy.table());
      byTable.computeIfAbsent(table, t -> new ArrayList<>()).add(policy);
    }
    for (String name : selection.tables()) {
      if (!byTable.containsKey(database.resolve(catalogue, name))) {
        throw new TidelineException(
            ErrorCode.POLICY_UNKNOWN,
            "Cannot find a policy for table " + name + ".",
            "Nothing was changed.",
            "Add one to the file, or name a table that has one.");
      }
    }
    refuseMissingRights(byTable, selected);
    Map<Table, Policy> roots = dependents(byTable, selected);
    roots.keySet().forEach(table -> byTable.putIfAbsent(table, List.of()));
    List<TableRules> rules = new ArrayList<>();
    for (Table table : TableOrder.referrersFirst(byTable.keySet().stream().toList())) {
      List<Policy> policies = byTable.getOrDefault(table, List.of());
      rules.add(
          rules(
              table,
              policies,
              Optional.ofNullable(roots.get(table)),
              selected,
              selection,
              now,
              known));
    }
    return rules;
  }

  /** The tables whose rows go with those of a policy that acts, each with such a policy. */
  private Map<Table, Policy> dependents(Map<Table, List<Policy>> byTable, Selected selected) {
    Map<Table, Policy> roots = new LinkedHashMap<>();
    byTable.forEach(
        (table, policies) -> {
          for (Policy policy : policies) {
            if (selected.acts(selected.effective(policy, isTable(table)), isTable(table))) {
              policy
                  .dependents()
                  .forEach(each -> roots.put(database.resolve(catalogue, each.table()), policy));
            }
          }
        });
    return roots;
  }

  private void refuseMissingRights(Map<Table, List<Policy>> byTable, Selected selected) {
    List<Policy> acting = new ArrayList<>();
    byTable.forEach(
        (table, policies) ->
            policies.stream()
                .filter(p -> selected.acts(selected.effective(p, isTable(table)), isTable(table)))
                .forEach(acting::add));
    List<String> missing =
        database.grants(new NeedFinder(database, catalogue, settings).needs(acting)).stream()
            .filter(Grant::missing)
            .map(Grant::statement)
            .toList();
    if (!missing.isEmpty()) {
      throw new TidelineException(
          ErrorCode.RIGHTS_MISSING,
          "Cannot carry out the policies: the role of this login lacks rights.",
          "Nothing was changed.",
          "Run as an owner what `tideline grants` prints: " + String.join(" ", missing));
    }
  }

  private java.util.function.Predicate<String> isTable(Table table) {
    return name -> database.resolve(catalogue, name).name().equals(table.name());
  }

  private TableRules rules(
      Table table,
      List<Policy> policies,
      Optional<Policy> root,
      Selected selected,
      Selection selection,
      Instant now,
      Map<String, TimeEncoding> known) {
    java.util.function.Predicate<String> isTable = isTable(table);
    List<Policy> effective =
        policies.stream().map(policy -> selected.effective(policy, isTable)).toList();
    boolean touched =
        root.isPresent() || effective.stream().anyMatch(policy -> selected.acts(policy, isTable));
    if (touched) {
      refuseObstacles(table, root.orElseGet(() -> policies.get(0)));
    }
    List<Rule> rules = new ArrayList<>();
    for (Policy policy : effective) {
      boolean acts = selected.acts(policy, isTable);
      rules.add(rule(table, policy, acts, touched, selection, now, known));
    }
    return new TableRules(table, rules, touched ? holds.of(table) : new HoldRules());
  }

  private Rule rule(
      Table table,
      Policy policy,
      boolean acts,
      boolean touched,
      Selection selection,
      Instant now,
      Map<String, TimeEncoding> known) {
    Policy spelt = spelt(table, policy);
    boolean byKey = acts && selection.key().isPresent();
    Optional<TimeColumn> column = policy.time().map(time -> spelt(table, time));
    boolean timed =
        touched
            && (policy.keepLatest().isPresent() || acts && !byKey || policy.retain().isPresent());
    if (column.isEmpty() && (policy.keepLatest().isPresent() || acts && !byKey)) {
      throw new TidelineException(
          ErrorCode.POLICY_INVALID,
          "Cannot run policy '" + policy.name() + "': it has no 'time'.",
          "Nothing was changed.",
          "Name the column that tells a row's age, or act on one row with --key.");
    }
    Optional<PolicyTime> time =
        timed
            ? column.map(
                c ->
                    new PolicyTime(
                        c,
                        Optional.ofNullable(known.get(policy.name()))
                            .orElseGet(() -> encoding(table, c))))
            : Optional.empty();
    Optional<Predicate> key =
        byKey
            ? Optional.of(
                new KeyPredicates(table, reader).of(List.of(selection.key().orElseThrow())).get(0))
            : Optional.empty();
    Optional<Instant> cutoff =
        byKey
            ? Optional.empty()
            : policy.retain().map(retain -> now.minus(retain).truncatedTo(ChronoUnit.SECONDS));
    Rule rule = new Rule(spelt, acts, time, cutoff, now, key);
    if (touched) {
      check(table, rule);
    }
    return rule;
  }

  private TimeEncoding encoding(Table table, TimeColumn column) {
    reader.check(table, PolicyTime.item(column));
    return EncodingFinder.find(reader, table, column, EncodingFinder.type(table, column));
  }

  private void check(Table table, Rule rule) {
    List<Condition> conditions = new ArrayList<>();
    rule.where().ifPresent(conditions::add);
    rule.keepIf().ifPresent(conditions::add);
    rule.key().ifPresent(key -> conditions.add(rule.selection().get(0)));
    for (Condition condition : conditions) {
      reader.check(table, new Item.Holds(condition));
    }
    if (rule.policy().keepLatest().isPresent()) {
      rule.groups().forEach(item -> reader.check(table, item));
    }
  }

  private Policy spelt(Table table, Policy policy) {
    if (policy.keepLatest().isEmpty()) {
      return policy;
    }
    KeepLatest keep = policy.keepLatest().get();
    List<KeepLatest.Part> parts =
        keep.per().stream()
            .map(
                part ->
                    part.sql()
                        ? part
                        : new KeepLatest.Part(database.resolveColumn(table, part.text()), false))
            .toList();
    return policy.withKeepLatest(new KeepLatest(parts, keep.rows()));
  }

  private TimeColumn spelt(Table table, TimeColumn time) {
    return time.column().isEmpty()
        ? time
        : new TimeColumn(
            time.column().map(name -> database.resolveColumn(table, name)),
            time.sql(),
            time.format(),
            time.zone());
  }

  private void refuseObstacles(Table table, Policy policy) {
    if (!table.obstacles().isEmpty()) {
      Obstacle first = table.obstacles().get(0);
      throw new TidelineException(
          ErrorCode.TABLE_UNSUITABLE,
          "Cannot clean table "
              + table.name()
              + " (policy '"
              + policy.name()
              + "'): "
              + first.what()
              + ".",
          "Nothing was changed.",
          first.mend());
    }
    boolean moves =
        settings.policies().stream()
            .anyMatch(p -> p.name().equals(policy.name()) && p.action() == Action.MOVE);
    if (moves && table.column("archived_at").isPresent()) {
      throw new TidelineException(
          ErrorCode.TABLE_UNSUITABLE,
          "Cannot move rows of table "
              + table.name()
              + ": it has a column 'archived_at' of its own.",
          "Nothing was changed.",
          "Use 'action: archive' for it.");
    }
  }
}
