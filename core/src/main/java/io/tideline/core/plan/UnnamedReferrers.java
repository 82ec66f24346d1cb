package io.tideline.core.plan;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.core.closure.Edge;
import io.tideline.core.closure.Shape;
import io.tideline.dialect.Database;
import io.tideline.plan.Finding;
import io.tideline.plan.ProposedDependent;
import io.tideline.policy.Dependent;
import io.tideline.policy.Policy;
import io.tideline.policy.Settings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds the tables that no policy names and whose rows keep trees: with the line that names them.
 */
final class UnnamedReferrers {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*");
  private static final Set<String> WORDS = Set.of("null", "true", "false");

  private final DependentFinder finder;
  private final Set<TableName> named = new HashSet<>();

  UnnamedReferrers(Database database, Catalogue catalogue, Settings settings) {
    this.finder = new DependentFinder(database, catalogue);
    for (Policy policy : settings.policies()) {
      named.add(database.resolve(catalogue, policy.table()).name());
      policy
          .dependents()
          .forEach(each -> named.add(database.resolve(catalogue, each.table()).name()));
    }
  }

  /** What keeps trees of a policy after a survey. */
  List<Finding> look(Shape shape, Tally tally) {
    Map<Table, List<ForeignKey>> keeping = new LinkedHashMap<>();
    for (Edge edge : shape.edges()) {
      if (!named.contains(edge.from().name()) && tally.referredOver(edge.key())) {
        keeping.computeIfAbsent(edge.from(), table -> new ArrayList<>()).add(edge.key());
      }
    }
    String policy = shape.rule().policy().name();
    return keeping.entrySet().stream()
        .flatMap(each -> finder.entries(each.getKey(), each.getValue()).stream())
        .map(entry -> finding(policy, entry))
        .toList();
  }

  private static Finding finding(String policy, ProposedDependent entry) {
    List<String> obstacles = entry.remarks().stream().filter(DependentFinder::isObstacle).toList();
    return new Finding(
        "unnamed-referrer",
        "rows stay because rows of "
            + entry.dependent().table()
            + " refer to them over "
            + String.join(", ", entry.over())
            + ", and the file does not name that table"
            + obstacles.stream().map(each -> "; it " + each).collect(Collectors.joining()),
        obstacles.isEmpty()
            ? "under 'dependents:' of policy '" + policy + "' add the line: - " + line(entry)
            : "");
  }

  /** The entry as it stands in the file. */
  private static String line(ProposedDependent entry) {
    Dependent dependent = entry.dependent();
    if (dependent.via().isEmpty() && dependent.on() == Dependent.OnRoot.DELETE) {
      return quoted(dependent.table());
    }
    List<String> parts = new ArrayList<>(List.of("table: " + quoted(dependent.table())));
    if (!dependent.via().isEmpty()) {
      parts.add(
          dependent.via().stream()
              .map(UnnamedReferrers::quoted)
              .collect(Collectors.joining(", ", "via: [", "]")));
    }
    parts.add("on: " + dependent.on().name().toLowerCase(Locale.ROOT));
    return "{" + String.join(", ", parts) + "}";
  }

  private static String quoted(String name) {
    String escaped = name.replace("${", "$${");
    boolean plain =
        PLAIN.matcher(escaped).matches() && !WORDS.contains(name.toLowerCase(Locale.ROOT));
    return plain ? escaped : "'" + escaped.replace("'", "''") + "'";
  }
}
