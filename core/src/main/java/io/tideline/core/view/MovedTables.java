package io.tideline.core.view;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Action;
import io.tideline.policy.Dependent;
import io.tideline.policy.Policy;
import io.tideline.policy.Settings;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The tables whose rows policies move: what looks into the archive's folder does not find them. */
public final class MovedTables {
  private final Map<String, String> archiveTables = new LinkedHashMap<>();

  /** The tables whose rows go to archive tables by some settings. */
  public MovedTables(Settings settings) {
    for (Policy policy : settings.policies()) {
      if (policy.action() == Action.MOVE) {
        archiveTables.put(
            policy.table(), policy.archiveTable().orElse(policy.table() + "_archive"));
        policy.dependents().stream()
            .filter(each -> each.on() == Dependent.OnRoot.DELETE)
            .map(Dependent::table)
            .forEach(table -> archiveTables.putIfAbsent(table, table + "_archive"));
      }
    }
  }

  /** What to say where moved rows of tables do not come along; empty if no row of them is moved. */
  public List<String> notComing(Predicate<String> meant) {
    String tables = named(meant);
    return tables.isEmpty()
        ? List.of()
        : List.of(
            "rows that were moved do not come along: "
                + tables
                + " of the source; bring them back there with `tideline restore --table`, or copy"
                + " them with SQL");
  }

  private String named(Predicate<String> meant) {
    return archiveTables.entrySet().stream()
        .filter(each -> meant.test(each.getKey()))
        .map(each -> "those of " + each.getKey() + " lie in " + each.getValue())
        .collect(Collectors.joining(", "));
  }

  /**
   * Looks for a tree.
   *
   * @param tree its name: the root's table, a slash, and its key
   * @throws TidelineException as the search does; where rows of the root's table are moved, it says
   *     where they lie
   */
  public <T> T find(String tree, Supplier<T> search) {
    try {
      return search.get();
    } catch (TidelineException e) {
      String root =
          archiveTables.keySet().stream()
              .filter(
                  table ->
                      tree.toLowerCase(Locale.ROOT)
                          .startsWith(table.toLowerCase(Locale.ROOT) + "/"))
              .max(Comparator.comparing(String::length))
              .orElse("");
      if (e.code() != ErrorCode.RUN_UNKNOWN || root.isEmpty()) {
        throw e;
      }
      throw new TidelineException(
          e.code(),
          e.what(),
          e.state(),
          e.mend()
              + " Rows that were moved are no trees of the archive: "
              + named(root::equals)
              + "; `tideline restore --table "
              + root
              + "` with --where brings them back, SQL shows them.");
    }
  }
}
