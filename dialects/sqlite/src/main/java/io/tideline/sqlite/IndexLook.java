package io.tideline.sqlite;

import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Index;
import io.tideline.catalogue.Key;
import io.tideline.catalogue.Table;
import io.tideline.tuning.IndexColumn;
import io.tideline.tuning.IndexShape;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.IndexStanding;
import io.tideline.tuning.IndexState;
import io.tideline.tuning.SqlName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/** How a declared index stands in the file. */
final class IndexLook {
  private static final String BINARY = "BINARY";

  private static final String NAMED =
      """
      SELECT type, tbl_name, sql FROM main.sqlite_schema
      WHERE name = ? COLLATE NOCASE AND type IN ('table', 'index', 'view')""";

  private static final String HEAD =
      """
      SELECT "unique", origin, partial FROM pragma_index_list(?, 'main')
      WHERE name = ? COLLATE NOCASE""";

  private static final String PARTS =
      """
      SELECT name, "desc", coll FROM pragma_index_xinfo(?, 'main') WHERE "key" = 1
      ORDER BY seqno""";

  private final Session session;
  private final Table table;

  IndexLook(Session session, Table table) {
    this.session = session;
    this.table = table;
  }

  IndexStanding look(IndexSpec spec) throws SQLException {
    List<String[]> named = session.strings(NAMED, spec.name());
    if (named.isEmpty()) {
      return standing(spec, spec.absent() ? IndexState.ABSENT : IndexState.MISSING);
    }
    String[] first = named.get(0);
    if (!first[0].equals("index")
        || !Names.fold(first[1]).equals(Names.fold(table.name().name()))) {
      String what = first[0].equals("index") ? "an index of " + first[1] : "a " + first[0];
      return standing(
          spec, spec.absent() ? IndexState.ABSENT : IndexState.TAKEN, what + " has its name");
    }
    String[] head = session.strings(HEAD, table.name().name(), spec.name()).get(0);
    List<String> differences = differences(spec, head, first[2]);
    if (spec.absent()) {
      return unwanted(spec, head, differences);
    }
    return differences.isEmpty()
        ? standing(spec, IndexState.PRESENT)
        : new IndexStanding(
            spec, table.name(), IndexState.DIFFERENT, differences, OptionalLong.empty());
  }

  private IndexStanding unwanted(IndexSpec spec, String[] head, List<String> differences)
      throws SQLException {
    if (!spec.columns().isEmpty() && !differences.isEmpty()) {
      return standing(
          spec, IndexState.ABSENT, "the one of this name is another: it " + differences.get(0));
    }
    String reason = needed(spec.name(), head[1]);
    return reason.isEmpty()
        ? standing(spec, IndexState.UNWANTED)
        : standing(spec, IndexState.NEEDED, reason);
  }

  /** Why an index cannot go; empty if it can. */
  String needed(String index) throws SQLException {
    return needed(index, session.strings(HEAD, table.name().name(), index).get(0)[1]);
  }

  private String needed(String index, String origin) throws SQLException {
    if (!origin.equals("c")) {
      return "a " + (origin.equals("pk") ? "PRIMARY KEY" : "UNIQUE constraint") + " stands on it";
    }
    if (IndexedBy.of(session).names(index)) {
      return "a view or trigger names it by INDEXED BY";
    }
    return referred(index);
  }

  /** Without the one unique index that a foreign key refers by, every write of its table fails. */
  private String referred(String index) {
    for (ForeignKey key : table.referrers()) {
      List<Index> serving =
          table.indexes().stream()
              .filter(each -> each.unique() && !each.partial())
              .filter(each -> over(each.columns(), key.toColumns()))
              .toList();
      boolean primary =
          table
              .key()
              .filter(each -> each.kind() == Key.Kind.PRIMARY)
              .filter(each -> over(each.columns(), key.toColumns()))
              .isPresent();
      boolean alone =
          serving.size() == 1 && Names.fold(serving.get(0).name()).equals(Names.fold(index));
      if (alone && !primary) {
        return "a foreign key of " + key.from() + " refers by it";
      }
    }
    return "";
  }

  private static boolean over(List<String> columns, List<String> others) {
    return columns.size() == others.size() && Set.copyOf(columns).equals(Set.copyOf(others));
  }

