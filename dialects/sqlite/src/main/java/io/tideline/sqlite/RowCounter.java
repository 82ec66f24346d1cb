package io.tideline.sqlite;

import io.tideline.tuning.PlanNode;
import io.tideline.tuning.QueryText;
import io.tideline.tuning.SqlPart;
import io.tideline.tuning.Work;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.sqlite.Function;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteErrorCode;

/**
 * Counts the rows that a query reads. The driver offers none of SQLite's own counters, so on a
 * connection of its own every table stands behind a temporary view of its name, whose condition
 * calls a function for each row that is looked at; SQLite flattens such a view into the query
 * (https://sqlite.org/optoverview.html#flattening), so that the plan stays what it is.
 */
final class RowCounter implements AutoCloseable {
  private static final String COUNTED =
      "Counted by a function that SQLite calls for each row it looks at.";
  private static final String STEPS =
      "At most: steps of SQLite's machine, of which a row takes several, because the tables of this"
          + " query cannot be put behind counters.";
  private static final Pattern NUMBER = Pattern.compile("\\(subquery-\\d+\\)|SUBQUERY \\d+");

  private final Session session;
  private final Deadline deadline;
  private final PlanNames.Schema schema;
  private final String schemaVersion;
  private long seen;

  private RowCounter(Session session, Duration longest, PlanNames.Schema schema, String version) {
    this.session = session;
    this.schema = schema;
    schemaVersion = version;
    deadline = new Deadline(session.db(), longest);
  }

  static RowCounter open(
      DatabaseFile file, Duration longest, PlanNames.Schema schema, String version)
      throws SQLException {
    RowCounter counter = new RowCounter(Session.openGuarded(file), longest, schema, version);
    counter.session.define("tideline_seen", counter.new Seen());
    counter.session.execute("PRAGMA query_only=OFF");
    for (String table : schema.tables()) {
      counter.shadow(table);
    }
    for (String view : schema.views().values()) {
      counter.shadowView(view);
    }
    counter.session.execute("PRAGMA query_only=ON");
    return counter;
  }

  /** Whether its views are those of the present schema. */
  boolean fresh(String version) {
    return schemaVersion.equals(version);
  }

  private void shadow(String table) throws SQLException {
    boolean ordinary =
        !schema.virtual().contains(table.toLowerCase(Locale.ROOT))
            && !table.toLowerCase(Locale.ROOT).startsWith("sqlite_");
    if (ordinary) {
      String key = key(table);
      session.execute(
          "CREATE TEMP VIEW "
              + Sql.quote(table)
              + " AS SELECT * FROM main."
              + Sql.quote(table)
              + " WHERE likelihood(tideline_seen("
              + key
              + "), 1.0)");
    }
  }

  /** A column that every index holds, so that the count makes no index less than covering. */
  private String key(String table) throws SQLException {
    List<String[]> columns =
        session.strings(
            "SELECT name, pk, type, (SELECT wr FROM pragma_table_list t WHERE t.schema = 'main' AND"
                + " t.name = ?) FROM pragma_table_info(?) ORDER BY pk = 0, pk",
            table,
            table);
    boolean rowid = !columns.get(0)[3].equals("1");
    String first = columns.get(0)[0];
    if (!rowid) {
      return Sql.quote(first);
    }
    return List.of("rowid", "_rowid_", "oid").stream()
        .filter(name -> columns.stream().noneMatch(column -> column[0].equalsIgnoreCase(name)))
        .findFirst()
        .orElse(Sql.quote(first));
  }

  /** Its tables are the shadows too: names in a temporary view are looked for there first. */
  private void shadowView(String sql) throws SQLException {
    session.execute(sql.replaceFirst("(?i)^CREATE\\s+VIEW", "CREATE TEMP VIEW"));
  }

  /** What a query reads; empty if it cannot be counted so. */
  Optional<Work> measure(QueryText text, List<@Nullable Object> values) throws SQLException {
    String sql = withoutSchema(text);
    List<PlanLines.Line> lines = plan(sql, values);
    if (lines.isEmpty() || !lines.stream().allMatch(this::counted)) {
      return Optional.empty();
    }
    seen = 0;
    deadline.begin();
    try {
      Work work = run(session, deadline, sql, values, () -> seen, COUNTED);
      return Optional.of(withBuilt(work, lines));
    } finally {
      deadline.end();
    }
  }

