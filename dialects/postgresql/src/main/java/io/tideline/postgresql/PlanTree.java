package io.tideline.postgresql;

import io.tideline.tuning.PlanNode;
import io.tideline.tuning.PlanNode.Kind;
import io.tideline.tuning.QueryPlan;
import io.tideline.tuning.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code EXPLAIN (FORMAT JSON, VERBOSE)} of PostgreSQL 14 to 18.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-explain.html">EXPLAIN</a>
 */
final class PlanTree {
  /** From this version on an index is also sought by columns that are not its first. */
  private static final int SKIPS = 18;

  /** From this version on mean rows are told with their fraction. */
  private static final int FRACTIONS = 18;

  private static final String COUNTED = "Counted by EXPLAIN ANALYZE.";
  private static final Set<String> READING_NOTHING =
      Set.of(
          "Limit",
          "Aggregate",
          "Group",
          "Hash",
          "Hash Join",
          "Merge Join",
          "Nested Loop",
          "Append",
          "Merge Append",
          "Recursive Union",
          "BitmapAnd",
          "BitmapOr",
          "Gather",
          "Gather Merge",
          "Materialize",
          "Memoize",
          "Unique",
          "SetOp",
          "WindowAgg",
          "ProjectSet",
          "Result",
          "Function Scan",
          "Table Function Scan",
          "Values Scan",
          "CTE Scan",
          "WorkTable Scan",
          "Named Tuplestore Scan",
          "Subquery Scan",
          "Bitmap Heap Scan");

  /** They give the rows of several partitions as they come. */
  private static final Set<String> COLLECTING = Set.of("Append", "Merge Append");

  private final Relations relations;
  private final int version;

  /**
   * @param version the server's major version
   */
  PlanTree(Relations relations, int version) {
    this.relations = relations;
    this.version = version;
  }

  /** The plan of an EXPLAIN's answer. */
  QueryPlan plan(String json) {
    Map<?, ?> root = root(json);
    return new QueryPlan(
        "PostgreSQL " + version, List.of(step(root, "", "", "")), number(root, "Total Cost"));
  }

  /** The work of an EXPLAIN ANALYZE's answer. */
  Work work(String json) {
    Map<?, ?> root = root(json);
    long examined =
        step(root, "", "", "")
            .all()
            .flatMap(step -> step.examined().stream())
            .mapToLong(Long::longValue)
            .sum();
    long returned = Math.round(number(root, "Actual Rows").orElse(0d));
    return new Work(examined, returned, true, COUNTED);
  }

  /** Every text of the plan, among them the expressions of views, policies and functions. */
  static List<String> texts(String json) {
    List<String> texts = new ArrayList<>();
    texts(root(json), texts);
    return texts;
  }

  private static void texts(@Nullable Object value, List<String> texts) {
    if (value instanceof Map<?, ?> map) {
      map.values().forEach(each -> texts(each, texts));
    } else if (value instanceof List<?> list) {
      list.forEach(each -> texts(each, texts));
    } else if (value instanceof String text) {
      texts.add(text);
    }
  }

  /** The types of all nodes. */
  static List<String> types(String json) {
    return members(json, "Node Type");
  }

  /** The indexes of all nodes. */
  static List<String> indexes(String json) {
    return members(json, "Index Name");
  }

  private static List<String> members(String json, String member) {
    List<String> found = new ArrayList<>();
    members(root(json), member, found);
    return found.stream().filter(each -> !each.isEmpty()).toList();
  }

  private static void members(Map<?, ?> node, String member, List<String> found) {
    found.add(text(node, member));
    JsonValue.objects(node.get("Plans")).forEach(each -> members(each, member, found));
  }

  private static Map<?, ?> root(String json) {
    for (Map<?, ?> answer : JsonValue.objects(JsonValue.of(json))) {
      if (answer.get("Plan") instanceof Map<?, ?> plan) {
        return plan;
      }
    }
    throw new IllegalStateException("Cannot find the plan in the answer of EXPLAIN");
  }

  /**
   * @param above the type of the node above, partitions' collecting left out
   * @param schema of the table above, which a bitmap's index lies in
   * @param outer the alias of that table
   */
  private PlanNode step(Map<?, ?> node, String above, String schema, String outer) {
    String type = text(node, "Node Type");
    String own = text(node, "Schema").isEmpty() ? schema : text(node, "Schema");
    String alias = text(node, "Alias").isEmpty() ? outer : text(node, "Alias");
    String name = text(node, "Relation Name");
    String index = text(node, "Index Name");
    Relations.Index known = relations.index(own, index);
    PlanNode step =
        PlanNode.of(kind(node, above, known, alias), line(node, own))
            .on(name.isEmpty() ? "" : relations.table(own, name))
            .rows(number(node, "Plan Rows"), examined(node));
    if (!index.isEmpty()) {
      step = step.by(known.name(), type.equals("Index Only Scan"));
    }
    String told = COLLECTING.contains(type) ? above : type;
    return step.over(
        JsonValue.objects(node.get("Plans")).stream()
            .map(each -> step(each, told, own, alias))
            .toList());
  }

