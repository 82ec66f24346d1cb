package io.tideline.postgresql;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.tuning.QueryText;
import io.tideline.tuning.SqlPart;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one place that decides whether a statement only reads. Its transaction could not change a
 * table anyway; this refuses what acts outside of transactions (sequences, other sessions, files,
 * other servers), which is what volatile functions may do. What those do that call themselves
 * stable, and what they call, cannot be seen.
 */
final class ReadingOnly {
  private static final Set<String> QUERIES = Set.of("SELECT", "WITH", "VALUES", "TABLE");
  private static final Set<String> WRITING = Set.of("ModifyTable", "LockRows");
  private static final String SIGNS = "+-*/<>=~!@#%^&|`?";
  private static final Pattern SIGNED = Pattern.compile("[-+*/<>=~!@#%^&|`?]+");

  /** Those that words stand for: IN, BETWEEN, LIKE, DISTINCT, CASE. */
  private static final List<String> UNSEEN = List.of("=", "<>", "<", "<=", ">", ">=", "~~", "~~*");

  /** Volatile functions of the server that only tell something. */
  private static final List<String> HARMLESS =
      List.of(
          "random",
          "random_normal",
          "clock_timestamp",
          "timeofday",
          "gen_random_uuid",
          "uuidv4",
          "uuidv7",
          "currval",
          "lastval",
          "pg_column_size",
          "pg_relation_size",
          "pg_total_relation_size",
          "pg_table_size",
          "pg_indexes_size",
          "pg_database_size",
          "pg_is_in_recovery",
          "pg_current_wal_lsn",
          "generate_series",
          "unnest");

  /** A function of one row may also be asked for as if it were a column. */
  private static final String FUNCTIONS =
      """
      SELECT n.nspname, p.proname
      FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      WHERE p.provolatile = 'v' AND p.prokind <> 'p'
        AND p.prorettype NOT IN ('pg_catalog.trigger'::pg_catalog.regtype,
          'pg_catalog.event_trigger'::pg_catalog.regtype)
        AND (n.nspname <> 'pg_catalog' OR p.proname <> ALL (?))
        AND (p.proname = ANY (?) OR p.proname = ANY (?) AND p.pronargs = 1 AND EXISTS (
          SELECT FROM pg_catalog.pg_type t
          WHERE t.oid = p.proargtypes[0] AND t.typtype IN ('c', 'p', 'd')))
      ORDER BY 1, 2 LIMIT 1
      """;

  private static final String VIEWS =
      """
      SELECT c.oid::pg_catalog.text, pg_catalog.pg_get_viewdef(c.oid)
      FROM pg_catalog.pg_class c WHERE c.relkind = 'v' AND c.relname = ANY (?)
      """;

  /** A name in words that are no whole statement, and whether it is called. */
  private static final Pattern CALL =
      Pattern.compile("(?U)(?:\"((?:[^\"]|\"\")+)\"|([\\w$]+))(\\s*\\()?");

  private final Session session;
  private final Set<String> called = new HashSet<>();
  private final Set<String> named = new HashSet<>();
  private final Set<String> operators = new HashSet<>();
  private final Set<String> views = new HashSet<>();

  private ReadingOnly(Session session) {
    this.session = session;
  }

  /**
   * Lets the text of a statement pass.
   *
   * @throws TidelineException {@code QUERY_REFUSED}
   */
  static void check(Session session, QueryText text) throws SQLException {
    if (!QUERIES.contains(text.firstWord())) {
      throw refused(
          "it begins with "
              + text.firstWord()
              + ", and only SELECT, WITH, VALUES and TABLE are let through");
    }
    if (text.tokens().stream().anyMatch(token -> token.is("INTO"))) {
      throw refused("it has INTO, which makes a table");
    }
    ReadingOnly reading = new ReadingOnly(session);
    if (text.tokens().stream().anyMatch(ReadingOnly::foreignQuote)) {
      throw refused(
          "it has a name in back quotes or brackets, which PostgreSQL does not know;"
              + " leave no space before a subscript");
    }
    reading.look(text.tokens());
    reading.functions();
    reading.hidden();
  }

  private static boolean foreignQuote(SqlPart part) {
    return part.kind() == SqlPart.Kind.NAME && !part.text().startsWith("\"");
  }

