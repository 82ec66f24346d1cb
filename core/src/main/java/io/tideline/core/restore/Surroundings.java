package io.tideline.core.restore;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.core.rule.ArchiveTables;
import io.tideline.core.rule.Guard;
import io.tideline.core.rule.HoldLoader;
import io.tideline.core.rule.RuleBook;
import io.tideline.core.work.RunContext;
import io.tideline.dialect.Reader;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.plan.Reason;
import io.tideline.policy.Action;
import io.tideline.policy.Dependent;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.Hold;
import io.tideline.run.RestoreRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the policies and holds of the source mean for a restore into it. */
final class Surroundings {
  private final RunContext context;
  private final Settings settings;
  private final Catalogue catalogue;

  Surroundings(RunContext context, Settings settings, Catalogue catalogue) {
    this.context = context;
    this.settings = settings;
    this.catalogue = catalogue;
  }

  /**
   * What protects live rows of a table from being replaced: rows that refer to them, every {@code
   * keep_if}, and every hold on it but those of restores, which are there for the runs.
   */
  Protections protections(Table table) {
    try (Reader reader = context.database().openReader()) {
      HoldLoader holds =
          new HoldLoader(
              context.database(),
              catalogue,
              reader,
              context.archive(),
              context.formats(),
              Instant.now(context.clock()));
      List<Guard> keeping =
          settings.policies().stream().noneMatch(policy -> policy.keepIf().isPresent())
              ? List.of()
              : new RuleBook(context.database(), catalogue, reader, settings, holds)
                  .rules(Selection.all(), context.now(), Map.of()).stream()
                      .filter(rules -> rules.table().name().equals(table.name()))
                      .flatMap(rules -> rules.protections().stream())
                      .filter(guard -> guard.reason() == Reason.KEEP_IF)
                      .toList();
      return Protections.ofReferrers(table)
          .and(keeping, holds.of(table, hold -> hold.restore().isEmpty()));
    }
  }

  /**
   * Checks holds before they are placed: one that cannot be judged would stop every run.
   *
   * @throws TidelineException as {@link HoldLoader#check}
   */
  void check(List<Hold> holds) {
    try (Reader reader = context.database().openReader()) {
      HoldLoader loader =
          new HoldLoader(
              context.database(),
              catalogue,
              reader,
              context.archive(),
              context.formats(),
              Instant.now(context.clock()));
      for (Hold hold : holds) {
        if (hold.where().isPresent()) {
          loader.check(hold, context.database().resolve(catalogue, hold.table()));
        }
      }
    }
  }

  /** The rows that policies moved to archive tables and that a request means. */
  List<MovedRows> moved(RestoreRequest request) {
    List<MovedRows> found = new ArrayList<>();
    refuseShared();
    Set<TableName> seen = new HashSet<>();
    for (Policy policy : moving()) {
      if (request.runs().isEmpty() && request.tree().isEmpty()) {
        table(policy)
            .filter(table -> Choice.matches(request, table.name()))
            .ifPresent(
                table ->
                    archive(policy, table)
                        .filter(archive -> seen.add(archive.name()))
                        .map(archive -> moved(policy, table, archive, request))
                        .filter(rows -> rows.size() > 0 || !rows.leftOut().isEmpty())
                        .ifPresent(found::add));
      }
    }
    return found;
  }

  /** The policies that move rows, and as one more each table whose rows are moved with theirs. */
  private List<Policy> moving() {
    List<Policy> moving =
        new ArrayList<>(
            settings.policies().stream().filter(each -> each.action() == Action.MOVE).toList());
    for (Policy root : List.copyOf(moving)) {
      for (Dependent each : root.dependents()) {
        if (each.on() == Dependent.OnRoot.DELETE) {
          moving.add(Policy.of(root.name(), each.table()).action(Action.MOVE).build());
        }
      }
    }
    return moving;
  }

  /** Two tables' rows in one archive table cannot be told apart. */
  private void refuseShared() {
    ArchiveTables.check(
        context.database(),
        catalogue,
        settings.policies().stream().filter(policy -> resolved(policy).isPresent()).toList());
  }

  private Optional<Table> table(Policy policy) {
    return resolved(policy).filter(each -> each.key().isPresent());
  }

  private Optional<Table> resolved(Policy policy) {
    try {
      return Optional.of(context.database().resolve(catalogue, policy.table()));
    } catch (TidelineException e) {
      if (e.code() == ErrorCode.TABLE_UNKNOWN) {
        return Optional.empty(); // nothing was moved from a table that is not there
      }
      throw e;
    }
  }

  private Optional<Table> archive(Policy policy, Table table) {
    return MovedRows.archiveTable(catalogue.tables(), ArchiveTables.of(policy, table.name()));
  }

  private MovedRows moved(Policy policy, Table table, Table archive, RestoreRequest request) {
    try (Reader reader = context.database().openReader()) {
      return new MovedRows(
          context,
          reader,
          table,
          archive,
          request.map(),
          MovedChoice.of(context.database(), reader, policy, archive, request),
          cameBack(archive));
    }
  }

  /** When rows were moved that came back while older copies of them stayed. */
  private Map<String, Instant> cameBack(Table archive) {
    Map<String, Instant> newest = new HashMap<>();
    for (String run : context.archive().runs()) {
      context
          .archive()
          .intent(run)
          .map(intent -> intent.moved(archive.name().toString()))
          .orElse(Map.of())
          .forEach((key, at) -> newest.merge(key, at, (a, b) -> a.isAfter(b) ? a : b));
    }
    return newest;
  }
}
