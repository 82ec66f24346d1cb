package io.tideline.core.rule;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.Database;
import io.tideline.dialect.Need;
import io.tideline.dialect.Right;
import io.tideline.policy.Action;
import io.tideline.policy.Dependent;
import io.tideline.policy.Policy;
import io.tideline.policy.Reference;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tells the rights that policies need on their tables and on those that refer to them. */
public final class NeedFinder {
  private final Database database;
  private final Catalogue catalogue;
  private final Settings settings;
  private final Map<TableName, Set<Right>> needs = new LinkedHashMap<>();

  /** A finder for the present catalogue. */
  public NeedFinder(Database database, Catalogue catalogue, Settings settings) {
    this.database = database;
    this.catalogue = catalogue;
    this.settings = settings;
  }

  /**
   * What the chosen policies need, whether they are on or off.
   *
   * @throws io.tideline.error.TidelineException {@code POLICY_UNKNOWN}, {@code TABLE_UNKNOWN}
   */
  public List<Need> needs(Selection selection) {
    Selected selected = new Selected(settings, selection);
    return needs(settings.policies().stream().filter(selected::names).toList());
  }

  /**
   * What policies need.
   *
   * @throws io.tideline.error.TidelineException {@code TABLE_UNKNOWN}
   */
  List<Need> needs(List<Policy> policies) {
    policies.forEach(this::add);
    return needs.entrySet().stream().map(e -> new Need(e.getKey(), e.getValue())).toList();
  }

  private void add(Policy policy) {
    Table root = database.resolve(catalogue, policy.table());
    leaves(policy, root);
    for (Dependent dependent : policy.dependents()) {
      Table table = database.resolve(catalogue, dependent.table());
      switch (dependent.on()) {
        case DELETE -> leaves(policy, table);
        case DETACH -> need(table.name(), Right.SELECT, Right.UPDATE);
        case KEEP -> need(table.name(), Right.SELECT, Right.LOCK);
      }
    }
  }

  /**
   * Rows of the table go: they are read, locked and deleted, and those that refer are looked for.
   */
  private void leaves(Policy policy, Table table) {
    need(table.name(), Right.SELECT, Right.LOCK, Right.DELETE);
    if (policy.action() == Action.MOVE) {
      moves(policy, table);
    }
    for (ForeignKey key : table.referrers()) {
      need(key.from(), Right.SELECT);
    }
    for (Reference reference : settings.references()) {
      if (database.resolve(catalogue, reference.to()).name().equals(table.name())) {
        // The referring table is locked as a whole.
        need(database.resolve(catalogue, reference.table()).name(), Right.SELECT, Right.UPDATE);
      }
    }
  }

  private void moves(Policy policy, Table table) {
    boolean own = database.resolve(catalogue, policy.table()).name().equals(table.name());
    String name =
        policy.archiveTable().filter(named -> own).orElse(table.name().name() + "_archive");
    TableName target = new TableName(table.name().schema(), name);
    if (catalogue.table(target).isPresent()) {
      need(target, Right.SELECT, Right.INSERT);
    } else {
      need(target, Right.CREATE);
    }
  }

  private void need(TableName table, Right first, Right... rest) {
    needs
        .computeIfAbsent(table, name -> EnumSet.noneOf(Right.class))
        .addAll(EnumSet.of(first, rest));
  }
}
