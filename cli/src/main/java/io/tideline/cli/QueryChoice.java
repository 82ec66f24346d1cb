package io.tideline.cli;

import io.tideline.error.Nearest;
import io.tideline.tuning.QuerySpec;
import java.util.ArrayList;
import java.util.List;

/** The queries of the configuration that a command is asked for. */
final class QueryChoice {
  private QueryChoice() {}

  /**
   * Those.
   *
   * @param all of the configuration
   * @param names none to choose all
   * @throws io.tideline.error.TidelineException {@code ARGUMENT_INVALID} for a name that none has,
   *     or if there is none at all
   */
  static List<QuerySpec> of(List<QuerySpec> all, List<String> names) {
    if (all.isEmpty()) {
      throw Command.badArgument(
          "Cannot find a query: the configuration has no 'queries'.",
          "Declare them, or give one with --sql.");
    }
    if (names.isEmpty()) {
      return all;
    }
    List<String> known = all.stream().map(QuerySpec::name).toList();
    List<QuerySpec> chosen = new ArrayList<>();
    for (String name : names) {
      chosen.add(
          all.stream()
              .filter(query -> query.name().equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      Command.badArgument(
                          "Cannot find the query '" + name + "'.",
                          Nearest.sentence("queries", name, known))));
    }
    return chosen;
  }
}
