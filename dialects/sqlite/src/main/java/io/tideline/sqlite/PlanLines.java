package io.tideline.sqlite;

import io.tideline.tuning.PlanNode;
import io.tideline.tuning.PlanNode.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code EXPLAIN QUERY PLAN}. Its words are no interface of SQLite's and change between
 * versions; those of the folder {@code plans} of the tests are understood, all others are told as
 * unknown.
 *
 * @see <a href="https://sqlite.org/eqp.html">EXPLAIN QUERY PLAN</a>
 */
final class PlanLines {
  /**
   * The first version that leaves the word TABLE out, and the table's name where it has an alias.
   */
  private static final int WITHOUT_TABLE = 3036;

  private static final Pattern OTHER =
      Pattern.compile(
          "SCAN (?:CONSTANT ROW|\\d+ CONSTANT ROWS|\\d+-ROW VALUES CLAUSE)"
              + "|(?:CORRELATED )?(?:SCALAR|LIST) SUBQUERY \\d+|REUSE (?:LIST )?SUBQUERY \\d+"
              + "|MULTI-INDEX (?:OR|AND)|INDEX \\d+|COMPOUND QUERY|LEFT-MOST SUBQUERY|UNION ALL"
              + "|MERGE \\((?:UNION|UNION ALL|INTERSECT|EXCEPT)\\)|LEFT|RIGHT|SETUP|RECURSIVE STEP"
              + "|CREATE BLOOM FILTER|(?:CO-ROUTINE|MATERIALIZE|RIGHT-JOIN) .+"
              + "|USING ROWID SEARCH ON TABLE .+ FOR IN-OPERATOR");
  private static final Pattern SORT =
      Pattern.compile(
          "USE TEMP B-TREE FOR .+|(?:UNION|INTERSECT|EXCEPT) USING TEMP B-TREE"
              + "|USE SORTER FOR .+");
  private static final Pattern SUBQUERY = Pattern.compile("(?:CO-ROUTINE|MATERIALIZE) (.+)");
  private static final Pattern IN_OPERATOR = Pattern.compile("USING INDEX (.+) FOR IN-OPERATOR");
  private static final Pattern BLOOM = Pattern.compile("BLOOM FILTER ON (.+?) \\(.*\\)");
  private static final Pattern VIRTUAL = Pattern.compile("(.+?) VIRTUAL TABLE INDEX -?\\d+:.*");
  private static final Pattern SUBQUERY_NAME =
      Pattern.compile("\\(subquery-\\d+\\)|SUBQUERY \\d+(?: AS .+)?");

  private final PlanNames names;
  private final boolean tableWord;
  private final Map<String, Integer> endless = new HashMap<>();

  /**
   * @param version the version of SQLite that wrote the lines: {@code 3.54.1}
   */
  PlanLines(PlanNames names, String version) {
    this.names = names;
    String[] parts = version.split("\\.", -1);
    tableWord = Integer.parseInt(parts[0]) * 1000 + Integer.parseInt(parts[1]) < WITHOUT_TABLE;
  }

  /**
   * A line.
   *
   * @param id what lines below it name as their parent
   * @param parent the id of the line above; 0 if none
   * @param text the words
   */
  record Line(int id, int parent, String text) {}

  /** The steps at the top. */
  List<PlanNode> read(List<Line> lines) {
    for (Line line : lines) {
      Matcher subquery = SUBQUERY.matcher(line.text());
      if (subquery.matches()) {
        names.subquery(subquery.group(1));
      }
    }
    return below(0, lines);
  }

  private List<PlanNode> below(int parent, List<Line> lines) {
    List<PlanNode> steps = new ArrayList<>();
    for (Line line : lines) {
      if (line.parent() == parent && line.id() != parent) {
        steps.add(step(line.text()).over(below(line.id(), lines)));
      }
    }
    return steps;
  }

