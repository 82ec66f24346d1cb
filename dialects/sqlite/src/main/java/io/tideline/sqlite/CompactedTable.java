package io.tideline.sqlite;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table of which a compact copy is made: its rows are told apart by its primary key, for VACUUM
 * may give a row another rowid (https://sqlite.org/lang_vacuum.html).
 *
 * @param number by which the log of changes names it
 * @param name its name
 * @param key the columns of its primary key
 * @param columns every column that is stored and not generated
 */
record CompactedTable(int number, String name, List<String> key, List<String> columns) {
  /** Copies the lists. */
  CompactedTable {
    key = List.copyOf(key);
    columns = List.copyOf(columns);
  }

  /**
   * Changes that the log tells of: those above one number and up to another.
   *
   * @param from exclusive
   * @param to inclusive
   */
  record Delta(long from, long to) {}

  /** The triggers that log the keys of changed rows, in the database {@code main}. */
  List<String> triggers() {
    return List.of(
        trigger("insert", logged("new")),
        trigger("delete", logged("old")),
        trigger("update", logged("old") + "; " + logged("new") + " WHERE " + moved()));
  }

  private String trigger(String event, String body) {
    return "CREATE TRIGGER main."
        + Sql.quote(ChangeCapture.PREFIX + number + "_" + event)
        + " AFTER "
        + event
        + " ON "
        + Sql.quote(name)
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

  /** Deletes from the copy what a delta names. */
  Sql deleteFromCopy(Session session, Delta delta) {
    return session
        .sql()
        .add("DELETE FROM main." + Sql.quote(name) + " WHERE ")
        .add(named(session, delta, ""));
  }

  /** Inserts into the copy what a delta names and the live table has. */
  Sql insertIntoCopy(Session session, Delta delta) {
    String list = columns.stream().map(Sql::quote).collect(Collectors.joining(", "));
    return session
        .sql()
        .add("INSERT INTO main." + Sql.quote(name) + " (" + list + ") SELECT " + list)
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
        columns.stream().map(CompactedTable::same).collect(Collectors.joining(" AND "));
    return session
        .sql()
        .add(
            "SELECT 1 FROM live." + Sql.quote(name) + " AS a WHERE NOT EXISTS (SELECT 1 FROM main.")
        .add(Sql.quote(name) + " AS b WHERE " + sameKey + " AND " + sameValues + ")");
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
        .add((key.size() == 1 ? columns : "(" + columns + ")") + " IN (SELECT ")
        .add(keys(ChangeCapture::column))
        .add(" FROM live." + Sql.quote(ChangeCapture.LOG) + " WHERE tbl = ")
        .value(number)
        .add(" AND seq > ")
        .value(delta.from())
        .add(" AND seq <= ")
        .value(delta.to())
        .add(")");
  }

  private String keys(IntFunction<String> column) {
    return IntStream.range(0, key.size()).mapToObj(column).collect(Collectors.joining(", "));
  }
}
