package io.tideline.store;

import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The habits of SQLite. */
final class SqliteProduct implements Product {
  private static final Pattern EQUAL = Pattern.compile("=\\?");
  private static final Pattern BEYOND = Pattern.compile(">\\?");

  @Override
  public Trouble trouble(SQLException failure) {
    return switch (failure.getErrorCode() & 0xff) {
      case 5, 6 -> Trouble.BUSY; // BUSY, LOCKED
      case 18, 19, 20, 25 -> Trouble.ROW; // TOOBIG, CONSTRAINT, MISMATCH, RANGE
      default -> Trouble.OTHER;
    };
  }

  /**
   * An EXPLAIN is not run, and so never notices that the schema has changed: one that is run comes
   * first, and no old EXPLAIN is used again.
   */
  @Override
  public List<String> plan(Session session, String sql, @Nullable Object... values)
      throws SQLException {
    session.query("SELECT 1 FROM sqlite_schema LIMIT 1", row -> true);
    Session anew = new Session(session.connection(), Statements.of(session.connection()));
    return anew.query("EXPLAIN QUERY PLAN " + sql, row -> row.getString("detail"), values);
  }

  /**
   * {@code SEARCH seek USING [COVERING] INDEX name (a=? AND b>?)}: what an index takes stands in
   * the brackets (https://sqlite.org/eqp.html), what it does not take stands nowhere.
   */
  @Override
  public boolean serves(Session session, List<String> plan, Seek seek) {
    // Sorting by the last term alone sorts rows of one and the same instant.
    boolean sorts = plan.stream().anyMatch(line -> line.startsWith("USE TEMP B-TREE FOR ORDER BY"));
    return !sorts
        && searches(plan, seek.alias(), EQUAL, seek.equal().size())
        && (!seek.walked() || searches(plan, seek.alias(), BEYOND, 1));
  }

  private static boolean searches(List<String> plan, String alias, Pattern term, int terms) {
    List<String> lines =
        plan.stream().filter(line -> line.matches("(SEARCH|SCAN) " + alias + "\\b.*")).toList();
    return !lines.isEmpty()
        && lines.stream()
            .allMatch(
                line ->
                    line.startsWith("SEARCH")
                        && !line.contains("AUTOMATIC")
                        && term.matcher(line).results().count() >= terms);
  }

  @Override
  public Set<String> columns(Session session, String table) throws SQLException {
    return Set.copyOf(
        session.query(
            "SELECT name FROM pragma_table_info(?)", row -> row.getString("name"), table));
  }

  /** Values have types of their own; the column's affinity decides. */
  @Override
  public String type(Session session, String table, String expression) throws SQLException {
    session.query("SELECT " + expression + " FROM " + table + " LIMIT 0", row -> row);
    return "";
  }

  @Override
  public String unknown(String type) {
    return "(SELECT NULL)";
  }

  @Override
  public String bound(String type) {
    return "?";
  }

  @Override
  public String exact(String column) {
    return column;
  }

  @Override
  public String forUpdate() {
    return "";
  }

  @Override
  public LatestSql latest(LatestShape shape) {
    return new SqliteLatestSql(shape);
  }

  @Override
  public TraceSql traces() {
    return new SqliteTraceSql();
  }
}
