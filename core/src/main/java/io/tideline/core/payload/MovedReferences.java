package io.tideline.core.payload;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.core.rule.ArchiveTables;
import io.tideline.dialect.Database;
import io.tideline.plan.Finding;
import io.tideline.policy.Action;
import io.tideline.policy.Policy;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the tables to which policies move rows that refer to files, and that nobody reads. */
final class MovedReferences {
  private final Database database;
  private final Catalogue catalogue;
  private final List<Policy> moving;

  MovedReferences(Database database, Catalogue catalogue, List<Policy> policies) {
    this.database = database;
    this.catalogue = catalogue;
    this.moving = policies.stream().filter(p -> p.action() == Action.MOVE).toList();
  }

  /** A finding for each archive table that is none of the tables whose references are read. */
  List<Finding> unread(List<ReferenceTable> read) {
    Set<TableName> known =
        read.stream().map(each -> each.table().name()).collect(Collectors.toSet());
    List<Finding> findings = new ArrayList<>();
    for (ReferenceTable each : read) {
      for (TableName target : targets(each.table())) {
        if (!known.contains(target)) {
          catalogue.table(target).ifPresent(archive -> findings.addAll(unread(each, archive)));
        }
      }
    }
    return findings;
  }

  private Set<TableName> targets(Table table) {
    Set<TableName> targets = new LinkedHashSet<>();
    for (Policy policy : moving) {
      if (names(policy.table(), table)) {
        targets.add(ArchiveTables.of(policy, table.name()));
      } else if (policy.dependents().stream().anyMatch(each -> names(each.table(), table))) {
        targets.add(new TableName(table.name().schema(), table.name().name() + "_archive"));
      }
    }
    return targets;
  }

  private boolean names(String spelt, Table table) {
    return database.resolve(catalogue, spelt).name().equals(table.name());
  }

  private static List<Finding> unread(ReferenceTable from, Table archive) {
    return from.columns().stream()
        .filter(column -> archive.column(column).isPresent())
        .map(column -> archive.name() + "." + column)
        .map(
            column ->
                new Finding(
                    "payloads-moved",
                    "rows of "
                        + from.table().name()
                        + " are moved to "
                        + archive.name()
                        + ", where their references hold nothing",
                    "Add " + column + " to 'columns' of 'payloads'."))
        .toList();
  }
}
