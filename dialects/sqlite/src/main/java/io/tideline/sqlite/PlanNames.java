package io.tideline.sqlite;

import io.tideline.error.TidelineException;
import io.tideline.tuning.QueryText;
import io.tideline.tuning.SqlPart;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Says which table a name in a plan stands for. Since 3.36 a plan tells only the alias, so the
 * aliases are taken from the text of the query and of the views that it reads. Names are compared
 * in lower case.
 */
final class PlanNames {
  /** Words that may follow a table's name and are no alias of it. */
  private static final Set<String> NO_ALIAS =
      Set.of(
          "AS",
          "ON",
          "USING",
          "WHERE",
          "JOIN",
          "LEFT",
          "RIGHT",
          "FULL",
          "INNER",
          "CROSS",
          "OUTER",
          "NATURAL",
          "GROUP",
          "ORDER",
          "HAVING",
          "LIMIT",
          "WINDOW",
          "UNION",
          "EXCEPT",
          "INTERSECT",
          "INDEXED",
          "NOT",
          "AND",
          "OR",
          "SELECT",
          "FROM",
          "OFFSET");

  private final Schema schema;
  private final Map<String, Set<String>> tables = new HashMap<>();
  private final Set<String> subqueries = new HashSet<>();
  private final Map<String, Integer> unfiltered = new HashMap<>();

  private PlanNames(Schema schema) {
    this.schema = schema;
  }

  /**
   * What a database holds.
   *
   * @param tables the names of the tables, as they are spelt
   * @param virtual those of them that are virtual, in lower case
   * @param views the SQL of each view by its name in lower case
   * @param indexes the table of each index, by its name as it is spelt
   */
  record Schema(
      List<String> tables,
      Set<String> virtual,
      Map<String, String> views,
      Map<String, String> indexes) {
    Optional<String> table(String name) {
      return tables.stream().filter(each -> each.equalsIgnoreCase(name)).findFirst();
    }
  }

  static PlanNames of(Schema schema, QueryText query) {
    PlanNames names = new PlanNames(schema);
    Set<String> read = new HashSet<>();
    List<List<SqlPart>> texts = new ArrayList<>(List.of(query.tokens()));
    for (int i = 0; i < texts.size(); i++) {
      for (SqlPart token : texts.get(i)) {
        String name = lower(token.name());
        String view = token.isName() ? schema.views().get(name) : null;
        if (view != null && read.add(name)) {
          texts.add(view(view));
        }
      }
    }
    texts.forEach(names::commonTables);
    texts.forEach(names::aliases);
    texts.forEach(names::extremes);
    return names;
  }

  private static List<SqlPart> view(String sql) {
    try {
      return QueryText.of(sql).tokens();
    } catch (TidelineException e) {
      return List.of(); // its aliases stay unknown, and count as tables
    }
  }

  /** {@code WITH name [(columns)] AS [[NOT] MATERIALIZED] (}. */
  private void commonTables(List<SqlPart> tokens) {
    for (int i = 1; i < tokens.size(); i++) {
      int as = tokens.get(i).is("(") ? closing(tokens, i) + 1 : i;
      if (tokens.get(i - 1).isName() && is(tokens, as, "AS") && bracketFollows(tokens, as + 1)) {
        subqueries.add(lower(tokens.get(i - 1).name()));
      }
    }
  }

  private static boolean bracketFollows(List<SqlPart> tokens, int at) {
    int i = at;
    while (is(tokens, i, "NOT") || is(tokens, i, "MATERIALIZED")) {
      i++;
    }
    return is(tokens, i, "(");
  }

  private void aliases(List<SqlPart> tokens) {
    for (int i = 0; i < tokens.size(); i++) {
      SqlPart token = tokens.get(i);
      if (token.is(")")) {
        alias(tokens, i).map(PlanNames::lower).ifPresent(subqueries::add);
      } else if (token.isName() && !is(tokens, i - 1, "AS") && !aliasOfAnother(tokens, i)) {
        name(tokens, i);
      }
    }
  }