  private PlanNode step(String text) {
    if (OTHER.matcher(text).matches()) {
      return PlanNode.of(Kind.OTHER, text);
    }
    if (SORT.matcher(text).matches()) {
      return PlanNode.of(Kind.SORT, text);
    }
    Matcher in = IN_OPERATOR.matcher(text);
    if (in.matches()) {
      return PlanNode.of(Kind.OTHER, text).by(in.group(1), true);
    }
    Matcher bloom = BLOOM.matcher(text);
    if (bloom.matches()) {
      return whole(Kind.AUTOMATIC_INDEX, text, names.table(bloom.group(1)));
    }
    if (text.startsWith("SCAN ")) {
      return access(text, text.substring("SCAN ".length()), false);
    }
    return text.startsWith("SEARCH ")
        ? access(text, text.substring("SEARCH ".length()), true)
        : PlanNode.of(Kind.UNKNOWN, text);
  }

  private PlanNode access(String text, String words, boolean search) {
    String rest = words.endsWith(" LEFT-JOIN") ? words.replaceFirst(" LEFT-JOIN$", "") : words;
    PlanAccess how = PlanAccess.of(rest, names.schema().indexes().keySet());
    String name = rest.substring(0, rest.length() - how.words().length());
    Matcher virtual = VIRTUAL.matcher(name);
    if (virtual.matches()) {
      String table = table(virtual.group(1));
      boolean ours = names.schema().virtual().contains(table.toLowerCase(Locale.ROOT));
      return PlanNode.of(ours ? Kind.FOREIGN : Kind.OTHER, text).on(ours ? table : "");
    }
    if (SUBQUERY_NAME.matcher(name).matches()) {
      return PlanNode.of(Kind.OTHER, text);
    }
    String known = names.schema().indexes().get(how.index());
    String table = known == null ? table(name) : known;
    return switch (how.way()) {
      case UNKNOWN -> PlanNode.of(Kind.UNKNOWN, text).on(table);
      case AUTOMATIC -> whole(Kind.AUTOMATIC_INDEX, text, table);
      case NONE -> whole(known(name, table) ? Kind.FULL_SCAN : Kind.UNKNOWN, text, table);
      case KEY ->
          PlanNode.of(search ? Kind.KEY_SEARCH : Kind.FULL_SCAN, text)
              .on(table)
              .by("PRIMARY KEY", true);
      case INDEX ->
          PlanNode.of(kind(search, how, table), text).on(table).by(how.index(), how.alone());
    };
  }

  /** Words after a name that nobody has may say how it is read. */
  private boolean known(String name, String table) {
    return !name.contains(" USING ")
        || !table.equals(name)
        || names.schema().table(name).isPresent();
  }

  /** Reading the rows of a subquery is no reading of a table. */
  private static PlanNode whole(Kind kind, String text, String table) {
    return table.isEmpty() ? PlanNode.of(Kind.OTHER, text) : PlanNode.of(kind, text).on(table);
  }

  /**
   * A SEARCH without terms goes along the index from one end until a row serves: at once where
   * nothing but the least or greatest is asked for.
   */
  private Kind kind(boolean search, PlanAccess how, String table) {
    if (!search) {
      return Kind.WHOLE_INDEX;
    }
    if (how.terms().isEmpty()) {
      int seen = endless.merge(table, 1, Integer::sum);
      return seen <= names.extremes(table) ? Kind.INDEX_SEARCH : Kind.WHOLE_INDEX;
    }
    return how.terms().startsWith("(ANY(") ? Kind.SKIP_SCAN : Kind.INDEX_SEARCH;
  }

  private String table(String words) {
    String name = words.endsWith(" EXISTS") ? words.replaceFirst(" EXISTS$", "") : words;
    if (!tableWord || !name.startsWith("TABLE ")) {
      return names.table(name);
    }
    String after = name.substring("TABLE ".length());
    return names.schema().tables().stream()
        .filter(table -> after.equals(table) || after.startsWith(table + " AS "))
        .max((a, b) -> Integer.compare(a.length(), b.length()))
        .orElseGet(() -> names.table(after));
  }
}
