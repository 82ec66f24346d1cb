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
 * @param rowid whether that is the rowid itself
 * @param columns every column that is stored and not generated
 * @param generated every column that is stored and generated
 * @param counted whether a row can go without being logged: REPLACE takes it away over a second
 *     unique index, or over a rowid that is not its key
 */
record CompactedTable(
    int number,
    String name,
    List<String> key,
    boolean rowid,
    List<String> columns,
    List<String> generated,
    boolean counted) {
  /** How the log names a key: of a row that was there, or is changed. */
  private static final int OLD = 0;

  /** The key that a row is to be inserted with, as far as it is known: it may not come to that. */
  private static final int BEFORE_INSERT = 1;

  /** The key that a row was inserted with. */
  private static final int INSERTED = 2;

  /** The key that an update gives a row. */
  private static final int MOVED = 3;

  /** What tells the measure of a change: each once. */
  static final String EACH_CHANGE = "how IN (" + OLD + ", " + BEFORE_INSERT + ")";

  /** Whether as many rows were inserted as were to be, over entries of the log. */
  static final String ALL_INSERTED =
      "sum(how = " + BEFORE_INSERT + ") = sum(how = " + INSERTED + ")";

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
   * SQLite is to choose is -1, a default that takes the place of NULL is NULL, and an expression
   * for a rowid is evaluated once more. So it is logged again afterwards.
   *
   * @see <a href="https://sqlite.org/lang_createtrigger.html#raise">RAISE</a>
   */
  List<String> triggers() {
    return List.of(
        trigger("insert", "BEFORE INSERT", "", logged("new", BEFORE_INSERT)),
        trigger("inserted", "AFTER INSERT", "", logged("new", INSERTED)),
        trigger("delete", "BEFORE DELETE", "", logged("old", OLD)),
        trigger(
            "update",
            "BEFORE UPDATE",
            "",
            logged("old", OLD) + "; " + logged("new", MOVED) + " WHERE " + moved()),
        trigger("updated", "AFTER UPDATE", " WHEN " + moved(), logged("new", MOVED)));
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

  private String logged(String row, int how) {
    return "INSERT INTO "
        + Sql.quote(ChangeCapture.LOG)
        + " (tbl, how, "
        + keys(ChangeCapture::column)
        + ") SELECT "
        + number
        + ", "
        + how
        + ", "
        + key.stream().map(c -> row + "." + Sql.quote(c)).collect(Collectors.joining(", "));
  }

  private String moved() {
    return key.stream()
        .map(c -> "new." + Sql.quote(c) + " IS NOT old." + Sql.quote(c))
        .collect(Collectors.joining(" OR "));
  }

  /** A row if a delta names none, because its key is NULL, and that not only before an insert. */
  Sql nameless(Session session, Delta delta) {
    return of(session, delta, "SELECT 1")
        .add(" AND how <> " + BEFORE_INSERT + " AND (" + isNull() + ") LIMIT 1");
  }

  private String isNull() {
    return IntStream.range(0, key.size())
        .mapToObj(i -> ChangeCapture.column(i) + " IS NULL")
        .collect(Collectors.joining(" OR "));
  }

  /**
   * How much a delta leaves in doubt, as the number of a {@link Doubt}. An insert that only its
   * BEFORE tells of was refused, as by OR IGNORE, or hidden by a trigger that ended the work. It
   * leaves nothing in doubt if it named a live row, for that is compared.
   */
  Sql doubt(Session session, Delta delta) {
    String live =
        IntStream.range(0, key.size())
            .mapToObj(i -> "t." + Sql.quote(key.get(i)) + " = g." + ChangeCapture.column(i))
            .collect(Collectors.joining(" AND "));
    String known = key.size() > 1 ? "" : " AND g." + ChangeCapture.column(0) + " IS NOT -1";
    String keys = keys(ChangeCapture::column);
    return session
        .sql()
        .add("SELECT CASE WHEN sum(tried - made) <= sum(CASE WHEN tried > made" + known)
        .add(" AND EXISTS (SELECT 1 FROM live." + Sql.quote(name) + " AS t WHERE " + live + ")")
        .add(" THEN tried - made ELSE 0 END) THEN " + Doubt.NONE.ordinal())
        .add(" WHEN max(tried > made AND (" + isNull() + ")) THEN " + Doubt.ROWS.ordinal())
        .add(" ELSE " + Doubt.KEYS.ordinal() + " END FROM (")
        .add(
            of(
                session,
                delta,
                "SELECT "
                    + keys
                    + ", sum(how = "
                    + BEFORE_INSERT
                    + ") AS tried, sum(how = "
                    + INSERTED
                    + ") AS made"))
        .add(" GROUP BY " + keys + ") AS g");
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
    String sameValues =
        Stream.concat(columns.stream(), generated.stream())
            .map(CompactedTable::same)
            .collect(Collectors.joining(" AND "));
    return missing(session, " AND " + sameValues);
  }

  private Sql missing(Session session, String same) {
    String sameKey =
        key.stream()
            .map(c -> "b." + Sql.quote(c) + " = a." + Sql.quote(c))
            .collect(Collectors.joining(" AND "));
    return session
        .sql()
        .add(
            "SELECT 1 FROM live." + Sql.quote(name) + " AS a WHERE NOT EXISTS (SELECT 1 FROM main.")
        .add(Sql.quote(name) + " AS b WHERE " + sameKey + same + ")");
  }

  /**
   * A row if the live keys are others than the copy's, which are as many. Rowids are added up, and
   * their squares, so that an index suffices that is read in its own order; of other keys each is
   * sought, in the order of their index.
   */
  Sql otherKeys(Session session) {
    if (!rowid) {
      return missing(session, "").add(" LIMIT 1");
    }
    return session.sql().add("SELECT 1 WHERE (" + sums("live") + ") IS NOT (" + sums("main") + ")");
  }

  /** No sum can overflow: of 2^32 rows each is less than 2^63. */
  private String sums(String schema) {
    String key = Sql.quote(this.key.get(0));
    String low = "(" + key + " & 2147483647)";
    return "SELECT sum("
        + low
        + "), sum("
        + key
        + " >> 31), sum("
        + low
        + " * "
        + low
        + " % 2147483629) FROM "
        + schema
        + "."
        + Sql.quote(name);
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