  private boolean aliasOfAnother(List<SqlPart> tokens, int at) {
    boolean afterTable =
        at > 0
            && tokens.get(at - 1).isName()
            && schema.table(tokens.get(at - 1).name()).isPresent();
    return afterTable && alias(tokens, at - 1).isPresent();
  }

  private void name(List<SqlPart> tokens, int at) {
    boolean column =
        is(tokens, at + 1, ".") || is(tokens, at - 1, ".") && !is(tokens, at - 2, "main");
    if (column) {
      return;
    }
    String name = lower(tokens.get(at).name());
    Optional<String> alias = alias(tokens, at);
    boolean view = schema.views().containsKey(name);
    if (view || subqueries.contains(name)) {
      subqueries.add(alias.map(PlanNames::lower).orElse(name));
    }
    schema
        .table(name)
        .ifPresent(
            table ->
                tables
                    .computeIfAbsent(alias.map(PlanNames::lower).orElse(name), k -> new HashSet<>())
                    .add(table));
  }

  /** The alias that follows the token at a place. */
  private static Optional<String> alias(List<SqlPart> tokens, int at) {
    int next = is(tokens, at + 1, "AS") ? at + 2 : at + 1;
    if (next >= tokens.size()) {
      return Optional.empty();
    }
    SqlPart word = tokens.get(next);
    boolean named = word.kind() == SqlPart.Kind.TEXT || word.isName();
    return named && !(word.kind() == SqlPart.Kind.WORD && NO_ALIAS.contains(word.upper()))
        ? Optional.of(word.name())
        : Optional.empty();
  }

  /** Counts what asks for the least or greatest of a whole table, which an index gives at once. */
  private void extremes(List<SqlPart> tokens) {
    for (int i = 0; i + 2 < tokens.size(); i++) {
      boolean extreme =
          is(tokens, i, "SELECT") && (is(tokens, i + 1, "MIN") || is(tokens, i + 1, "MAX"));
      int from = extreme && is(tokens, i + 2, "(") ? closing(tokens, i + 2) + 1 : tokens.size();
      while (from < tokens.size() && (tokens.get(from).isName() && !is(tokens, from, "FROM"))) {
        from++;
      }
      if (is(tokens, from, "FROM") && from + 1 < tokens.size() && wholeTable(tokens, from + 1)) {
        unfiltered.merge(lower(tokens.get(from + 1).name()), 1, Integer::sum);
      }
    }
  }

  private static boolean wholeTable(List<SqlPart> tokens, int name) {
    int next = name + 1;
    next = is(tokens, next, "AS") ? next + 2 : alias(tokens, name).isPresent() ? next + 1 : next;
    return next >= tokens.size()
        || is(tokens, next, ")")
        || is(tokens, next, "UNION")
        || is(tokens, next, "LIMIT");
  }

  private static int closing(List<SqlPart> tokens, int open) {
    int depth = 0;
    for (int i = open; i < tokens.size(); i++) {
      depth += tokens.get(i).is("(") ? 1 : tokens.get(i).is(")") ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    return tokens.size();
  }

  private static boolean is(List<SqlPart> tokens, int at, String word) {
    return at >= 0 && at < tokens.size() && tokens.get(at).is(word);
  }

  Schema schema() {
    return schema;
  }

  /** Tells of a subquery that the plan names. */
  void subquery(String name) {
    subqueries.add(lower(name));
    tables.remove(lower(name));
    tables.values().forEach(each -> each.removeIf(table -> table.equalsIgnoreCase(name)));
  }

  /**
   * The table that a name or an alias stands for, as it is spelt; empty if it surely stands for a
   * subquery's rows; all tables that it may stand for, if there are several.
   */
  String table(String printed) {
    Set<String> known = tables.getOrDefault(lower(printed), Set.of());
    if (!known.isEmpty()) {
      return String.join(" or ", known.stream().sorted().toList());
    }
    return subqueries.contains(lower(printed)) ? "" : printed;
  }

  /** How often the least or greatest of a whole table is asked for. */
  int extremes(String table) {
    return unfiltered.getOrDefault(lower(table), 0);
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