  private IndexStanding standing(IndexSpec spec, IndexState state, String... details) {
    return new IndexStanding(spec, table.name(), state, List.of(details), OptionalLong.empty());
  }

  private List<String> differences(IndexSpec spec, String[] head, String sql) throws SQLException {
    IndexShape declared = declared(spec);
    IndexShape real = real(spec.name(), head, sql == null ? "" : sql, declared);
    return real.differences(declared);
  }

  private IndexShape declared(IndexSpec spec) throws SQLException {
    Collations collations = collations();
    List<IndexShape.Part> parts = new ArrayList<>();
    for (IndexColumn each : spec.columns()) {
      String column = each.isExpression() ? "" : Names.column(table, each.column());
      String collation = each.collation().isEmpty() ? "" : last(each.collation());
      parts.add(
          new IndexShape.Part(
              each.isExpression() ? each.expression() : column,
              each.isExpression(),
              unusual(collations, column, collation),
              "",
              each.descending(),
              false));
    }
    return new IndexShape(parts, spec.unique(), false, spec.where(), Set.of(), "btree");
  }

  /** Texts that mean what the declared ones mean are spelt like these. */
  private IndexShape real(String name, String[] head, String sql, IndexShape declared)
      throws SQLException {
    Collations collations = collations();
    IndexDefinition text = sql.isEmpty() ? IndexDefinition.NONE : IndexDefinition.parse(sql);
    List<IndexShape.Part> parts = new ArrayList<>();
    for (String[] row : session.strings(PARTS, name)) {
      int at = parts.size();
      boolean expression = row[0] == null;
      String own = at < text.parts().size() ? text.parts().get(at) : "an expression";
      String wanted = at < declared.parts().size() ? declared.parts().get(at).what() : "";
      parts.add(
          new IndexShape.Part(
              expression ? alike(own, wanted) : row[0],
              expression,
              unusual(collations, expression ? "" : row[0], row[2]),
              "",
              row[1].equals("1"),
              false));
    }
    boolean partial = head[2].equals("1");
    return new IndexShape(
        parts,
        head[0].equals("1"),
        false,
        partial ? alike(text.predicate(), declared.where()) : "",
        Set.of(),
        "btree");
  }

  private Collations collations() {
    return new Collations(session, table.name(), table.definition());
  }

  private static String last(String name) {
    List<String> parts = SqlName.parts(name);
    return parts.get(parts.size() - 1).toUpperCase(Locale.ROOT);
  }

  /** The collation in upper case, empty where it is the column's own. */
  private static String unusual(Collations collations, String column, String collation)
      throws SQLException {
    String own = column.isEmpty() ? BINARY : collations.of(column);
    boolean usual = own.isEmpty() || own.equalsIgnoreCase(collation);
    return collation.isEmpty() || usual ? "" : collation.toUpperCase(Locale.ROOT);
  }

  private static String alike(String real, String declared) {
    return tokens(real).equals(tokens(declared)) ? declared : plain(real);
  }

  private static String plain(String text) {
    return text.startsWith("(") && text.endsWith(")") && tokens(text).size() < raw(text).size()
        ? text.substring(1, text.length() - 1).strip()
        : text;
  }

  /** Without the parentheses around all of it; names in quotes as names without. */
  private static List<String> tokens(String sql) {
    List<String> tokens = raw(sql);
    while (enclosed(tokens)) {
      tokens = tokens.subList(1, tokens.size() - 1);
    }
    return tokens;
  }

  private static List<String> raw(String sql) {
    return new SqlTokens(sql).words(Integer.MAX_VALUE).stream().map(IndexLook::name).toList();
  }

  private static String name(String token) {
    return token.startsWith("'") ? token : Names.unquoted(token).toUpperCase(Locale.ROOT);
  }

  private static boolean enclosed(List<String> tokens) {
    if (tokens.size() < 2 || !tokens.get(0).equals("(")) {
      return false;
    }
    int depth = 0;
    for (int i = 0; i < tokens.size(); i++) {
      depth += tokens.get(i).equals("(") ? 1 : tokens.get(i).equals(")") ? -1 : 0;
      if (depth == 0) {
        return i == tokens.size() - 1;
      }
    }
    return false;
  }
}