  /**
   * Lets a plan pass, which was made and not run.
   *
   * @param json the answer of EXPLAIN with VERBOSE: the expressions of views, policies and
   *     functions that were put in stand in it
   */
  static void checkPlan(Session session, String json) throws SQLException {
    for (String type : PlanTree.types(json)) {
      if (WRITING.contains(type)) {
        throw refused("PostgreSQL would change or lock rows for it (" + type + ")");
      }
    }
    ReadingOnly reading = new ReadingOnly(session);
    for (String text : PlanTree.texts(json)) {
      reading.expression(text);
    }
    reading.functions();
    reading.hidden();
  }

  /**
   * What is no whole expression, as where {@code $0} stands for a subquery, is searched through.
   */
  private void expression(String text) {
    try {
      collect(QueryText.of(text).tokens());
    } catch (TidelineException e) {
      Matcher calls = CALL.matcher(text);
      while (calls.find()) {
        String quoted = calls.group(1);
        String name = quoted == null ? calls.group(2) : quoted.replace("\"\"", "\"");
        named.add(name);
        if (calls.group(3) != null) {
          called.add(name);
        }
      }
      Matcher signs = SIGNED.matcher(text);
      while (signs.find()) {
        operators.add(signs.group());
      }
    }
  }

  /** Collects the names of a text, and of the views that it reads. */
  private void look(List<SqlPart> tokens) throws SQLException {
    collect(tokens);
    views();
  }

  private void views() throws SQLException {
    List<String> texts = new ArrayList<>();
    try (PreparedStatement statement = session.connection().prepareStatement(VIEWS)) {
      statement.setArray(1, array(named));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          if (views.add(rows.getString(1))) {
            texts.add(rows.getString(2));
          }
        }
      }
    }
    if (!texts.isEmpty()) {
      texts.forEach(this::expression);
      views();
    }
  }

  private void collect(List<SqlPart> tokens) {
    StringBuilder signs = new StringBuilder();
    for (int i = 0; i < tokens.size(); i++) {
      SqlPart token = tokens.get(i);
      if (token.kind() == SqlPart.Kind.SIGN && SIGNS.contains(token.text())) {
        operators.add(signs.append(token.text()).toString());
      } else {
        signs.setLength(0);
      }
      if (token.isName()) {
        List<String> names =
            token.kind() == SqlPart.Kind.WORD
                ? List.of(token.text().toLowerCase(Locale.ROOT), ascii(token.text()))
                : List.of(token.name());
        named.addAll(names);
        if (i + 1 < tokens.size() && tokens.get(i + 1).is("(")) {
          called.addAll(names);
        }
      }
    }
  }

  private void functions() throws SQLException {
    try (PreparedStatement statement = session.connection().prepareStatement(FUNCTIONS)) {
      statement.setArray(1, array(HARMLESS));
      statement.setArray(2, array(called));
      statement.setArray(3, array(named));
      try (ResultSet rows = statement.executeQuery()) {
        if (rows.next()) {
          throw refused(
              "the function "
                  + rows.getString(1)
                  + "."
                  + rows.getString(2)
                  + " is volatile: what it does may outlive the transaction");
        }
      }
    }
  }

  /** In most encodings the server folds no other letters. */
  private static String ascii(String word) {
    StringBuilder folded = new StringBuilder();
    word.chars().forEach(c -> folded.append((char) (c >= 'A' && c <= 'Z' ? c + 32 : c)));
    return folded.toString();
  }

  /** What is called without being named: by operators, casts, aggregates and domains. */
  private void hidden() throws SQLException {
    List<String> domains = new ArrayList<>();
    try (PreparedStatement statement = session.connection().prepareStatement(HiddenSql.HIDDEN)) {
      statement.setArray(1, array(named));
      statement.setArray(2, array(called));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          String what = rows.getString(1);
          String name = rows.getString(2);
          if (what.equals("domain")) {
            domains.add(name);
          } else if (!what.equals("operator") || used(name)) {
            throw refused("the function of the " + what + " " + name + " is volatile");
          }
        }
      }
    }
    if (!domains.isEmpty()) {
      ReadingOnly checks = new ReadingOnly(session);
      domains.forEach(checks::expression);
      checks.functions();
    }
  }

  private boolean used(String operator) {
    return UNSEEN.contains(operator)
        || operators.stream().anyMatch(signs -> signs.contains(operator));
  }

  private Array array(Iterable<String> names) throws SQLException {
    List<String> list = new ArrayList<>();
    names.forEach(list::add);
    return session.connection().createArrayOf("text", list.toArray());
  }

  private static TidelineException refused(String why) {
    return new TidelineException(
        ErrorCode.QUERY_REFUSED,
        "Cannot run the query: " + why + ".",
        "Nothing was run, nothing was changed.",
        "Write one SELECT that only reads.");
  }
}
