package io.tideline.sqlite;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sqlite.SQLiteErrorCode;

/**
 * Brings some rows of a table of the file beside its stand-in, from which the numbers of different
 * values are told. The stand-in itself stays empty, so that an index is made in it at once. A
 * bounded part of the file is read, no longer than for a few seconds.
 */
final class SampledRows {
  /** All rows of a table that has no more, else so many of them. */
  private static final int ROWS = 4_000;

  /** A table up to so many rows may be read from end to end where no seek finds a random row. */
  private static final long READ = 2_000_000;

  private static final long BYTES = 32L << 20;
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final long SEED = 6;

  /** The schema of the stand-in's connection in which the rows are. */
  static final String SCHEMA = "tideline_rows";

  private final Session source;
  private final Session copy;
  private final String table;
  private final String from;
  private final List<String> columns;
  private final String insertion;
  private long bytes;

  private SampledRows(Session source, Session copy, String table, List<String> columns) {
    this.source = source;
    this.copy = copy;
    this.table = table;
    this.columns = columns;
    this.from = Sql.quote("main") + "." + Sql.quote(table);
    this.insertion =
        "INSERT INTO "
            + name(table)
            + columns.stream().map(c -> "?").collect(Collectors.joining(", ", " VALUES (", ")"));
  }

  /**
   * Brings them.
   *
   * @param rows about how many rows the table has
   * @return how they were chosen; empty if all rows were taken
   */
  static String bring(Session source, Session copy, String table, long rows) throws SQLException {
    List<String[]> declared =
        source.strings(
            "SELECT name, coalesce(type, '') FROM pragma_table_xinfo(?, 'main') WHERE hidden <> 1",
            table);
    List<String> columns = declared.stream().map(row -> row[0]).toList();
    copy.execute(
        declared.stream()
            .map(row -> Sql.quote(row[0]) + " " + type(row[1]))
            .collect(Collectors.joining(", ", "CREATE TABLE " + name(table) + " (", ")")));
    SampledRows sampled = new SampledRows(source, copy, table, columns);
    copy.execute("BEGIN");
    try (Alarm alarm = new Alarm(source.db(), LIMIT)) {
      return sampled.bring(rows);
    } catch (SQLException e) {
      if (Failures.primary(e) != SQLiteErrorCode.SQLITE_INTERRUPT) {
        throw e;
      }
      return "as many rows as could be read in " + LIMIT.toSeconds() + " s";
    } finally {
      copy.execute("COMMIT");
    }
  }

  /** The table in which the rows of a table are. */
  static String name(String table) {
    return SCHEMA + "." + Sql.quote(table);
  }

  /** Affinity decides how values compare; what is no word of a type declares none. */
  private static String type(String declared) {
    return declared.matches("[A-Za-z ]*(\\([0-9, ]*\\))?") ? declared : "";
  }

  private String bring(long rows) throws SQLException {
    if (rows <= ROWS) {
      take("");
      return "";
    }
    Set<String> names = new HashSet<>();
    columns.forEach(column -> names.add(Names.fold(column)));
    boolean hasRowid =
        source
            .strings("SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?", table)
            .stream()
            .anyMatch(row -> row[0].equals("0"));
    String rowid =
        Stream.of("rowid", "_rowid_", "oid")
            .filter(name -> hasRowid && !names.contains(name))
            .findFirst()
            .orElse("");
    if (!rowid.isEmpty()) {
      return seek(rowid);
    }
    if (rows <= READ) {
      long share = Math.max(1, rows / ROWS);
      take(" WHERE abs(random() % " + share + ") = 0");
      return "rows at random";
    }
    take(" LIMIT " + ROWS);
    return "its first rows by key, for there is no seek to a random one";
  }

  private String seek(String rowid) throws SQLException {
    String[] ends =
        source
            .strings(
                "SELECT (SELECT min(%1$s) FROM %2$s), (SELECT max(%1$s) FROM %2$s)"
                    .formatted(rowid, from))
            .get(0);
    if (ends[0] == null) {
      return "";
    }
    long least = Long.parseLong(ends[0]);
    long most = Long.parseLong(ends[1]);
    Random random = new Random(SEED);
    Set<Long> seen = new HashSet<>();
    String text = select(", " + rowid) + " WHERE " + rowid + " >= ? ORDER BY " + rowid + " LIMIT 1";
    for (int i = 0; i < ROWS && bytes < BYTES; i++) {
      long place = most == Long.MAX_VALUE ? random.nextLong() : random.nextLong(least, most + 1);
      PreparedStatement nearest = source.prepare(text);
      nearest.setLong(1, place);
      try (ResultSet row = nearest.executeQuery()) {
        if (row.next() && seen.add(row.getLong(columns.size() + 1))) {
          put(row);
        }
      }
    }
    return "rows at random";
  }

  private String select(String further) {
    return "SELECT "
        + columns.stream()
            .map(column -> Sql.quote(table) + "." + Sql.quote(column))
            .collect(Collectors.joining(", "))
        + further
        + " FROM "
        + from;
  }

  private void take(String which) throws SQLException {
    try (ResultSet result = source.prepare(select("") + which).executeQuery()) {
      for (int taken = 0; taken <= 2 * ROWS && bytes < BYTES && result.next(); taken++) {
        put(result);
      }
    }
  }

  private void put(ResultSet row) throws SQLException {
    PreparedStatement insert = copy.prepare(insertion);
    for (int i = 1; i <= columns.size(); i++) {
      Object value = row.getObject(i);
      insert.setObject(i, value);
      bytes += value instanceof byte[] blob ? blob.length : String.valueOf(value).length();
    }
    insert.executeUpdate();
  }
}
