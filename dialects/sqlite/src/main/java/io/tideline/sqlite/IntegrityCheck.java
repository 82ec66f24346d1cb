package io.tideline.sqlite;

import io.tideline.health.Figures;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.sqlite.Collation;
import org.sqlite.SQLiteErrorCode;

/**
 * Whether a file is what SQLite wrote. SQLite refuses to check a file at all if an index or a
 * column needs a collation or a function that only the application has. Then each table is checked
 * that this program can check, and of the others the pages: nothing about them says that they are
 * damaged.
 *
 * @see <a href="https://sqlite.org/pragma.html#pragma_integrity_check">integrity_check</a>
 */
final class IntegrityCheck {
  /** Rows that a constraint would refuse are told too, and might hide what comes after them. */
  private static final int MESSAGES = 10_000;

  /** Names of tables that are told. */
  private static final int NAMED = 5;

  private static final String TABLES =
      """
      SELECT name FROM main.sqlite_schema WHERE type = 'table' AND rootpage > 0 ORDER BY name""";

  /** What is computed as it is read may need what is missing. */
  private static final String STORED =
      """
      SELECT name FROM pragma_table_xinfo(?, 'main') WHERE hidden = 0 ORDER BY cid""";

  private static final Pattern NO_COLLATION = Pattern.compile("no such collation sequence: (.+)");

  private final Session session;
  private final List<String> problems = new ArrayList<>();
  private final List<String> byPages = new ArrayList<>();
  private final List<String> unread = new ArrayList<>();
  private long refused;

  private IntegrityCheck(Session session) {
    this.session = session;
  }

  /** Checks the file of a session that does nothing else. */
  static IntegrityCheck of(Session session) throws SQLException {
    IntegrityCheck check = new IntegrityCheck(session);
    session.execute("PRAGMA ignore_check_constraints=ON");
    if (!check.asked("integrity_check")) {
      check.eachTable();
    }
    return check;
  }

  /** What is wrong, in SQLite's words; empty if nothing is. */
  List<String> problems() {
    return problems;
  }

  /** What was found whole, and what could not be looked at, for a person. */
  String words() {
    StringBuilder words = new StringBuilder("integrity_check ok");
    if (!byPages.isEmpty()) {
      words.append(
          " but for "
              + named(byPages)
              + ", which needs a collation or function of the application: its pages were read");
    }
    if (!unread.isEmpty()) {
      words.append("; " + named(unread) + " cannot be read without the application");
    }
    if (refused > 0) {
      words.append("; a constraint would refuse " + Figures.count(refused, "row"));
    }
    return words.toString();
  }

  private static String named(List<String> tables) {
    return tables.stream().limit(NAMED).collect(Collectors.joining(", "))
        + (tables.size() > NAMED ? " and " + (tables.size() - NAMED) + " more" : "");
  }

  private void eachTable() throws SQLException {
    List<String> others = new ArrayList<>();
    for (String[] row : session.strings(TABLES)) {
      if (!asked("integrity_check", row[0])) {
        others.add(row[0]);
      }
    }
    // From here on a collation may be another one in its place: no order may be looked at.
    if (withStandIns()) {
      byPages.addAll(others);
      return;
    }
    for (String table : others) {
      if (asked("quick_check", table) || read(table)) {
        byPages.add(table);
      } else {
        unread.add(table);
      }
    }
  }

  /** Looks at all pages, but at the order of no index. @return false if something is missing yet */
  private boolean withStandIns() throws SQLException {
    List<String> made = new ArrayList<>();
    while (true) {
      try {
        keep(session.strings("PRAGMA main.quick_check(" + MESSAGES + ")"));
        return true;
      } catch (SQLException e) {
        Matcher missing = NO_COLLATION.matcher(Failures.reason(e));
        if (!isMissing(e)) {
          throw e;
        }
        if (!missing.matches() || made.contains(missing.group(1))) {
          return false;
        }
        made.add(missing.group(1));
        session.db().create_collation(missing.group(1), new StandIn());
      }
    }
  }

  private static final class StandIn extends Collation {
    @Override
    protected int xCompare(String one, String other) {
      return one.compareTo(other);
    }
  }

  private boolean read(String table) throws SQLException {
    String columns =
        session.strings(STORED, table).stream()
            .map(column -> "total(length(CAST(" + Sql.quote(column[0]) + " AS BLOB)))")
            .collect(Collectors.joining(", "));
    String select = "SELECT count(*), " + columns + " FROM main." + Sql.quote(table);
    // A table WITHOUT ROWID is its own index, and SQLite takes no other road to all its columns.
    return answered(select + " NOT INDEXED") || answered(select);
  }

  private boolean answered(String sql) throws SQLException {
    try {
      session.strings(sql);
      return true;
    } catch (SQLException e) {
      return handled(e);
    }
  }

  private boolean asked(String pragma) throws SQLException {
    return ask("PRAGMA main." + pragma + "(" + MESSAGES + ")");
  }

  private boolean asked(String pragma, String table) throws SQLException {
    return ask("PRAGMA main." + pragma + "(" + Sql.quote(table) + ")");
  }

  private boolean ask(String pragma) throws SQLException {
    try {
      keep(session.strings(pragma));
      return true;
    } catch (SQLException e) {
      return handled(e);
    }
  }

  private static boolean handled(SQLException e) throws SQLException {
    if (isMissing(e)) {
      return false;
    }
    throw e;
  }

  /** Damage has codes of its own. */
  private static boolean isMissing(SQLException e) {
    return Failures.primary(e) == SQLiteErrorCode.SQLITE_ERROR;
  }

  private void keep(List<String[]> messages) {
    for (String[] message : messages) {
      if (RowChecks.ofRows(message[0])) {
        refused++;
      } else if (!message[0].equals("ok")) {
        problems.add(message[0].replace('\n', ' '));
      }
    }
  }
}
