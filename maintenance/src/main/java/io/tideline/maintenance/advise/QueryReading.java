package io.tideline.maintenance.advise;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Table;
import io.tideline.tuning.IndexColumn;
import io.tideline.tuning.PlanNode;
import io.tideline.tuning.QueryPlan;
import io.tideline.tuning.QueryText;
import io.tideline.tuning.SqlPart;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Looks in a query for the columns that an index could be over. It need not understand the query:
 * what it overlooks is an index that is not tried, and every index is tried before it is advised.
 */
final class QueryReading {
  private static final Set<String> BEFORE_TABLE = Set.of("FROM", "JOIN", ",", "ONLY", "(", ".");
  private static final Set<String> NO_ALIAS =
      Set.of(
          "WHERE",
          "ON",
          "USING",
          "JOIN",
          "LEFT",
          "RIGHT",
          "FULL",
          "INNER",
          "CROSS",
          "NATURAL",
          "GROUP",
          "ORDER",
          "LIMIT",
          "OFFSET",
          "HAVING",
          "UNION",
          "EXCEPT",
          "INTERSECT",
          "WINDOW",
          "INDEXED",
          "NOT",
          "FETCH",
          "FOR",
          "TABLESAMPLE",
          "SET",
          "OUTER");
  private static final Set<String> CLAUSES =
      Set.of("SELECT", "FROM", "WHERE", "ON", "HAVING", "LIMIT", "OFFSET", "FETCH", "UNION");

  private final List<SqlPart> tokens;
  private final Map<String, Mentions> aliases = new LinkedHashMap<>();
  private boolean windowed;

  private QueryReading(QueryText text) {
    this.tokens = text.tokens();
  }

  /**
   * Reads a query.
   *
   * @param catalogue whose tables it may name
   */
  static QueryReading of(QueryText text, Catalogue catalogue) {
    QueryReading reading = new QueryReading(text);
    reading.findTables(catalogue);
    reading.findColumns();
    return reading;
  }

  /** What it names, in the order of its tables. */
  List<Mentions> mentions() {
    return aliases.values().stream().distinct().toList();
  }

  /** Whether it numbers or compares rows over a window of them. */
  boolean windowed() {
    return windowed;
  }

  /**
   * Adds the tables that the engine reads though the query does not name them, as behind a view;
   * whatever columns of theirs it names may be of use, and those by which tables are joined mostly.
   */
  void alsoReads(QueryPlan plan, Catalogue catalogue) {
    List<Mentions> further = new ArrayList<>();
    plan.all()
        .map(PlanNode::table)
        .filter(name -> !name.isEmpty())
        .distinct()
        .forEach(
            name ->
                catalogue.tables().stream()
                    .filter(table -> named(table, name))
                    .filter(table -> mentions().stream().noneMatch(m -> m.table == table))
                    .forEach(table -> further.add(Mentions.behindView(table))));
    if (!further.isEmpty()) {
      Map<String, Mentions> named = new LinkedHashMap<>(aliases);
      aliases.clear();
      further.forEach(each -> aliases.put(fold(each.table.name().name()), each));
      findColumns();
      named.forEach(aliases::putIfAbsent);
    }
  }

  private static boolean named(Table table, String name) {
    return table.name().toString().equals(name)
        || name.equals(table.name().schema() + "." + table.name().name());
  }

  private void findTables(Catalogue catalogue) {
    Map<String, List<Table>> byName = new LinkedHashMap<>();
    for (Table table : catalogue.tables()) {
      byName.computeIfAbsent(fold(table.name().name()), n -> new ArrayList<>()).add(table);
    }
    for (int i = 0; i < tokens.size(); i++) {
      SqlPart token = tokens.get(i);
      List<Table> named = token.isName() ? byName.get(fold(token.name())) : null;
      if (named == null || i == 0 || !BEFORE_TABLE.contains(tokens.get(i - 1).upper())) {
        continue;
      }
      Table table = named.get(0);
      if (is(i - 1, ".") && i > 1) {
        String schema = tokens.get(i - 2).name();
        table =
            named.stream()
                .filter(t -> t.name().schema().equalsIgnoreCase(schema))
                .findFirst()
                .orElse(null);
      }
      if (table != null) {
        aliases.putIfAbsent(fold(alias(i)), new Mentions(table));
      }
    }
  }

  /** The name by which columns of the table at {@code i} are called. */
  private String alias(int i) {
    int next = is(i + 1, "AS") ? i + 2 : i + 1;
    boolean named =
        next < tokens.size()
            && tokens.get(next).isName()
            && !NO_ALIAS.contains(tokens.get(next).upper());
    return tokens.get(named ? next : i).name();
  }

  private void findColumns() {
    Deque<String> outer = new ArrayDeque<>();
    String clause = "";
    for (int i = 0; i < tokens.size(); i++) {
      SqlPart token = tokens.get(i);
      String word = token.kind() == SqlPart.Kind.NAME ? "" : token.upper();
      if (word.equals("(")) {
        outer.push(clause);
        clause = within(clause, i);
        continue;
      }
      if (word.equals(")") && !outer.isEmpty()) {
        clause = outer.pop();
        continue;
      }
      windowed |= word.equals("OVER");
      boolean distinct = word.equals("DISTINCT") && clause.equals("SELECT");
      if (distinct || word.equals("ON") && is(i - 1, "DISTINCT")) {
        clause = "GROUP";
      } else if (CLAUSES.contains(word)) {
        clause = word;
      } else if (word.equals("BY")) {
        clause = is(i - 1, "ORDER") ? "ORDER" : "GROUP";
      }
      if (token.isName() && !is(i + 1, "(") && !is(i + 1, ".")) {
        column(i, clause);
      }
    }
  }