  /** What SQLite would do, or nothing if the query does not stand behind the views. */
  private List<PlanLines.Line> plan(String sql, List<@Nullable Object> values) {
    try {
      return SqliteGuardedSession.lines(session, sql, values);
    } catch (SQLException e) {
      return List.of(); // as for INDEXED BY or a rowid, which a view does not have
    }
  }

  /** Behind a view a table is told with its schema; a subquery has none, nor has a function. */
  private boolean counted(PlanLines.Line line) {
    String text = NUMBER.matcher(line.text()).replaceAll("");
    return schema.tables().stream()
        .noneMatch(
            table ->
                text.startsWith("SCAN " + table + " ")
                    || text.equals("SCAN " + table)
                    || text.startsWith("SEARCH " + table + " "));
  }

  private Work withBuilt(Work work, List<PlanLines.Line> lines) throws SQLException {
    PlanLines reader = new PlanLines(PlanNames.of(schema, QueryText.of("SELECT 1")), "3.54.0");
    long built = 0;
    for (PlanNode step : reader.read(lines).stream().flatMap(PlanNode::all).toList()) {
      if (step.kind() == PlanNode.Kind.AUTOMATIC_INDEX && step.table().startsWith("main.")) {
        String table = step.table().substring("main.".length());
        built +=
            Long.parseLong(
                session.strings("SELECT count(*) FROM main." + Sql.quote(table)).get(0)[0]);
      }
    }
    return new Work(work.examined() + built, work.returned(), work.complete(), work.basis());
  }

  /** Runs a query; not to its end if its time is over first. */
  private static Work run(
      Session session,
      Deadline deadline,
      String sql,
      List<@Nullable Object> values,
      Count count,
      String basis)
      throws SQLException {
    long rows = 0;
    boolean complete = true;
    try (PreparedStatement statement = session.prepareOwn(sql)) {
      SqliteGuardedSession.bind(statement, values);
      try (ResultSet answer = statement.executeQuery()) {
        while (answer.next()) {
          rows++;
        }
      }
    } catch (SQLException e) {
      if (Failures.primary(e) != SQLiteErrorCode.SQLITE_INTERRUPT || !deadline.late()) {
        throw e;
      }
      complete = false;
    }
    return new Work(count.now(), rows, complete, basis);
  }

  /**
   * Counts at most, where {@link #measure} cannot: on a connection whose tables are as they are.
   */
  static Work steps(
      Session session, Deadline deadline, QueryText text, List<@Nullable Object> values)
      throws SQLException {
    Steps steps = new Steps();
    try (Session.StepCount count = session.countSteps(steps)) {
      return run(session, deadline, text.jdbc(), values, () -> steps.made, STEPS);
    }
  }

  /** What was counted up to now. */
  private interface Count {
    long now();
  }

  /** Without {@code main.}, which would go round the views. */
  private static String withoutSchema(QueryText text) {
    StringBuilder sql = new StringBuilder();
    List<SqlPart> parts = text.parts();
    for (int i = 0; i < parts.size(); i++) {
      SqlPart part = parts.get(i);
      boolean schema =
          part.isName()
              && part.name().equalsIgnoreCase("main")
              && i + 2 < parts.size()
              && parts.get(i + 1).is(".")
              && (i == 0 || !parts.get(i - 1).is("."));
      if (schema) {
        i++;
      } else {
        sql.append(part.kind() == SqlPart.Kind.PARAMETER ? "?" : part.text());
      }
    }
    return sql.toString().strip();
  }

  void cancel() {
    deadline.cancel();
  }

  @Override
  public void close() {
    deadline.close();
    session.close();
  }

  /** Is called for each row. */
  private final class Seen extends Function {
    @Override
    protected void xFunc() throws SQLException {
      seen++;
      result(1);
    }
  }

  /** Is called for each step of a program. */
  private static final class Steps extends ProgressHandler {
    private long made;

    @Override
    protected int progress() {
      made++;
      return 0;
    }
  }
}
