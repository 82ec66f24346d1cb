package io.tideline.sqlite;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A table of which a compact copy is made: its rows are told apart by its primary key, for VACUUM
 * may give a row another rowid (https://sqlite.org/lang_vacuum.html).
 *
 * @param number by which the log of changes names it
 * @param name its name
 * @param key the columns of its primary key
 * @param columns every column that is stored and not generated
 * @param generated every column that is stored and generated
 * @param counted whether a row can go without being logged: REPLACE takes it away over a second
 *     unique index, or over a rowid that is not its key
 */
record CompactedTable(
    int number,
    String name,
    List<String> key,
    List<String> columns,
    List<String> generated,
    boolean counted) {
  /** Copies the lists. */
  CompactedTable {
    key = List.copyOf(key);
    columns = List.copyOf(columns);
    generated = List.copyOf(generated);
  }

  /**
   * Changes that the log tells of: those above one number and up to another.
   *
   * @param from exclusive
   * @param to inclusive
   */
  record Delta(long from, long to) {}

  /**
   * The triggers that log the keys of changed rows, in the database {@code main}. A trigger of the
   * application's that ends with RAISE keeps those after it from running, but the change may stay:
   * so keys are logged before the row changes. A new row's may not be known by then: a rowid that
   * SQLite is to choose is -1, and logged again afterwards.
   *
   * @see <a href="https://sqlite.org/lang_createtrigger.html#raise">RAISE</a>
   */
  List<String> triggers() {
    return List.of(
        trigger("insert", "BEFORE INSERT", "", logged("new")),
        trigger("inserted", "AFTER INSERT", "", logged("new")),
        trigger("delete", "BEFORE DELETE", "", logged("old")),
        trigger(
            "update",
            "BEFORE UPDATE",
            "",
            logged("old") + "; " + logged("new") + " WHERE " + moved()),
        trigger("updated", "AFTER UPDATE", " WHEN " + moved(), logged("new")));
  }

  private String trigger(String suffix, String event, String when, String body) {
    return "CREATE TRIGGER main."
        + Sql.quote(ChangeCapture.PREFIX + number + "_" + suffix)
        + " "
        + event
        + " ON "
        + Sql.quote(name)
        + when
        + " BEGIN "
        + ChangeCapture.MARK
        + " "
        + body
        + "; END";
  }

  private String logged(String row) {
    return "INSERT INTO "
        + Sql.quote(ChangeCapture.LOG)
        + " (tbl, "
        + keys(ChangeCapture::column)
        + ") SELECT "
        + number
        + ", "
        + key.stream().map(c -> row + "." + Sql.quote(c)).collect(Collectors.joining(", "));
  }

  private String moved() {
    return key.stream()
        .map(c -> "new." + Sql.quote(c) + " IS NOT old." + Sql.quote(c))
        .collect(Collectors.joining(" OR "));
  }

  /** A row if a delta names none, because its key is NULL. */
  Sql nameless(Session session, Delta delta) {
    String isNull =
        IntStream.range(0, key.size())
            .mapToObj(i -> ChangeCapture.column(i) + " IS NULL")
            .collect(Collectors.joining(" OR "));
    return of(session, delta, "SELECT 1").add(" AND (" + isNull + ") LIMIT 1");
  }

  /** Deletes from the copy what a delta names. */
  Sql deleteFromCopy(Session session, Delta delta) {
    return session
        .sql()
        .add("DELETE FROM main." + Sql.quote(name) + " WHERE ")
        .add(named(session, delta, ""));
  }

  /**
   * Inserts into the copy what a delta names and the live table has; a conflict is an error,
   * whatever the table's own ON CONFLICT clauses say.
   */
  Sql insertIntoCopy(Session session, Delta delta) {
    String list = columns.stream().map(Sql::quote).collect(Collectors.joining(", "));
    return session
        .sql()
        .add("INSERT OR ABORT INTO main." + Sql.quote(name) + " (" + list + ") SELECT " + list)
        .add(" FROM live." + Sql.quote(name) + " WHERE ")
        .add(named(session, delta, ""));
  }

  /** A row if any live row that a delta names is not in the copy with the very same values. */
  Sql differing(Session session, Delta delta) {
    return differing(session).add(" AND ").add(named(session, delta, "a.")).add(" LIMIT 1");
  }

  /** A row if any live row is not in the copy with the very same values. */
  Sql anyDiffering(Session session) {
    return differing(session).add(" LIMIT 1");
  }

  private Sql differing(Session session) {
    String sameKey =
        key.stream()
            .map(c -> "b." + Sql.quote(c) + " = a." + Sql.quote(c))
            .collect(Collectors.joining(" AND "));
    String sameValues =
        Stream.concat(columns.stream(), generated.stream())
            .map(CompactedTable::same)
            .collect(Collectors.joining(" AND "));
    return session
        .sql()
        .add(
            "SELECT 1 FROM live." + Sql.quote(name) + " AS a WHERE NOT EXISTS (SELECT 1 FROM main.")
        .add(Sql.quote(name) + " AS b WHERE " + sameKey + " AND " + sameValues + ")");
  }

  /**
   * A row if the first or the last live key is not the copy's too. Of a key of several columns
   * nothing is said: rows may share the first.
   */
  Sql otherEnds(Session session) {
    if (key.size() > 1) {
      return session.sql().add("SELECT 1 WHERE 0");
    }
    return session.sql().add("SELECT 1 WHERE " + other("min") + " OR " + other("max"));
  }

  private String other(String end) {
    String select = "(SELECT " + end + "(" + Sql.quote(key.get(0)) + ") FROM ";
    String table = "." + Sql.quote(name) + ")";
    return select + "live" + table + " IS NOT " + select + "main" + table;
  }

  /** Equal to the byte: 1 is not 1.0, and no collation makes two texts one. */
  private static String same(String column) {
    String name = Sql.quote(column);
    return "typeof(b.%1$s) = typeof(a.%1$s) AND b.%1$s IS a.%1$s COLLATE BINARY".formatted(name);
  }

  private Sql named(Session session, Delta delta, String alias) {
    String columns = key.stream().map(c -> alias + Sql.quote(c)).collect(Collectors.joining(", "));
    return session
        .sql()
        .add((key.size() == 1 ? columns : "(" + columns + ")") + " IN (")
        .add(of(session, delta, "SELECT " + keys(ChangeCapture::column)))
        .add(")");
  }

  private Sql of(Session session, Delta delta, String select) {
    return session
        .sql()
        .add(select + " FROM live." + Sql.quote(ChangeCapture.LOG) + " WHERE tbl = ")
        .value(number)
        .add(" AND seq > ")
        .value(delta.from())
        .add(" AND seq <= ")
        .value(delta.to());
  }

  private String keys(IntFunction<String> column) {
    return IntStream.range(0, key.size()).mapToObj(column).collect(Collectors.joining(", "));
  }
}
