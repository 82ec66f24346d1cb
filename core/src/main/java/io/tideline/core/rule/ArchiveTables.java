package io.tideline.core.rule;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.Database;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Action;
import io.tideline.policy.Policy;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The tables that policies move rows to. */
public final class ArchiveTables {
  private ArchiveTables() {}

  /** The archive table of a policy that moves rows of a table. */
  public static TableName of(Policy policy, TableName table) {
    return new TableName(table.schema(), policy.archiveTable().orElse(table.name() + "_archive"));
  }

  /**
   * Refuses an archive table that cannot tell whose rows it holds: one of two tables, or one that
   * is a policy's table itself.
   *
   * @throws TidelineException {@code POLICY_INVALID}, {@code TABLE_UNKNOWN}
   */
  public static void check(Database database, Catalogue catalogue, List<Policy> policies) {
    Map<String, Policy> cleaned = new HashMap<>();
    Map<String, TableName> sources = new HashMap<>();
    for (Policy policy : policies) {
      cleaned.putIfAbsent(spelling(database.resolve(catalogue, policy.table()).name()), policy);
    }
    for (Policy policy : policies) {
      if (policy.action() == Action.MOVE) {
        Table table = database.resolve(catalogue, policy.table());
        TableName target = of(policy, table.name());
        Policy own = cleaned.get(spelling(target));
        if (own != null) {
          throw refused(policy, target, "policy '" + own.name() + "' is about that table itself");
        }
        TableName other = sources.putIfAbsent(spelling(target), table.name());
        if (other != null && !other.equals(table.name())) {
          throw refused(policy, target, "rows of " + other + " are moved there, too");
        }
      }
    }
  }

  /** Engines differ in whether case matters; names that differ only by it are too much alike. */
  private static String spelling(TableName name) {
    return name.schema() + "." + name.name().toLowerCase(Locale.ROOT);
  }

  private static TidelineException refused(Policy policy, TableName target, String why) {
    return new TidelineException(
        ErrorCode.POLICY_INVALID,
        "Cannot move rows of policy '" + policy.name() + "' to " + target + ": " + why + ".",
        "Nothing was changed.",
        "Give the policy an 'archive_table' of its own.");
  }
}