  /** The clause between brackets: what stands in a function is not itself ordered or grouped by. */
  private String within(String clause, int bracket) {
    if (is(bracket - 1, "USING")) {
      return "USING";
    }
    boolean by = clause.equals("ORDER") || clause.equals("GROUP");
    return by && !is(bracket - 1, "ON") ? "EXPRESSION" : clause;
  }

  private void column(int i, String clause) {
    boolean qualified = is(i - 1, ".") && i > 1;
    Mentions owner = qualified ? aliases.get(fold(tokens.get(i - 2).name())) : null;
    List<Mentions> owners = owner == null ? mentions() : List.of(owner);
    for (Mentions each : owners) {
      each.table.columns().stream()
          .map(column -> column.name())
          .filter(name -> fold(name).equals(fold(tokens.get(i).name())))
          .findFirst()
          .ifPresent(name -> mention(each, name, i, qualified ? i - 2 : i, clause));
    }
  }

  /**
   * @param from where the column begins, its qualifier included
   * @param at where it ends
   */
  private void mention(Mentions of, String column, int at, int from, String clause) {
    of.all.add(column);
    switch (clause) {
      case "ORDER" -> {
        if (is(from - 1, "BY") || is(from - 1, ",")) {
          order(of, column, at);
        }
      }
      case "GROUP" -> of.grouped.add(column);
      case "USING" -> of.equal.add(column);
      default -> compare(of, column, at, from);
    }
  }

  private void order(Mentions of, String column, int at) {
    IndexColumn by = IndexColumn.of(column);
    if (is(at + 1, "DESC")) {
      by = by.desc();
    }
    if (of.ordered.stream().noneMatch(known -> known.column().equals(column))) {
      of.ordered.add(by);
    }
  }

  private void compare(Mentions of, String column, int at, int from) {
    String after = comparison(at + 1);
    String before = comparisonBefore(from - 1);
    if (after.equals("=") || before.equals("=")) {
      of.equal.add(column);
      if (value(at + 2) || value(from - 2) || is(at + 1, "IN")) {
        of.sought.add(column);
      }
      constant(of, column, at);
    } else if (after.equals("<") || before.equals("<")) {
      of.ranged.add(column);
    } else if (after.equals("IS NOT NULL")) {
      of.fixed.add(new Mentions.Fixed(column, quote(column) + " IS NOT NULL", false));
    } else if (is(from - 1, "(") && from > 1 && tokens.get(from - 2).isName() && is(at + 1, ")")) {
      if (comparison(at + 2).equals("=") || comparisonBefore(from - 3).equals("=")) {
        of.expressions.add(tokens.get(from - 2).text() + "(" + quote(column) + ")");
      }
    }
  }

  private boolean value(int i) {
    if (i < 0 || i >= tokens.size()) {
      return false;
    }
    SqlPart part = tokens.get(i);
    return part.kind() == SqlPart.Kind.PARAMETER
        || part.kind() == SqlPart.Kind.TEXT
        || part.text().matches("\\d+");
  }

  private void constant(Mentions of, String column, int at) {
    int value = is(at + 2, "=") ? at + 3 : at + 2;
    if (is(at + 1, "=") && value < tokens.size()) {
      SqlPart part = tokens.get(value);
      boolean number = part.kind() == SqlPart.Kind.WORD && part.text().matches("\\d+");
      boolean alone = !is(value + 1, "::") && !is(value + 1, ".") && !is(value + 1, "|");
      if (alone && (number || part.kind() == SqlPart.Kind.TEXT)) {
        of.fixed.add(new Mentions.Fixed(column, quote(column) + " = " + part.text(), true));
      }
    }
  }

  /** Equality, a range or another comparison that begins at {@code i}; empty if none does. */
  private String comparison(int i) {
    if (is(i, "=") || is(i, "IN")) {
      return "=";
    }
    if (is(i, "IS")) {
      return !is(i + 1, "NOT") ? "=" : is(i + 2, "NULL") ? "IS NOT NULL" : "";
    }
    boolean unequal = is(i, "<") && is(i + 1, ">");
    boolean range = is(i, "<") || is(i, ">") || is(i, "BETWEEN") || is(i, "LIKE") || is(i, "GLOB");
    return range && !unequal ? "<" : "";
  }

  private String comparisonBefore(int i) {
    boolean less = is(i - 1, "<") || is(i - 1, ">");
    if (is(i, "=")) {
      return less ? "<" : is(i - 1, "!") ? "" : "=";
    }
    return (is(i, "<") || is(i, ">")) && !less ? "<" : "";
  }

  private boolean is(int i, String word) {
    return i >= 0 && i < tokens.size() && tokens.get(i).is(word);
  }

  private static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  static String fold(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