  private Kind kind(Map<?, ?> node, String above, Relations.Index index, String alias) {
    String type = text(node, "Node Type");
    return switch (type) {
      case "Seq Scan", "Sample Scan" -> Kind.FULL_SCAN;
      case "Tid Scan", "Tid Range Scan" -> Kind.KEY_SEARCH;
      case "Index Scan", "Index Only Scan", "Bitmap Index Scan" ->
          byIndex(node, above, index, alias);
      case "Sort", "Incremental Sort" -> Kind.SORT;
      case "Foreign Scan" -> Kind.FOREIGN;
      case "Bitmap Heap Scan" -> Kind.INDEX_SEARCH;
      default -> READING_NOTHING.contains(type) ? Kind.OTHER : Kind.UNKNOWN;
    };
  }

  /**
   * Without a condition all of an index is read, unless a LIMIT just above takes the first rows as
   * they come. A condition on a later column alone ends nowhere either, nor does one that only
   * leaves NULL out.
   */
  private Kind byIndex(Map<?, ?> node, String above, Relations.Index index, String alias) {
    String own = "(?<![\\w\"$.])(?:" + either(alias, Sql.quote(alias)) + ")\\.";
    String condition = text(node, "Index Cond").replaceAll(own, "");
    String leads = "(?<![\\w\".])" + Pattern.quote(index.leads()) + "(?![\\w\"])";
    String sought = condition.replaceAll(leads + " IS NOT NULL", "");
    boolean all = condition.isEmpty() || !sought.equals(condition) && !sought.contains(" ");
    if (all) {
      boolean ends =
          node.containsKey("Order By") || above.equals("Limit") && !node.containsKey("Filter");
      return ends ? Kind.INDEX_SEARCH : Kind.WHOLE_INDEX;
    }
    boolean seeks = !index.ordered() || Pattern.compile(leads).matcher(sought).find();
    return seeks ? Kind.INDEX_SEARCH : version >= SKIPS ? Kind.SKIP_SCAN : Kind.WHOLE_INDEX;
  }

  private static String either(String one, String other) {
    return Pattern.quote(one) + "|" + Pattern.quote(other);
  }

  /** Rows are told as the mean of each time, before {@value #FRACTIONS} rounded to a whole one. */
  private Optional<Long> examined(Map<?, ?> node) {
    boolean reads =
        node.containsKey("Relation Name") && !text(node, "Node Type").equals("Bitmap Index Scan");
    Optional<Double> loops = number(node, "Actual Loops");
    if (!reads || loops.isEmpty()) {
      return Optional.empty();
    }
    double rows =
        number(node, "Actual Rows").orElse(0d)
            + number(node, "Rows Removed by Filter").orElse(0d)
            + number(node, "Rows Removed by Index Recheck").orElse(0d);
    boolean rounded = version < FRACTIONS && rows == 0 && loops.get() > 1;
    return Optional.of((long) Math.ceil((rounded ? 0.5 : rows) * loops.get()));
  }

  private static String line(Map<?, ?> node, String schema) {
    StringBuilder line = new StringBuilder();
    String subplan = text(node, "Subplan Name");
    line.append(subplan.isEmpty() ? "" : subplan + ": ");
    line.append(Boolean.TRUE.equals(node.get("Parallel Aware")) ? "Parallel " : "");
    line.append(text(node, "Node Type"));
    add(line, " using ", text(node, "Index Name"));
    String name = text(node, "Relation Name");
    add(line, " on ", name.isEmpty() ? text(node, "CTE Name") : schema + "." + name);
    String alias = text(node, "Alias");
    add(line, " ", alias.equals(name) ? "" : alias);
    for (String condition :
        List.of("Index Cond", "Recheck Cond", "Filter", "Hash Cond", "Merge Cond", "Join Filter")) {
      add(line, " " + condition + ": ", text(node, condition));
    }
    if (node.get("Sort Key") instanceof List<?> keys) {
      line.append(" by ").append(String.join(", ", keys.stream().map(String::valueOf).toList()));
    }
    return line.toString();
  }

  private static void add(StringBuilder line, String lead, String value) {
    line.append(value.isEmpty() ? "" : lead + value);
  }

  private static String text(Map<?, ?> node, String member) {
    return node.get(member) instanceof String text ? text : "";
  }

  private static Optional<Double> number(Map<?, ?> node, String member) {
    return node.get(member) instanceof Double number ? Optional.of(number) : Optional.empty();
  }
}
